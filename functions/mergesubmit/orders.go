package mergesubmit

import (
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// pageSize is the number of orders on a page of the list.
const pageSize = 20

// listView is the list of orders.
type listView struct {
	Orders []listLine `json:"orders"`
	Next   string     `json:"next,omitempty"` // for the query parameter after
}

// listLine is an order in the list.
type listLine struct {
	ID          string    `json:"id"`
	State       string    `json:"state"`
	StateText   lang.Text `json:"stateText"`
	Tone        string    `json:"-"`
	Sources     []string  `json:"sources"`
	SubmittedAt time.Time `json:"submittedAt"`
}

func (d Deps) list(r *web.Request, s session.Visitor) (web.Response, error) {
	numbers, _, err := d.Orders.ReadableNumbers(r.Context(), s.Profile)
	if err != nil {
		return nil, err
	}
	orders, next, err := d.Orders.ByCustomers(r.Context(), numbers, r.URL.Query().Get("after"), pageSize)
	if err != nil {
		return nil, err
	}
	view := listView{Orders: make([]listLine, len(orders)), Next: next}
	for i, o := range orders {
		view.Orders[i] = lineOf(o)
	}
	return web.Page("orders", view), nil
}

func lineOf(o order.Order) listLine {
	line := listLine{
		ID: o.ID, State: string(o.State), StateText: stateText(o.State), Tone: tone(o.State),
		Sources: o.SourceNumbers(), SubmittedAt: o.SubmittedAt,
	}
	if o.Objected() {
		line.StateText, line.Tone = lang.T("Ausgeführt, Einspruch wird geprüft"), "warning"
	}
	return line
}
