package overview

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// packageView is a package and its contract. Days are YYYY-MM-DD.
type packageView struct {
	packageRow
	ContractStart string     `json:"contractStart,omitempty"`
	TermMonths    int        `json:"termMonths"` // of the first term
	NoticePeriod  int        `json:"noticePeriodMonths"`
	Owner         string     `json:"customerNumber"` // whom it belongs to now
	HasPassword   bool       `json:"hasPassword"`    // a package password is in force
	Held          *lang.Text `json:"held,omitempty"` // why nothing of it can be changed at present
	Begun         bool       `json:"-"`

	// Given is the customer's notice, as long as the operator's data do not name the end.
	Given *customer.Cancellation `json:"cancellation,omitempty"`
	settingsView
}

// Term says how long the contract runs, and how it goes on; it is empty when that is not known.
func (v packageView) Term() lang.Text {
	first := lang.N(v.FirstMonths, "%d Monat", "%d Monate")
	switch {
	case v.FirstMonths <= 0 && v.Known:
		return lang.T("ohne Mindestlaufzeit")
	case v.FirstMonths <= 0:
		return lang.Text{}
	case v.RenewalMonths == 0:
		return lang.T("%s, danach unbefristet", first)
	}
	return lang.T("%s, danach jeweils %s", first, lang.N(v.RenewalMonths, "%d Monat", "%d Monate"))
}

// Notice says how long before its end the contract has to be terminated; it is empty when that is not known.
func (v packageView) Notice() lang.Text {
	months := lang.N(v.NoticeMonths, "%d Monat", "%d Monate")
	switch {
	case v.NoticeMonths <= 0 && v.Known:
		return lang.T("keine")
	case v.NoticeMonths <= 0:
		return lang.Text{}
	case v.OpenTerm || v.FirstMonths <= 0:
		return months
	}
	return lang.T("%s zum Ende der Laufzeit", months)
}

// GivenAs says how the contract was cancelled.
func (v packageView) GivenAs() lang.Text { return cancellation.KindWords(v.Given.Kind) }

// GivenFor says which end the customer wished.
func (v packageView) GivenFor() lang.Text { return cancellation.WishWords(v.Given.Wished) }

func (d Room) packagePage(r *web.Request, s session.Visitor) (web.Response, error) {
	p, err := d.ownPackage(r, s)
	if err != nil {
		return nil, err
	}
	page, err := d.showPackage(r, s, p, d.settingsOf(p))
	if err != nil {
		return nil, err
	}
	return tellPackage(r, page, s.Profile.Email), nil
}

// ownPackage is the package of the address, if it is one of the own number or of a member. Any other is not there (S11).
func (d Room) ownPackage(r *web.Request, s session.Visitor) (customer.Package, error) {
	p, err := d.Customers.Package(r.Context(), r.PathValue("id"))
	if errors.Is(err, customer.ErrNotFound) {
		return p, web.NotFound()
	}
	if err != nil {
		return p, err
	}
	if !slices.Contains(s.Profile.Numbers(), p.Number) {
		return p, web.NotFound()
	}
	return p, nil
}

// showPackage is the page of a package with its forms.
func (d Room) showPackage(r *web.Request, s session.Visitor, p customer.Package, settings settingsView) (web.Response, error) {
	view := packageViewOf(p, s.Profile, r.Now)
	view.settingsView = settings
	_, held, err := d.heldPackage(r, s.Profile, p)
	if err != nil {
		return nil, err
	}
	if held != nil {
		view.Held = &held.Message
	}
	c, err := d.Credentials.Get(r.Context(), table.PackageSubject(p.ID))
	if err != nil {
		return nil, err
	}
	owner := s.Profile
	if p.Number != owner.Number {
		if owner, err = d.Customers.Profile(r.Context(), p.Number); err != nil {
			return nil, err
		}
	}
	// Voided by a veto, the hash is empty; by an undo, its time is void.
	view.HasPassword = c.Exists && c.Hash != "" && !owner.PackagePasswordVoid(c.ChangedAt)
	return web.Page("package", view), nil
}

// packagePath is the address of a package's page.
func packagePath(id string) string { return "/account/packages/" + url.PathEscape(id) }

func packageViewOf(p customer.Package, own customer.Profile, now time.Time) packageView {
	v := packageView{packageRow: rowOf(p, own, now), Owner: own.Number, Given: p.Cancellation}
	v.TermMonths, v.NoticePeriod = v.FirstMonths, v.NoticeMonths
	if terms, known := p.Terms(own.Consumer()); known {
		v.ContractStart, v.Begun = terms.Start.Format(time.DateOnly), !contract.Day(now).Before(terms.Start)
	}
	return v
}
