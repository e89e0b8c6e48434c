package reviewtask

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
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

// steps runs the steps on an order; told are the tokens that were answered.
func steps(t *testing.T, o order.Order) (w *world.World, h Handler, told *[]string) {
	t.Helper()
	w, told = world.New(t), &[]string{}
	w.Now = noon
	w.SaveOrder(o)
	orders := w.Orders()
	orders.Store = w.Watched
	succeed := func(_ context.Context, in *sfn.SendTaskSuccessInput, _ ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
		*told = append(*told, *in.TaskToken)
		return nil, &types.TaskTimedOut{} // nobody waits with it any more, which is no error
	}
	return w, Handler{Orders: orders, Tasks: Tasks{Succeed: succeed}, Now: func() time.Time { return w.Now }, Log: slog.New(slog.DiscardHandler)}, told
}

func TestOpenAnswersItsOwnTokenWhenNobodyWaits(t *testing.T) {
	for name, tt := range map[string]struct {
		state   merge.State
		disturb func(*world.World)
		kept    string
		told    []string
	}{
		"an order in review keeps the token":         {state: merge.InReview, kept: "t"},
		"an order decided meanwhile answers at once": {state: merge.Rejected, told: []string{"t"}},
		"a table that cannot be read answers nothing (M9)": {state: merge.InReview, disturb: func(w *world.World) {
			w.Fail(0, tablefake.Refused("ThrottlingException"), func(tablefake.Call) bool { return true })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			o := sampleorder.Anna()
			o.State, o.Run = tt.state, 3
			w, h, told := steps(t, o)
			if tt.disturb != nil {
				tt.disturb(w)
			}
			_, err := h.Handle(t.Context(), Input{Step: "open", Order: o.ID, Run: 3, Retry: 1, Token: "t"})
			if (err != nil) != (tt.disturb != nil) || !slices.Equal(*told, tt.told) {
				t.Errorf("answered %q, error %v; want %q", *told, err, tt.told)
			}
			want := order.Task{}
			if tt.kept != "" {
				want = order.Task{Token: tt.kept, Run: 3, Retry: 1}
			}
			if got := w.Order(o.ID).Task; got != want {
				t.Errorf("kept %+v, want %+v", got, want)
			}
		})
	}
}

func TestWhatIsNoStepIsAnError(t *testing.T) {
	_, h, _ := steps(t, sampleorder.Anna())
	for name, in := range map[string]Input{"a review task without a token": {Step: "open"}, "an unknown step": {Step: "approve"}} {
		in.Order, in.Run = sampleorder.Anna().ID, 1
		if _, err := h.Handle(t.Context(), in); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestAnOrderOverANumberThatAnObjectionHoldsWaits(t *testing.T) { // M4
	due := sampleorder.Anna()
	due.State, due.SubmittedAt, due.AnnouncedAt = merge.Approved, noon.Add(-100*time.Hour), noon.Add(-99*time.Hour)
	for objected, want := range map[string]output{
		due.Customer:           {Next: "wait", Until: noon.Add(15 * time.Minute)},
		due.SourceNumbers()[0]: {Next: "wait", Until: noon.Add(15 * time.Minute)},
		"10000033":             {Next: "execute"},
	} {
		w, h, _ := steps(t, due)
		earlier := sampleorder.Anna()
		earlier.ID, earlier.State, earlier.ObjectedAt, earlier.Held = "K7QX-2M4E", merge.Executed, noon.Add(-time.Hour), []string{objected}
		earlier.Customer, earlier.Survivor.Record.Number = objected, objected
		earlier.Sources[0].Record.Number = "10000041"
		w.SaveOrder(earlier)
		if got, err := h.Handle(t.Context(), Input{Step: "read", Order: due.ID, Run: 1}); err != nil || got != want {
			t.Errorf("%s is objected to: %+v, %v; want %+v", objected, got, err, want)
		}
	}
}

func TestAnApprovedOrderThatNobodyIsToldOfIsGivenUp(t *testing.T) {
	bounced := func(days int) []order.Unreached {
		return []order.Unreached{{Numbers: []string{"10000023"}, Why: order.Bounced, At: noon.AddDate(0, 0, -days)}}
	}
	for name, c := range map[string]struct {
		days      int
		contacted time.Time
		want      string
		state     merge.State
	}{
		"for two weeks":             {14, time.Time{}, "done", merge.Expired},
		"for less":                  {13, time.Time{}, "wait", merge.Approved},
		"who was reached meanwhile": {14, noon.Add(-time.Hour), "wait", merge.Approved},
	} {
		o := sampleorder.Anna()
		o.State, o.SubmittedAt, o.ExpireAt = merge.Approved, noon.AddDate(0, 0, -20), noon.AddDate(0, 0, -6)
		o.Unreached, o.ContactedAt = bounced(c.days), c.contacted
		w, h, _ := steps(t, o)
		if got, err := h.Handle(t.Context(), Input{Step: "read", Order: o.ID, Run: 1}); err != nil || got.Next != c.want || w.Order(o.ID).State != c.state {
			t.Errorf("%s: %+v, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestASubmittedOrderIsAnnounced(t *testing.T) {
	o := sampleorder.Anna()
	o.State, o.History = merge.Submitted, o.History[:1]
	o.Sources[0].Proof = 1                                                                                   // the first password of the package
	for version, want := range map[int64]merge.State{o.Sources[0].Version: merge.InReview, 9: merge.Stale} { // changed before it was told (M5)
		w, h, _ := steps(t, o)
		for _, p := range sampleorder.Profiles(o) {
			w.Save(p)
		}
		w.Change("10000023", func(p *customer.Profile) { p.Version = version })
		w.Hold(customer.Package{ID: "P-1002", Number: "10000023", Product: "shop"})
		w.SetPassword(table.PackageSubject("P-1002"), "geheimes Paketpasswort")
		got, err := h.Handle(t.Context(), Input{Step: "announce", Order: o.ID, Run: 1})
		if state := w.Order(o.ID).State; err != nil || got.Next != "review" || state != want || len(w.Outbox()) == 0 {
			t.Errorf("%+v, %v: %s, %d in the outbox", got, err, state, len(w.Outbox()))
		}
	}
}

func TestAnOrderThatNobodyDecidesExpires(t *testing.T) {
	for left, want := range map[time.Duration]merge.State{-time.Minute: merge.Expired, time.Minute: merge.InReview} {
		o := sampleorder.Anna()
		o.EscalateAt, o.ExpireAt = noon.Add(-time.Hour), noon.Add(left)
		w, h, _ := steps(t, o)
		_, err := h.Handle(t.Context(), Input{Step: "overdue", Order: o.ID, Run: 1})
		if now := w.Order(o.ID); err != nil || now.State != want || !now.Escalated {
			t.Errorf("%v: %s, escalated: %v", err, now.State, now.Escalated)
		}
	}
}
