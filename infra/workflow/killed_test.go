package workflow

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// The schedule of the local cloud and other tests redrive at any moment: each test holds whatever comes between its steps.

// deaths are the ways in which an execution ends without the order's knowing. One that timed out is for dispatch the
// same, as its own test says; the machine has no time-out, and the emulator never sets that status.
var deaths = map[string]func(t *testing.T, o order.Order) order.Order{
	"stopped": func(t *testing.T, o order.Order) order.Order {
		stop(t, o)
		return o
	},
	"deleted": func(t *testing.T, o order.Order) order.Order { // AWS forgets executions after 90 days
		ended := o
		o.Run++
		o = inCharge(t, o)
		stop(t, ended)
		return o
	},
	"failed": func(t *testing.T, o order.Order) order.Order {
		ended := o
		o.Run++
		begin(t, o, unusable(t))
		reaches(t, o, "FAILED")
		o = inCharge(t, o)
		stop(t, ended)
		return o
	},
	"ended": func(t *testing.T, o order.Order) order.Order { // as a run does that believes another one in charge
		ended := o
		o.Run++
		begin(t, o, fmt.Sprintf(`{"order":%q,"run":0}`, o.ID))
		reaches(t, o, "SUCCEEDED")
		o = inCharge(t, o)
		stop(t, ended)
		return o
	},
}

// unusable is the input of an execution that fails outside any task, where nothing tries again or catches: it would have
// to wait until a year that the emulator cannot count to.
func unusable(t *testing.T) string {
	t.Helper()
	o := reviewed(t, newPair(t, nil).submit(t, nil).ID)
	o = approve(t, until(t, o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() }))
	edit(t, o.ID, "SET announcedAt = :at, rev = rev + :one", table.Item{":at": table.Time(time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)), ":one": table.N(1)})
	return fmt.Sprintf(`{"order":%q,"run":%d}`, o.ID, o.Run)
}

// reaches waits until the execution of the order's run has a status.
func reaches(t *testing.T, o order.Order, want string) {
	t.Helper()
	for deadline := time.Now().Add(patience); status(t, o) != want; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("run %d of order %s is %s, not %s", o.Run, o.ID, status(t, o), want)
		}
	}
}

// enters waits until the execution in charge stands in a state.
func enters(t *testing.T, o order.Order, state string) {
	t.Helper()
	last := ""
	for deadline := time.Now().Add(patience); last != state; time.Sleep(50 * time.Millisecond) {
		out, err := steps(t).GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: aws.String(executionARN(o)), ReverseOrder: true, MaxResults: 20})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out.Events {
			if e.StateEnteredEventDetails != nil {
				last = aws.ToString(e.StateEnteredEventDetails.Name)
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("run %d of order %s is in %s, not in %s", o.Run, o.ID, last, state)
		}
	}
}

func begin(t *testing.T, o order.Order, input string) {
	t.Helper()
	_, err := steps(t).StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String(localtest.Outputs(t)["MergeMachine"]),
		Name: aws.String(fmt.Sprintf("%s-%d", o.ID, o.Run)), Input: &input})
	if err != nil {
		t.Fatal(err)
	}
}

// inCharge makes o.Run the run that the order believes in.
func inCharge(t *testing.T, o order.Order) order.Order {
	t.Helper()
	edit(t, o.ID, "SET run = :run, rev = rev + :one REMOVE task", table.Item{":run": table.N(int64(o.Run)), ":one": table.N(1)})
	return get(t, o.ID)
}

// TestAnOrderWhoseExecutionDiesInAnyStateEndsWhereItShould names M1 and M9: whatever happens to an execution, the
// schedule starts another, and what was announced or done is not announced or done again.
func TestAnOrderWhoseExecutionDiesInAnyStateEndsWhereItShould(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for how, kill := range deaths {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			for state, walk := range map[merge.State]func(*testing.T, func(*testing.T, order.Order) order.Order){
				merge.InReview: diesInReview, merge.Stale: diesStale, merge.Approved: diesApproved,
			} {
				t.Run(string(state), func(t *testing.T) { t.Parallel(); walk(t, kill) })
			}
		})
	}
	t.Run("stopped/SUBMITTED", func(t *testing.T) { t.Parallel(); diesSubmitted(t) })
	for _, late := range []time.Duration{0, 50, 100, 200, 400} {
		t.Run(fmt.Sprintf("stopped/%d ms after the approval", late), func(t *testing.T) { t.Parallel(); diesExecuting(t, late*time.Millisecond) })
	}
}

// revived redrives and checks that a new execution is under way.
func revived(t *testing.T, dead order.Order) order.Order {
	t.Helper()
	before := status(t, dead)
	redrive(t)
	o := get(t, dead.ID)
	if now := status(t, o); now != "RUNNING" && !o.State.Final() {
		t.Fatalf("run %d was %s; after the redrive run %d is %s", dead.Run, before, o.Run, now)
	}
	redrive(t) // once more changes nothing (M9)
	if again := get(t, dead.ID); again.Run != o.Run {
		t.Errorf("a second redrive started run %d beside run %d", again.Run, o.Run)
	}
	return o
}

