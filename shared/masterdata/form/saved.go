package form

import (
	"net/url"
	"slices"
	"strings"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/web"
)

// savedKey is the query parameter that tells the page after the form what became of it, changedKey which fields differ
// now: names only, no values.
const (
	savedKey   = "saved"
	changedKey = "changed"
)

// Outcome is what became of the form.
type Outcome string

// What can become of a form that is not shown again.
const (
	Saved     Outcome = "master-data"
	Unchanged Outcome = "nothing"
	EmailSent Outcome = "email"        // a new e-mail address waits for its confirmation
	LinkSent  Outcome = "link-sent"    // once more
	Withdrawn Outcome = "withdrawn"    // the new e-mail address
	Overtaken Outcome = "overtaken"    // the data changed at this moment
	NoneWaits Outcome = "no-new-email" // there was none to be confirmed or withdrawn any more
	SavedBoth Outcome = "master-data-and-email"
)

// home is where the form leads when it names no other page.
const home = "/account"

// ReturnPath is an own path to go to after saving (S18), "" for the overview.
func ReturnPath(asked string) string {
	if asked == home || !web.OwnPath(asked) {
		return ""
	}
	return asked
}

// LeadBack goes to the page that the form was called from; Tell says there what happened, and what has changed.
func LeadBack(path string, o Outcome, changed ...merge.Field) web.Response {
	u, err := url.Parse(path)
	if err != nil || path == "" {
		u = &url.URL{Path: home}
	}
	q := u.Query()
	q.Set(savedKey, string(o))
	q.Del(changedKey)
	if len(changed) > 0 {
		q.Set(changedKey, joined(changed, func(f merge.Field) string { return string(f) }, "."))
	}
	u.RawQuery = q.Encode()
	return web.SeeOther(u.String())
}

// Tell adds the notice of what became of the form that led to this page. email is where the confirmation goes.
func Tell(r *web.Request, page web.Response, email string) web.Response {
	switch o := Outcome(r.URL.Query().Get(savedKey)); {
	case o == Unchanged:
		return page.WithNotice("info", lang.T("Sie haben nichts geändert."))
	case o == LinkSent:
		return page.WithNotice("success", lang.T("Der Link ist noch einmal unterwegs. Auch der erste gilt noch."))
	case o == Withdrawn:
		return page.WithNotice("success", lang.T("Die Änderung ist zurückgezogen. Es bleibt bei Ihrer bisherigen E-Mail-Adresse."))
	case o == Overtaken:
		return page.WithNotice("info", lang.T("Eben hat sich etwas geändert. Sehen Sie nach und versuchen Sie es noch einmal."))
	case o == NoneWaits:
		return page.WithNotice("info", lang.T("Es wartet keine neue E-Mail-Adresse mehr auf die Bestätigung."))
	case o == EmailSent, o == SavedBoth:
		said := lang.T("An die neue E-Mail-Adresse ist ein Link unterwegs. Wir verwenden sie, sobald Sie ihn öffnen und bestätigen; bis dahin bleibt es bei der bisherigen.")
		if o == SavedBoth {
			said = savedWhat(r).And(said)
		}
		return page.WithNotice("success", said)
	case o != Saved:
		return page
	}
	return page.WithNotice("success", web.ConfirmedTo(savedWhat(r), email))
}

// savedWhat says which fields have other values now. A field that is none is not told.
func savedWhat(r *web.Request) lang.Text {
	said := lang.T("Ihre Stammdaten sind gespeichert.")
	named := strings.Split(r.URL.Query().Get(changedKey), ".")
	var changed []merge.Field
	for _, f := range masterdata.Fields {
		if slices.Contains(named, string(f)) {
			changed = append(changed, f)
		}
	}
	if len(changed) == 0 {
		return said
	}
	labels := make([]lang.Text, len(changed))
	for i, f := range changed {
		labels[i] = f.Words()
	}
	return said.And(lang.T("Geändert: %s.", lang.Join(labels, ", ")))
}

func joined(fields []merge.Field, text func(merge.Field) string, by string) string {
	var all []string
	for _, f := range fields {
		all = append(all, text(f))
	}
	return strings.Join(all, by)
}
