package mergeexecute

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/alarms"
	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/merge"
)

// step runs one on an approved order that was announced some time ago.
func step(t *testing.T, in Input, announced time.Duration, disturb func(*world.World)) (w *world.World, out output, log string, err error) {
	t.Helper()
	w = world.New(t)
	o := sampleorder.Anna()
	o.State, o.AnnouncedAt = merge.Approved, w.Now.Add(-announced)
	w.SaveOrder(o)
	for _, p := range sampleorder.Profiles(o) {
		w.Save(p)
	}
	if disturb != nil {
		disturb(w)
	}
	orders := w.Orders()
	orders.Store = w.Watched
	in.Order, in.Run = o.ID, o.Run
	var said bytes.Buffer
	out, err = Handler{Orders: orders, Log: slog.New(slog.NewJSONHandler(&said, nil))}.Handle(t.Context(), in)
	return w, out, said.String(), err
}

func TestSteps(t *testing.T) {
	cut := func(w *world.World) { w.Fail(0, errors.New("connection lost"), world.TransactWrites) }
	for name, c := range map[string]struct {
		in        Input
		announced time.Duration
		disturb   func(*world.World)
		want      merge.State // in the tables; the step says the same, or fails
		failed    bool
		logged    string
	}{
		"an approved order is executed":                 {Input{Step: "execute"}, 73 * time.Hour, nil, merge.Executed, false, `"msg":"step"`},
		"an order in its veto period is left alone":     {Input{Step: "execute"}, 71 * time.Hour, nil, merge.Approved, false, `"msg":"step"`},
		"a lost answer is an error, so that it retries": {Input{Step: "execute"}, 73 * time.Hour, cut, merge.Approved, true, `"level":"ERROR"`},
		"a failed order raises the alarm":               {Input{Step: "fail", Why: "Lambda.Unknown"}, 73 * time.Hour, nil, merge.Failed, false, `"event":"order.failed"`},
		"an unknown step is an error":                   {Input{Step: "undo"}, 73 * time.Hour, nil, merge.Approved, true, `"level":"ERROR"`},
	} {
		t.Run(name, func(t *testing.T) {
			w, out, log, err := step(t, c.in, c.announced, c.disturb)
			if (err != nil) != c.failed || err == nil && out.State != c.want {
				t.Errorf("state %q, error %v", out.State, err)
			}
			if !strings.Contains(log, c.logged) {
				t.Errorf("log %s lacks %s", log, c.logged)
			}
			if o := w.Order(sampleorder.Anna().ID); o.State != c.want || o.Failure != c.in.Why {
				t.Errorf("the order is %s because of %q", o.State, o.Failure)
			}
		})
	}
}

func TestAFailedOrderRaisesTheAlarm(t *testing.T) {
	fail := Input{Step: "fail", Why: "Lambda.Unknown"}
	_, _, quiet, _ := step(t, Input{Step: "execute"}, 73*time.Hour, nil)
	_, _, failed, _ := step(t, fail, 73*time.Hour, nil)
	_, _, again, _ := step(t, fail, 73*time.Hour, func(w *world.World) {
		if _, err := w.Orders().Fail(t.Context(), sampleorder.Anna().ID, 1, "States.Timeout"); err != nil {
			t.Fatal(err)
		}
	})
	alarms.FiresOn(t, "FailedOrdersAlarm", "mergeexecute", failed, quiet)
	alarms.FiresOn(t, "FailedOrdersAlarm", "mergeexecute", again, quiet)
}
