package order_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// merged carries out a merge of some numbers of the history.
func (h *history) merged(t *testing.T, choices merge.Choices, own string, sources ...string) order.Order {
	t.Helper()
	o, err := h.calm.Submit(t.Context(), h.drafted(t, choices, own, sources...))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.carry(h.calm, o.ID); err != nil {
		t.Fatal(err)
	}
	if o, err = h.calm.Get(t.Context(), o.ID); err != nil || o.State != merge.Executed {
		t.Fatalf("state %s, %v", o.State, err)
	}
	return o
}

// drafted proves and adopts the numbers, and is ready to be submitted.
func (h *history) drafted(t *testing.T, choices merge.Choices, own string, sources ...string) order.Submission {
	t.Helper()
	d, err := h.calm.Draft(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range sources {
		d.Prove(h.proof(t, own, n), h.now())
		d.Adopt(n, choices)
	}
	if d, err = h.calm.SaveDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	profiles, err := h.calm.Parties(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return order.Submission{PasswordGiven: true, Customer: own, Epoch: profiles[own].Epoch, Digest: order.DigestOf(profiles[own], d, profiles), IdempotencyKey: rand.Text()}
}

// proof is the version of the package password that proves a number.
// proof is a good proof of a number by its first package.
func (h *history) proof(t rapid.TB, own, number string) order.Proof {
	c, err := credential.Store{Store: h.calm.Store}.Get(context.Background(), table.PackageSubject("P-"+number+"-0"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := customer.Store{Store: h.calm.Store}.Profile(context.Background(), own)
	if err != nil {
		t.Fatal(err)
	}
	return order.Proof{Number: number, Package: "P-" + number + "-0", Domain: "P-" + number + "-0.example", Version: c.Version,
		Fingerprint: merge.Fingerprint(order.RecordOf(p))}
}

func (h *history) profile(t *testing.T, number string) customer.Profile {
	t.Helper()
	p, err := customer.Store{Store: h.calm.Store}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// edit changes the phone number.
func (h *history) edit(t *testing.T, number, phone string) {
	t.Helper()
	p := h.profile(t, number)
	next := p
	next.Phone = phone
	h.put(customer.Update(fakeNames, p, next))
}

func (h *history) unbroken(t *testing.T) {
	t.Helper()
	if h.held.broken != "" {
		t.Error(h.held.broken)
	}
}

// emptyIndexes answers every query with nothing, as an index may that is behind.
type emptyIndexes struct{ http.RoundTripper }

func (e emptyIndexes) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".Query") {
		_, _ = io.Copy(io.Discard, r.Body)
		return &http.Response{StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
			Body: io.NopCloser(bytes.NewReader([]byte(`{"Items":[],"Count":0}`)))}, nil
	}
	return e.RoundTripper.RoundTrip(r)
}

// M4, M7: 30 days long, and no minute longer, a merge can be undone and objected to.
func TestAMergeIsUndoneAndObjectedToFor30Days(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		may   bool
	}{{order.UndoPeriod - time.Minute, true}, {order.UndoPeriod + time.Minute, false}} {
		t.Run(c.after.String(), func(t *testing.T) {
			h := newHistory(3, 1, 0)
			o := h.merged(t, merge.Choices{}, h.numbers[0], h.numbers[1])
			h.wait(c.after)
			objected, err := h.calm.Veto(t.Context(), o.ID, nil)
			if c.may && (err != nil || !objected.Objected()) || !c.may && !errors.Is(err, order.ErrState) {
				t.Errorf("objection: %v", err)
			}
			if c.may {
				h.wait(30 * 24 * time.Hour) // until somebody decides: an objection of the last minute can be granted
			}
			if _, err := h.calm.Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}); c.may != (err == nil) || !c.may && !errors.Is(err, order.ErrUndoPeriod) {
				t.Errorf("undo: %v", err)
			}
			h.unbroken(t)
		})
	}
}

func TestAnUndoSeesTheLaterMergeThatNoIndexShowsYet(t *testing.T) { // M2, M7
	h := newHistory(3, 1, 0)
	a, b, c := h.numbers[0], h.numbers[1], h.numbers[2]
	first := h.merged(t, nil, b, c)
	second := h.merged(t, nil, a, b)
	s := h.store(h.fake.Client(emptyIndexes{h.fake}))
	_, err := s.Undo(t.Context(), first.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"})
	var later *order.LaterMerges
	if !errors.As(err, &later) || !slices.Equal(later.Orders, []string{second.ID}) {
		t.Errorf("undo in the middle of a chain: %v, want %s in the way", err, second.ID)
	}
	h.unbroken(t)
}

func TestAChainOfAnyLengthIsUndoneAsOneDecision(t *testing.T) { // M7
	h := newHistory(4, 1, 0)
	n := h.numbers
	first := h.merged(t, nil, n[1], n[0])
	second := h.merged(t, nil, n[2], n[1])
	third := h.merged(t, nil, n[3], n[2])
	_, err := h.calm.Undo(t.Context(), first.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"})
	var later *order.LaterMerges
	if !errors.As(err, &later) || !slices.Equal(later.Orders, []string{third.ID, second.ID}) {
		t.Errorf("in the way: %v, want %s and %s", err, third.ID, second.ID)
	}
	if _, err := h.calm.UndoAll(t.Context(), first.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}); err != nil {
		t.Fatal(err)
	}
	for _, number := range n {
		if p := h.profile(t, number); p.MergedInto != "" || p.MergedBy != "" || len(p.Members) > 0 {
			t.Errorf("%s after undoing the chain: %+v", number, p)
		}
	}
	h.unbroken(t)
}

// between runs something before the first transaction that a client writes.
type between struct {
	*tablefake.Fake
	do func()
}

func (b *between) RoundTrip(r *http.Request) (*http.Response, error) {
	if do := b.do; do != nil && strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems") {
		b.do = nil
		do()
	}
	return b.Fake.RoundTrip(r)
}

