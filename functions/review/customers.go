package review

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// customersPath is the search; a customer's page is below it.
const customersPath = "/service/customers"

// foundAPage is how many customers a page of the search lists.
const foundAPage = 25

// customersView is what a search found.
type customersView struct {
	Search string     `json:"search"`
	Found  []foundRow `json:"customers"`
	Next   string     `json:"next,omitempty"` // for the query parameter after
	After  string     `json:"-"`
}

type foundRow struct {
	Number     string `json:"customerNumber"`
	Name       string `json:"name"`
	City       string `json:"city"`
	Email      string `json:"email"`
	MergedInto string `json:"mergedInto,omitempty"`
}

// NextPage is the address of further customers.
func (v customersView) NextPage() string {
	return customersPath + "?" + url.Values{"q": {v.Search}, "after": {v.Next}}.Encode()
}

// numberIn takes a customer number as people write it, with gaps.
func numberIn(text string) (string, bool) {
	n := strings.Join(strings.Fields(text), "")
	return n, customer.ValidNumber(n)
}

// customers finds customers by what people name them by on the telephone: number, e-mail address, domain, package or
// order. One hit is opened at once.
func (d Deps) customers(r *web.Request, _ session.StaffSession) (web.Response, error) {
	q := r.URL.Query()
	view := customersView{Search: strings.TrimSpace(q.Get("q")), After: q.Get("after"), Found: []foundRow{}}
	if view.Search == "" {
		return web.Page("customers", view), nil
	}
	if id, ok, err := d.orderNamed(r.Context(), view.Search); ok || err != nil {
		return web.SeeOther("/service/orders/" + id), err
	}
	numbers, next, err := d.numbersOf(r.Context(), view.Search, view.After)
	if err != nil {
		return nil, err
	}
	profiles, err := d.Profiles.Profiles(r.Context(), numbers)
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		if p, ok := profiles[n]; ok {
			view.Found = append(view.Found, foundRow{p.Number, p.DisplayName(), p.City, p.Email, p.MergedInto})
		}
	}
	if view.Next = next; len(view.Found) == 1 && next == "" && view.After == "" {
		return web.SeeOther(customersPath + "/" + view.Found[0].Number), nil
	}
	if len(view.Found) == 0 && view.After == "" {
		return web.Page("customers", view).WithError(nobody(view.Search)), nil
	}
	return web.Page("customers", view), nil
}

// orderNamed says whether the text names an order that there is.
func (d Deps) orderNamed(ctx context.Context, text string) (id string, ok bool, err error) {
	if id, ok = merge.ParseOrderID(text); !ok {
		return "", false, nil
	}
	_, err = d.Orders.Get(ctx, id)
	if errors.Is(err, order.ErrNotFound) {
		return "", false, nil
	}
	return id, err == nil, err
}

// numbersOf are the customer numbers that a text may mean. A domain may be written like a package's id and the other way
// round, so that both are asked.
func (d Deps) numbersOf(ctx context.Context, text, after string) (numbers []string, next string, err error) {
	if n, ok := numberIn(text); ok {
		return []string{n}, "", nil
	}
	if strings.Contains(text, "@") {
		return d.Profiles.ByEmail(ctx, text, after, foundAPage)
	}
	p, err := d.Profiles.Package(ctx, text)
	if err == nil {
		return []string{p.Number}, "", nil
	}
	if !errors.Is(err, customer.ErrNotFound) {
		return nil, "", err
	}
	return d.Profiles.ByDomain(ctx, text, after, foundAPage)
}

func nobody(text string) *web.Error {
	msg := web.T("Zu „"+text+"“ gibt es niemanden. Gesucht wird nach Kundennummer, ganzer E-Mail-Adresse, Domain, Paketnummer und Auftragsnummer.",
		"There is nobody for “"+text+"”. You can search by customer number, whole e-mail address, domain, package number and order number.")
	return &web.Error{Status: http.StatusNotFound, Code: "customer_not_found", Message: msg, Fields: []web.FieldError{web.Invalid("q", "customer_not_found", msg)}}
}

// parseCursor reads a time of a list's next page; what somebody made up begins at the start.
func parseCursor(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
