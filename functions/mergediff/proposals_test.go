package mergediff

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
)

// proposed are the endings that the merge page names, as JSON.
func proposed(t *testing.T, w *world.World) []string {
	t.Helper()
	p := w.Get("/merge", world.JSON...)
	var v struct{ Proposals []struct{ EndsWith string } }
	if err := json.Unmarshal([]byte(p.Body), &v); err != nil {
		t.Fatal(err)
	}
	ends := []string{}
	for _, one := range v.Proposals {
		ends = append(ends, one.EndsWith)
	}
	return ends
}

func TestANumberIsProposedOnlyWhereItGivesNothingAway(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*world.World)
		want   []string
	}{
		{"the same address and name", func(*world.World) {}, []string{"023"}},
		{"another spelling of the address", is(twin, func(p *customer.Profile) { p.Email = "Anna@SCHAEFER.example" }), []string{"023"}},
		{"another address", is(twin, func(p *customer.Profile) { p.Email = "anna@alt.example" }), []string{}},
		{"another name", is(twin, func(p *customer.Profile) { p.FirstName = "Bernd" }), []string{}},
		{"no address at all", func(w *world.World) {
			w.Change(own, func(p *customer.Profile) { p.Email = "" })
			w.Change(twin, func(p *customer.Profile) { p.Email = "" })
		}, []string{}},
		{"merged already", is(twin, func(p *customer.Profile) { p.MergedInto = own }), []string{}},
		{"an amount due", is(twin, func(p *customer.Profile) { p.BalanceCents = 1 }), []string{}},
		{"an amount due for an earlier number", func(w *world.World) { owesFor(w, twin, "10000095") }, []string{}},
		{"an amount due for an earlier number of the own", func(w *world.World) { owesFor(w, own, "10000095") }, []string{}},
		{"in an order", func(w *world.World) { lock(w, twin) }, []string{}},
		{"barred", func(w *world.World) { bar(w, twin) }, []string{}},
		{"the own number in an order", func(w *world.World) { lock(w, own) }, []string{}},
		{"in the draft", func(w *world.World) { prove(w, twin) }, []string{}},
		{"switched off", is(own, func(p *customer.Profile) { p.NoProposals = true }), []string{}},
		{"seven of them", func(w *world.World) {
			for _, n := range []string{"10000201", "10000202", "10000203", "10000204", "10000205", "10000206"} {
				add(w, n, w.Profile(twin), func(*customer.Profile) {})
			}
		}, []string{"023", "201", "202", "203", "204"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			c.change(w)
			if got := proposed(t, w); !slices.Equal(got, c.want) {
				t.Errorf("proposed %v, want %v", got, c.want)
			}
		})
	}
}

func TestAProposalNamesNothingButTheLastDigits(t *testing.T) { // M3
	w := newWorld(t)
	p := w.Get("/merge")
	p.Has("main", "eine Kundennummer, die auf 023 endet")
	for _, secret := range []string{twin, "1000 0023", "Schaefer", "Hauptstraße", "anna-schaefer.example", "P-1002"} {
		if strings.Contains(p.Text("main"), secret) {
			t.Errorf("the page names %q of the other number", secret)
		}
	}
	p.Count("button.primary", 1)
	w.Get("/merge?lang=en").Has("main", "a customer number ending in 023")
}

func TestARunningMergeIsToldBeforeDataAreSavedHereToo(t *testing.T) {
	w := newWorld(t)
	const form = `form[action="/account/master-data"]`
	w.Get("/merge").Count(form, 1)
	w.Get("/merge").Count(form+" .notice", 0)
	lock(w, own)
	w.Get("/merge").Has(form+" .notice", "Der Auftrag K7QX-2M4D zum Zusammenfassen läuft noch. Wenn Sie jetzt Stammdaten ändern, hält das den Auftrag auf")
}

func TestProposalsAreSwitchedOffForGood(t *testing.T) {
	w := newWorld(t)
	w.Get("/merge").Count(`form[action="/merge/proposals"] input[name=show][value=no]`, 1)
	if p := w.Post("/merge/proposals", world.Form("show", "no")); p.Status != 303 || p.Location != "/merge" {
		t.Fatalf("%d to %s", p.Status, p.Location)
	}
	if p := w.Profile(own); !p.NoProposals || p.Version != 3 {
		t.Errorf("%v, version %d (a setting makes no order stale)", p.NoProposals, p.Version)
	}
	if events := w.Events(); len(events) != 1 || events[0].Action != audit.ProposalsOff || events[0].Number != own {
		t.Errorf("the history does not tell it: %+v (M10)", events)
	}
	p := w.Get("/merge")
	p.Count(`form[action="/merge/proposals"] input[name=show][value=yes]`, 1)
	if strings.Contains(p.Text("main"), "023") {
		t.Error("still proposed")
	}
	for asked, want := range map[string]string{"/account": "/account", "https://evil.example": "/merge", "//evil.example": "/merge"} { // S18
		if p := w.Post("/merge/proposals", world.Form("show", "yes", "return", asked)); p.Location != want {
			t.Errorf("back to %s leads to %s", asked, p.Location)
		}
	}
	if p := w.Post("/merge/proposals", world.Form("show", "perhaps")); p.Status != 422 {
		t.Errorf("an unknown choice: %d", p.Status)
	}
}

func TestProposalsOnTheLocalCloud(t *testing.T) {
	c := newCloudWorld(t)
	for _, n := range []string{c.own, c.other} {
		p, err := customer.Store{Store: c.admin}.Profile(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		same := p
		same.Email = "n" + c.own + "@gleich.example"
		c.write(t, customer.Update(c.admin.Names, p, same))
	}
	ending := `{"endsWith":"` + c.other[len(c.other)-3:] + `"}`
	c.must(t, "GET", "/merge", 200, ending)
	c.must(t, "POST", "/merge/proposals", 303, "/merge", "show", "no")
	c.must(t, "GET", "/merge", 200, `"proposals":[],"proposalsOff":true`)
	c.must(t, "POST", "/merge/proposals", 303, "/merge", "show", "yes")
	c.must(t, "GET", "/merge", 200, ending)
	if got := c.do("POST", "/merge/proposals", url.Values{}); got.Code != 422 {
		t.Errorf("without a choice: %d", got.Code)
	}
}
