package customers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/sync/errgroup"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/typed"
	"kundenkonto/shared/web"
)

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
	return desk.CustomersPath + "?" + url.Values{"q": {v.Search}, "after": {v.Next}}.Encode()
}

// customers finds customers by what people name them by on the telephone: number, e-mail address, domain, package or
// order. One hit is opened at once. Each search is audited, and no answer is given without it (S13).
func (d Room) customers(r *web.Request, staff session.StaffSession) (web.Response, error) {
	q := r.URL.Query()
	view := customersView{Search: typed.Name(q.Get("q")), After: q.Get("after"), Found: []foundRow{}}
	if view.Search == "" {
		return web.Page("customers", view), nil
	}
	id, ok, err := d.OrderNamed(r.Context(), view.Search)
	if err != nil {
		return nil, err
	}
	if ok {
		return web.SeeOther("/service/orders/" + id), d.Searched(r.Context(), r, staff, view.Search, id, nil)
	}
	numbers, next, err := d.numbersOf(r.Context(), view.Search, view.After)
	if err != nil {
		return nil, err
	}
	var profiles map[string]customer.Profile
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() error { return d.Searched(ctx, r, staff, view.Search, "", numbers) })
	group.Go(func() (err error) { profiles, err = d.Profiles.Profiles(ctx, numbers); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, n := range numbers {
		if p, ok := profiles[n]; ok {
			view.Found = append(view.Found, foundRow{p.Number, p.DisplayName(), p.City, p.Email, p.MergedInto})
		}
	}
	if view.Next = next; len(view.Found) == 1 && next == "" && view.After == "" {
		return web.SeeOther(desk.CustomersPath + "/" + view.Found[0].Number), nil
	}
	if len(view.Found) == 0 && view.After == "" {
		return web.Page("customers", view).WithError(nobody(view.Search)), nil
	}
	return web.Page("customers", view), nil
}

// numbersOf are the customer numbers that a text may mean. A domain can look like a package id and the other way
// round, so both are looked up.
func (d Room) numbersOf(ctx context.Context, text, after string) (numbers []string, next string, err error) {
	if n := customer.ReadNumber(text); customer.ValidNumber(n) {
		return []string{n}, "", nil
	}
	if strings.Contains(text, "@") {
		return d.Profiles.ByEmail(ctx, text, after, foundAPage)
	}
	for _, id := range customer.ReadPackageID(text) {
		p, err := d.Profiles.Package(ctx, id)
		if err == nil {
			return []string{p.Number}, "", nil
		}
		if !errors.Is(err, customer.ErrNotFound) {
			return nil, "", err
		}
	}
	return d.Profiles.ByDomain(ctx, text, after, foundAPage)
}

func nobody(text string) *web.Error {
	msg := lang.T("Zu „%s“ gibt es niemanden. Gesucht wird nach Kundennummer, ganzer E-Mail-Adresse, Domain, Paketnummer und Auftragsnummer.", text)
	return &web.Error{Status: http.StatusNotFound, Code: "customer_not_found", Message: msg, Fields: []web.FieldError{web.Invalid("q", "customer_not_found", msg)}}
}
