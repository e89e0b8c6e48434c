package mergediff

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// blocking makes each reason that can stop a number from getting into the draft. not_adopted and proof_expired come with
// the submission, see mergesubmit.
var blocking = []struct {
	name   string
	number string
	secret string // the package password entered
	reason merge.Reason
	change func(*world)
}{
	{"the own number", own, password, merge.Self, nil},
	{"a wrong proof", twin, "falsch", merge.ProofFailed, nil},
	{"another name", stranger, password, merge.NameDiffers, nil},
	{"merged with a third number", twin, password, merge.AlreadyMerged, func(w *world) { w.change(twin, func(p *customer.Profile) { p.MergedInto = "10000098" }) }},
	{"merged with the own number", twin, password, merge.AlreadyMergedHere, func(w *world) { w.change(twin, func(p *customer.Profile) { p.MergedInto = own }) }},
	{"in another order", twin, password, merge.OpenMergeOther, func(w *world) { w.locks[twin] = "K7QX-2M4D" }},
	{"owing money", twin, password, merge.OpenBalanceOther, func(w *world) { w.change(twin, func(p *customer.Profile) { p.BalanceCents = 1 }) }},
	{"owing money for an earlier number", twin, password, merge.OpenBalanceOtherMember, func(w *world) { w.owesFor(twin, "10000095") }},
	{"the own number owing money for an earlier one", twin, password, merge.OpenBalanceOwnMember, func(w *world) { w.owesFor(own, "10000095") }},
	{"locked by the operator", twin, password, merge.LockedOther, func(w *world) { w.change(twin, func(p *customer.Profile) { p.Locked = true }) }},
	{"barred by a veto", twin, password, merge.Barred, func(w *world) { w.bars[twin] = true }},
	{"the 21st number of an order", twin, password, merge.LimitOrder, func(w *world) { w.change(twin, func(p *customer.Profile) { p.Members = make([]string, 20) }) }},
	{"the 51st number of a customer", twin, password, merge.LimitCustomer, func(w *world) { w.change(own, func(p *customer.Profile) { p.Members = make([]string, 49) }) }},
	{"the own number in another order", twin, password, merge.OpenMergeOwn, func(w *world) { w.locks[own] = "K7QX-2M4D" }},
	{"the own number owing money", twin, password, merge.OpenBalanceOwn, func(w *world) { w.change(own, func(p *customer.Profile) { p.BalanceCents = 1 }) }},
	{"the own number locked", twin, password, merge.LockedOwn, func(w *world) { w.change(own, func(p *customer.Profile) { p.Locked = true }) }},
}

func TestEveryReasonIsToldOnThePageAndInJSONInBothLanguages(t *testing.T) {
	for _, c := range blocking {
		for _, l := range []lang.Lang{lang.DE, lang.EN} {
			t.Run(c.name+" "+string(l), func(t *testing.T) {
				w := newWorld()
				if c.change != nil {
					c.change(w)
				}
				path, form := "/merge/check?lang="+string(l), values("customerNumber", c.number, "domain", w.packages[c.number][0].Domains[0], "password", c.secret)
				asPage(t, w.do(t, "POST", path, "", form), c.reason, l)
				asJSON(t, w, path, form, c.reason, l)
				if len(w.drafts) != 0 {
					t.Error("the number is in the draft all the same")
				}
			})
		}
	}
}

func asPage(t *testing.T, p page, reason merge.Reason, l lang.Lang) {
	t.Helper()
	if p.status != 422 {
		t.Errorf("the page has status %d", p.status)
	}
	p.has("main", reason.Text.In(l))
	for _, secret := range []string{"Krause", "alt.example", "+49 30", "0532013000"} { // M3
		if strings.Contains(p.body, secret) {
			t.Errorf("the page names %q of the other number", secret)
		}
	}
}

