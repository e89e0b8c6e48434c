package account

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

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
func tenant(t *testing.T) (*visitor, *meanwhile) {
	t.Helper()
	v, between := visitOnFake(t)
	v.stopped = time.Now()
	start := v.stopped.AddDate(0, -2, 0).Format(time.DateOnly)
	v.put(customer.PutPackage(v.admin.Names, customer.Package{ID: "P-1001", Number: v.number, Product: "server", Tariff: "Root Server M", Domains: []string{"schaefer.example"},
		ContractStart: start, TermMonths: 12, NoticePeriodMonths: 1})...)
	return v, between
}

func (v *visitor) rented() customer.Package {
	v.t.Helper()
	p, err := customer.Store{Store: v.admin}.Package(v.t.Context(), "P-1001")
	if err != nil {
		v.t.Fatal(err)
	}
	return p
}

// effects are the outbox items of an event.
func (v *visitor) effects(event string) (items []outbox.Item) {
	v.t.Helper()
	id := event + "#P-1001#"
	if c := v.rented().Cancellation; c != nil {
		if image, err := v.admin.Get(v.t.Context(), v.admin.Names.Outbox, table.Outbox(id+c.ID)); err != nil {
			v.t.Fatal(err)
		} else if image != nil {
			item, err := outbox.FromImage(image)
			if err != nil {
				v.t.Fatal(err)
			}
			items = append(items, item)
		}
	}
	return items
}

func (v *visitor) acts(action string) (n int) {
	v.t.Helper()
	events, _, err := audit.Store{Store: v.admin}.List(v.t.Context(), v.number, "", 50)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, e := range events {
		if e.Action == action {
			n++
		}
	}
	return n
}

func (v *visitor) waiting() int {
	v.t.Helper()
	list, _, err := customer.Store{Store: v.admin}.Cancelling(v.t.Context(), time.Time{}, 10)
	if err != nil {
		v.t.Fatal(err)
	}
	return len(list)
}

func TestACancellationSentTwiceIsOne(t *testing.T) { // M9, C1
	v, _ := tenant(t)
	for range 2 {
		v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther)
	}
	p := v.rented()
	end := v.stopped.AddDate(0, 10, -1)
	if p.Cancellation == nil || p.Cancellation.Kind != customer.Ordinary || p.Cancellation.By != v.number || p.EndedAt != "" {
		t.Fatalf("%+v", p)
	}
	if last, ok := p.LastDay(); !ok || last.Sub(end).Abs() > 4*24*time.Hour || p.Ended(last) || !p.Cancelled() {
		t.Errorf("ends %v, want about %v", last, end)
	}
	items := v.effects(outbox.ContractCancelled)
	if v.acts(audit.ContractCancelled) != 1 || len(items) != 1 || v.waiting() != 1 {
		t.Fatalf("audited %d, %d effects, %d wait", v.acts(audit.ContractCancelled), len(items), v.waiting())
	}
	if m := items[0]; len(m.Recipients) != 1 || m.Recipients[0].Address != "anna@schaefer.example" || m.Values[outbox.ValueEndsOn] != p.Cancellation.EndsOn {
		t.Errorf("told %+v", m)
	}
	page := v.mustSend("GET", "/account/packages/P-1001?done=cancelled", nil, http.StatusOK)
	for _, said := range []string{p.Cancellation.ID, "Kündigung zurückziehen", "gekündigt", "Ihre Kündigung ist bei uns eingegangen."} {
		if !strings.Contains(page.Body.String(), said) {
			t.Errorf("the page does not say %q", said)
		}
	}
	file := v.mustSend("GET", cancelPath+"/file", nil, http.StatusOK)
	for _, said := range []string{p.Cancellation.ID, "10000017", "P-1001", "Uhr", "jetzt kündigen"} {
		if !strings.Contains(file.Body.String(), said) || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment;") {
			t.Errorf("the file does not say %q: %s", said, file.Body)
		}
	}
}

func TestTwoCancellationsAtOnceAreOne(t *testing.T) { // S12
	v, between := tenant(t)
	between.do = func() { v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther) }
	v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther)
	if v.acts(audit.ContractCancelled) != 1 || v.waiting() != 1 {
		t.Errorf("audited %d, %d wait", v.acts(audit.ContractCancelled), v.waiting())
	}
}

func TestACancellationIsTakenBackUntilItIsTakenUp(t *testing.T) { // C1
	v, between := tenant(t)
	v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther)
	first := v.rented().Cancellation.ID
	v.mustSend("POST", takeBackPath, url.Values{"cancellation": {"ANDE-RE22"}}, http.StatusConflict)
	for range 2 { // a button pressed twice
		v.mustSend("POST", takeBackPath, url.Values{"cancellation": {first}}, http.StatusSeeOther)
	}
	if p := v.rented(); p.Cancelled() || v.waiting() != 0 || v.acts(audit.NoticeWithdrawn) != 1 {
		t.Fatalf("%+v, %d wait, audited %d", p.Cancellation, v.waiting(), v.acts(audit.NoticeWithdrawn))
	}
	v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther)
	second := v.rented()
	if second.Cancellation.ID == first || len(v.effects(outbox.ContractCancelled)) != 1 {
		t.Error("a cancellation after one that was taken back is another one")
	}
	v.mustSend("POST", takeBackPath, url.Values{"cancellation": {first}}, http.StatusConflict) // from an old page
	// The team takes it up in the moment in which the customer takes it back.
	between.do = func() { v.put(customer.TakeUpCancellation(v.admin.Names, second, time.Now())) }
	v.mustSend("POST", takeBackPath, url.Values{"cancellation": {second.Cancellation.ID}}, http.StatusConflict)
	if p := v.rented(); p.Cancellation == nil || !p.Cancellation.TakenUp() || v.waiting() != 0 || v.acts(audit.NoticeWithdrawn) != 1 {
		t.Errorf("%+v", p.Cancellation)
	}
	if page := v.mustSend("GET", "/account/packages/P-1001", nil, http.StatusOK); strings.Contains(page.Body.String(), "Kündigung zurückziehen") {
		t.Error("what was taken up is offered to be taken back")
	}
}

