package overview_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

const (
	cancelPath   = "/account/packages/P-1001/cancel"
	takeBackPath = cancelPath + "/withdraw"
)

var ordinarily = url.Values{"kind": {customer.Ordinary}}

// tenant is a signed-in customer with one package whose first term ends on 30 April 2027, on tables in memory.
func tenant(t *testing.T) *visitor.Visitor {
	t.Helper()
	v := visitor.Alone(t)
	v.Now = time.Now()
	start := v.Now.AddDate(0, -2, 0).Format(time.DateOnly)
	v.Hold(customer.Package{ID: "P-1001", Number: v.Number, Product: "server", Tariff: "Root Server M", Domains: []string{"schaefer.example"},
		ContractStart: start, TermMonths: 12, NoticePeriodMonths: 1})
	return v
}

func rented(v *visitor.Visitor) customer.Package {
	v.T.Helper()
	return v.Package("P-1001")
}

// effects are the outbox items of an event.
func effects(v *visitor.Visitor, event string) (items []outbox.Item) {
	v.T.Helper()
	id := event + "#P-1001#"
	if c := rented(v).Cancellation; c != nil {
		if image, err := v.Store.Get(v.T.Context(), v.Store.Names.Outbox, table.Outbox(id+c.ID)); err != nil {
			v.T.Fatal(err)
		} else if image != nil {
			item, err := outbox.FromImage(image)
			if err != nil {
				v.T.Fatal(err)
			}
			items = append(items, item)
		}
	}
	return items
}

func acts(v *visitor.Visitor, action string) (n int) {
	v.T.Helper()
	events, _, err := audit.Store{Store: v.Store}.List(v.T.Context(), v.Number, "", 50)
	if err != nil {
		v.T.Fatal(err)
	}
	for _, e := range events {
		if e.Action == action {
			n++
		}
	}
	return n
}

func waiting(v *visitor.Visitor) int {
	v.T.Helper()
	list, _, err := customer.Store{Store: v.Store}.Cancelling(v.T.Context(), time.Time{}, 10)
	if err != nil {
		v.T.Fatal(err)
	}
	return len(list)
}

func TestACancellationSentTwiceIsOne(t *testing.T) { // M9, C1
	v := tenant(t)
	for range 2 {
		v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther)
	}
	p := rented(v)
	end := v.Now.AddDate(0, 10, -1)
	if p.Cancellation == nil || p.Cancellation.Kind != customer.Ordinary || p.Cancellation.By != v.Number || p.EndedAt != "" {
		t.Fatalf("%+v", p)
	}
	if last, ok := p.LastDay(); !ok || last.Sub(end).Abs() > 4*24*time.Hour || p.Ended(last) || !p.Cancelled() {
		t.Errorf("ends %v, want about %v", last, end)
	}
	items := effects(v, outbox.ContractCancelled)
	if acts(v, audit.ContractCancelled) != 1 || len(items) != 1 || waiting(v) != 1 {
		t.Fatalf("audited %d, %d effects, %d wait", acts(v, audit.ContractCancelled), len(items), waiting(v))
	}
	if m := items[0]; len(m.Recipients) != 1 || m.Recipients[0].Address != "anna@schaefer.example" || m.Values[outbox.ValueEndsOn] != p.Cancellation.EndsOn {
		t.Errorf("told %+v", m)
	}
	page := v.Get("/account/packages/P-1001?done=cancelled").Is(http.StatusOK)
	for _, said := range []string{p.Cancellation.ID, "Kündigung zurückziehen", "gekündigt", "Ihre Kündigung ist bei uns eingegangen."} {
		if !strings.Contains(page.Body, said) {
			t.Errorf("the page does not say %q", said)
		}
	}
	file := v.Get(cancelPath + "/file").Is(http.StatusOK)
	for _, said := range []string{p.Cancellation.ID, "10000017", "P-1001", "Uhr", "jetzt kündigen"} {
		if !strings.Contains(file.Body, said) || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("the file does not say %q: %s", said, file.Body)
		}
	}
}

func TestTwoCancellationsAtOnceAreOne(t *testing.T) { // S12
	v := tenant(t)
	v.Meanwhile(world.TransactWrites, func() { v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther) })
	v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther)
	if acts(v, audit.ContractCancelled) != 1 || waiting(v) != 1 {
		t.Errorf("audited %d, %d wait", acts(v, audit.ContractCancelled), waiting(v))
	}
}

func TestACancellationIsTakenBackUntilItIsTakenUp(t *testing.T) { // C1
	v := tenant(t)
	v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther)
	first := rented(v).Cancellation.ID
	v.Post(takeBackPath, url.Values{"cancellation": {"ANDE-RE22"}}).Is(http.StatusConflict)
	for range 2 { // a button pressed twice
		v.Post(takeBackPath, url.Values{"cancellation": {first}}).Is(http.StatusSeeOther)
	}
	if p := rented(v); p.Cancelled() || waiting(v) != 0 || acts(v, audit.NoticeWithdrawn) != 1 {
		t.Fatalf("%+v, %d wait, audited %d", p.Cancellation, waiting(v), acts(v, audit.NoticeWithdrawn))
	}
	v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther)
	second := rented(v)
	if second.Cancellation.ID == first || len(effects(v, outbox.ContractCancelled)) != 1 {
		t.Error("a cancellation after one that was taken back is another one")
	}
	v.Post(takeBackPath, url.Values{"cancellation": {first}}).Is(http.StatusConflict) // from an old page
	// The team takes it up in the moment in which the customer takes it back.
	v.Meanwhile(world.TransactWrites, func() { v.Put(customer.TakeUpCancellation(v.Store.Names, second, time.Now())) })
	v.Post(takeBackPath, url.Values{"cancellation": {second.Cancellation.ID}}).Is(http.StatusConflict)
	if p := rented(v); p.Cancellation == nil || !p.Cancellation.TakenUp() || waiting(v) != 0 || acts(v, audit.NoticeWithdrawn) != 1 {
		t.Errorf("%+v", p.Cancellation)
	}
	if page := v.Get("/account/packages/P-1001").Is(http.StatusOK); strings.Contains(page.Body, "Kündigung zurückziehen") {
		t.Error("what was taken up is offered to be taken back")
	}
}

