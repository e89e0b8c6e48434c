package order_test

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
)

// fakeNames are the tables of a history.
var fakeNames = tablefake.Names

// history is some customers of one name whose numbers are merged, vetoed, undone and edited in any order, by several
// people at once, while requests and answers get lost.
type history struct {
	fake    *tablefake.Fake
	numbers []string
	faulty  order.Store
	calm    order.Store
	clock   struct {
		sync.Mutex
		now time.Time
	}
	rate float64 // of faults
	dice *mathrand.Rand
	lock sync.Mutex // of dice
	last []order.Submission
	held *witness
}

func newHistory(customers int, seed uint64, rate float64) *history {
	h := &history{fake: tablefake.New(), rate: rate, dice: mathrand.New(mathrand.NewPCG(seed, 1))}
	h.clock.now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	h.calm = h.store(h.fake.Client(nil))
	for i := range customers {
		h.add(fmt.Sprint(10000017+i*8), 1+i%2)
	}
	h.faulty = h.store(h.fake.Client(tablefake.Faults{Next: h.fake, Choose: h.fault}))
	h.held = newWitness(h.fake, h.numbers)
	h.fake.After = h.held.look
	return h
}

func (h *history) store(db table.DB) order.Store {
	return order.Store{Store: table.Store{DB: db, Names: fakeNames}, Now: h.now, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: 72}
}

func (h *history) now() time.Time {
	h.clock.Lock()
	defer h.clock.Unlock()
	return h.clock.now
}

func (h *history) wait(d time.Duration) {
	h.clock.Lock()
	defer h.clock.Unlock()
	h.clock.now = h.clock.now.Add(d)
}

func (h *history) fault() tablefake.Fault {
	h.lock.Lock()
	defer h.lock.Unlock()
	if h.dice.Float64() >= h.rate {
		return tablefake.Fine
	}
	return tablefake.Fault(1 + h.dice.IntN(4))
}

// add stores a customer with packages, as an import would.
func (h *history) add(number string, packages int) {
	h.numbers = append(h.numbers, number)
	p := customer.Profile{Number: number, FirstName: "Anna", LastName: "Schäfer", Street: "Straße " + number, City: "Berlin", PostalCode: "10115",
		Email: "n" + number + "@kunde.example", Phone: "030 " + number, Language: "de", Version: 1, CreatedAt: h.now()}
	for i := range packages {
		id := fmt.Sprintf("P-%s-%d", number, i)
		h.put(customer.PutPackage(fakeNames, customer.Package{ID: id, Number: number, Product: "shop", Domains: []string{id + ".example"}})...)
		h.put(credential.SetPassword(fakeNames, credential.Credential{Subject: table.PackageSubject(id)}, "hash-"+id, false, h.now()))
	}
	h.put(credential.SetPassword(fakeNames, credential.Credential{Subject: table.Customer(number)}, "hash-"+number, false, h.now()),
		customer.PutNew(fakeNames, p))
}

func (h *history) put(items ...types.TransactWriteItem) {
	if err := h.calm.Transact(context.Background(), items, ""); err != nil {
		panic(err)
	}
}

// step is one thing that somebody does. repeats says that doing it once more with the same input changes nothing.
type step struct {
	name    string
	do      func(s order.Store) error
	repeats bool
}

