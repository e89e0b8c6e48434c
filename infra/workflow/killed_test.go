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
	"kundenkonto/shared/table"
)

// deaths are the ways in which an execution ends without the order's knowing. One that failed or timed out is for
// dispatch the same as one that was stopped, as its own test says.
var deaths = map[string]func(t *testing.T, o order.Order) order.Order{
	"stopped": func(t *testing.T, o order.Order) order.Order {
		stop(t, o)
		return o
	},
	"deleted": func(t *testing.T, o order.Order) order.Order { // AWS forgets executions after 90 days
		stop(t, o)
		o.Run++
		return inCharge(t, o)
	},
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
	for how, kill := range deaths {
		t.Run(how, func(t *testing.T) {
			for state, walk := range map[merge.State]func(*testing.T, func(*testing.T, order.Order) order.Order){
				merge.InReview: diesInReview, merge.Stale: diesStale, merge.Approved: diesApproved,
			} {
				t.Run(string(state), func(t *testing.T) { walk(t, kill) })
			}
		})
	}
	t.Run("stopped/SUBMITTED", diesSubmitted)
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
	time.Sleep(2 * time.Second) // the deployed dispatch takes the submission from the stream
	if now := get(t, id); now.State != merge.Submitted {
		t.Fatalf("the order is %s without an execution", now.State)
	}
	revived(t, o)
	if o = reviewed(t, id); o.Run != 2 {
		t.Errorf("run %d is in charge, want 2", o.Run)
	}
	toldOnce(t, p, id)
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
	time.Sleep(2 * time.Second) // it waits for the end of the veto period now
	o = kill(t, get(t, o.ID))
	o = revived(t, o)
	if o.State != merge.Approved {
		t.Fatalf("in the veto period it is %s (M4)", o.State)
	}
	time.Sleep(2 * time.Second)
	// The period passes while nothing runs.
	o = kill(t, get(t, o.ID))
	edit(t, o.ID, "SET announcedAt = :at, rev = rev + :one", table.Item{":at": table.Time(time.Now().Add(-73 * time.Hour)), ":one": table.N(1)})
	revived(t, o)
	until(t, o.ID, "the execution", in(merge.Executed))
	redrive(t)
	if n := len(mails(t, p.own.Email, 3)); n != 3 { // announced, approved, executed
		t.Errorf("%d mails to the ordering customer, want 3 (M9)", n)
	}
}

// TestADecisionReachesAnOrderWhoseExecutionIsDead needs no schedule: the decision itself finds the token dead.
func TestADecisionReachesAnOrderWhoseExecutionIsDead(t *testing.T) {
	localtest.Cloud(t)
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
