package reviewtask

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestNextFollowsTheOrder(t *testing.T) {
	submitted := noon.Add(-time.Hour)
	one := order.Party{Record: merge.Record{Email: "a@a.example"}, CustomerSince: noon.AddDate(-5, 0, 0)}
	approved := order.Order{Run: 1, State: merge.Approved, SubmittedAt: submitted, VetoHours: 72, Survivor: one, Sources: []order.Source{{Party: one}}}
	announced := approved
	announced.AnnouncedAt = noon.Add(-time.Minute)
	announced.Sources = []order.Source{{Party: order.Party{Record: merge.Record{Email: "b@alt.example"}}}}
	unannounced := announced
	unannounced.AnnouncedAt = time.Time{}
	over := announced
	over.AnnouncedAt = noon.Add(-73 * time.Hour)
	tests := map[string]struct {
		order order.Order
		want  output
	}{
		"a submitted order is announced":                          {order.Order{Run: 1, State: merge.Submitted}, output{Next: "announce"}},
		"an order in review waits for a decision":                 {order.Order{Run: 1, State: merge.InReview}, output{Next: "review"}},
		"a stale order waits for its customer":                    {order.Order{Run: 1, State: merge.Stale}, output{Next: "review"}},
		"an approved order waits for the end of the veto period":  {announced, output{Next: "wait", Until: noon.Add(72*time.Hour - time.Minute)}},
		"the veto period does not start before the announcement":  {unannounced, output{Next: "wait", Until: noon.Add(15 * time.Minute)}},
		"an approved order is executed after the veto period":     {over, output{Next: "execute"}},
		"one mailbox on both sides needs no veto period":          {approved, output{Next: "execute"}},
		"a withdrawn order ends the workflow":                     {order.Order{Run: 1, State: merge.Withdrawn}, output{Next: "done"}},
		"a failed order waits for the service team, not for us":   {order.Order{Run: 1, State: merge.Failed}, output{Next: "done"}},
		"an older run ends quietly when a newer one is in charge": {order.Order{Run: 2, State: merge.InReview}, output{Next: "done"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := next(tt.order, 1, noon); got != tt.want {
				t.Errorf("next = %+v, want %+v", got, tt.want)
			}
		})
	}
}

// orders is an order store with one order; it isolates the steps from DynamoDB.
type orders struct {
	Orders
	order    order.Order
	waiting  bool
	err      error
	opened   []order.Task
	objected string // a number that an objection holds
}

func (o *orders) OpenTask(_ context.Context, _ string, t order.Task) (order.Order, bool, error) {
	o.opened = append(o.opened, t)
	return o.order, o.waiting, o.err
}

type answers struct{ tokens []string }

func (a *answers) Answer(_ context.Context, token string) error {
	a.tokens = append(a.tokens, token)
	return nil
}

func TestOpenAnswersItsOwnTokenWhenNobodyWaits(t *testing.T) {
	for name, tt := range map[string]struct {
		waiting bool
		err     error
		want    int
	}{
		"an order in review keeps the token":               {waiting: true},
		"an order decided meanwhile answers at once":       {want: 1},
		"a table that cannot be read answers nothing (M9)": {err: errors.New("throttled")},
	} {
		t.Run(name, func(t *testing.T) {
			store := &orders{order: order.Order{Run: 3, State: merge.InReview}, waiting: tt.waiting, err: tt.err}
			told := &answers{}
			h := Handler{Orders: store, Tasks: told, Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
			_, err := h.Handle(context.Background(), Input{Step: "open", Order: "K7QX-2M4D", Run: 3, Retry: 1, Token: "t"})
			if !errors.Is(err, tt.err) || len(told.tokens) != tt.want {
				t.Errorf("answered %d tokens, error %v; want %d, %v", len(told.tokens), err, tt.want, tt.err)
			}
			if want := (order.Task{Token: "t", Run: 3, Retry: 1}); len(store.opened) != 1 || store.opened[0] != want {
				t.Errorf("opened %+v, want %+v", store.opened, want)
			}
		})
	}
}

func TestOpenWithoutATokenIsRefused(t *testing.T) {
	h := Handler{Orders: &orders{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now}
	if _, err := h.Handle(context.Background(), Input{Step: "open", Order: "K7QX-2M4D", Run: 1}); err == nil {
		t.Error("a review task without a token was opened")
	}
}

func TestUnknownStepIsAnError(t *testing.T) {
	h := Handler{Orders: &orders{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now}
	if _, err := h.Handle(context.Background(), Input{Step: "approve"}); err == nil {
		t.Error("an unknown step was taken")
	}
}

func (o *orders) Get(context.Context, string) (order.Order, error) { return o.order, o.err }

func (o *orders) Objections(_ context.Context, numbers ...string) ([]string, error) {
	if slices.Contains(numbers, o.objected) {
		return []string{"K7QX-2M4E"}, nil
	}
	return nil, nil
}

func TestAnOrderOverANumberThatAnObjectionHoldsWaits(t *testing.T) { // M4
	due := order.Order{Run: 1, State: merge.Approved, SubmittedAt: noon.Add(-100 * time.Hour), AnnouncedAt: noon.Add(-99 * time.Hour), VetoHours: 72,
		Customer: "10000017", Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: "10000025"}}}}}
	for objected, want := range map[string]output{
		"10000017": {Next: "wait", Until: noon.Add(15 * time.Minute)},
		"10000025": {Next: "wait", Until: noon.Add(15 * time.Minute)},
		"10000033": {Next: "execute"},
	} {
		h := Handler{Orders: &orders{order: due, objected: objected}, Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
		if got, err := h.Handle(context.Background(), Input{Step: "read", Order: "K7QX-2M4D", Run: 1}); err != nil || got != want {
			t.Errorf("%s is objected to: %+v, %v; want %+v", objected, got, err, want)
		}
	}
}

func (o *orders) Expire(context.Context, string, int) (order.Order, error) {
	o.order.State = merge.Expired
	return o.order, nil
}

func TestAnApprovedOrderThatNobodyIsToldOfIsGivenUp(t *testing.T) {
	bounced := order.Order{Run: 1, State: merge.Approved, SubmittedAt: noon.Add(-20 * 24 * time.Hour), ExpireAt: noon.Add(-6 * 24 * time.Hour), VetoHours: 72,
		Unreached: []order.Unreached{{Numbers: []string{"10000025"}, Why: order.Bounced, At: noon.Add(-14 * 24 * time.Hour)}}}
	young, contacted := bounced, bounced
	young.Unreached = []order.Unreached{{Numbers: []string{"10000025"}, Why: order.Bounced, At: noon.Add(-13 * 24 * time.Hour)}}
	contacted.ContactedAt = noon.Add(-time.Hour)
	for name, c := range map[string]struct {
		order order.Order
		want  string
	}{
		"for two weeks":             {bounced, "done"},
		"for less":                  {young, "wait"},
		"who was reached meanwhile": {contacted, "wait"},
	} {
		h := Handler{Orders: &orders{order: c.order}, Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
		if got, err := h.Handle(context.Background(), Input{Step: "read", Order: "K7QX-2M4D", Run: 1}); err != nil || got.Next != c.want {
			t.Errorf("%s: %+v, %v; want %s", name, got, err, c.want)
		}
	}
}
