package history

import (
	"context"
	"net/url"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// historyPath is the page with all changes to the own number.
const historyPath = "/account/history"

// historySize is the number of changes on a page.
const historySize = 25

// historyView is a page of changes, newest first.
type historyView struct {
	Number   string     `json:"customerNumber"`
	Numbers  []string   `json:"customerNumbers"`    // whose changes these are: the own one first
	Withheld bool       `json:"withheld,omitempty"` // those of the merged numbers, while there is an objection
	Events   []EventRow `json:"events"`
	After    string     `json:"after,omitempty"`
	Next     string     `json:"next,omitempty"` // for the query parameter after
}

// NextPage is the address of older changes.
func (v historyView) NextPage() string {
	return historyPath + "?" + url.Values{"after": {v.Next}}.Encode()
}

func (d Room) historyPage(r *web.Request, s session.Visitor) (web.Response, error) {
	view := historyView{Number: s.Profile.Number, Events: []EventRow{}, After: r.URL.Query().Get("after")}
	var err error
	if view.Numbers, view.Withheld, err = d.toldOf(r.Context(), s.Profile); err != nil {
		return nil, err
	}
	events, next, err := d.Audit().ChooseOf(r.Context(), view.Numbers, view.After, historySize, func(e audit.Event) bool {
		kind := audit.KindOf(e.Action)
		return kind == audit.Change || kind == audit.Security
	})
	if err != nil {
		return nil, err
	}
	view.Next = next
	for _, e := range events {
		view.Events = append(view.Events, RowOf(d.Products, e, s.Profile))
	}
	return web.Page("history", view), nil
}

// toldOf are the numbers whose past is the customer's.
func (d Room) toldOf(ctx context.Context, p customer.Profile) (numbers []string, withheld bool, err error) {
	return d.Orders.ReadableNumbers(ctx, p)
}
