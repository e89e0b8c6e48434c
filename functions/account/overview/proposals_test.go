package overview_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/table"
)

// twinNumber looks like the customer's own.
const twinNumber = "10000488"

// withTwin has such a number.
func withTwin(t *testing.T) *visitor.Visitor {
	t.Helper()
	w := visitor.Anna(t)
	p := visitor.Profile
	p.Number, p.Members, p.LastName, p.Street, p.IBAN = twinNumber, nil, "Schaefer", "Lindenweg 77", "DE02120300000000202051"
	w.Save(p)
	return w
}

func TestOverviewPointsToANumberThatLooksLikeTheOwnAndTellsNothingOfIt(t *testing.T) { // M3
	w := withTwin(t)
	a := w.Get("/account")
	if got := a.Text("section[aria-labelledby=vorschlag]"); !strings.Contains(got, "eine Kundennummer, die auf 488 endet") {
		t.Errorf("says %q", got)
	}
	for _, secret := range []string{"10000488", "Schaefer", "Lindenweg", "2051"} {
		if strings.Contains(a.Body, secret) {
			t.Errorf("the page names %q of the other number", secret)
		}
	}
	if a.Find(`section[aria-labelledby=vorschlag] a[href="/merge"]`).Length() != 1 {
		t.Error("it does not lead into the form, with nothing filled in")
	}
	if got := w.Get("/account?lang=en").Text("section[aria-labelledby=vorschlag]"); !strings.Contains(got, "customer number with your name and e-mail address, ending in 488") {
		t.Errorf("in English it says %q", got)
	}
	if got := w.Get("/account", "Accept", "application/json").Body; !strings.Contains(got, `"proposals":[{"endsWith":"488"}]`) {
		t.Errorf("as JSON: %s", got)
	}
}

func TestOverviewPointsToNothingWhereItMightTellAnything(t *testing.T) {
	for name, change := range map[string]func(*visitor.Visitor){
		"nobody else has the address": func(w *visitor.Visitor) { w.Drop(table.With(table.Profile(twinNumber), nil)) },
		"another name":                func(w *visitor.Visitor) { w.Change(twinNumber, func(p *customer.Profile) { p.FirstName = "Bernd" }) },
		"another address by now":      func(w *visitor.Visitor) { w.Change(twinNumber, func(p *customer.Profile) { p.Email = "b@b.example" }) },
		"merged already": func(w *visitor.Visitor) {
			w.Change(twinNumber, func(p *customer.Profile) { p.MergedInto = "10000099" })
		},
		"locked":                func(w *visitor.Visitor) { w.Change(twinNumber, func(p *customer.Profile) { p.Locked = true }) },
		"the own number locked": func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Locked = true }) },
		"a running merge":       func(w *visitor.Visitor) { w.SaveOrder(visitor.Running("IN_REVIEW")) },
		"switched off":          func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.NoProposals = true }) },
		"the new address only waits": func(w *visitor.Visitor) {
			w.Is(func(p *customer.Profile) { p.Email, p.Pending = "fremd@fremd.example", pendingOf(p.Email) })
		},
		"the other's address waits too": func(w *visitor.Visitor) {
			w.Change(twinNumber, func(p *customer.Profile) { p.Email, p.Pending = "", pendingOf(visitor.Profile.Email) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := withTwin(t)
			change(w)
			if a := w.Get("/account"); a.Status != http.StatusOK || strings.Contains(a.Body, "488") {
				t.Errorf("status %d, says %q", a.Status, a.Text("section[aria-labelledby=vorschlag]"))
			}
		})
	}
	w := withTwin(t)
	if strings.Contains(w.Get("/account?q=alt").Body, "488") {
		t.Error("it is said again at each search")
	}
}

func pendingOf(address string) *customer.PendingEmail {
	return &customer.PendingEmail{ID: "1", Address: address, At: world.Noon, Until: world.Noon.AddDate(0, 0, 1), Epoch: 2}
}

// Whoever enters a stranger's address learns nothing of the stranger's numbers: the address counts only when it was
// confirmed by its link.
func TestOnTheCloudAnAddressThatWaitsForItsConfirmationProposesNothing(t *testing.T) {
	v := visitor.OnCloud(t)
	victim := localtest.Customer(t, "") // of the same name
	ending := `"endsWith":"` + victim.Number[len(victim.Number)-3:] + `"`
	proposed := func() bool {
		t.Helper()
		a := v.Get("/account", "Accept", "application/json")
		if a.Status != http.StatusOK {
			t.Fatalf("status %d: %s", a.Status, a.Body)
		}
		return strings.Contains(a.Body, ending)
	}
	shared := v.Own() // with the other visitors, whose numbers may end alike
	alone := shared
	alone.Email = "einzig" + v.Number + "@kunde.example"
	v.Put(customer.Update(v.Store.Names, shared, alone))
	if a := v.Post(form.Path, url.Values{"version": {"2"}, "email": {victim.Email}, "currentPassword": {visitor.Password}}); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Text("main"))
	}
	if v.Own().Pending == nil || proposed() {
		t.Errorf("the address %s was not confirmed, and the number is proposed", victim.Email)
	}
	own := v.Own()
	confirmed := own
	confirmed.Email, confirmed.Pending = victim.Email, nil
	v.Put(customer.Update(v.Store.Names, own, confirmed))
	if !proposed() {
		t.Error("the address is in force on both sides, and the number is not proposed")
	}
}
