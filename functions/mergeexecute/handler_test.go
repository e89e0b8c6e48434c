package mergeexecute

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// orders isolates the step from DynamoDB.
type orders struct {
	order order.Order
	err   error
	why   string
}

func (o *orders) Execute(context.Context, string, int) (order.Order, error) { return o.order, o.err }

func (o *orders) Fail(_ context.Context, _ string, _ int, why string) (order.Order, error) {
	o.why = why
	return o.order, o.err
}

func TestSteps(t *testing.T) {
	lost := errors.New("connection lost")
	tests := map[string]struct {
		in     Input
		store  orders
		want   merge.State
		err    error
		logged string
	}{
		"an approved order is executed":                 {Input{Step: "execute"}, orders{order: order.Order{State: merge.Executed}}, merge.Executed, nil, `"msg":"step"`},
		"an order in its veto period is left alone":     {Input{Step: "execute"}, orders{order: order.Order{State: merge.Approved}, err: order.ErrTooEarly}, merge.Approved, nil, `"msg":"step"`},
		"a lost answer is an error, so that it retries": {Input{Step: "execute"}, orders{err: lost}, "", lost, `"level":"ERROR"`},
		"a failed order raises the alarm":               {Input{Step: "fail", Why: "Lambda.Unknown"}, orders{order: order.Order{State: merge.Failed}}, merge.Failed, nil, `"event":"order.failed"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			out, err := Handler{Orders: &tt.store, Log: slog.New(slog.NewJSONHandler(&log, nil))}.Handle(context.Background(), tt.in)
			if out.State != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("state %q, error %v; want %q, %v", out.State, err, tt.want, tt.err)
			}
			if !strings.Contains(log.String(), tt.logged) {
				t.Errorf("log %s lacks %s", log.String(), tt.logged)
			}
			if tt.store.why != tt.in.Why {
				t.Errorf("noted %q as the cause, want %q", tt.store.why, tt.in.Why)
			}
		})
	}
}

func TestUnknownStepIsAnError(t *testing.T) {
	if _, err := (Handler{Orders: &orders{}, Log: slog.New(slog.DiscardHandler)}).Handle(context.Background(), Input{Step: "undo"}); err == nil {
		t.Error("an unknown step was taken")
	}
}
