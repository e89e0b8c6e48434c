package order_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// setPassword is what the page of a package does: whoever survived sets the password of a package of one of its numbers.
func (h *history) setPassword(t *testing.T, by, owner string) error {
	t.Helper()
	subject := table.PackageSubject("P-" + owner + "-0")
	old, err := credential.Store{Store: h.calm.Store}.Get(t.Context(), subject)
	if err != nil {
		t.Fatal(err)
	}
	return h.calm.Transact(t.Context(), []types.TransactWriteItem{
		customer.PackagePasswordSet(fakeNames, h.profile(t, by), owner, h.now()),
		credential.SetPassword(fakeNames, old, fmt.Sprintf("set by %s at %s", by, h.now()), false, h.now()),
	}, "")
}

// proves says whether the package password of a number is good for a proof now.
func (h *history) proves(t *testing.T, owner string) bool {
	t.Helper()
	found, err := customer.Store{Store: h.calm.Store}.FindProof(t.Context(), []string{owner}, "P-"+owner+"-0", contract.Day(h.now()))
	if err != nil {
		t.Fatal(err)
	}
	c, err := credential.Store{Store: h.calm.Store}.Get(t.Context(), table.PackageSubject(found.Package))
	if err != nil {
		t.Fatal(err)
	}
	return c.Hash != "" && !found.Owner.PackagePasswordVoid(c.ChangedAt)
}

func (h *history) undo(t *testing.T, id string, abuse bool) order.Order {
	t.Helper()
	o, err := h.calm.UndoAll(t.Context(), id, order.Undoing{Reviewer: "staff:jana", Reason: "Irrtum", Abuse: abuse})
	if err != nil || o.State != merge.Undone {
		t.Fatalf("undo: %s, %v", o.State, err)
	}
	return o
}

// M3, M7: whoever had the numbers in between set it, not the owner of the package that goes back.
func TestAnUndoVoidsThePackagePasswordsSetSinceTheExecutionAndNoOther(t *testing.T) {
	for name, c := range map[string]struct {
		before func(t *testing.T, h *history) // the merge
		after  func(t *testing.T, h *history) // the undo
		proves bool
	}{
		"none was set":                        {proves: true},
		"the survivor set one":                {before: func(t *testing.T, h *history) { mustSet(t, h, 0, 1) }},
		"the survivor set one, twice":         {before: func(t *testing.T, h *history) { mustSet(t, h, 0, 1); h.wait(time.Hour); mustSet(t, h, 0, 1) }},
		"the owner sets a new one afterwards": {before: func(t *testing.T, h *history) { mustSet(t, h, 0, 1) }, after: func(t *testing.T, h *history) { mustSet(t, h, 1, 1) }, proves: true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(3, 1, 0)
			own, source := h.numbers[0], h.numbers[1]
			mustSet(t, h, 1, 1) // by its owner, an hour before
			h.wait(time.Hour)
			o := h.merged(t, nil, own, source)
			h.wait(time.Hour)
			mustSet(t, h, 0, 0)
			if c.before != nil {
				c.before(t, h)
			}
			h.wait(time.Hour)
			h.undo(t, o.ID, false)
			h.wait(time.Minute)
			if c.after != nil {
				c.after(t, h)
			}
			if got := h.proves(t, source); got != c.proves {
				t.Errorf("the package that went back proves: %v", got)
			}
			if !h.proves(t, own) {
				t.Error("the survivor's own package password is void")
			}
			if barred, err := h.calm.Barred(t.Context(), own, source); err != nil || barred {
				t.Errorf("barred after an undo by agreement: %v, %v", barred, err)
			}
			h.unbroken(t)
		})
	}
}

// mustSet has one number of the history set the password of another's package.
func mustSet(t *testing.T, h *history, by, owner int) {
	t.Helper()
	if err := h.setPassword(t, h.numbers[by], h.numbers[owner]); err != nil {
		t.Fatal(err)
	}
}

// A chain gives back, one after the other, what each merge let somebody set; what the one in between set for its own
// members stays good until it loses them itself.
func TestAnUndoOfAChainVoidsWhatEachSurvivorSet(t *testing.T) { // M3, M7
	h := newHistory(3, 1, 0)
	a, b, c := h.numbers[0], h.numbers[1], h.numbers[2]
	first := h.merged(t, nil, b, a)
	mustSet(t, h, 1, 0)
	h.wait(time.Hour)
	second := h.merged(t, nil, c, b)
	h.undo(t, second.ID, false)
	if !h.proves(t, a) || !h.proves(t, b) {
		t.Error("what the survivor of the first merge set before the second is void")
	}
	third := h.merged(t, nil, c, b)
	mustSet(t, h, 2, 0)
	mustSet(t, h, 2, 1)
	h.wait(time.Hour)
	h.undo(t, first.ID, false)
	if h.proves(t, a) || h.proves(t, b) {
		t.Error("what the survivor of the last merge set still proves")
	}
	if o, err := h.calm.Get(t.Context(), third.ID); err != nil || o.State != merge.Undone {
		t.Errorf("the merge in the way is %s, %v", o.State, err)
	}
	h.unbroken(t)
}

