package review

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/typed"
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

// customers finds customers by what people name them by on the telephone: number, e-mail address, domain, package or
// order. One hit is opened at once. Each search is audited, and no answer is given without it (S13).
func (d Deps) customers(r *web.Request, staff session.StaffSession) (web.Response, error) {
	q := r.URL.Query()
	view := customersView{Search: typed.Name(q.Get("q")), After: q.Get("after"), Found: []foundRow{}}
	if view.Search == "" {
		return web.Page("customers", view), nil
	}
	id, ok, err := d.orderNamed(r.Context(), view.Search)
	if err != nil {
		return nil, err
	}
	if ok {
		return web.SeeOther("/service/orders/" + id), d.searched(r.Context(), r, staff, view.Search, id, nil)
	}
	numbers, next, err := d.numbersOf(r.Context(), view.Search, view.After)
	if err != nil {
		return nil, err
	}
	var profiles map[string]customer.Profile
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() error { return d.searched(ctx, r, staff, view.Search, "", numbers) })
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
		return web.SeeOther(customersPath + "/" + view.Found[0].Number), nil
	}
	if len(view.Found) == 0 && view.After == "" {
		return web.Page("customers", view).WithError(nobody(view.Search)), nil
	}
	return web.Page("customers", view), nil
}

// searched notes who searched for what, and whom it named (S13). It belongs to no customer number, so that it has a place
// of its own.
func (d Deps) searched(ctx context.Context, r *web.Request, staff session.StaffSession, text, order string, found []string) error {
	r.Note("security_event", "sensitive_read")
	e := audit.Event{Number: audit.StaffLog(r.Now), Action: audit.Searched, Actor: staff.Actor(), At: r.Now, Order: order,
		New: map[string]string{audit.KeySearch: maskedSearch(text)}}
	if len(found) > 0 {
		e.New[audit.KeyFound] = strings.Join(found, ",")
	}
	return d.Events.Note(ctx, e, d.Rand, true)
}

// longestSearch is how much of what was searched for is audited, in bytes: an e-mail address (RFC 5321).
const longestSearch = 254

// domainLike is what ends as a domain does: some would look like an IBAN without their dots.
var domainLike = regexp.MustCompile(`\.\pL{2,}$`)

// maskedSearch is what a search was for, as the audit may hold it: an IBAN that somebody pasted masked (S20).
func maskedSearch(text string) string {
	if iban, ok := masterdata.ReadIBAN(text); ok && !domainLike.MatchString(text) {
		return maskOwn(merge.IBAN, iban)
	}
	return strings.ToValidUTF8(text[:min(len(text), longestSearch)], "")
}

// orderNamed says whether the text names an order that there is.
func (d Deps) orderNamed(ctx context.Context, text string) (id string, ok bool, err error) {
	if id, ok = merge.ParseOrderID(typed.Name(text)); !ok {
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

// parseCursor reads a time of a list's next page; what somebody made up begins at the start.
func parseCursor(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
