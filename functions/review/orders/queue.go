package orders

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// Sizes of the queue: rows a page, and orders read a tab; the oldest come first, so what is beyond can wait.
const (
	rowsAPage = 50
	queueMax  = 500
)

// tab is one list of orders.
type tab struct {
	name   string
	label  lang.Text
	empty  lang.Text
	column lang.Text // of the last column; what stands out, if empty
	states []merge.State
	only   func(o order.Order, now time.Time) bool // nil: all
}

var tabs = []tab{
	{name: "waiting", label: lang.T("Wartend"), states: []merge.State{merge.InReview, merge.Submitted},
		empty: lang.T("Kein Auftrag wartet. Neue Aufträge stehen hier, sobald sie abgeschickt sind.")},
	{name: "escalated", label: lang.T("Eskaliert"), states: []merge.State{merge.InReview, merge.Submitted}, only: overdue,
		empty: lang.T("Kein Auftrag ist überfällig.")},
	{name: "objections", label: lang.T("Einsprüche"), states: []merge.State{order.ObjectionQueue},
		empty: lang.T("Kein Einspruch wartet auf eine Entscheidung.")},
	{name: "failed", label: lang.T("Fehlgeschlagen"), states: []merge.State{merge.Failed},
		empty: lang.T("Kein Auftrag ist fehlgeschlagen."), column: lang.T("Fehler")},
	{name: "approved", label: lang.T("Widerspruchsfrist"), states: []merge.State{merge.Approved},
		empty: lang.T("Kein genehmigter Auftrag wartet auf seine Ausführung."), column: lang.T("Ausführung")},
	{name: "stale", label: lang.T("Beim Kunden"), states: []merge.State{merge.Stale},
		empty: lang.T("Kein Auftrag wartet auf die Bestätigung des Kunden.")},
}

// objectionsTab is where the objections stand among the tabs.
var objectionsTab = slices.IndexFunc(tabs, func(t tab) bool { return t.name == "objections" })

func tabNames() []string {
	names := make([]string, len(tabs))
	for i, t := range tabs {
		names[i] = t.name
	}
	return names
}

type queueView struct {
	Tab    string    `json:"tab"`
	Tabs   []tabView `json:"tabs"`
	Rows   []Row     `json:"orders"`
	Page   int       `json:"page"`
	More   bool      `json:"more"`
	Search string    `json:"-"`
	Label  lang.Text `json:"-"`
	Column lang.Text `json:"-"` // what the last column of the tab says
	Empty  lang.Text `json:"-"`
}

type tabView struct {
	Name  string    `json:"name"`
	Label lang.Text `json:"label"`
	Count int       `json:"count"`
	Full  bool      `json:"atLeast"` // there are more than Count
}

func (d Room) queue(r *web.Request, staff session.StaffSession) (web.Response, error) {
	q := r.URL.Query()
	view := queueView{Tab: q.Get("tab"), Search: q.Get("q"), Page: 1}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 && n <= queueMax/rowsAPage {
		view.Page = n
	}
	if view.Search != "" {
		return d.searchFrom(r, staff, view.Search)
	}
	if err := d.fill(r.Context(), &view, r.Now); err != nil {
		return nil, err
	}
	return web.Page("queue", view), nil
}

// searchFrom leads from the queue's search to the order, or to the search among the customers. It is audited here as well:
// whoever does not follow has learned whether there is such an order.
func (d Room) searchFrom(r *web.Request, staff session.StaffSession, text string) (web.Response, error) {
	id, ok, err := d.OrderNamed(r.Context(), text)
	if err != nil {
		return nil, err
	}
	if err := d.Searched(r.Context(), r, staff, text, id, nil); err != nil {
		return nil, err
	}
	if ok {
		return web.SeeOther("/service/orders/" + id), nil
	}
	return web.SeeOther(desk.CustomersPath + "?" + url.Values{"q": {text}}.Encode()), nil
}

// fill reads all tabs, for their counts, and shows a page of one. Objections stand on top of the first, too.
func (d Room) fill(ctx context.Context, view *queueView, now time.Time) error {
	lists, err := d.lists(ctx, now)
	if err != nil {
		return err
	}
	shown := 0
	for i, t := range tabs {
		if t.name == view.Tab {
			shown = i
		}
		view.Tabs = append(view.Tabs, tabView{Name: t.name, Label: t.label, Count: len(lists[i]), Full: len(lists[i]) == queueMax})
	}
	view.Tab, view.Label, view.Empty, view.Column = tabs[shown].name, tabs[shown].label, tabs[shown].empty, tabs[shown].column
	if view.Column.Empty() {
		view.Column = lang.T("Auffälligkeiten|Spalte")
	}
	rest := lists[shown][min((view.Page-1)*rowsAPage, len(lists[shown])):]
	view.More = len(rest) > rowsAPage
	view.Rows = []Row{}
	if shown == 0 && view.Page == 1 { // whoever opens the queue sees objections first
		for _, o := range lists[objectionsTab] {
			view.Rows = append(view.Rows, RowOf(o, now))
		}
	}
	for _, o := range rest[:min(rowsAPage, len(rest))] {
		view.Rows = append(view.Rows, RowOf(o, now))
	}
	return nil
}

func (d Room) lists(ctx context.Context, now time.Time) ([][]order.Order, error) {
	lists := make([][]order.Order, len(tabs))
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range tabs {
		if t.only != nil {
			continue // a part of the first list
		}
		group.Go(func() (err error) {
			lists[i], err = d.Orders.Queue(ctx, queueMax, t.states...)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, t := range tabs {
		for _, o := range lists[0] {
			if t.only != nil && t.only(o, now) {
				lists[i] = append(lists[i], o)
			}
		}
	}
	return lists, nil
}

// URL is the address of a tab's page, for the templates.
func (v queueView) URL(tab string, page int) string {
	q := url.Values{}
	if tab != tabs[0].name {
		q.Set("tab", tab)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return desk.StartPage
	}
	return desk.StartPage + "?" + q.Encode()
}

// Next and Previous are page numbers.
func (v queueView) Next() int     { return v.Page + 1 }
func (v queueView) Previous() int { return v.Page - 1 }
