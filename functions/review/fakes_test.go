package review

import (
	"context"
	"slices"
	"strings"

	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
)

// fakeTeam is the directory as far as one person goes.
type fakeTeam struct {
	sub, name string
	groups    []string
	err       error
	asked     int
}

func (f *fakeTeam) Standing(_ context.Context, s session.StaffSession) (session.StaffSession, error) {
	f.asked++
	s.Sub, s.Name, s.Groups = f.sub, f.name, f.groups
	return s, f.err
}

// fakeOrders decides by the rules of shared/order, without its transactions; cloud_test.go runs the real store.
type fakeOrders struct {
	orders   map[string]order.Order
	profile  func(number string) customer.Profile
	decided  []order.Decision
	later    []string            // orders in the way of an undo
	barred   map[string]bool     // by source number
	released []string            // reasons
	held     map[string][]string // objections by number
}

func (f *fakeOrders) Claim(_ context.Context, id, reviewer, _ string) (order.Order, error) {
	o := f.orders[id]
	if o.State.Final() {
		return o, order.ErrState
	}
	o.ClaimedBy = reviewer
	f.orders[id] = o
	return o, nil
}

func (f *fakeOrders) Release(_ context.Context, id, _, _ string) (order.Order, error) {
	return f.Claim(context.Background(), id, "", "")
}

func (f *fakeOrders) ByCustomer(_ context.Context, number, _ string, _ int32) (found []order.Order, next string, err error) {
	for _, o := range f.orders {
		if o.Customer == number {
			found = append(found, o)
		}
	}
	return found, "", nil
}

func (f *fakeOrders) Barred(_ context.Context, _, other string) (bool, error) {
	return f.barred[other], nil
}

func (f *fakeOrders) ReleaseBar(_ context.Context, _, other, _, reason string) error {
	delete(f.barred, other)
	f.released = append(f.released, reason)
	return nil
}

func (f *fakeOrders) Get(_ context.Context, id string) (order.Order, error) {
	o, ok := f.orders[id]
	if !ok {
		return order.Order{}, order.ErrNotFound
	}
	return o, nil
}

func (f *fakeOrders) Queue(_ context.Context, limit int, states ...merge.State) ([]order.Order, error) {
	var found []order.Order
	for _, o := range f.orders {
		state := o.State
		if o.Objected() {
			state = order.ObjectionQueue
		}
		if slices.Contains(states, state) {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b order.Order) int {
		if c := a.SubmittedAt.Compare(b.SubmittedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found[:min(limit, len(found))], nil
}

func (f *fakeOrders) Approve(_ context.Context, id string, d order.Decision) (order.Order, error) {
	return f.decide(id, d, merge.Approved)
}

func (f *fakeOrders) Reject(_ context.Context, id string, d order.Decision) (order.Order, error) {
	return f.decide(id, d, merge.Rejected)
}

func (f *fakeOrders) decide(id string, d order.Decision, to merge.State) (order.Order, error) {
	o := f.orders[id]
	switch {
	case o.Digest != d.Digest, to == merge.Approved && f.changed(o):
		return o, order.ErrDigest
	case to == merge.Approved && o.Stopped() && d.Contact == "":
		return o, order.ErrContact
	case to == merge.Rejected && !o.MayReject(d.Seen), !o.State.May(to) && !(o.State == to && o.Stopped()):
		return o, order.ErrState
	}
	if to == merge.Approved && o.Stopped() {
		o.Contact, o.ContactedAt = d.Contact, start
	}
	f.decided = append(f.decided, d)
	o.Reviewer, o.Reason, o.Note, o.DecidedAt = d.Reviewer, d.Reason, d.Note, start
	return f.enter(o, to, d.Reviewer), nil
}

func (f *fakeOrders) enter(o order.Order, to merge.State, actor string) order.Order {
	o.State, o.History = to, append(slices.Clone(o.History), order.Step{At: start, State: to, Actor: actor})
	f.orders[o.ID] = o
	return o
}

func (f *fakeOrders) changed(o order.Order) bool {
	for _, p := range sampleorder.Parties(o) {
		if f.profile(p.Record.Number).Version != p.Version {
			return true
		}
	}
	return false
}

func (f *fakeOrders) Recheck(_ context.Context, id string) (order.Order, error) {
	return f.enter(f.orders[id], merge.Stale, "system"), nil
}

func (f *fakeOrders) Retry(_ context.Context, id, reviewer, reason string) (order.Order, error) {
	o := f.orders[id]
	if o.State != merge.Failed {
		return o, order.ErrState
	}
	o.Note, o.Failure = reason, ""
	return f.enter(o, merge.Approved, reviewer), nil
}

func (f *fakeOrders) Undo(_ context.Context, id string, u order.Undoing) (order.Order, error) {
	o := f.orders[id]
	if f.later != nil {
		return o, &order.LaterMerges{Orders: f.later}
	}
	return f.UndoAll(context.Background(), id, u)
}

func (f *fakeOrders) UndoAll(_ context.Context, id string, u order.Undoing) (order.Order, error) {
	o := f.orders[id]
	if !o.State.May(merge.Undone) {
		return o, order.ErrState
	}
	o.Reason, o.Abuse, o.ObjectionEnded = u.Reason, u.Abuse, start
	return f.enter(o, merge.Undone, u.Reviewer), nil
}

func (f *fakeOrders) Dismiss(_ context.Context, id, reviewer, reason string, seen []string) (order.Order, error) {
	o := f.orders[id]
	if !o.Objected() {
		return o, order.ErrState
	}
	if more := slices.DeleteFunc(o.Objectors(), func(n string) bool { return slices.Contains(seen, n) }); len(more) > 0 {
		return o, &order.MoreObjections{Numbers: more}
	}
	o.Reason, o.ObjectionEnded = reason, start
	return f.enter(o, merge.Executed, reviewer), nil
}

func (f *fakeOrders) Objections(_ context.Context, numbers ...string) (ids []string, err error) {
	for _, n := range numbers {
		ids = append(ids, f.held[n]...)
	}
	return ids, nil
}
