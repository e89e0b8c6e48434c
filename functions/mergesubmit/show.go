package mergesubmit

import (
	"errors"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// orderView is an order's page.
type orderView struct {
	listLine
	Survivor string        `json:"survivor"`
	Points   []point       `json:"timeline"`
	Outcome  merge.Outcome `json:"outcome"`
	Holds    []heldView    `json:"-"`
	// Balances are those that the order was submitted, confirmed or executed with, without what was zero.
	Balances []merge.Balance `json:"balances"`
	Reason   string          `json:"reason,omitempty"` // of the service team, to the ordering customer
	MayStop  bool            `json:"mayWithdraw"`
	Running  bool            `json:"running"`
	MayAgain bool            `json:"mayBeginAnew"`
	Ended    bool            `json:"-"`                   // without a merge: nothing of it holds
	Owner    string          `json:"belongsTo,omitempty"` // the number that the one which stayed was merged into since
	Confirm  *confirmView    `json:"confirm,omitempty"`   // while the order waits for the customer's agreement
	Lost     *lang.Text      `json:"proofLost,omitempty"` // why there is nothing to agree to
}

// Merged says that the numbers are one now.
func (v orderView) Merged() bool { return v.State == string(merge.Executed) }

// ResultHeading is above what the order comes to.
func (v orderView) ResultHeading() lang.Text {
	switch {
	case v.Confirm != nil:
		return lang.T("Ergebnis mit den neuen Daten")
	case v.Ended:
		return lang.T("Was vorgesehen war")
	}
	return lang.T("Ergebnis der Zusammenfassung")
}

// heldView is what holds for a group of fields after the merge.
type heldView struct {
	Label    lang.Text
	Value    string
	From     string // the other number it comes from, "" for the own data
	Withheld bool   // nothing came of the merge, so that the other number's value is not shown any more
}

func (d Deps) show(r *web.Request, s session.Visitor) (web.Response, error) {
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
	page := web.Page("order", v)
	if o.Customer == s.Profile.Number && r.Now.Sub(o.SubmittedAt) < justNow && (o.State == merge.Submitted || o.State == merge.InReview) {
		page.WithNotice("success", submitted(s.Profile.Email))
	}
	return page, nil
}

// justNow is how long the page of an order says that it went out.
const justNow = time.Minute

// submitted tells that the order went out, and where its confirmation goes.
func submitted(email string) lang.Text {
	said := lang.T("Ihr Auftrag ist abgeschickt.")
	if email == "" {
		return said
	}
	return said.And(lang.T("Eine Bestätigung geht an %s.", web.Email(email)))
}

// told reads the order of the address, which may be of a number that was merged into the own one since: mails of that
// time lead here (M6).
func (d Deps) told(r *web.Request, s session.Visitor) (order.Order, error) {
	numbers, _, err := d.Orders.ReadableNumbers(r.Context(), s.Profile)
	if err != nil {
		return order.Order{}, err
	}
	return d.of(r, numbers)
}

// find reads the order of the address, to do something about it.
func (d Deps) find(r *web.Request, s session.Visitor) (order.Order, error) {
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

// view shows the order. One that waits for the customer's agreement shows what will hold with the data as they are now, and
// what changed; but nothing new of a number that its customer could no longer prove (M3).
func (d Deps) view(o order.Order, r *web.Request) (orderView, error) {
	v := orderView{
		MayAgain: o.MayAgain(), Ended: o.State.Final() && o.State != merge.Executed,
		listLine: lineOf(o), Survivor: o.Customer, Points: timeline(o, r.Now),
		Reason: o.Reason, MayStop: o.State.May(merge.Withdrawn), Running: !o.State.Final(),
	}
	compared := o.AsSubmitted()
	if o.State == merge.Stale {
		var err error
		if o, err = d.renewed(o, r, &v); err != nil {
			return orderView{}, err
		}
	}
	v.Balances = balancesOf(o, v.Ended)
	v.Outcome = merge.Describe(d.Speller, o.Survivor.Record, o.Merging())
	// Which values differ was told with the proof. Own data that changed since are compared for the customer no more.
	v.Outcome.Lapses = merge.Describe(d.Speller, compared.Survivor.Record, compared.Merging()).Lapses
	for i, h := range v.Outcome.Holds {
		held := heldView{Label: h.Group.Words()}
		if h.Other {
			held.From, held.Withheld = h.From, v.Ended
		}
		if held.Withheld {
			h.Values = nil
			v.Outcome.Holds[i] = h
		}
		held.Value = strings.Join(readable(h.Values), ", ")
		v.Holds = append(v.Holds, held)
	}
	if v.Ended && slices.ContainsFunc(v.Outcome.Holds, func(h merge.OutcomeValue) bool { return h.Other && h.Group == merge.BankGroup }) {
		v.Outcome.Debit = ""
	}
	return v, nil
}

// balancesOf are those of the order's numbers; only the own ones when nothing came of the merge.
func balancesOf(o order.Order, ended bool) []merge.Balance {
	list := append([]merge.Balance{}, o.Survivor.Balances...)
	if ended {
		return list
	}
	for _, source := range o.Sources {
		list = append(list, source.Balances...)
	}
	return list
}

// renewed is a stale order with the data as they are now, for its customer to agree to.
func (d Deps) renewed(o order.Order, r *web.Request, v *orderView) (order.Order, error) {
	holds, err := d.Orders.ProofsHold(r.Context(), o)
	if err != nil {
		return order.Order{}, err
	}
	if !holds {
		lost := merge.ProofLost.Text
		v.Lost = &lost
		return o, nil
	}
	renewed, err := d.Orders.Renewed(r.Context(), o)
	if err != nil {
		return order.Order{}, err
	}
	v.Confirm = confirmViewOf(o, renewed)
	o.Survivor, o.Sources = renewed.Survivor, renewed.Sources
	return o, nil
}

// withdraw stops the customer's own order. Too late, it says so.
func (d Deps) withdraw(r *web.Request, s session.Visitor) (web.Response, error) {
	o, err := d.find(r, s)
	if err != nil {
		return nil, err
	}
	o, err = d.Orders.Withdraw(r.Context(), o.ID, s.Profile.Number, s.Profile.Epoch)
	if errors.Is(err, order.ErrSignedOut) {
		return session.ToSignIn(r)
	}
	if errors.Is(err, order.ErrState) {
		return nil, web.Conflict("order_closed", lang.T("Dieser Auftrag ist schon abgeschlossen und lässt sich nicht mehr zurückziehen."))
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
