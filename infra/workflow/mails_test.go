package workflow

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// What the service team writes: the reason is for the ordering customer, the note for nobody outside.
const (
	theReason = "GRUND-fuer-den-Kunden"
	theNote   = "NOTIZ-nur-intern"
)

// tale is an order on its way, in one language, with an address that a side got after the submission.
type tale struct {
	p     pair
	o     order.Order
	lang  lang.Lang
	later string
	told  []step // whose mails went out, in order
}

// subject is what stands in the subject of a mail in each language.
type subject map[lang.Lang]string

func both(de, en string) subject { return subject{lang.DE: de, lang.EN: en} }

// step is something that both sides are told of.
type step struct {
	name       string
	do         func(*testing.T, *tale)
	own, other subject // in the subject
	stops      bool    // the other side can still say no
	reason     bool    // the ordering customer is told why
	signIn     bool    // the ordering customer is led to the sign-in, not to the order
}

var (
	announced = step{name: "announced", do: func(t *testing.T, a *tale) { a.o = reviewed(t, a.o.ID) },
		own: both("Wir prüfen die Zusammenfassung", "and are reviewing it"), other: both("soll mit", "is to be merged with"), stops: true}
	approvedStep = step{name: "approved", do: decided(order.Store.Approve, merge.Approved, merge.Executed), own: both("ist genehmigt", "approved"), stops: true, reason: true}
	executedStep = step{name: "executed", do: func(t *testing.T, a *tale) { a.o = until(t, a.o.ID, "the execution", in(merge.Executed)) },
		own: both("sind zusammengefasst", "have been merged"), stops: true, signIn: true}
	objectedStep = step{name: "objected", do: func(t *testing.T, a *tale) {
		a.moves(t, &a.p.own)
		a.change(t)(as(t, "mergesubmit").Veto(t.Context(), a.o.ID, nil))
	}, own: both("Einspruch gegen die Zusammenfassung", "Objection to the merge")}
	dismissedStep = step{name: "dismissed", do: func(t *testing.T, a *tale) {
		a.change(t)(as(t, "review").Dismiss(t.Context(), a.o.ID, "staff:jana", theReason, a.o.SourceNumbers()))
	}, own: both("Die Zusammenfassung bleibt bestehen", "The merge stays in place"), reason: true}
	undoneStep = step{name: "undone", do: func(t *testing.T, a *tale) {
		a.change(t)(as(t, "review").UndoAll(t.Context(), a.o.ID, order.Undoing{Reviewer: "staff:jana", Reason: theReason}))
	}, own: both("ist rückgängig gemacht", "has been undone"), reason: true, signIn: true}
	rejectedStep  = step{name: "rejected", do: decided(order.Store.Reject, merge.Rejected), own: both("ist abgelehnt", "has been rejected"), reason: true}
	withdrawnStep = step{name: "withdrawn", do: func(t *testing.T, a *tale) {
		a.moves(t, &a.p.other)
		a.change(t)(as(t, "mergesubmit").Withdraw(t.Context(), a.o.ID, a.o.Customer, read(t, a.o.Customer).Epoch))
	}, own: both("ist zurückgezogen", "has been withdrawn")}
	vetoedStep = step{name: "vetoed", do: func(t *testing.T, a *tale) {
		a.moves(t, &a.p.other)
		a.change(t)(as(t, "mergesubmit").Veto(t.Context(), a.o.ID, nil))
	}, own: both("Die Zusammenfassung ist gestoppt", "The merge has been stopped")}
	expiredStep = step{name: "expired", do: func(t *testing.T, a *tale) {
		a.moves(t, &a.p.other)
		overdue(t, a.o)
		a.o = until(t, a.o.ID, "the expiry", in(merge.Expired))
	}, own: both("Wir haben zu lange gebraucht", "we took too long")}
	failedStep = step{name: "failed", do: func(t *testing.T, a *tale) {
		a.moves(t, &a.p.other)
		a.change(t)(as(t, "mergeexecute").Fail(t.Context(), a.o.ID, a.o.Run, "Lambda.Unknown"))
	}, own: both("dauert länger", "is taking longer")}
	staleStep = step{name: "stale", do: func(t *testing.T, a *tale) {
		a.moves(t, &a.p.other)
		a.change(t)(as(t, "dispatch").Recheck(t.Context(), a.o.ID))
	}, own: both("wartet auf Sie", "is waiting for you"), other: both("ruht", "is on hold")}
	confirmedStep = step{name: "confirmed", do: func(t *testing.T, a *tale) {
		renewed, err := as(t, "mergesubmit").Renewed(t.Context(), a.o)
		if err != nil {
			t.Fatal(err)
		}
		a.change(t)(as(t, "mergesubmit").Confirm(t.Context(), a.o.ID, order.Confirmation{Customer: a.o.Customer, Digest: renewed.Digest, PasswordGiven: true}))
	}, own: both("ist bestätigt", "has been confirmed"), stops: true}
)

// decided is a decision of the service team with all that it may write; an approval may be carried out at once.
func decided(decide func(order.Store, context.Context, string, order.Decision) (order.Order, error), states ...merge.State) func(*testing.T, *tale) {
	return func(t *testing.T, a *tale) {
		a.o = until(t, a.o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() })
		if states[0] == merge.Rejected {
			a.moves(t, &a.p.other)
		}
		o, err := decide(as(t, "review"), t.Context(), a.o.ID, order.Decision{Reviewer: "staff:jana", Digest: a.o.Digest, Reason: theReason, Note: theNote})
		if err != nil || !slices.Contains(states, o.State) {
			t.Fatalf("%s, %v", o.State, err)
		}
		a.o = o
	}
}

