package mergesubmit

import (
	"errors"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// VetoView is the page behind "Sie waren das nicht? Zusammenfassung stoppen". It
// names the numbers, which the mail names too, and nothing else.
type VetoView struct {
	Token       string    `json:"-"`
	Order       string    `json:"order"`
	State       string    `json:"state"`
	StateText   web.Text  `json:"stateText"`
	Survivor    string    `json:"survivor"`
	Sources     []string  `json:"sources"`
	SubmittedAt time.Time `json:"submittedAt"`
	MayStop     bool      `json:"mayStop"`
	Stopped     bool      `json:"stopped"`
}

// showVeto explains what the link does. A GET never acts: mail scanners follow links.
func (d Deps) showVeto(r *web.Request) (web.Response, error) {
	secret := r.URL.Query().Get("token")
	o, err := d.vetoed(r, secret)
	if err != nil {
		return nil, err
	}
	return web.Page("veto", vetoView(o, secret)), nil
}

// veto stops the order. The token stays good, since the link may be needed again
// for an objection; stopping twice changes nothing.
func (d Deps) veto(r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	secret := f.Get("token")
	o, err := d.vetoed(r, secret)
	if err != nil {
		return nil, err
	}
	stopped, err := d.Orders.Veto(r.Context(), o.ID, nil)
	if errors.Is(err, order.ErrState) {
		return web.Page("veto", vetoView(stopped, secret)).WithError(tooLate()), nil
	}
	if err != nil {
		return nil, err
	}
	r.Note("outcome", "merge_vetoed")
	r.Note("order", o.ID)
	return web.Page("veto", vetoView(stopped, secret)), nil
}

func tooLate() *web.Error {
	return web.Conflict("order_closed", web.T(
		"Dieser Auftrag ist schon abgeschlossen. Wenn Sie damit nicht einverstanden sind, schreiben Sie uns bitte gleich.",
		"This order is finished already. If you do not agree with it, please write to us at once."))
}

func (d Deps) vetoed(r *web.Request, secret string) (order.Order, error) {
	if secret == "" {
		return order.Order{}, linkUnknown()
	}
	t, _, err := d.Tokens.Find(r.Context(), secret, token.PurposeVeto, r.Now)
	if errors.Is(err, token.ErrNotFound) {
		r.Note("outcome", "veto_link_unknown")
		return order.Order{}, linkUnknown()
	}
	if err != nil {
		return order.Order{}, err
	}
	return d.Orders.Get(r.Context(), t.Subject)
}

func linkUnknown() *web.Error {
	e := web.NotFound()
	e.Code = "link_unknown"
	e.Message = web.T(
		"Dieser Link gilt nicht oder nicht mehr. Prüfen Sie, ob Sie ihn vollständig geöffnet haben, oder schreiben Sie uns.",
		"This link is not valid, or no longer. Check whether you opened all of it, or write to us.")
	return e
}

func vetoView(o order.Order, secret string) VetoView {
	line := lineOf(o)
	return VetoView{
		Token: secret, Order: o.ID, State: line.State, StateText: line.StateText, Survivor: o.Customer,
		Sources: line.Sources, SubmittedAt: o.SubmittedAt, MayStop: o.State.May(merge.Vetoed), Stopped: o.State == merge.Vetoed,
	}
}
