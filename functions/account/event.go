package account

import (
	"strings"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/changes"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/useragent"
	"kundenkonto/shared/web"
)

// eventRow is an audit event in plain words.
type eventRow struct {
	At      time.Time        `json:"at"`
	Number  string           `json:"customerNumber"` // the own one, or one that was merged into it
	Action  string           `json:"action"`
	What    web.Text         `json:"what"`
	By      web.Text         `json:"by"` // "Sie", "Serviceteam"; never who of the team
	Client  useragent.Client `json:"client,omitzero"`
	Order   string           `json:"order,omitempty"`
	Package string           `json:"package,omitempty"`
	Changes []changes.Change `json:"changes,omitempty"`
}

// rowOfEvent tells an event to the customer of a number.
func (d Deps) rowOfEvent(e audit.Event, p customer.Profile) eventRow {
	row := eventRow{At: e.At, Number: e.Number, Action: e.Action, What: web.T(audit.Words(e.Action)), By: actorOf(e.Actor, p), Order: e.Order,
		Package: e.New[outbox.ValuePackage], Changes: changes.Of(d.Products, e)}
	switch {
	case audit.KindOf(e.Action) == audit.SignIn:
		row.Client = clientOf(e.New)
		row.What = signInText(e, row.What)
	case e.Action == audit.SessionEnded && len(e.Old) > 0:
		client := clientOf(e.Old)
		row.What = web.T(row.What.DE+": "+client.In(string(web.DE)), row.What.EN+": "+client.In(string(web.EN)))
	case e.Action == audit.ProofGiven:
		row.What = proofText(e, p)
	case e.Action == audit.PasskeyAdded, e.Action == audit.PasskeyRemoved:
		if name := e.New[secondfactor.ValueName]; name != "" {
			row.What = web.T(row.What.DE+": „"+name+"“", row.What.EN+": “"+name+"”")
		}
	}
	return row
}

// proofText names the number that was proven; one merged since tells its own proofs, too, to its successor.
func proofText(e audit.Event, p customer.Profile) web.Text {
	number := e.New[audit.KeyProven]
	if e.Actor == p.Number {
		return web.T("Sie haben die Kundennummer "+number+" mit Domain und Paketpasswort belegt", "You proved customer number "+number+" by domain and package password")
	}
	return web.T("Kundennummer "+number+" mit Domain und Paketpasswort belegt", "Customer number "+number+" proven by domain and package password")
}

// clientOf is the browser that an event notes.
func clientOf(noted map[string]string) useragent.Client {
	return useragent.Client{Browser: noted[audit.KeyBrowser], System: noted[audit.KeySystem]}
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
	case e.Action == audit.SecondStepFailed && failed != "1":
		return web.T("Anmeldung mit richtigem Passwort, aber "+failed+"-mal mit falschem Code versucht", "Sign-in tried with the right password, but "+failed+" times with a wrong code")
	case e.Action == audit.SignInFailed && failed != "1":
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
	case actor == audit.ByVetoLink, actor == audit.ByMailedLink:
		return web.T("über den Link in unserer E-Mail", "by the link in our e-mail")
	case actor == audit.ByUnknown:
		return web.T("nicht bekannt", "not known")
	}
	return web.T("unsere Verwaltung, automatisch", "our administration, automatically")
}