// draw chooses a step with all that belongs to it.
func (h *history) draw(t *rapid.T) step {
	ctx := context.Background()
	id, customerOf, digest, run, numbers := h.drawOrder(t)
	decision := order.Decision{Reviewer: "staff:jana", Digest: digest, Reason: "Grund", Contact: "am Telefon", Seen: rapid.SampledFrom([]merge.State{"", merge.Approved, merge.Stale}).Draw(t, "seen")}
	drop := func(_ order.Order, err error) error { return err }
	steps := []func() step{
		func() step { return h.drawSubmission(t) },
		func() step { return h.drawSubmission(t) },
		func() step {
			return step{"announce", func(s order.Store) error { return announce(s, id, run) }, true}
		},
		func() step {
			return step{"mark announced", func(s order.Store) error { return markAnnounced(s, id, h.now()) }, true}
		},
		func() step {
			failed := order.Unreached{Numbers: numbers, Why: order.Bounced, Item: "announcement to " + strings.Join(numbers, ",")}
			return step{"bounce", func(s order.Store) error { return drop(s.AnnouncementFailed(ctx, id, failed)) }, true}
		},
		func() step {
			return step{"escalate", func(s order.Store) error { return drop(s.Escalate(ctx, id, run)) }, true}
		},
		func() step {
			return step{"approve", func(s order.Store) error { return drop(s.Approve(ctx, id, decision)) }, false}
		},
		func() step {
			return step{"approve", func(s order.Store) error { return drop(s.Approve(ctx, id, decision)) }, false}
		},
		func() step {
			return step{"execute", func(s order.Store) error { return drop(s.Execute(ctx, id, run)) }, true}
		},
		func() step {
			return step{"execute", func(s order.Store) error { return drop(s.Execute(ctx, id, run)) }, true}
		},
		func() step {
			return step{"reject", func(s order.Store) error { return drop(s.Reject(ctx, id, decision)) }, false}
		},
		func() step {
			return step{"withdraw", func(s order.Store) error { return drop(s.Withdraw(ctx, id, customerOf, h.epoch(customerOf))) }, true}
		},
		func() step {
			return step{"veto or object", func(s order.Store) error { return h.veto(s, id, numbers) }, true}
		},
		func() step {
			return step{"dismiss", func(s order.Store) error { return drop(s.Dismiss(ctx, id, "staff:jana", "geklärt", numbers)) }, false}
		},
		func() step {
			return step{"undo", func(s order.Store) error {
				return drop(s.UndoAll(ctx, id, order.Undoing{Reviewer: "staff:jana", Reason: "Widerspruch"}))
			}, false}
		},
		func() step {
			return step{"recheck", func(s order.Store) error { return drop(s.Recheck(ctx, id)) }, true}
		},
		func() step {
			return step{"confirm", func(s order.Store) error { return confirm(s, id, customerOf) }, true}
		},
		func() step {
			return step{"expire", func(s order.Store) error { return drop(s.Expire(ctx, id, run)) }, true}
		},
		func() step {
			return step{"fail", func(s order.Store) error { return drop(s.Fail(ctx, id, run, "Lambda.Unknown")) }, true}
		},
		func() step {
			return step{"retry", func(s order.Store) error { return drop(s.Retry(ctx, id, "staff:jana", "noch einmal")) }, false}
		},
		func() step {
			return step{"next run", func(s order.Store) error { return drop(s.NextRun(ctx, id, run)) }, true}
		},
		func() step { return h.drawObjection(t) },
		func() step { return h.drawEdit(t) },
		func() step { return h.drawEdit(t) },
		func() step {
			n := rapid.SampledFrom(h.numbers).Draw(t, "number")
			return step{"package password", func(s order.Store) error { return h.newPassword(s, n) }, false}
		},
		func() step {
			return step{"carry on", func(s order.Store) error { return h.carry(s, id) }, false}
		},
		func() step {
			return step{"carry on", func(s order.Store) error { return h.carry(s, id) }, false}
		},
		func() step {
			d := time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour
			return step{"wait", func(order.Store) error { h.wait(d); return nil }, false}
		},
	}
	return rapid.SampledFrom(steps).Draw(t, "step")()
}

// drawOrder chooses one of the orders there are, as it is now, and one of its sources.
func (h *history) drawOrder(t *rapid.T) (id, customerOf, digest string, run int, numbers []string) {
	orders := h.held.orders()
	if len(orders) == 0 {
		return "K7QX-2M4D", h.numbers[0], "", 1, nil
	}
	o := orders[len(orders)-1-rapid.IntRange(0, len(orders)-1).Draw(t, "order")] // rather a young one
	return o.ID, o.Customer, o.Digest, o.Run, []string{rapid.SampledFrom(o.SourceNumbers()).Draw(t, "owner")}
}

// drawSubmission is a draft with one or two sources, submitted; or the submission before once more.
func (h *history) drawSubmission(t *rapid.T) step {
	ctx := context.Background()
	if len(h.last) > 0 && rapid.IntRange(0, 4).Draw(t, "again") == 0 {
		sub := rapid.SampledFrom(h.last).Draw(t, "submission")
		return step{"submit again", func(s order.Store) error { _, err := s.Submit(ctx, sub); return err }, true}
	}
	chosen := rapid.Permutation(h.numbers).Draw(t, "numbers")
	sub := h.submission(t, chosen[0], chosen[1:1+rapid.IntRange(1, 2).Draw(t, "sources")]...)
	return step{"submit", func(s order.Store) error { _, err := s.Submit(ctx, sub); return err }, true}
}

