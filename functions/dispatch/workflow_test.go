package dispatch

import (
	"testing"

	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

const running, aborted = sfntypes.ExecutionStatusRunning, sfntypes.ExecutionStatusAborted

func TestWakingAnOrderThatLeftTheReview(t *testing.T) {
	for _, c := range []struct {
		name       string
		state      merge.State
		token      string
		waiting    bool
		execution  sfntypes.ExecutionStatus // of run 1, "" for none
		woken      bool
		run        int
		newStarted bool
	}{
		{"a waiting execution is woken", merge.Approved, "token", true, running, true, 1, false},
		{"an execution that does not wait reads the order by itself", merge.Approved, "", false, running, false, 1, false},
		{"a dead token of a running execution needs nothing", merge.Approved, "token", false, running, false, 1, false},
		{"a dead execution of an approved order is followed by the next run", merge.Approved, "token", false, aborted, false, 2, true},
		{"an execution that was stopped a moment ago is followed, though its token was taken", merge.Approved, "token", true, aborted, true, 2, true},
		{"a dead execution of a withdrawn order is left alone", merge.Withdrawn, "token", false, aborted, false, 1, false},
		{"a dead execution of a failed order waits for the service team", merge.Failed, "token", false, aborted, false, 1, false},
		{"an execution that never began is begun", merge.Approved, "", false, "", false, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := dispatcher(t)
			flow := d.SFN.(*fakeSFN)
			hasOrder(t, d, order.Order{ID: "K7QX-2M4D", Run: 1, State: c.state, Task: order.Task{Token: c.token, Run: 1}})
			flow.waiting[c.token] = c.waiting
			if c.execution != "" {
				flow.executions["K7QX-2M4D-1"] = c.execution
			}
			for range 2 { // a repeated item has no second effect (M9)
				if _, err := d.effect(t.Context(), outbox.Item{Event: outbox.OrderApproved, Order: "K7QX-2M4D"}); err != nil {
					t.Fatal(err)
				}
			}
			if got := len(flow.woken) == 1; got != c.woken {
				t.Errorf("woken %v", flow.woken)
			}
			if got := theOrder(t, d, "K7QX-2M4D").Run; got != c.run {
				t.Errorf("run %d, want %d", got, c.run)
			}
			if got := len(flow.started) == 1; got != c.newStarted || len(flow.started) > 1 {
				t.Errorf("started %v", flow.started)
			}
		})
	}
}

func TestHoweverAnExecutionEndedTheNextRunFollows(t *testing.T) {
	for _, ended := range []sfntypes.ExecutionStatus{sfntypes.ExecutionStatusFailed, sfntypes.ExecutionStatusTimedOut, aborted, sfntypes.ExecutionStatusSucceeded} {
		t.Run(string(ended), func(t *testing.T) {
			for _, state := range drivenStates {
				d, _ := dispatcher(t)
				hasOrder(t, d, order.Order{ID: "K7QX-2M4D", Run: 1, State: state})
				flow := d.SFN.(*fakeSFN)
				flow.executions["K7QX-2M4D-1"] = ended
				if err := d.redriveOrders(t.Context()); err != nil {
					t.Fatal(err)
				}
				if len(flow.started) != 1 || flow.started[0] != `{"order":"K7QX-2M4D","run":2}` {
					t.Errorf("%s: started %v", state, flow.started)
				}
			}
		})
	}
}

func TestASubmittedOrderStartsOneExecutionWithIdsOnly(t *testing.T) {
	d, _ := dispatcher(t)
	hasOrder(t, d, order.Order{ID: "K7QX-2M4D", Run: 1, State: merge.Submitted})
	for range 3 {
		if _, err := d.effect(t.Context(), outbox.Item{Event: outbox.OrderSubmitted, Order: "K7QX-2M4D"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.SFN.(*fakeSFN).started; len(got) != 1 || got[0] != `{"order":"K7QX-2M4D","run":1}` {
		t.Errorf("started %v", got)
	}
}

func TestTheScheduleRevivesOnlyOrdersWhoseExecutionEnded(t *testing.T) {
	d, _ := dispatcher(t)
	flow := d.SFN.(*fakeSFN)
	for id, state := range map[string]merge.State{"ALIVE": merge.InReview, "DEAD": merge.InReview, "DONE": merge.Executed, "FAILED": merge.Failed} {
		hasOrder(t, d, order.Order{ID: id, Run: 1, State: state})
		flow.executions[id+"-1"] = aborted
	}
	flow.executions["ALIVE-1"] = running
	for range 2 {
		if err := d.redriveOrders(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(flow.started) != 1 || flow.started[0] != `{"order":"DEAD","run":2}` {
		t.Errorf("started %v", flow.started)
	}
}
