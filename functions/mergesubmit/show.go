package mergesubmit

import (
	"errors"
	"slices"
	"strings"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// OrderView is an order's page.
type OrderView struct {
	Line
	Survivor string        `json:"survivor"`
	Points   []Point       `json:"timeline"`
	Outcome  merge.Outcome `json:"outcome"`
	Holds    []Held        `json:"-"`
	Reason   string        `json:"reason,omitempty"` // of the service team, to the ordering customer
	MayStop  bool          `json:"mayWithdraw"`
	Running  bool          `json:"running"`
	MayAgain bool          `json:"mayBeginAnew"`
	Ended    bool          `json:"-"`                   // without a merge: nothing of it holds
	Owner    string        `json:"belongsTo,omitempty"` // the number that the one which stayed was merged into since
	Confirm  *ConfirmView  `json:"confirm,omitempty"`   // while the order waits for the customer's agreement
}

// Held is what holds for a group of fields after the merge.
type Held struct {
	Label web.Text
	Value string
	From  string // the other number it comes from, "" for the own data
}

func (d Deps) show(r *web.Request, s session.Signed) (web.Response, error) {
	o, err := d.told(r, s)
	if err != nil {
		return nil, err
	}
	v, err := d.view(o, r)
	if err != nil {
		return nil, err
	}
	if o.Customer != s.Profile.Number { // read only
		v.Owner, v.MayStop, v.MayAgain, v.Confirm = s.Profile.Number, false, false, nil
	}
	return web.Page("order", v), nil
}

// told reads the order of the address, which may be of a number that was merged into the own one since: mails of that
// time lead here (M6).
func (d Deps) told(r *web.Request, s session.Signed) (order.Order, error) {
	numbers, _, err := order.Told(r.Context(), d.Orders, s.Profile)
	if err != nil {
		return order.Order{}, err
	}
	return d.of(r, numbers)
}

// find reads the order of the address, to do something about it.
func (d Deps) find(r *web.Request, s session.Signed) (order.Order, error) {
	return d.of(r, []string{s.Profile.Number})
}

// of reads the order of the address. Another customer's is as good as none (S11).
func (d Deps) of(r *web.Request, numbers []string) (order.Order, error) {
	id, ok := merge.ParseOrderID(r.PathValue("id"))
	if !ok {
		return order.Order{}, web.NotFound()
	}
	o, err := d.Orders.Get(r.Context(), id)
	if errors.Is(err, order.ErrNotFound) || err == nil && !slices.Contains(numbers, o.Customer) {
		return order.Order{}, web.NotFound()
	}
	return o, err
}

// view shows the order. One that waits for the customer's agreement shows what will
// hold with the data as they are now, and what changed.
func (d Deps) view(o order.Order, r *web.Request) (OrderView, error) {
	var confirm *ConfirmView
	if o.State == merge.Stale {
		renewed, err := d.Orders.Renewed(r.Context(), o)
		if err != nil {
			return OrderView{}, err
		}
		confirm = confirmView(o, renewed)
		o.Survivor, o.Sources = renewed.Survivor, renewed.Sources
	}
	v := OrderView{
		Confirm: confirm, MayAgain: o.MayAgain(), Ended: o.State.Final() && o.State != merge.Executed,
		Line: lineOf(o), Survivor: o.Customer, Points: timeline(o, r.Now),
		Outcome: merge.Describe(d.Speller, o.Survivor.Record, o.Merging()),
		Reason:  o.Reason, MayStop: o.State.May(merge.Withdrawn), Running: !o.State.Final(),
	}
	for _, h := range v.Outcome.Holds {
		held := Held{Label: web.Text(h.Group.Words()), Value: strings.Join(readable(h.Values), ", ")}
		if h.Other {
			held.From = h.From
		}
		v.Holds = append(v.Holds, held)
	}
	return v, nil
}

// withdraw stops the customer's own order. Too late, it says so.
func (d Deps) withdraw(r *web.Request, s session.Signed) (web.Response, error) {
	o, err := d.find(r, s)
	if err != nil {
		return nil, err
	}
	o, err = d.Orders.Withdraw(r.Context(), o.ID, s.Profile.Number, s.Profile.Epoch)
	if errors.Is(err, order.ErrSignedOut) {
		return session.ToSignIn(r)
	}
	if errors.Is(err, order.ErrState) {
		return nil, web.Conflict("order_closed", web.T(
			"Dieser Auftrag ist schon abgeschlossen und lässt sich nicht mehr zurückziehen.",
			"This order is finished already and can no longer be withdrawn."))
	}
	if err != nil {
		return nil, err
	}
	r.Note("outcome", "merge_withdrawn")
	r.Note("order", o.ID)
	return web.SeeOther("/merge/orders/" + o.ID), nil
}

// readable leaves out values that are masked altogether, such as a BIC.
func readable(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.Trim(v, "• ") == "" })
}