func (a *tale) change(t *testing.T) func(order.Order, error) {
	return func(o order.Order, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		a.o = o
	}
}

// moves gives a side another e-mail address, which is told from then on beside the one at submission (M4).
func (a *tale) moves(t *testing.T, p *customer.Profile) {
	t.Helper()
	before := read(t, p.Number)
	next := before
	next.Email, next.EmailChangedAt = "later-"+before.Email, time.Now()
	localtest.Put(t, customer.Update(localtest.Names(t), before, next))
	a.later = next.Email
	a.told = nil // the new address knows nothing of what was before
}

// TestBothSidesAreToldAtEachStep names M4 and M9: who gets which mail, at which addresses, in which language, with which
// links, and with what only one side may read.
func TestBothSidesAreToldAtEachStep(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		submitted func(*order.Store)
		steps     []step
	}{
		"executed, objected to, dismissed, undone": {func(s *order.Store) { s.VetoHours = 0 }, []step{announced, approvedStep, executedStep, objectedStep, dismissedStep, undoneStep}},
		"rejected":              {nil, []step{announced, rejectedStep}},
		"withdrawn":             {nil, []step{announced, withdrawnStep}},
		"vetoed":                {nil, []step{announced, vetoedStep}},
		"expired":               {days(15), []step{announced, expiredStep}},
		"failed":                {nil, []step{announced, failedStep}},
		"stale, confirmed":      {nil, []step{announced, staleStep, confirmedStep}},
		"approved, then vetoed": {nil, []step{announced, approvedStep, vetoedStep}},
	} {
		for _, l := range []lang.Lang{lang.DE, lang.EN} {
			t.Run(name+", "+string(l), func(t *testing.T) {
				t.Parallel()
				p := newPair(t, func(own, other *customer.Profile) { own.Language, other.Language = string(l), string(l) })
				a := &tale{p: p, lang: l, o: p.submit(t, tt.submitted)}
				for i, s := range tt.steps {
					s.do(t, a)
					a.told = append(a.told, s)
					a.reads(t, tt.steps[:i+1])
				}
			})
		}
	}
}

// reads looks at the mails of the last step, and that no address got another.
func (a *tale) reads(t *testing.T, steps []step) {
	t.Helper()
	last := steps[len(steps)-1]
	own := a.last(t, last, true, a.p.own.Email, len(steps))
	other := a.last(t, last, false, a.p.other.Email, len(steps))
	if a.later != "" {
		isOwn := a.later == "later-"+a.p.own.Email
		if m := a.last(t, last, isOwn, a.later, len(a.told)); isOwn && m.Subject != own.Subject || !isOwn && m.Subject != other.Subject {
			t.Errorf("%s: the later address got %q", last.name, m.Subject)
		}
	}
	words := strings.Join(strings.Fields(other.BodyText), " ")
	if void := strings.Contains(words, "Paketpasswörter dieser Kundennummern gelten nicht mehr") || strings.Contains(words, "previous package passwords of these customer numbers are no longer valid"); void != (last.name == "undone") {
		t.Errorf("%s: the other side is told that its package passwords are void: %v", last.name, void)
	}
	for _, secret := range []string{theNote, "staff:jana", "jana"} {
		if strings.Contains(own.BodyText+other.BodyText, secret) {
			t.Errorf("%s: a mail tells %q", last.name, secret)
		}
	}
	if strings.Contains(own.BodyText, theReason) != last.reason || strings.Contains(other.BodyText, theReason) {
		t.Errorf("%s: the reason is with the ordering customer %v, with the other side %v", last.name,
			strings.Contains(own.BodyText, theReason), strings.Contains(other.BodyText, theReason))
	}
	if strings.Contains(own.BodyText, "/merge/orders/"+a.o.ID) == last.signIn || strings.Contains(other.BodyText, "/merge/orders/") {
		t.Errorf("%s: the order is linked for the wrong side, or for none", last.name)
	}
	if strings.Contains(other.BodyText, "/merge/veto?token=") != last.stops || strings.Contains(own.BodyText, "/merge/veto?token=") {
		t.Errorf("%s: the way to stop it is with the wrong side, or with none", last.name)
	}
	for _, n := range []string{a.p.own.Number, a.p.other.Number} {
		if !strings.Contains(own.BodyText, n) || !strings.Contains(other.BodyText, n) {
			t.Errorf("%s: a mail does not name %s", last.name, n)
		}
	}
}

// last is the newest of the n mails about the order that an address must have got.
func (a *tale) last(t *testing.T, s step, own bool, address string, n int) mail {
	t.Helper()
	want := s.own
	if !own && s.other != nil {
		want = s.other
	}
	var found []mail
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		found = about(t, address, a.o.ID, n)
		if i := slices.IndexFunc(found, func(m mail) bool { return strings.Contains(m.Subject, want[a.lang]) }); i >= 0 {
			if len(found) > n && s.name != "approved" { // the execution may be told already
				t.Errorf("%s: %s got %d mails, want %d (M9)", s.name, address, len(found), n)
			}
			return found[i]
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: no mail to %s says %q, but %+v", s.name, address, want[a.lang], found)
		}
	}
}
