package mergesubmit

import (
	"errors"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// vetoView is the page behind "Sie waren das nicht? Zusammenfassung stoppen". It
// names the numbers, which the mail names too, and nothing else.
type vetoView struct {
	Token       string    `json:"-"`
	Order       string    `json:"order"`
	State       string    `json:"state"`
	StateText   lang.Text `json:"stateText"`
	Survivor    string    `json:"survivor"`
	Sources     []string  `json:"sources"` // those of the order that are the reader's
	SubmittedAt time.Time `json:"submittedAt"`
	ExecutedAt  time.Time `json:"executedAt,omitzero"`
	ObjectUntil time.Time `json:"objectUntil,omitzero"` // as long as the merge can be undone
	MayStop     bool      `json:"mayStop"`              // before the execution: a veto
	MayObject   bool      `json:"mayObject"`            // after it: an objection
	Stopped     bool      `json:"stopped"`
	Objected    bool      `json:"objected"`
	Dismissed   bool      `json:"dismissed"` // the objection was decided: the merge stays
}

// Heading is the title of the page, and the label of the button that acts.
func (v vetoView) Heading() lang.Text {
	switch {
	case v.Stopped:
		return lang.T("Die Zusammenfassung ist gestoppt")
	case v.Objected:
		return lang.T("Ihr Einspruch ist eingegangen")
	case v.MayStop:
		return lang.T("Zusammenfassung stoppen")
	case v.MayObject:
		return lang.T("Einspruch einlegen")
	}
	return lang.T("Zusammenfassung der Kundennummern")
}

// showVeto explains what the link does. A GET never acts: mail scanners follow links.
func (d Deps) showVeto(r *web.Request) (web.Response, error) {
	secret := r.URL.Query().Get("token")
	o, numbers, err := d.vetoed(r, secret)
	if err != nil {
		return nil, err
	}
	return web.Page("veto", vetoViewOf(o, numbers, secret, r.Now)), nil
}

// veto stops the order, or objects to the merge that was executed. The token stays
// good, since the link may be needed again for an objection; saying the same twice
// changes nothing (M9).
func (d Deps) veto(r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	secret := f.Get("token")
	o, numbers, err := d.vetoed(r, secret)
	if err != nil {
		return nil, err
	}
	said, err := d.Orders.Veto(r.Context(), o.ID, numbers)
	if errors.Is(err, order.ErrState) {
		return web.Page("veto", vetoViewOf(o, numbers, secret, r.Now)).WithError(tooLate()), nil
	}
	if err != nil {
		return nil, err
	}
	r.Note("outcome", outcomeOf(said))
	r.Note("order", o.ID)
	return web.Page("veto", vetoViewOf(said, numbers, secret, r.Now)), nil
}

func outcomeOf(o order.Order) string {
	if o.Objected() {
		return "merge_objected"
	}
	return "merge_vetoed"
}

func tooLate() *web.Error {
	return web.Conflict("order_closed", lang.T("Dieser Auftrag ist schon abgeschlossen. Wenn Sie damit nicht einverstanden sind, schreiben Sie uns bitte gleich."))
}

// vetoed finds the order of a link, and which of its numbers are the reader's: the
// link speaks for these only.
func (d Deps) vetoed(r *web.Request, secret string) (order.Order, []string, error) {
	if secret == "" {
		return order.Order{}, nil, linkUnknown()
	}
	t, _, err := d.Tokens.Find(r.Context(), secret, token.PurposeVeto, r.Now)
	if errors.Is(err, token.ErrNotFound) {
		r.Note("outcome", "veto_link_unknown")
		r.Note("security_event", "authn_token_reuse")
		return order.Order{}, nil, linkUnknown()
	}
	if err != nil {
		return order.Order{}, nil, err
	}
	numbers, err := d.speaksFor(r, t)
	if err != nil {
		return order.Order{}, nil, err
	}
	o, err := d.Orders.Get(r.Context(), t.Subject)
	return o, numbers, err
}

// speaksFor are the numbers of a link, without those whose owner took the address back that it was mailed to: it had
// been somebody else's. A link that is left without any is no longer good.
func (d Deps) speaksFor(r *web.Request, t token.Token) ([]string, error) {
	numbers := numbersOf(t)
	if len(numbers) == 0 || t.Address == "" {
		return numbers, nil
	}
	profiles, err := d.Customers.Profiles(r.Context(), numbers)
	if err != nil {
		return nil, err
	}
	mailed := t.Expires.Add(-token.VetoLifetime)
	left := slices.DeleteFunc(numbers, func(n string) bool { return profiles[n].Stopped(t.Address, mailed) })
	if len(left) == 0 {
		r.Note("outcome", "veto_link_stopped")
		return nil, linkUnknown()
	}
	return left, nil
}

// numbersOf reads the numbers that dispatch put beside the link; none means all.
func numbersOf(t token.Token) []string {
	if t.Values["numbers"] == "" {
		return nil
	}
	return strings.Split(t.Values["numbers"], ",")
}

func linkUnknown() *web.Error {
	e := web.NotFound()
	e.Code = "link_unknown"
	e.Message = lang.T("Dieser Link gilt nicht oder nicht mehr. Prüfen Sie, ob Sie ihn vollständig geöffnet haben, oder schreiben Sie uns.")
	return e
}

func vetoViewOf(o order.Order, numbers []string, secret string, now time.Time) vetoView {
	line := lineOf(o)
	v := vetoView{
		Token: secret, Order: o.ID, State: line.State, StateText: line.StateText, Survivor: o.Customer,
		Sources: line.Sources, SubmittedAt: o.SubmittedAt, ExecutedAt: o.ExecutedAt,
	}
	heard := o.Heard(numbers) // the owner of another number of the order may have said no before
	v.Objected, v.Stopped = o.Objected() && heard, o.State == merge.Vetoed && heard
	v.MayStop = o.State.May(merge.Vetoed) || o.State == merge.Vetoed && !heard
	if len(numbers) > 0 {
		v.Sources = slices.DeleteFunc(slices.Clone(line.Sources), func(n string) bool { return !slices.Contains(numbers, n) })
	}
	if o.MayObject(now) && !v.Objected {
		v.MayObject, v.Dismissed = !heard, heard
		v.ObjectUntil = o.ExecutedAt.Add(order.UndoPeriod)
	}
	return v
}