func asJSON(t *testing.T, w *world, path string, form url.Values, reason merge.Reason, l lang.Lang) {
	t.Helper()
	p := w.do(t, "POST", path, "application/json", form)
	var problem struct{ Code, Title, Detail string }
	if err := json.Unmarshal([]byte(p.body), &problem); err != nil {
		t.Fatalf("%v: %s", err, p.body)
	}
	if p.status != 422 || problem.Code != reason.Code || !strings.Contains(problem.Title+problem.Detail, reason.Text.In(l)) {
		t.Errorf("JSON has status %d, %+v; want %s", p.status, problem, reason.Code)
	}
}

// owesFor merges a number into another one and brings a bill for it; a credit of the number itself makes up for nothing.
func (w *world) owesFor(number, member string) {
	w.add(member, w.profiles[number], "P-"+member, "d"+member+".example", func(p *customer.Profile) { p.MergedInto, p.BalanceCents = number, 700 })
	w.change(number, func(p *customer.Profile) { p.Members, p.BalanceCents = []string{member}, -50000 })
}

// A bill for an earlier number that comes between the check and the submission blocks both the number and the button.
func TestABillForAnEarlierNumberBlocksTheDraftAndTheStart(t *testing.T) {
	for name, c := range map[string]struct {
		number string
		reason merge.Reason
	}{
		"of the other number": {twin, merge.OpenBalanceOtherMember},
		"of the own number":   {own, merge.OpenBalanceOwnMember},
	} {
		w := newWorld()
		w.prove(t, twin)
		w.adopt(t, twin)
		w.owesFor(c.number, "10000095")
		p := w.get(t, "/merge/draft")
		p.has("main", c.reason.Text.In(lang.DE))
		p.count(`form[action="/merge/submit"]`, 0)
		start := w.get(t, "/merge")
		if got := strings.Contains(start.text("main"), c.reason.Text.In(lang.DE)); got != (c.number == own) {
			t.Errorf("%s: the first step says so = %v", name, got)
		}
	}
}

// M3: without a good proof nothing is read of what was merged into a number, let alone told.
func TestABillForAnEarlierNumberIsNotToldWithoutAGoodProof(t *testing.T) {
	w := newWorld()
	w.prove(t, twin)
	w.owesFor(twin, "10000095")
	w.now = w.now.Add(order.ProofLifetime + time.Second)
	w.read = nil
	p := w.get(t, "/merge/draft")
	if strings.Contains(p.body, merge.OpenBalanceOtherMember.Text.In(lang.DE)) || slices.Contains(w.read, "10000095") {
		t.Errorf("it is told or read: %v", w.read)
	}
}

func TestAVetoMeanwhileBlocksTheNumberInTheDraft(t *testing.T) {
	w := newWorld()
	w.prove(t, twin)
	w.adopt(t, twin)
	w.bars[twin] = true
	p := w.get(t, "/merge/draft")
	p.has("main", merge.Barred.Text.In(lang.DE))
	p.count(`form[action="/merge/submit"]`, 0)
	p.count("table", 0)
}

// What stands between the numbers may come after the data were adopted, above all a veto of the other number's owner: then
// nothing of it is told any more, in no result either (M3).
func TestABlockedNumberTellsNothingInAnyResult(t *testing.T) {
	for name, block := range map[string]func(*world){
		"a veto":       func(w *world) { w.bars[moved] = true },
		"another name": func(w *world) { w.change(moved, func(p *customer.Profile) { p.LastName = "Krause" }) },
	} {
		for _, also := range [][]string{nil, {twin}} {
			w := newWorld()
			w.prove(t, moved)
			w.adopt(t, moved, "choice.address", "other", "choice.phone", "other", "choice.email", "other", "choice.bank", "other")
			for _, n := range also {
				w.prove(t, n)
			}
			block(w)
			p := w.get(t, "/merge/draft")
			p.count(".result", len(also))
			for what, body := range map[string]string{"page": p.body, "JSON": w.do(t, "GET", "/merge/draft", "application/json", nil).body} {
				for _, told := range []string{"Lindenweg", "Hamburg", "4321", "alt.example", "2051", `"` + moved + `","groups"`} {
					if strings.Contains(body, told) {
						t.Errorf("%s, beside %v: the %s tells %q", name, also, what, told)
					}
				}
			}
		}
	}
}