func diesSubmitted(t *testing.T) {
	p := newPair(t, nil)
	seed := make([]byte, 256)
	if _, err := rand.Read(seed); err != nil {
		t.Fatal(err)
	}
	id, err := merge.NewOrderID(bytes.NewReader(seed))
	if err != nil {
		t.Fatal(err)
	}
	// The first execution begins and dies before the order is there, so that nothing announces it.
	dead := order.Order{ID: id, Run: 1}
	begin(t, dead, fmt.Sprintf(`{"order":%q,"run":1}`, id))
	stop(t, dead)
	o := p.submit(t, func(s *order.Store) { s.Rand = io.MultiReader(bytes.NewReader(seed), rand.Reader) })
	if o.ID != id || status(t, o) != "ABORTED" {
		t.Fatalf("order %s, want %s; its execution is %s", o.ID, id, status(t, o))
	}
	delivered(t, table.OutboxID(outbox.OrderSubmitted, id)) // the deployed dispatch finds the name taken
	if now := get(t, id); now.Run == 1 && now.State != merge.Submitted {
		t.Fatalf("the order is %s without an execution", now.State)
	}
	revived(t, o)
	if o = reviewed(t, id); o.Run != 2 {
		t.Errorf("run %d is in charge, want 2", o.Run)
	}
	toldOnce(t, p, id)
}

// delivered waits until dispatch has done an item of the outbox.
func delivered(t *testing.T, id string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		item, err := localtest.Store(t).Get(t.Context(), localtest.Names(t).Outbox, table.Outbox(id))
		if err != nil {
			t.Fatal(err)
		}
		if table.String(item, "doneAt") != "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not done", id)
		}
	}
}

// toldOnce says that each side got the announcement of the order exactly once.
func toldOnce(t *testing.T, p pair, id string) {
	t.Helper()
	for _, address := range []string{p.own.Email, p.other.Email} {
		n := 0
		for _, m := range mails(t, address, 1) {
			if strings.Contains(m.Subject, id) && (strings.Contains(m.Subject, "Wir prüfen") || strings.Contains(m.Subject, "zusammengefasst werden")) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s was told %d times of order %s (M9)", address, n, id)
		}
	}
}

func diesInReview(t *testing.T, kill func(*testing.T, order.Order) order.Order) {
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, func(s *order.Store) { s.VetoHours = 0 }).ID)
	mails(t, p.other.Email, 1)
	o = kill(t, o)
	o = revived(t, o)
	o = reviewed(t, o.ID)
	toldOnce(t, p, o.ID)
	approve(t, o)
	until(t, o.ID, "the execution", in(merge.Executed))
	if into := read(t, p.other.Number).MergedInto; into != p.own.Number {
		t.Errorf("merged into %q", into)
	}
}

func diesStale(t *testing.T, kill func(*testing.T, order.Order) order.Order) {
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, func(s *order.Store) { s.VetoHours = 0 }).ID)
	mails(t, p.other.Email, 1)
	move(t, p.other.Number)
	if o, _ = as(t, "dispatch").Recheck(t.Context(), o.ID); o.State != merge.Stale {
		t.Fatalf("after the change it is %s (M5)", o.State)
	}
	o = kill(t, o)
	o = revived(t, o)
	renewed, err := as(t, "mergesubmit").Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := as(t, "mergesubmit").Confirm(t.Context(), o.ID, order.Confirmation{Customer: p.own.Number, Digest: renewed.Digest, PasswordGiven: true}); err != nil {
		t.Fatal(err)
	}
	approve(t, reviewed(t, o.ID))
	until(t, o.ID, "the execution", in(merge.Executed))
}

func diesApproved(t *testing.T, kill func(*testing.T, order.Order) order.Order) {
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, nil).ID) // 72 hours
	o = until(t, o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() })
	approve(t, o)
	enters(t, o, "VetoPeriod")
	o = kill(t, get(t, o.ID))
	o = revived(t, o)
	if o.State != merge.Approved {
		t.Fatalf("in the veto period it is %s (M4)", o.State)
	}
	enters(t, o, "VetoPeriod")
	// The period passes while nothing runs.
	o = kill(t, get(t, o.ID))
	edit(t, o.ID, "SET announcedAt = :at, rev = rev + :one", table.Item{":at": table.Time(time.Now().Add(-73 * time.Hour)), ":one": table.N(1)})
	revived(t, o)
	until(t, o.ID, "the execution", in(merge.Executed))
	toldOfAll(t, p, o.ID)
}

