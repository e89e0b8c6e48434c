package mergesubmit

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

const (
	vetoPath = "/merge/veto?token=good"
	address  = "geheim@alt.example"
)

// link is the form behind the link from the mail.
var link = world.Form("token", "good")

// atLink is an order of two sources as the reader of a link meets it, whose numbers are given; none means all.
func atLink(t *testing.T, state merge.State, change func(*order.Order), numbers ...string) *world.World {
	t.Helper()
	o := inReview()
	o.State = state
	o.Sources = append(o.Sources, running(own, third).Sources[0])
	o.Sources[1].Package, o.Sources[1].Domain = "P-"+third, "P-"+third
	if state == merge.Executed || state == merge.Undone {
		o.ExecutedAt = noon
	}
	if change != nil {
		change(&o)
	}
	w := with(t, o)
	w.PutToken("good", token.Token{Purpose: token.PurposeVeto, Subject: o.ID, Address: address,
		Expires: noon.Add(token.VetoLifetime - time.Hour), Values: map[string]string{"numbers": strings.Join(numbers, ",")}})
	return w
}

// opposed demands whose owners said no.
func opposed(w *world.World, state merge.State, numbers ...string) {
	w.T.Helper()
	if o := w.Order(orderID); o.State != state || !slices.Equal(o.Opposed, numbers) {
		w.T.Errorf("the order is %s, opposed by %v; want %s, %v", o.State, o.Opposed, state, numbers)
	}
}

func TestTheVetoLinkActsOnlyOnPost(t *testing.T) { // M4
	w := atLink(t, merge.InReview, nil, other)
	p := w.Get(vetoPath).Is(http.StatusOK)
	p.Count(`form[action="/merge/veto"] input[name=token][value=good]`, 1)
	opposed(w, merge.InReview)
	for range 2 { // M9
		w.Post("/merge/veto", link).Is(http.StatusOK).Has("h1", "gestoppt")
		opposed(w, merge.Vetoed, other)
	}
	if c := w.Credential(table.PackageSubject("P-" + other)); c.Hash != "" {
		t.Error("the package password that served as proof is still good")
	}
	for _, bad := range []string{"/merge/veto", "/merge/veto?token=bad"} {
		w.Get(bad).Is(http.StatusNotFound)
	}
}

func TestTheLinkSaysInEveryStateWhatItDoesInBothLanguages(t *testing.T) {
	objected := func(o *order.Order) { o.ObjectedAt, o.Opposed = noon, []string{other} }
	dismissed := func(o *order.Order) { objected(o); o.ObjectionEnded = noon }
	byAnother := func(o *order.Order) { objected(o); o.Opposed = []string{third} }
	stopped := func(o *order.Order) { o.Opposed = []string{other} }
	long := func(o *order.Order) { o.ExecutedAt = noon.Add(-31 * 24 * time.Hour) }
	for _, c := range []struct {
		name           string
		state          merge.State
		change         func(*order.Order)
		de, en, button string
	}{
		{"in review", merge.InReview, nil, "gilt nicht mehr. Das Paket läuft weiter", "is no longer valid. The package keeps running",
			"Zusammenfassung stoppen"},
		{"approved", merge.Approved, nil, "erst wieder zusammenfassen, wenn unser Serviceteam", "once our service team allows it",
			"Zusammenfassung stoppen"},
		{"stopped by another owner", merge.Vetoed, func(o *order.Order) { o.Opposed = []string{third} }, "gilt nicht mehr. Das Paket läuft weiter", "is no longer valid. The package keeps running",
			"Zusammenfassung stoppen"},
		{"objected to by another owner", merge.Executed, byAnother, "Einspruch geht bis 23.12.2026", "You can object until 23 December 2026", "Einspruch einlegen"},
		{"stopped", merge.Vetoed, stopped, "Legen Sie beim Paket unter „Paketpasswort“ ein neues fest", "Set a new one at the package under “Package password”", ""},
		{"executed", merge.Executed, nil, "Einspruch geht bis 23.12.2026", "You can object until 23 December 2026", "Einspruch einlegen"},
		{"objected", merge.Executed, objected, "die E-Mail-Adresse nicht geändert", "nor can its e-mail address be changed", ""},
		{"dismissed", merge.Executed, dismissed, "Die Zusammenfassung bleibt", "the merge stays", ""},
		{"executed long ago", merge.Executed, long, "nichts mehr zu stoppen", "nothing left to stop", ""},
		{"withdrawn", merge.Withdrawn, nil, "nichts mehr zu stoppen", "nothing left to stop", ""},
		{"undone", merge.Undone, nil, "nichts mehr zu stoppen", "nothing left to stop", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := atLink(t, c.state, c.change, other)
			p := w.Get(vetoPath)
			p.Has("main", c.de)
			if button := p.Text(`form[action="/merge/veto"] button`); button != c.button {
				t.Errorf("the button is %q", button)
			}
			if main := p.Text("main"); strings.Contains(main, third) || strings.Contains(main, "@") {
				t.Errorf("the page names what is not the reader's: %q", main)
			}
			p = w.Get(vetoPath + "&lang=en")
			p.Has("main", c.en)
			if main := p.Text("main"); strings.Contains(main, "Kundennummer") {
				t.Errorf("the English page reads %q", main)
			}
		})
	}
}

