package account

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/session"
	"kundenkonto/shared/useragent"
	"kundenkonto/shared/web"
)

// EventRow is an audit event in plain words.
type EventRow struct {
	At      time.Time        `json:"at"`
	Action  string           `json:"action"`
	What    web.Text         `json:"what"`
	By      web.Text         `json:"by"` // "Sie", "Serviceteam"; never who of the team
	Client  useragent.Client `json:"client,omitzero"`
	Order   string           `json:"order,omitempty"`
	Changes []FieldChange    `json:"changes,omitempty"`
}

// FieldChange is one field before and after, bank data masked.
type FieldChange struct {
	Field string   `json:"field"`
	Label web.Text `json:"label"`
	Old   string   `json:"old"`
	New   string   `json:"new"`
}

// rowOfEvent tells an event to the customer of a number.
func rowOfEvent(e audit.Event, p customer.Profile) EventRow {
	de, en := audit.Words(e.Action)
	row := EventRow{At: e.At, Action: e.Action, What: web.T(de, en), By: actorOf(e.Actor, p), Order: e.Order, Changes: changesOf(e)}
	if audit.KindOf(e.Action) == audit.SignIn {
		row.Client = useragent.Client{Browser: e.New[audit.KeyBrowser], System: e.New[audit.KeySystem]}
		row.What = signInText(e, row.What)
	}
	return row
}

// signInText adds to a sign-in what failed before it, and with which old number it was done.
func signInText(e audit.Event, t web.Text) web.Text {
	failed := e.New[audit.KeyFailed]
	if via := e.New[audit.KeyVia]; via != "" {
		t = web.T(t.DE+" mit der Kundennummer "+via, t.EN+" with customer number "+via)
	}
	switch {
	case failed == "":
		return t
	case e.Action == audit.SignedIn && failed == "1":
		return web.T(t.DE+". Vorher gab es einen Versuch mit falschem Passwort.", t.EN+". There was one try with a wrong password before.")
	case e.Action == audit.SignedIn:
		return web.T(t.DE+". Vorher gab es "+failed+" Versuche mit falschem Passwort.", t.EN+". There were "+failed+" tries with a wrong password before.")
	case failed != "1":
		return web.T(failed+" Anmeldungen mit falschem Passwort versucht, seitdem bremsen wir weitere Versuche",
			failed+" sign-ins tried with a wrong password, since then we slow further tries down")
	}
	return t
}

// actorOf says who did something, without names of the service team.
func actorOf(actor string, p customer.Profile) web.Text {
	switch {
	case actor == p.Number:
		return web.T("Sie", "You")
	case customer.ValidNumber(actor):
		return web.T("Kundennummer "+actor, "Customer number "+actor)
	case strings.HasPrefix(actor, session.StaffActor):
		return web.T("Serviceteam", "Service team")
	case actor == "veto link", actor == byMailedLink:
		return web.T("über den Link in unserer E-Mail", "by the link in our e-mail")
	case actor == "unknown":
		return web.T("nicht bekannt", "not known")
	}
	return web.T("unsere Verwaltung, automatisch", "our administration, automatically")
}

// labels of what events hold beside the master data.
var labels = map[string]web.Text{
	"company": web.T("Firma", "Company"), "firstName": web.T("Vorname", "First name"), "lastName": web.T("Nachname", "Last name"),
	"email": web.T("E-Mail-Adresse", "E-mail address"), "language": web.T("Sprache", "Language"),
	newpassword.ValuePasskeysGone: web.T("Entfernte Passkeys", "Removed passkeys"), "balanceCents": web.T("Kontostand", "Balance"), "locked": web.T("Zusammenfassen zurzeit ausgesetzt", "Merging suspended at present"),
}

// changesOf lists the fields of an event in the order of the form, then the others by name. Keys that are no field of the
// customer's data are not shown. Bank data were masked when they were written, and are here again whatever was (S20).
func changesOf(e audit.Event) []FieldChange {
	var list []FieldChange
	for _, f := range fieldsOf(e) {
		label, known := labels[f]
		if words := merge.Field(f).Words(); !known && words.DE != "" {
			label, known = web.T(words.DE, words.EN), true
		}
		if known {
			list = append(list, FieldChange{f, label, shown(f, e.Old[f]), shown(f, e.New[f])})
		}
	}
	return list
}

func fieldsOf(e audit.Event) []string {
	var fields []string
	for _, f := range masterdata.Fields {
		fields = append(fields, string(f))
	}
	var others []string
	for _, side := range []map[string]string{e.Old, e.New} {
		for f := range side {
			if !slices.Contains(fields, f) && !slices.Contains(others, f) {
				others = append(others, f)
			}
		}
	}
	slices.Sort(others)
	return slices.DeleteFunc(append(fields, others...), func(f string) bool {
		_, before := e.Old[f]
		_, after := e.New[f]
		return !before && !after
	})
}

// Cents is the amount of a balance.
func (FieldChange) Cents(v string) int64 {
	cents, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0
	}
	return cents
}

func shown(field, v string) string {
	if merge.GroupOf(merge.Field(field)) == merge.BankGroup && !strings.Contains(v, "•") {
		return merge.MaskOther(merge.Field(field), v)
	}
	return v
}