func TestTheCancellationOfAnotherCustomersPackageIsNone(t *testing.T) { // S11
	v := tenant(t)
	other := customer.Package{ID: "P-9", Number: "10000999", Product: "server"}
	v.Put(customer.PutPackage(v.Store.Names, other)...)
	v.Put(customer.PutCancellation(v.Store.Names, other, customer.Cancellation{ID: "K7QX-2M4D", Kind: customer.Ordinary, ReceivedAt: time.Now()}))
	for _, path := range []string{"/account/packages/P-9/cancel", "/account/packages/P-9/cancel/withdraw"} {
		v.Post(path, url.Values{"kind": {customer.Ordinary}, "cancellation": {"K7QX-2M4D"}}).Is(http.StatusNotFound)
	}
	v.Get("/account/packages/P-9/cancel/file").Is(http.StatusNotFound)
	v.Get(cancelPath + "/file").Is(http.StatusNotFound)
}

// What came by a merge is cancelled by its new owner, and a number that was merged meanwhile cancels nothing (S12).
func TestCancellingAndMergingStandBesideEachOther(t *testing.T) { // C1
	v := tenant(t)
	before, err := customer.Store{Store: v.Store}.Profile(t.Context(), v.Number)
	if err != nil {
		t.Fatal(err)
	}
	v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther)
	after, err := customer.Store{Store: v.Store}.Profile(t.Context(), v.Number)
	if err != nil || after.Version != before.Version {
		t.Errorf("a running order would go stale: version %d, then %d, %v", before.Version, after.Version, err)
	}
	v.Post(takeBackPath, url.Values{"cancellation": {rented(v).Cancellation.ID}}).Is(http.StatusSeeOther)
	v.Meanwhile(world.TransactWrites, func() {
		p := after
		p.MergedInto, p.MergedBy, p.Epoch = "10000023", "K7QX-2M4D", after.Epoch+1
		v.Put(customer.Update(v.Store.Names, after, p))
	})
	v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther) // to the sign-in
	if p := rented(v); p.Cancellation != nil {
		t.Errorf("a merged number cancelled %+v", p.Cancellation)
	}
}

func TestWhatIsWrongInACancellationIsSaidAndNothingCancelled(t *testing.T) {
	v := tenant(t)
	far := v.Now.AddDate(6, 0, 0).Format("02.01.2006")
	for code, form := range map[string]url.Values{
		"kind_missing":   {},
		"reason_missing": {"kind": {customer.Extraordinary}, "reason": {"  "}},
		"invalid_date":   {"kind": {customer.Ordinary}, "endDate": {"31.02.2027"}},
		"date_past":      {"kind": {customer.Ordinary}, "endDate": {v.Now.AddDate(0, 0, -2).Format(time.DateOnly)}},
		"date_far":       {"kind": {customer.Ordinary}, "endDate": {far}},
	} {
		a := v.Post(cancelPath, form)
		if a.Status != http.StatusUnprocessableEntity || rented(v).Cancellation != nil || !strings.Contains(a.Body, "Es ist noch nichts gekündigt.") {
			t.Errorf("%s: %d", code, a.Status)
		}
	}
	v.Post(cancelPath, url.Values{"kind": {customer.Extraordinary}, "reason": {"Der Server steht seit Wochen still."}}).Is(http.StatusSeeOther)
	if c := rented(v).Cancellation; c == nil || c.Reason == "" || c.EndsOn != v.Now.In(time.Local).Format(time.DateOnly) && c.EndsOn == "" {
		t.Errorf("%+v", c)
	}
}

// The operator's data go before: a contract that has an end is not cancelled once more, and a package that was left out of an
// import by mistake keeps its cancellation.
func TestAnImportEndsACancellationAndAMistakeDoesNot(t *testing.T) { // C1
	v := tenant(t)
	v.Post(cancelPath, ordinarily).Is(http.StatusSeeOther)
	p := rented(v)
	p.EndedAt, p.LeftOut = "2026-01-31", true
	v.Put(customer.PutPackage(v.Store.Names, p)...)
	if now := rented(v); now.Cancellation == nil || waiting(v) != 1 {
		t.Fatal("a package that was left out lost its cancellation")
	}
	p.EndedAt, p.LeftOut = "2099-01-31", false
	v.Put(customer.PutPackage(v.Store.Names, p)...)
	if now := rented(v); now.Cancellation != nil || waiting(v) != 0 || !now.Cancelled() {
		t.Errorf("%+v waits", now.Cancellation)
	}
	v.Post(cancelPath, ordinarily).Is(http.StatusConflict)
	v.Post(takeBackPath, url.Values{"cancellation": {p.Cancellation.ID}}).Is(http.StatusConflict)
	p.EndedAt, p.Cancellation = "", nil
	v.Put(customer.PutPackage(v.Store.Names, p)...)
	v.Meanwhile(world.TransactWrites, func() { // the import comes in the moment of the cancellation
		p.EndedAt = "2099-01-31"
		v.Put(customer.PutPackage(v.Store.Names, p)...)
	})
	v.Post(cancelPath, ordinarily).Is(http.StatusConflict)
}