// M4, S6: the address that the mail went to was somebody else's, and its owner took it back.
func TestALinkThatWentToAStoppedAddressSpeaksForNobody(t *testing.T) {
	for name, c := range map[string]struct {
		stopped customer.StoppedEmail
		status  int
	}{
		"stopped since":                {customer.StoppedEmail{Address: "Geheim@alt.example", At: noon}, http.StatusNotFound},
		"stopped before it was mailed": {customer.StoppedEmail{Address: "geheim@alt.example", At: noon.Add(-2 * time.Hour)}, http.StatusOK},
		"another address was stopped":  {customer.StoppedEmail{Address: "t@dieb.example", At: noon}, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			w := atLink(t, merge.InReview, nil, other)
			w.Change(other, func(p *customer.Profile) { p.StoppedEmails = []customer.StoppedEmail{c.stopped} })
			w.Get(vetoPath).Is(c.status)
			w.Post("/merge/veto", link).Is(c.status)
			if c.status == http.StatusOK {
				opposed(w, merge.Vetoed, other)
			} else {
				opposed(w, merge.InReview)
			}
		})
	}
}

func TestALinkSpeaksForItsReadersNumbersOnly(t *testing.T) { // M4
	w := atLink(t, merge.InReview, nil, other)
	w.Post("/merge/veto", link).Is(http.StatusOK)
	opposed(w, merge.Vetoed, other)
	w = atLink(t, merge.InReview, nil)
	w.Post("/merge/veto", link).Is(http.StatusOK)
	opposed(w, merge.Vetoed, other, third)
}

func TestAnObjectionAfterTheExecutionHoldsTheSurvivor(t *testing.T) { // M4
	w := atLink(t, merge.Executed, nil, other)
	w.Post("/merge/veto", link).Is(http.StatusOK).Has("h1", "Einspruch")
	opposed(w, merge.Executed, other)
	if held, err := w.Orders().Objections(t.Context(), own); err != nil || !slices.Equal(held, []string{orderID}) {
		t.Errorf("held by %v, %v", held, err)
	}
	w = atLink(t, merge.Withdrawn, nil, other)
	w.Post("/merge/veto", link).Is(http.StatusConflict)
	opposed(w, merge.Withdrawn)
}

func TestTheOrderTellsOfAnObjectionAndItsEnd(t *testing.T) {
	o := inReview()
	o.State, o.ExecutedAt, o.ObjectedAt = merge.Executed, noon, noon.Add(time.Hour)
	o.History = append(o.History, step(merge.Executed), order.Step{At: noon.Add(time.Hour), State: merge.Executed, Event: order.Objection})
	w := with(t, o)
	p := w.Get(orderPath)
	p.Has(".timeline li:last-child.now", "Einspruch")
	p.Has(".timeline li:last-child.now", "die E-Mail-Adresse nicht ändern")
	o.ObjectionEnded, o.Reason = noon.Add(2*time.Hour), "Die Prüfung hat nichts ergeben."
	o.History = append(o.History, order.Step{At: noon.Add(2 * time.Hour), State: merge.Executed, Event: order.ObjectionDismissed})
	w.SaveOrder(o)
	p = w.Get(orderPath + "?lang=en")
	p.Has(".timeline li:last-child.done", "the merge stays")
	p.Has("main", o.Reason)
}
