package account

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/table"
)

// twinNumber looks like the customer's own.
const twinNumber = "10000488"

// withTwin has such a number.
func withTwin(t *testing.T) *account {
	t.Helper()
	w := anna(t)
	p := annaProfile
	p.Number, p.Members, p.LastName, p.Street, p.IBAN = twinNumber, nil, "Schaefer", "Lindenweg 77", "DE02120300000000202051"
	w.Save(p)
	return w
}

func TestOverviewPointsToANumberThatLooksLikeTheOwnAndTellsNothingOfIt(t *testing.T) { // M3
	w := withTwin(t)
	a := w.get(t, "/account")
	if got := a.text("section[aria-labelledby=vorschlag]"); !strings.Contains(got, "eine Kundennummer, die auf 488 endet") {
		t.Errorf("says %q", got)
	}
	for _, secret := range []string{"10000488", "Schaefer", "Lindenweg", "2051"} {
		if strings.Contains(a.Body.String(), secret) {
			t.Errorf("the page names %q of the other number", secret)
		}
	}
	if a.doc.Find(`section[aria-labelledby=vorschlag] a[href="/merge"]`).Length() != 1 {
		t.Error("it does not lead into the form, with nothing filled in")
	}
	if got := w.get(t, "/account", "Accept-Language", "en").text("section[aria-labelledby=vorschlag]"); !strings.Contains(got, "customer number with your name and e-mail address, ending in 488") {
		t.Errorf("in English it says %q", got)
	}
	if got := w.get(t, "/account", "Accept", "application/json").Body.String(); !strings.Contains(got, `"proposals":[{"endsWith":"488"}]`) {
		t.Errorf("as JSON: %s", got)
	}
}

func TestOverviewPointsToNothingWhereItMightTellAnything(t *testing.T) {
	for name, change := range map[string]func(*account){
		"nobody else has the address": func(w *account) { w.drop(table.With(table.Profile(twinNumber), nil)) },
		"another name":                func(w *account) { w.Change(twinNumber, func(p *customer.Profile) { p.FirstName = "Bernd" }) },
		"another address by now":      func(w *account) { w.Change(twinNumber, func(p *customer.Profile) { p.Email = "b@b.example" }) },
		"merged already":              func(w *account) { w.Change(twinNumber, func(p *customer.Profile) { p.MergedInto = "10000099" }) },
		"locked":                      func(w *account) { w.Change(twinNumber, func(p *customer.Profile) { p.Locked = true }) },
		"the own number locked":       func(w *account) { w.is(func(p *customer.Profile) { p.Locked = true }) },
		"a running merge":             func(w *account) { w.SaveOrder(running("IN_REVIEW")) },
		"switched off":                func(w *account) { w.is(func(p *customer.Profile) { p.NoProposals = true }) },
		"the new address only waits": func(w *account) {
			w.is(func(p *customer.Profile) { p.Email, p.Pending = "fremd@fremd.example", pendingOf(p.Email) })
		},
		"the other's address waits too": func(w *account) {
			w.Change(twinNumber, func(p *customer.Profile) { p.Email, p.Pending = "", pendingOf(annaProfile.Email) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := withTwin(t)
			change(w)
			if a := w.get(t, "/account"); a.Code != http.StatusOK || strings.Contains(a.Body.String(), "488") {
				t.Errorf("status %d, says %q", a.Code, a.text("section[aria-labelledby=vorschlag]"))
			}
		})
	}
	w := withTwin(t)
	if strings.Contains(w.get(t, "/account?q=alt").Body.String(), "488") {
		t.Error("it is said again at each search")
	}
}

func pendingOf(address string) *customer.PendingEmail {
	return &customer.PendingEmail{ID: "1", Address: address, At: noon, Until: noon.AddDate(0, 0, 1), Epoch: 2}
}

// Whoever enters a stranger's address learns nothing of the stranger's numbers: the address counts only when it was
// confirmed by its link.
func TestOnTheCloudAnAddressThatWaitsForItsConfirmationProposesNothing(t *testing.T) {
	v := visit(t)
	victim := localtest.Customer(t, "") // of the same name
	ending := `"endsWith":"` + victim.Number[len(victim.Number)-3:] + `"`
	proposed := func() bool {
		t.Helper()
		a := v.send("GET", "/account", nil, "Accept", "application/json")
		if a.Code != http.StatusOK {
			t.Fatalf("status %d: %s", a.Code, a.Body)
		}
		return strings.Contains(a.Body.String(), ending)
	}
	shared := v.profile() // with the other visitors, whose numbers may end alike
	alone := shared
	alone.Email = "einzig" + v.number + "@kunde.example"
	v.put(customer.Update(v.admin.Names, shared, alone))
	if a := v.send("POST", form.Path, url.Values{"version": {"2"}, "email": {victim.Email}, "currentPassword": {password}}); a.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Code, a.text("main"))
	}
	if v.profile().Pending == nil || proposed() {
		t.Errorf("the address %s was not confirmed, and the number is proposed", victim.Email)
	}
	own := v.profile()
	confirmed := own
	confirmed.Email, confirmed.Pending = victim.Email, nil
	v.put(customer.Update(v.admin.Names, own, confirmed))
	if !proposed() {
		t.Error("the address is in force on both sides, and the number is not proposed")
	}
}

func TestSecurityPageSwitchesProposals(t *testing.T) {
	v := visit(t)
	button := func() string {
		return v.send("GET", "/account/security", nil).text(`form[action="/merge/proposals"] button`)
	}
	if got := button(); got != "Solche Hinweise nicht mehr anzeigen" {
		t.Errorf("the button says %q", got)
	}
	own := v.profile()
	off := own
	off.NoProposals = true
	v.put(customer.Update(v.admin.Names, own, off))
	if got := button(); got != "Solche Hinweise wieder anzeigen" || v.profile().Version != own.Version {
		t.Errorf("the button says %q, version %d", got, v.profile().Version)
	}
}
