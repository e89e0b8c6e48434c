package mergediff

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// blocking makes each reason that can stop a number from getting into the draft. not_adopted and proof_expired come with
// the submission, see mergesubmit.
var blocking = []struct {
	name   string
	number string
	secret string // the package password entered
	reason merge.Reason
	change func(*world.World)
}{
	{"the own number", own, password, merge.Self, nil},
	{"a wrong proof", twin, "falsch", merge.ProofFailed, nil},
	{"another name", stranger, password, merge.NameDiffers, nil},
	{"merged with a third number", twin, password, merge.AlreadyMerged, is(twin, func(p *customer.Profile) { p.MergedInto = "10000098" })},
	{"merged with the own number", twin, password, merge.AlreadyMergedHere, is(twin, func(p *customer.Profile) { p.MergedInto = own })},
	{"in another order", twin, password, merge.OpenMergeOther, func(w *world.World) { lock(w, twin) }},
	{"owing money", twin, password, *merge.OpenBalanceOther.Owing(1999), is(twin, func(p *customer.Profile) { p.BalanceCents = 1999 })},
	{"owing money for an earlier number", twin, password, merge.OpenBalanceOtherMember, func(w *world.World) { owesFor(w, twin, "10000095") }},
	{"the own number owing money for an earlier one", twin, password, merge.OpenBalanceOwnMember, func(w *world.World) { owesFor(w, own, "10000095") }},
	{"locked by the operator", twin, password, merge.LockedOther, is(twin, func(p *customer.Profile) { p.Locked = true })},
	{"barred by a veto", twin, password, merge.Barred, func(w *world.World) { bar(w, twin) }},
	{"the 21st number of an order", twin, password, merge.LimitOrder, is(twin, func(p *customer.Profile) { p.Members = members(20) })},
	{"the 51st number of a customer", twin, password, merge.LimitCustomer, is(own, func(p *customer.Profile) { p.Members = members(49) })},
	{"the own number in another order", twin, password, merge.OpenMergeOwn, func(w *world.World) { lock(w, own) }},
	{"the own number owing money", twin, password, *merge.OpenBalanceOwn.Owing(1), is(own, func(p *customer.Profile) { p.BalanceCents = 1 })},
	{"the own number locked", twin, password, merge.LockedOwn, is(own, func(p *customer.Profile) { p.Locked = true })},
}

func TestEveryReasonIsToldOnThePageAndInJSONInBothLanguages(t *testing.T) {
	for _, c := range blocking {
		for _, l := range []lang.Lang{lang.DE, lang.EN} {
			t.Run(c.name+" "+string(l), func(t *testing.T) {
				w := newWorld(t)
				if c.change != nil {
					c.change(w)
				}
				path, form := "/merge/check?lang="+string(l), world.Form("customerNumber", c.number, "domain", domain(c.number), "password", c.secret)
				asPage(t, w.Post(path, form), c.reason, l)
				asJSON(t, w, path, form, c.reason, l)
				if w.Draft(own).Version != 0 {
					t.Error("the number is in the draft all the same")
				}
			})
		}
	}
}

func asPage(t *testing.T, p world.Page, reason merge.Reason, l lang.Lang) {
	t.Helper()
	if p.Status != 422 {
		t.Errorf("the page has status %d", p.Status)
	}
	p.Has("main", reason.Text.In(l))
	for _, secret := range []string{"Krause", "alt.example", "+49 30", "0532013000"} { // M3
		if strings.Contains(p.Body, secret) {
			t.Errorf("the page names %q of the other number", secret)
		}
	}
}

func asJSON(t *testing.T, w *world.World, path string, form url.Values, reason merge.Reason, l lang.Lang) {
	t.Helper()
	p := w.Post(path, form, world.JSON...)
	var problem struct{ Code, Title, Detail string }
	if err := json.Unmarshal([]byte(p.Body), &problem); err != nil {
		t.Fatalf("%v: %s", err, p.Body)
	}
	if p.Status != 422 || problem.Code != reason.Code || !strings.Contains(problem.Title+problem.Detail, reason.Text.In(l)) {
		t.Errorf("JSON has status %d, %+v; want %s", p.Status, problem, reason.Code)
	}
}