func TestTheCancellationOfAnotherCustomersPackageIsNone(t *testing.T) { // S11
	v, _ := tenant(t)
	other := customer.Package{ID: "P-9", Number: "10000999", Product: "server"}
	v.put(customer.PutPackage(v.admin.Names, other)...)
	v.put(customer.PutCancellation(v.admin.Names, other, customer.Cancellation{ID: "K7QX-2M4D", Kind: customer.Ordinary, ReceivedAt: time.Now()}))
	for _, path := range []string{"/account/packages/P-9/cancel", "/account/packages/P-9/cancel/withdraw"} {
		v.mustSend("POST", path, url.Values{"kind": {customer.Ordinary}, "cancellation": {"K7QX-2M4D"}}, http.StatusNotFound)
	}
	v.mustSend("GET", "/account/packages/P-9/cancel/file", nil, http.StatusNotFound)
	v.mustSend("GET", cancelPath+"/file", nil, http.StatusNotFound)
}

// What came by a merge is cancelled by its new owner, and a number that was merged meanwhile cancels nothing (S12).
func TestCancellingAndMergingStandBesideEachOther(t *testing.T) { // C1
	v, between := tenant(t)
	before, err := customer.Store{Store: v.admin}.Profile(t.Context(), v.number)
	if err != nil {
		t.Fatal(err)
	}
	v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther)
	after, err := customer.Store{Store: v.admin}.Profile(t.Context(), v.number)
	if err != nil || after.Version != before.Version {
		t.Errorf("a running order would go stale: version %d, then %d, %v", before.Version, after.Version, err)
	}
	v.mustSend("POST", takeBackPath, url.Values{"cancellation": {v.rented().Cancellation.ID}}, http.StatusSeeOther)
	between.do = func() {
		p := after
		p.MergedInto, p.MergedBy, p.Epoch = "10000023", "K7QX-2M4D", after.Epoch+1
		v.put(customer.Update(v.admin.Names, after, p))
	}
	v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther) // to the sign-in
	if p := v.rented(); p.Cancellation != nil {
		t.Errorf("a merged number cancelled %+v", p.Cancellation)
	}
}

func TestWhatIsWrongInACancellationIsSaidAndNothingCancelled(t *testing.T) {
	v, _ := tenant(t)
	far := v.stopped.AddDate(6, 0, 0).Format("02.01.2006")
	for code, form := range map[string]url.Values{
		"kind_missing":   {},
		"reason_missing": {"kind": {customer.Extraordinary}, "reason": {"  "}},
		"invalid_date":   {"kind": {customer.Ordinary}, "endDate": {"31.02.2027"}},
		"date_past":      {"kind": {customer.Ordinary}, "endDate": {v.stopped.AddDate(0, 0, -2).Format(time.DateOnly)}},
		"date_far":       {"kind": {customer.Ordinary}, "endDate": {far}},
	} {
		a := v.send("POST", cancelPath, form)
		if a.Code != http.StatusUnprocessableEntity || v.rented().Cancellation != nil || !strings.Contains(a.Body.String(), "Es ist noch nichts gekündigt.") {
			t.Errorf("%s: %d", code, a.Code)
		}
	}
	v.mustSend("POST", cancelPath, url.Values{"kind": {customer.Extraordinary}, "reason": {"Der Server steht seit Wochen still."}}, http.StatusSeeOther)
	if c := v.rented().Cancellation; c == nil || c.Reason == "" || c.EndsOn != v.stopped.In(time.Local).Format(time.DateOnly) && c.EndsOn == "" {
		t.Errorf("%+v", c)
	}
}

// The operator's data go before: a contract that has an end is not cancelled once more, and a package that was left out of an
// import by mistake keeps its cancellation.
func TestAnImportEndsACancellationAndAMistakeDoesNot(t *testing.T) { // C1
	v, between := tenant(t)
	v.mustSend("POST", cancelPath, ordinarily, http.StatusSeeOther)
	p := v.rented()
	p.EndedAt, p.LeftOut = "2026-01-31", true
	v.put(customer.PutPackage(v.admin.Names, p)...)
	if now := v.rented(); now.Cancellation == nil || v.waiting() != 1 {
		t.Fatal("a package that was left out lost its cancellation")
	}
	p.EndedAt, p.LeftOut = "2099-01-31", false
	v.put(customer.PutPackage(v.admin.Names, p)...)
	if now := v.rented(); now.Cancellation != nil || v.waiting() != 0 || !now.Cancelled() {
		t.Errorf("%+v waits", now.Cancellation)
	}
	v.mustSend("POST", cancelPath, ordinarily, http.StatusConflict)
	v.mustSend("POST", takeBackPath, url.Values{"cancellation": {p.Cancellation.ID}}, http.StatusConflict)
	p.EndedAt, p.Cancellation = "", nil
	v.put(customer.PutPackage(v.admin.Names, p)...)
	between.do = func() { // the import comes in the moment of the cancellation
		p.EndedAt = "2099-01-31"
		v.put(customer.PutPackage(v.admin.Names, p)...)
	}
	v.mustSend("POST", cancelPath, ordinarily, http.StatusConflict)
}