// epoch is that of a session begun now.
func (h *history) epoch(number string) int64 {
	p, err := customer.Store{Store: h.calm.Store}.Profile(context.Background(), number)
	if err != nil {
		panic(err)
	}
	return p.Epoch
}

// submission leaves a draft with some choices and says what submitting it takes.
func (h *history) submission(t *rapid.T, own string, sources ...string) order.Submission {
	ctx := context.Background()
	choices := merge.Choices{}
	for _, g := range merge.Groups() {
		if rapid.Bool().Draw(t, "other "+string(g)) {
			choices[g] = merge.Other
		}
	}
	sub := order.Submission{PasswordGiven: true, Customer: own, Epoch: h.epoch(own), IdempotencyKey: rand.Text()}
	d, err := h.calm.Draft(ctx, own)
	if err != nil {
		t.Fatal(err)
	}
	d.Sources = nil
	for _, n := range sources {
		d.Prove(h.proof(t, own, n), h.now())
		d.Adopt(n, choices)
	}
	if d, err = h.calm.SaveDraft(ctx, d); err != nil {
		t.Fatal(err)
	}
	profiles, err := h.calm.Parties(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	sub.Digest = order.DigestOf(profiles[d.Number], d, profiles)
	h.last = append(h.last, sub)
	return sub
}

// drawObjection merges two numbers, and the survivor with a third, whichever of the two it is then; the owner of the first
// source objects before or after the second merge is executed.
func (h *history) drawObjection(t *rapid.T) step {
	ctx := context.Background()
	chosen := rapid.Permutation(h.numbers).Draw(t, "numbers")
	a, b, c := chosen[0], chosen[1], chosen[2]
	first, late := h.submission(t, a, b), rapid.Bool().Draw(t, "late")
	if rapid.Bool().Draw(t, "as source") {
		a, c = c, a
	}
	return step{"object while it merges on", func(s order.Store) error {
		o, err := s.Submit(ctx, first)
		if err == nil {
			err = h.carry(s, o.ID)
		}
		if err != nil {
			return err
		}
		on, err := s.Submit(ctx, h.submission(t, a, c))
		if err == nil && late {
			err = h.carry(s, on.ID)
		}
		if err != nil {
			return err
		}
		if _, err = s.Veto(ctx, o.ID, []string{b}); err != nil {
			return err
		}
		return h.carry(s, on.ID)
	}, false}
}

// veto says no for some numbers; whoever was told that it was heard stands on the order (M4).
func (h *history) veto(s order.Store, id string, numbers []string) error {
	if _, err := s.Veto(context.Background(), id, numbers); err != nil {
		return err
	}
	for _, o := range h.held.orders() {
		if o.ID == id && !o.Heard(numbers) {
			h.held.broken = fmt.Sprintf("M4: the owner of %v said no to %s, which knows of %v", numbers, id, o.Opposed)
		}
	}
	return nil
}

// newPassword is an owner who sets another package password.
func (h *history) newPassword(s order.Store, number string) error {
	ctx := context.Background()
	old, err := credential.Store{Store: s.Store}.Get(ctx, table.PackageSubject("P-"+number+"-0"))
	if err != nil {
		return err
	}
	return s.Transact(ctx, []types.TransactWriteItem{credential.SetPassword(fakeNames, old, "hash "+rand.Text(), false, h.now())}, "")
}

// announce is the workflow's step: data that changed before it then send the order back.
func announce(s order.Store, id string, run int) error {
	if _, err := s.Announce(context.Background(), id, run); err != nil {
		return err
	}
	_, err := s.Recheck(context.Background(), id)
	return err
}

// drawEdit is a customer who changes the phone number; the number's open order may hear of it at once.
func (h *history) drawEdit(t *rapid.T) step {
	told := rapid.Bool().Draw(t, "told")
	n := rapid.SampledFrom(h.numbers).Draw(t, "number")
	phone := fmt.Sprint("0171 ", rapid.IntRange(1000000, 9999999).Draw(t, "phone"))
	return step{"edit", func(s order.Store) error {
		p, err := customer.Store{Store: s.Store}.Profile(context.Background(), n)
		if err != nil || p.MergedInto != "" {
			return err
		}
		next := p
		next.Phone = phone
		if err := s.Transact(context.Background(), []types.TransactWriteItem{customer.Update(fakeNames, p, next)}, ""); err != nil || !told {
			return err
		}
		id, err := s.OpenOrder(context.Background(), n)
		if err == nil && id != "" {
			_, err = s.Recheck(context.Background(), id)
		}
		return err
	}, false}
}

// carry takes an order as far as it goes by itself, as the workflow and a reviewer in a good mood do.
func (h *history) carry(s order.Store, id string) error {
	ctx := context.Background()
	o, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if _, err := s.Announce(ctx, id, o.Run); err != nil {
		return err
	}
	if err := markAnnounced(s, id, h.now()); err != nil {
		return err
	}
	if o.State == merge.Stale {
		if err := confirm(s, id, o.Customer); err != nil {
			return err
		}
	}
	if o, err = s.Get(ctx, id); err != nil {
		return err
	}
	_, err = s.Approve(ctx, id, order.Decision{Reviewer: "staff:jana", Digest: o.Digest})
	if err != nil && !errors.Is(err, order.ErrState) {
		return err
	}
	h.wait(73 * time.Hour)
	_, err = s.Execute(ctx, id, o.Run)
	return err
}

func markAnnounced(s order.Store, id string, at time.Time) error {
	o, err := s.Get(context.Background(), id)
	for i := 0; err == nil && i < o.ToAnnounce && o.State != merge.Submitted; i++ {
		_, err = s.MarkAnnounced(context.Background(), id, fmt.Sprint("order.announced#", id, "#", i), at)
	}
	return err
}

func confirm(s order.Store, id, customerOf string) error {
	o, err := s.Get(context.Background(), id)
	if err != nil {
		return err
	}
	renewed, err := s.Renewed(context.Background(), o)
	if err != nil {
		return err
	}
	own, err := customer.Store{Store: s.Store}.Profile(context.Background(), customerOf)
	if err != nil {
		return err
	}
	_, err = s.Confirm(context.Background(), id, order.Confirmation{Customer: customerOf, Epoch: own.Epoch, Digest: renewed.Digest, PasswordGiven: true})
	return err
}

// histories is how many random ones a run tries; -rapid.checks says otherwise.
const histories = 150

func TestNothingIsLostOrHalfDoneInAnyHistory(t *testing.T) { // M1, M2, M5, M8, M9, M10, L1
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		if err := f.Value.Set(fmt.Sprint(histories)); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(f.DefValue) }()
	}
	reached := map[merge.State]int{}
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(struct{ rapid.TB }{t}, func(t *rapid.T) { // waiting costs nothing in there
			rate := rapid.SampledFrom([]float64{0, 0.02, 0.1, 0.2}).Draw(t, "faults")
			h := newHistory(4, rapid.Uint64().Draw(t, "seed"), rate)
			for range rapid.IntRange(5, 40).Draw(t, "steps") {
				h.live(t)
				if h.held.broken != "" {
					t.Fatal(h.held.broken)
				}
			}
			for _, o := range h.held.orders() {
				for _, step := range o.History {
					reached[step.State]++
				}
			}
		})
	})
	t.Logf("states that orders went through: %v", reached)
	if testing.Short() {
		return // a fifth of the histories, which need not reach all
	}
	for _, s := range []merge.State{merge.Executed, merge.Undone, merge.Vetoed, merge.Stale, merge.Approved} {
		if reached[s] == 0 {
			t.Errorf("no history reached %s: the test proves nothing about it", s)
		}
	}
}

// live does one step, or two at once; what repeats is done once more.
func (h *history) live(t *rapid.T) {
	first := h.draw(t)
	if rapid.IntRange(0, 3).Draw(t, "at once") == 0 {
		second := h.draw(t)
		var both sync.WaitGroup
		for _, s := range []step{first, second} {
			both.Go(func() { _ = s.do(h.faulty) })
		}
		both.Wait()
		return
	}
	if err := first.do(h.faulty); err != nil || !first.repeats {
		return
	}
	before := h.held.snapshot()
	if err := first.do(h.calm); err != nil && !errors.Is(err, order.ErrState) && !errors.Is(err, order.ErrTooEarly) {
		t.Fatalf("%s once more: %v (M9)", first.name, err)
	}
	if after := h.held.snapshot(); after != before {
		t.Fatalf("%s once more had a second effect (M9):\n%s\n%s", first.name, before, after)
	}
}
