package workflow

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// TestAStepThatIsLateOrRepeatedChangesNothing names M9: each step as the deployed function takes it.
func TestAStepThatIsLateOrRepeatedChangesNothing(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, nil).ID)
	mails(t, p.other.Email, 1)
	before := until(t, o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() })
	step := func(format string, args ...any) string {
		t.Helper()
		return invoke(t, "reviewtask", fmt.Sprintf(format, args...))
	}
	for range 2 {
		step(`{"step":"announce","order":%q,"run":1}`, o.ID)
	}
	if out := step(`{"step":"open","order":%q,"run":1,"entered":"2020-01-01T00:00:00.000Z","retry":5,"token":"late"}`, o.ID); !strings.Contains(out, `"review"`) {
		t.Errorf("a late token is answered with %s", out)
	}
	if out := step(`{"step":"open","order":%q,"run":0,"retry":0,"token":"older run"}`, o.ID); !strings.Contains(out, `"done"`) {
		t.Errorf("a step of an older run is answered with %s", out)
	}
	if out := invoke(t, "mergeexecute", fmt.Sprintf(`{"step":"execute","order":%q,"run":1}`, o.ID)); !strings.Contains(out, "IN_REVIEW") {
		t.Errorf("an execution that nobody approved is answered with %s", out)
	}
	if now := get(t, o.ID); now.Rev != before.Rev {
		t.Errorf("the order changed: revision %d, was %d, task %+v", now.Rev, before.Rev, now.Task.Run)
	}
	time.Sleep(time.Second)
	toldOnce(t, p, o.ID)
	// A retry of the same turn issues a new token, which replaces the dead one; the decision then finds nobody waiting with
	// it, and the order goes on all the same.
	step(`{"step":"open","order":%q,"run":1,"entered":"9999-01-01T00:00:00.000Z","retry":0,"token":"a dead one"}`, o.ID)
	if now := get(t, o.ID); now.Task.Token != "a dead one" {
		t.Fatal("the newer token is not kept")
	}
	stop(t, o)
	approve(t, get(t, o.ID))
	until(t, o.ID, "the next run", func(o order.Order) bool { return o.Run == 2 })
}

// TestWithdrawnInOneTabWhileApprovedInAnother: of two decisions at once one counts, and the workflow ends with it.
func TestWithdrawnInOneTabWhileApprovedInAnother(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for range 3 {
		p := newPair(t, nil)
		o := reviewed(t, p.submit(t, nil).ID)
		var both sync.WaitGroup
		var approved, withdrawn error
		reviewer, customer := as(t, "review"), as(t, "mergesubmit")
		both.Go(func() {
			_, approved = reviewer.Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest})
		})
		both.Go(func() { _, withdrawn = customer.Withdraw(t.Context(), o.ID, p.own.Number, p.own.Epoch) })
		both.Wait()
		// Approved first and withdrawn then is in order, too: the customer may withdraw until the execution.
		if withdrawn != nil || approved != nil && !errors.Is(approved, order.ErrState) {
			t.Fatalf("approved: %v, withdrawn: %v", approved, withdrawn)
		}
		o = until(t, o.ID, "the withdrawal", in(merge.Withdrawn))
		for deadline := time.Now().Add(patience); status(t, o) == "RUNNING" && approved != nil; time.Sleep(200 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the execution of a withdrawn order still waits")
			}
		}
		if p := read(t, p.other.Number); p.MergedInto != "" {
			t.Error("merged although withdrawn (M4)")
		}
	}
}

// TestOfTwoOrdersThatShareANumberOneProceeds names M8.
func TestOfTwoOrdersThatShareANumberOneProceeds(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	first, second := newPair(t, nil), newPair(t, nil)
	second.other = first.other
	one := first.draft(t, time.Now())
	two := second.draft(t, time.Now())
	var both sync.WaitGroup
	errs := make([]error, 2)
	s := as(t, "mergesubmit")
	for i, sub := range []order.Submission{one, two} {
		both.Go(func() { _, errs[i] = s.Submit(t.Context(), sub) })
	}
	both.Wait()
	refused := 0
	for _, err := range errs {
		var blocked *order.Blocked
		if errors.As(err, &blocked) && strings.HasPrefix(blocked.Reason.Code, "open_merge") {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	if refused != 1 {
		t.Errorf("%d of two orders were refused, want 1: %v", refused, errs)
	}
}
