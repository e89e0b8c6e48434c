package history

import (
	"strings"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/changes"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/product"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/useragent"
)

// EventRow is an audit event in plain words.
type EventRow struct {
	At      time.Time        `json:"at"`
	Number  string           `json:"customerNumber"` // the own one, or one that was merged into it
	Action  string           `json:"action"`
	What    lang.Text        `json:"what"`
	By      lang.Text        `json:"by"` // "Sie", "Serviceteam"; never who of the team
	Client  useragent.Client `json:"client,omitzero"`
	Order   string           `json:"order,omitempty"`
	Package string           `json:"package,omitempty"`
	Changes []changes.Change `json:"changes,omitempty"`
}

// RowOf tells an event to the customer of a number.
func RowOf(products product.Table, e audit.Event, p customer.Profile) EventRow {
	row := EventRow{At: e.At, Number: e.Number, Action: e.Action, What: audit.Words(e.Action), By: ActorOf(e.Actor, p), Order: e.Order,
		Package: e.New[outbox.ValuePackage], Changes: changes.Of(products, e)}
	switch {
	case audit.KindOf(e.Action) == audit.SignIn:
		row.Client = clientOf(e.New)
		row.What = signInText(e, row.What)
	case e.Action == audit.SessionEnded && len(e.Old) > 0:
		client := clientOf(e.Old)
		row.What = lang.T("%s: %s", row.What, client)
	case e.Action == audit.ProofGiven:
		row.What = proofText(e, p)
	case e.Action == audit.PasskeyAdded, e.Action == audit.PasskeyRemoved:
		if name := e.New[secondfactor.ValueName]; name != "" {
			row.What = lang.T("%s: „%s“", row.What, name)
		}
	}
	return row
}

// proofText names the number that was proven; one merged since tells its own proofs, too, to its successor.
func proofText(e audit.Event, p customer.Profile) lang.Text {
	number := e.New[audit.KeyProven]
	if e.Actor == p.Number {
		return lang.T("Sie haben die Kundennummer %s mit Domain und Paketpasswort belegt", number)
	}
	return lang.T("Kundennummer %s mit Domain und Paketpasswort belegt", number)
}

// clientOf is the browser that an event notes.
func clientOf(noted map[string]string) useragent.Client {
	return useragent.Client{Browser: noted[audit.KeyBrowser], System: noted[audit.KeySystem]}
}

// signInText adds to a sign-in what failed before it, and with which old number it was done.
func signInText(e audit.Event, t lang.Text) lang.Text {
	failed := e.New[audit.KeyFailed]
	if via := e.New[audit.KeyVia]; via != "" {
		t = lang.T("%s mit der Kundennummer %s", t, via)
	}
	switch {
	case failed == "":
		return t
	case e.Action == audit.SignedIn && failed == "1":
		return lang.T("%s. Vorher gab es einen Versuch mit falschem Passwort.", t)
	case e.Action == audit.SignedIn:
		return lang.T("%s. Vorher gab es %s Versuche mit falschem Passwort.", t, failed)
	case e.Action == audit.SecondStepFailed && failed != "1":
		return lang.T("Anmeldung mit richtigem Passwort, aber %s-mal mit falschem Code versucht", failed)
	case e.Action == audit.SignInFailed && failed != "1":
		return lang.T("%s Anmeldungen mit falschem Passwort versucht, seitdem verzögern wir weitere Versuche", failed)
	}
	return t
}

// ActorOf says who did something, without names of the service team.
func ActorOf(actor string, p customer.Profile) lang.Text {
	switch {
	case actor == p.Number:
		return lang.T("Sie")
	case customer.ValidNumber(actor):
		return lang.T("Kundennummer %s", actor)
	case strings.HasPrefix(actor, session.StaffActor):
		return lang.T("Serviceteam")
	case actor == audit.ByVetoLink, actor == audit.ByMailedLink:
		return lang.T("über den Link in unserer E-Mail")
	case actor == audit.ByUnknown:
		return lang.T("nicht bekannt")
	}
	return lang.T("unser System, automatisch")
}