// S12: the survivor sets a password while the undo is being written.
func TestAPasswordSetWhileAnUndoIsWrittenIsVoid(t *testing.T) {
	h := newHistory(3, 1, 0)
	own, source := h.numbers[0], h.numbers[1]
	o := h.merged(t, nil, own, source)
	at := &between{Fake: h.fake}
	at.do = func() { h.wait(time.Second); mustSet(t, h, 0, 1) }
	s := h.store(h.fake.Client(at))
	if _, err := s.Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Irrtum"}); err != nil {
		t.Fatal(err)
	}
	if h.proves(t, source) {
		t.Error("it proves after the undo")
	}
	h.wait(time.Second)
	if err := h.setPassword(t, own, source); !errors.Is(err, table.ErrCondition) {
		t.Errorf("the survivor set another after the undo: %v", err)
	}
}

// M3, M4: after an objection, or when the service team says so, nobody proves with what anybody knows, and the pair is barred.
func TestAnUndoAfterAbuseVoidsAllPackagePasswordsAndBarsThePair(t *testing.T) {
	for name, c := range map[string]struct {
		objects, abuse bool
		barred         []bool // of the two sources
	}{
		"the owner of one objected":         {true, false, []bool{true, false}},
		"the team says so":                  {false, true, []bool{true, true}},
		"an objection that the team shares": {true, true, []bool{true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(4, 1, 0)
			own, sources := h.numbers[0], h.numbers[1:3]
			o := h.merged(t, nil, own, sources...)
			h.wait(time.Hour)
			if c.objects {
				if _, err := h.calm.Veto(t.Context(), o.ID, sources[:1]); err != nil {
					t.Fatal(err)
				}
			}
			o = h.undo(t, o.ID, c.abuse)
			for i, n := range append([]string{own}, sources...) {
				if h.proves(t, n) {
					t.Errorf("a package password of %s still proves", n)
				}
				if i == 0 {
					continue
				}
				if barred, err := h.calm.Barred(t.Context(), own, n); err != nil || barred != c.barred[i-1] {
					t.Errorf("%s is barred: %v, %v", n, barred, err)
				}
			}
			if !o.Abused() || len(o.Barring()) == 0 {
				t.Errorf("the order tells abuse %v, bars %v", o.Abused(), o.Barring())
			}
			h.wait(time.Hour)
			mustSet(t, h, 1, 1)
			if !h.proves(t, sources[0]) {
				t.Error("the owner's new package password does not prove")
			}
			if _, err := h.calm.Submit(t.Context(), h.drafted(t, nil, own, sources[0])); err == nil {
				t.Error("the pair is merged again")
			}
			h.unbroken(t)
		})
	}
}

// A proof by a package that an undo takes away from the proven number is gone, in a draft as in an order that nobody heard
// of yet (M3).
func TestAProofByAPackageThatWentBackIsGone(t *testing.T) {
	for name, submitted := range map[string]bool{"in a draft": false, "in an order": true} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(3, 1, 0)
			survivor, member, thief := h.numbers[0], h.numbers[1], h.numbers[2]
			o := h.merged(t, nil, survivor, member)
			d, err := h.calm.Draft(t.Context(), thief)
			if err != nil {
				t.Fatal(err)
			}
			proof := h.proof(t, thief, member)
			proof.Number = survivor
			d.Prove(proof, h.now())
			d.Adopt(survivor, nil)
			if d, err = h.calm.SaveDraft(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			profiles, err := h.calm.Parties(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			sub := order.Submission{Customer: thief, Epoch: profiles[thief].Epoch, PasswordGiven: true, IdempotencyKey: "key-of-the-thief",
				Digest: order.DigestOf(profiles[thief], d, profiles)}
			if !submitted {
				h.undo(t, o.ID, false)
				_, err := h.calm.Submit(t.Context(), sub)
				var blocked *order.Blocked
				if !errors.As(err, &blocked) || !blocked.Reason.Is(merge.ProofGone) {
					t.Errorf("submitted: %v", err)
				}
				return
			}
			stolen, err := h.calm.Submit(t.Context(), sub)
			if err != nil {
				t.Fatal(err)
			}
			h.undo(t, o.ID, false)
			if stolen, err = h.calm.Announce(t.Context(), stolen.ID, stolen.Run); err != nil || stolen.State != merge.Withdrawn {
				t.Errorf("announced: %s, %v", stolen.State, err)
			}
			h.unbroken(t)
		})
	}
}

// L2: the largest order is undone in one transaction, after abuse as well.
func TestTheLargestUndoFitsIntoOneTransaction(t *testing.T) {
	h := newHistory(1+merge.MaxOrderNumbers, 1, 0)
	h.fake.After = nil
	o := h.merged(t, merge.Choices{merge.Address: merge.Other}, h.numbers[0], h.numbers[1:]...)
	if _, err := h.calm.Veto(t.Context(), o.ID, nil); err != nil {
		t.Fatal(err)
	}
	count := &counting{DB: h.calm.DB}
	s := h.calm
	s.DB = table.DB(count)
	if _, err := s.Undo(t.Context(), o.ID, order.Undoing{Reviewer: "staff:jana", Reason: "Betrug", Abuse: true}); err != nil {
		t.Fatal(err)
	}
	if count.most > table.MaxItems || count.most < 4*merge.MaxOrderNumbers {
		t.Errorf("it wrote %d items", count.most)
	}
	t.Logf("%d items in the undo", count.most)
}
