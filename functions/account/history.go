package account

import (
	"net/url"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// historyPath is the page with all changes to the own number.
const historyPath = "/account/history"

// historySize is the number of changes on a page.
const historySize = 25

// HistoryView is a page of changes, newest first.
type HistoryView struct {
	Number string     `json:"customerNumber"`
	Events []EventRow `json:"events"`
	After  string     `json:"after,omitempty"`
	Next   string     `json:"next,omitempty"` // for the query parameter after
}

// NextPage is the address of older changes.
func (v HistoryView) NextPage() string {
	return historyPath + "?" + url.Values{"after": {v.Next}}.Encode()
}

func (d Deps) historyPage(r *web.Request, s session.Signed) (web.Response, error) {
	view := HistoryView{Number: s.Profile.Number, Events: []EventRow{}, After: r.URL.Query().Get("after")}
	events, next, err := d.audit().Choose(r.Context(), s.Profile.Number, view.After, historySize, func(e audit.Event) bool {
		kind := audit.KindOf(e.Action)
		return kind == audit.Change || kind == audit.Security
	})
	if err != nil {
		return nil, err
	}
	view.Next = next
	for _, e := range events {
		view.Events = append(view.Events, rowOfEvent(e, s.Profile))
	}
	return web.Page("history", view), nil
}
