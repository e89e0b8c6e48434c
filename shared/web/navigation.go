package web

import (
	"regexp"
	"slices"

	"kundenkonto/shared/lang"
)

// navItem is a link of the navigation, or a menu of links.
type navItem struct {
	Text    lang.Text
	Path    string
	Current string     // aria-current: "page", "true" for a page that lies below, "" elsewhere
	Groups  []navGroup // of a menu; Current says that the page is one of it
}

// navGroup is a part of a menu; one without an ID has no title.
type navGroup struct {
	ID    string
	Title lang.Text
	Items []navItem
}

// Navigation is what the reader may go to, nothing for who is not signed in.
func (d *PageData) Navigation() []navItem {
	switch {
	case d.Account == nil:
		return nil
	case d.Account.Staff:
		return d.staffNavigation()
	}
	return d.customerNavigation()
}

func (d *PageData) staffNavigation() []navItem {
	customers, mails, notices := d.at("/service/customers"), d.at("/service/mails"), d.at("/service/cancellations")
	return []navItem{
		{Text: lang.T("Aufträge"), Path: "/service", Current: page(d.at("/service") && !customers && !mails && !notices)},
		{Text: lang.T("Kunden"), Path: "/service/customers", Current: page(customers)},
		{Text: lang.T("Kündigungen"), Path: "/service/cancellations", Current: page(notices)},
		{Text: lang.T("E-Mails"), Path: "/service/mails", Current: page(mails)},
	}
}

func (d *PageData) customerNavigation() []navItem {
	data := d.at("/account/master-data")
	security := d.at("/account/security", "/account/password", "/account/sessions", "/account/history", "/account/mails", "/account/second-factor")
	domains := d.at("/account/domains")
	own := []navItem{
		{Text: lang.T("Stammdaten"), Path: "/account/master-data", Current: page(data)},
		{Text: lang.T("Domains"), Path: "/account/domains", Current: page(domains)},
	}
	if invoices := d.Config.Links.Invoices; invoices != "" {
		own = append(own, navItem{Text: lang.T("Rechnungen"), Path: invoices})
	}
	menu := navItem{Text: lang.T("Ihre Kundendaten"), Groups: []navGroup{
		{Items: own},
		{ID: "menu-forms", Title: lang.T("Formulare"), Items: []navItem{
			{Text: lang.T("Zusammenfassen von Kundennummern"), Path: "/merge", Current: d.within("/merge", d.at("/merge"))},
			{Text: lang.T("Ihre Zusammenfassungen"), Path: "/merge/orders", Current: page(d.at("/merge/orders"))},
		}},
	}}
	if data || domains || d.at("/merge") {
		menu.Current = "true"
	}
	return []navItem{
		{Text: lang.T("Übersicht"), Path: "/account", Current: d.within("/account", d.at("/account") && !data && !domains && !security)},
		menu,
		{Text: lang.T("Sicherheit"), Path: "/account/security", Current: d.within("/account/security", security)},
	}
}

// page marks a link that leads to the page itself, or to the list of what it shows one of.
func page(here bool) string {
	if here {
		return "page"
	}
	return ""
}

// within marks a link to path, and tells the page itself from those below it.
func (d *PageData) within(path string, here bool) string {
	if here && d.Path != path {
		return "true"
	}
	return page(here)
}

// at tells whether the page lies at or below one of the paths.
func (d *PageData) at(paths ...string) bool {
	return slices.ContainsFunc(paths, d.At)
}

// BrandPath is where the name of the company leads.
func (d *PageData) BrandPath() string {
	switch {
	case d.Account == nil:
		return "/"
	case d.Account.Staff:
		return "/service"
	}
	return "/account"
}

// HelpURL is where help is found, "" for none. The service team gives it.
func (d *PageData) HelpURL() string {
	if d.Account != nil && d.Account.Staff {
		return ""
	}
	return d.Config.Links.Help
}

// Home is where a page that has nothing to show leads to.
func (d *PageData) Home() navItem {
	switch {
	case d.Account == nil:
		return navItem{Text: lang.T("Zur Anmeldung"), Path: "/login"}
	case d.Account.Staff:
		return navItem{Text: lang.T("Zu den Aufträgen"), Path: "/service"}
	}
	return navItem{Text: lang.T("Zur Übersicht"), Path: "/account"}
}

// aPart is the address of one order or package, and of what lies below it.
var aPart = regexp.MustCompile(`^/(merge/orders|account/packages)/([A-Za-z0-9-]{1,40})(/|$)`)

// Subject is that of a mail about the page: what it shows, and whose it is. It is empty where the page shows nothing of anybody's.
func (d *PageData) Subject() string {
	var about []lang.Text
	part := aPart.FindStringSubmatch(d.Path)
	switch {
	case part == nil:
	case part[1] == "merge/orders":
		about = append(about, lang.T("Auftrag %s", part[2]))
	default:
		about = append(about, lang.T("Paket %s|Titel", part[2]))
	}
	if d.Account != nil && d.Account.Number != "" {
		about = append(about, lang.T("Kundennummer %s", d.Account.Number))
	}
	if d.Error != nil && d.RequestID != "" {
		about = append(about, lang.T("Kennung %s", d.RequestID))
	}
	return lang.Join(about, ", ").In(d.Lang)
}

// ExtendPath is what the script asks to let the session go on.
func (a AccountHeader) ExtendPath() string {
	if a.Staff {
		return "/service/session"
	}
	return "/account/sessions/current"
}

// OverText is said when the session ended while the page was open. What customers filled in waits for them (S9).
func (a AccountHeader) OverText() lang.Text {
	if a.Staff {
		return lang.T("Ihre Anmeldung ist abgelaufen. Kopieren Sie, was Sie geschrieben haben, und melden Sie sich dann wieder an.")
	}
	return lang.T("Ihre Anmeldung ist abgelaufen. Ihre Eingaben gehen nicht verloren: Senden Sie das Formular ab und melden Sie sich dann wieder an.")
}