// toldOfAll says that each side got the three mails of a merge that went well once.
func toldOfAll(t *testing.T, p pair, id string) {
	t.Helper()
	delivered(t, table.OutboxID(outbox.OrderExecuted, id))
	redrive(t)
	for _, address := range []string{p.own.Email, p.other.Email} {
		if n := len(about(t, address, id, 3)); n != 3 { // announced, approved, executed
			t.Errorf("%d mails to %s, want 3 (M9)", n, address)
		}
	}
}

// diesExecuting stops the execution somewhere between the approval and its end: on the way to the step, in it, or after.
func diesExecuting(t *testing.T, late time.Duration) {
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, func(s *order.Store) { s.VetoHours = 0 }).ID)
	until(t, o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() })
	approve(t, o)
	time.Sleep(late)
	_, _ = steps(t).StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: aws.String(executionARN(o))}) // it may have ended
	redrive(t)
	o = until(t, o.ID, "the execution", in(merge.Executed))
	if p := read(t, p.other.Number); p.MergedInto != o.Customer {
		t.Errorf("merged into %q (M2)", p.MergedInto)
	}
	toldOfAll(t, p, o.ID)
}

// TestAnOrderThatEndsNeedsNoExecution names M1: whoever ends an order whose execution is dead has ended it, and no other
// run begins.
func TestAnOrderThatEndsNeedsNoExecution(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for want, end := range map[merge.State]func(*testing.T, order.Order) (order.Order, error){
		merge.Rejected: func(t *testing.T, o order.Order) (order.Order, error) {
			return as(t, "review").Reject(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "nein"})
		},
		merge.Withdrawn: func(t *testing.T, o order.Order) (order.Order, error) {
			return as(t, "mergesubmit").Withdraw(t.Context(), o.ID, o.Customer, read(t, o.Customer).Epoch)
		},
		merge.Vetoed: func(t *testing.T, o order.Order) (order.Order, error) {
			return as(t, "mergesubmit").Veto(t.Context(), o.ID, nil)
		},
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			p := newPair(t, nil)
			o := reviewed(t, p.submit(t, nil).ID)
			about(t, p.other.Email, o.ID, 1)
			stop(t, o)
			ended, err := end(t, o)
			if err != nil {
				t.Fatal(err)
			}
			delivered(t, table.OutboxID("order."+strings.ToLower(string(want)), o.ID))
			redrive(t)
			if now := get(t, o.ID); now.State != want || now.Run != ended.Run || now.Rev != ended.Rev {
				t.Errorf("it is %s, run %d, revision %d, was run %d, revision %d", now.State, now.Run, now.Rev, ended.Run, ended.Rev)
			}
			if next := (order.Order{ID: o.ID, Run: ended.Run + 1}); !strings.Contains(status(t, next), "ExecutionDoesNotExist") {
				t.Errorf("run %d is %s", next.Run, status(t, next))
			}
			for _, address := range []string{p.own.Email, p.other.Email} {
				if n := len(about(t, address, o.ID, 2)); n != 2 {
					t.Errorf("%d mails to %s, want 2 (M9)", n, address)
				}
			}
		})
	}
}

// TestAnOlderRunEndsQuietly names M9: two executions of one order are one too many, and the older one finds that out at
// its next step.
func TestAnOlderRunEndsQuietly(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	older := reviewed(t, p.submit(t, nil).ID)
	newer := older
	newer.Run++
	inCharge(t, newer)
	redrive(t)
	newer = reviewed(t, older.ID)
	if newer.Run != 2 || status(t, older) != "RUNNING" {
		t.Fatalf("run %d is in charge, the older one is %s", newer.Run, status(t, older))
	}
	if _, err := steps(t).SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: &older.Task.Token, Output: aws.String("{}")}); err != nil {
		t.Fatal(err)
	}
	reaches(t, older, "SUCCEEDED")
	// Not the revision: the mails that went out are noted at any time.
	now := get(t, older.ID)
	if now.State != newer.State || now.Run != newer.Run || now.Task != newer.Task || len(now.History) != len(newer.History) || status(t, now) != "RUNNING" {
		t.Errorf("the older run changed the order to %s, run %d, %d steps; was %s, run %d, %d steps", now.State, now.Run, len(now.History),
			newer.State, newer.Run, len(newer.History))
	}
	toldOnce(t, p, older.ID)
}

// TestADecisionReachesAnOrderWhoseExecutionIsDead needs no schedule: the decision itself finds the token dead.
func TestADecisionReachesAnOrderWhoseExecutionIsDead(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, func(s *order.Store) { s.VetoHours = 0 }).ID)
	until(t, o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() })
	stop(t, o)
	approve(t, get(t, o.ID))
	o = until(t, o.ID, "the execution", in(merge.Executed))
	if o.Run != 2 {
		t.Errorf("run %d executed it, want 2", o.Run)
	}
}