func TestAnUndoSeesTheMergeThatComesWhileItWrites(t *testing.T) { // M2, S12
	h := newHistory(3, 1, 0)
	a, b, c := h.numbers[0], h.numbers[1], h.numbers[2]
	first := h.merged(t, nil, b, c)
	at := &between{Fake: h.fake}
	at.do = func() { h.merged(t, nil, a, b) }
	var later *order.LaterMerges
	if _, err := h.store(h.fake.Client(at)).Undo(context.Background(), first.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}); !errors.As(err, &later) {
		t.Errorf("undo beside a merge of the survivor: %v", err)
	}
	h.unbroken(t)
}

func TestAnUndoOutOfOrderBringsNoDataBackThatWereUndone(t *testing.T) { // M7
	h := newHistory(3, 1, 0)
	a, b, c := h.numbers[0], h.numbers[1], h.numbers[2]
	own, others := h.profile(t, a), h.profile(t, c)
	first := h.merged(t, merge.Choices{merge.Address: merge.Other, merge.EmailGroup: merge.Other}, a, b)
	second := h.merged(t, merge.Choices{merge.Address: merge.Other}, a, c)
	if _, err := h.calm.Undo(t.Context(), first.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}); err != nil {
		t.Fatal(err)
	}
	if p := h.profile(t, a); p.Street != others.Street || p.Email != own.Email {
		t.Errorf("after the first undo: street %q, e-mail %q; want the later merge's %q and the own %q", p.Street, p.Email, others.Street, own.Email)
	}
	if _, err := h.calm.Undo(t.Context(), second.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}); err != nil {
		t.Fatal(err)
	}
	if p := h.profile(t, a); p.Street != own.Street {
		t.Errorf("after both: street %q of a merge that was undone; want %q", p.Street, own.Street)
	}
	h.unbroken(t)
}

// The operator's other systems put events in order by the version of the customer's record: a merge and its undo say the one
// that they led to, whatever was changed before and between.
func TestAMergeAndItsUndoTellTheVersionTheyLedTo(t *testing.T) {
	h := newHistory(3, 1, 0)
	own := h.numbers[0]
	told := func(event string) string {
		var version string
		h.fake.Items(fakeNames.Outbox, func(raw tablefake.Item) {
			if item := decoded[outbox.Item](raw); item.Event == event && item.Parent == "" {
				version = item.Values[outbox.ValueVersion]
			}
		})
		return version
	}
	h.edit(t, own, "030 1")
	o := h.merged(t, merge.Choices{}, own, h.numbers[1])
	if got, want := told(outbox.OrderExecuted), fmt.Sprint(h.profile(t, own).Version); got != want {
		t.Errorf("the merge tells of version %q, it is %s", got, want)
	}
	h.edit(t, own, "030 2")
	if _, err := h.calm.Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Irrtum"}); err != nil {
		t.Fatal(err)
	}
	if got, want := told(outbox.OrderUndone), fmt.Sprint(h.profile(t, own).Version); got != want {
		t.Errorf("the undo tells of version %q, it is %s", got, want)
	}
}

// C1: who is asked for the package of a merged number may cancel it, and what was cancelled stays so when the number is free again.
func TestACancellationOutlivesTheUndoOfAMerge(t *testing.T) {
	h := newHistory(2, 1, 0)
	own, source := h.numbers[0], h.numbers[1]
	o := h.merged(t, merge.Choices{}, own, source)
	p, err := customer.Store{Store: h.calm.Store}.Package(t.Context(), "P-"+source+"-0")
	if err != nil {
		t.Fatal(err)
	}
	given := customer.Cancellation{ID: "AAAA-1111", Kind: customer.Ordinary, ReceivedAt: h.now(), By: own}
	h.put(customer.PutCancellation(fakeNames, p, given))
	if _, err := h.calm.Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}); err != nil {
		t.Fatal(err)
	}
	p, err = customer.Store{Store: h.calm.Store}.Package(t.Context(), p.ID)
	if err != nil || p.Number != source || p.Cancellation == nil || p.Cancellation.ID != given.ID || p.Cancellation.By != own {
		t.Errorf("%+v, %v", p, err)
	}
	waiting, _, err := customer.Store{Store: h.calm.Store}.Cancelling(t.Context(), time.Time{}, 10)
	if err != nil || len(waiting) != 1 {
		t.Errorf("%d wait for the operator, %v", len(waiting), err)
	}
	h.unbroken(t)
}