// owesFor merges a number into another one and brings a bill for it; a credit of the number itself makes up for nothing.
func owesFor(w *world.World, number, member string) {
	add(w, member, w.Profile(number), func(p *customer.Profile) { p.MergedInto, p.BalanceCents = number, 700 })
	w.Change(number, func(p *customer.Profile) { p.Members, p.BalanceCents = []string{member}, -50000 })
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
		w := newWorld(t)
		prove(w, twin)
		adopt(w, twin)
		owesFor(w, c.number, "10000095")
		p := w.Get("/merge/draft")
		p.Has("main", c.reason.Text.In(lang.DE))
		p.Count(`form[action="/merge/submit"]`, 0)
		start := w.Get("/merge")
		if got := strings.Contains(start.Text("main"), c.reason.Text.In(lang.DE)); got != (c.number == own) {
			t.Errorf("%s: the first step says so = %v", name, got)
		}
	}
}

// M3: what is owed for a number is told to who has proven it, with the way to pay it, and to nobody else.
func TestTheAmountOwedIsToldAfterTheProofAlone(t *testing.T) {
	w := newWorld(t)
	is(twin, func(p *customer.Profile) { p.BalanceCents = 1999 })(w)
	for secret, told := range map[string]bool{"falsch": false, password: true} {
		p := w.Post("/merge/check", world.Form("customerNumber", twin, "domain", domain(twin), "password", secret))
		if got := strings.Contains(p.Text("main"), "19,99"); got != told {
			t.Errorf("with %q the amount is told: %v", secret, got)
		}
		if got := p.Find(`main a[href="`+world.Links.Pay+`"]`).Length() == 1; got != told {
			t.Errorf("with %q there is the way to pay: %v", secret, got)
		}
	}
	w = newWorld(t)
	prove(w, twin)
	is(twin, func(p *customer.Profile) { p.BalanceCents = 1999 })(w)
	if p := w.Get("/merge/draft"); !strings.Contains(p.Text("main"), "19,99") || p.Find(`main a[href="`+world.Links.Pay+`"]`).Length() != 1 {
		t.Errorf("the comparison reads %s", p.Text("main"))
	}
	wait(w, order.ProofLifetime+time.Second)
	if p := w.Get("/merge/draft"); strings.Contains(p.Body, "19,99") {
		t.Error("the amount is told when the proof is good no more")
	}
}

// M3: without a good proof nothing is read of what was merged into a number, let alone told.
func TestABillForAnEarlierNumberIsNotToldWithoutAGoodProof(t *testing.T) {
	w := newWorld(t)
	prove(w, twin)
	owesFor(w, twin, "10000095")
	wait(w, order.ProofLifetime+time.Second)
	w.Calls()
	p := w.Get("/merge/draft")
	if strings.Contains(p.Body, merge.OpenBalanceOtherMember.Text.In(lang.DE)) || asked(w, table.Profile("10000095")) {
		t.Error("it is told or read")
	}
}

func TestAVetoMeanwhileBlocksTheNumberInTheDraft(t *testing.T) {
	w := newWorld(t)
	prove(w, twin)
	adopt(w, twin)
	bar(w, twin)
	p := w.Get("/merge/draft")
	p.Has("main", merge.Barred.Text.In(lang.DE))
	p.Count(`form[action="/merge/submit"]`, 0)
	p.Count("table", 0)
}

// What stands between the numbers may come after the data were adopted, above all a veto of the other number's owner: then
// nothing of it is told any more, in no result either (M3).
func TestABlockedNumberTellsNothingInAnyResult(t *testing.T) {
	for name, block := range map[string]func(*world.World){
		"a veto":       func(w *world.World) { bar(w, moved) },
		"another name": is(moved, func(p *customer.Profile) { p.LastName = "Krause" }),
	} {
		for _, also := range [][]string{nil, {twin}} {
			w := newWorld(t)
			prove(w, moved)
			adopt(w, moved, "choice.address", "other", "choice.phone", "other", "choice.email", "other", "choice.bank", "other")
			for _, n := range also {
				prove(w, n)
			}
			block(w)
			p := w.Get("/merge/draft")
			p.Count(".result", len(also))
			for what, body := range map[string]string{"page": p.Body, "JSON": w.Get("/merge/draft", world.JSON...).Body} {
				for _, told := range []string{"Lindenweg", "Hamburg", "4321", "alt.example", "2051", `"` + moved + `","groups"`} {
					if strings.Contains(body, told) {
						t.Errorf("%s, beside %v: the %s tells %q", name, also, what, told)
					}
				}
			}
		}
	}
}
