package mergediff

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// proposed are the endings that the merge page names, as JSON.
func proposed(t *testing.T, w *world) []string {
	t.Helper()
	p := w.do(t, "GET", "/merge", "application/json", nil)
	var v struct{ Proposals []struct{ EndsWith string } }
	if err := json.Unmarshal([]byte(p.body), &v); err != nil {
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
		change func(*world)
		want   []string
	}{
		{"the same address and name", func(*world) {}, []string{"023"}},
		{"another spelling of the address", func(w *world) { w.change(twin, func(p *customer.Profile) { p.Email = "Anna@SCHAEFER.example" }) }, []string{"023"}},
		{"another address", func(w *world) { w.change(twin, func(p *customer.Profile) { p.Email = "anna@alt.example" }) }, []string{}},
		{"another name", func(w *world) { w.change(twin, func(p *customer.Profile) { p.FirstName = "Bernd" }) }, []string{}},
		{"no address at all", func(w *world) {
			w.change(own, func(p *customer.Profile) { p.Email = "" })
			w.change(twin, func(p *customer.Profile) { p.Email = "" })
		}, []string{}},
		{"merged already", func(w *world) { w.change(twin, func(p *customer.Profile) { p.MergedInto = own }) }, []string{}},
		{"an amount due", func(w *world) { w.change(twin, func(p *customer.Profile) { p.BalanceCents = 1 }) }, []string{}},
		{"an amount due for an earlier number", func(w *world) { w.owesFor(twin, "10000095") }, []string{}},
		{"an amount due for an earlier number of the own", func(w *world) { w.owesFor(own, "10000095") }, []string{}},
		{"in an order", func(w *world) { w.locks[twin] = "K7QX-2M4D" }, []string{}},
		{"barred", func(w *world) { w.bars[twin] = true }, []string{}},
		{"the own number in an order", func(w *world) { w.locks[own] = "K7QX-2M4D" }, []string{}},
		{"in the draft", func(w *world) { w.prove(t, twin) }, []string{}},
		{"switched off", func(w *world) { w.change(own, func(p *customer.Profile) { p.NoProposals = true }) }, []string{}},
		{"seven of them", func(w *world) {
			for _, n := range []string{"10000201", "10000202", "10000203", "10000204", "10000205", "10000206"} {
				w.add(n, w.profiles[twin], "P-"+n, n+".example", func(*customer.Profile) {})
			}
		}, []string{"023", "201", "202", "203", "204"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			c.change(w)
			if got := proposed(t, w); !slices.Equal(got, c.want) {
				t.Errorf("proposed %v, want %v", got, c.want)
			}
		})
	}
}

func TestAProposalNamesNothingButTheLastDigits(t *testing.T) { // M3
	w := newWorld()
	p := w.get(t, "/merge")
	p.has("main", "eine Kundennummer, die auf 023 endet")
	for _, secret := range []string{twin, "1000 0023", "Schaefer", "Hauptstraße", "anna-schaefer.example", "P-1002"} {
		if strings.Contains(p.text("main"), secret) {
			t.Errorf("the page names %q of the other number", secret)
		}
	}
	p.count("button.primary", 1)
	w.get(t, "/merge?lang=en").has("main", "a customer number ending in 023")
}

func TestARunningMergeIsToldBeforeDataAreSavedHereToo(t *testing.T) {
	w := newWorld()
	const form = `form[action="/account/master-data"]`
	w.get(t, "/merge").count(form, 1)
	w.get(t, "/merge").count(form+" .notice", 0)
	w.locks[own] = "K7QX-2M4D"
	w.get(t, "/merge").has(form+" .notice", "Der Auftrag K7QX-2M4D zum Zusammenfassen läuft noch. Wenn Sie jetzt Stammdaten ändern, hält das den Auftrag auf")
}

func TestProposalsAreSwitchedOffForGood(t *testing.T) {
	w := newWorld()
	w.get(t, "/merge").count(`form[action="/merge/proposals"] input[name=show][value=no]`, 1)
	if p := w.post(t, "/merge/proposals", "show", "no"); p.status != 303 || p.location != "/merge" {
		t.Fatalf("%d to %s", p.status, p.location)
	}
	if set := w.written[0].Update; set == nil || strings.Contains(*set.UpdateExpression, "version") {
		t.Errorf("written: %+v (a setting makes no order stale)", w.written)
	}
	if len(w.written) != 2 || w.written[1].Put == nil || table.String(w.written[1].Put.Item, "action") != audit.ProposalsOff {
		t.Errorf("the history does not tell it: %+v (M10)", w.written)
	}
	w.change(own, func(p *customer.Profile) { p.NoProposals = true })
	p := w.get(t, "/merge")
	p.count(`form[action="/merge/proposals"] input[name=show][value=yes]`, 1)
	if strings.Contains(p.text("main"), "023") {
		t.Error("still proposed")
	}
	for asked, want := range map[string]string{"/account": "/account", "https://evil.example": "/merge", "//evil.example": "/merge"} { // S18
		if p := w.post(t, "/merge/proposals", "show", "yes", "return", asked); p.location != want {
			t.Errorf("back to %s leads to %s", asked, p.location)
		}
	}
	if p := w.post(t, "/merge/proposals", "show", "perhaps"); p.status != 422 {
		t.Errorf("an unknown choice: %d", p.status)
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
