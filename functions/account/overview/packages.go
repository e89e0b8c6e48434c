package overview

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
)

// pageSize is the number of packages on a page of the overview.
const pageSize = 50

// maxSearch is the longest text searched for, in bytes: the longest domain name (RFC 1035).
const maxSearch = 253

// searchFrom is the number of packages from which on a search helps more than it takes room.
const searchFrom = 6

// packageList is one page of the packages of all numbers.
type packageList struct {
	Packages []packageRow `json:"packages"`
	Total    int          `json:"total"`          // that match search and product
	Others   bool         `json:"more,omitempty"` // so many match the search that only these are shown
	Search   string       `json:"q,omitempty"`
	Product  string       `json:"product,omitempty"`
	Sort     string       `json:"sort,omitempty"` // one of customer.Sorts, by package number when empty
	After    string       `json:"after,omitempty"`
	Next     string       `json:"next,omitempty"` // for the query parameter after
}

// packageRow is a package in the list.
type packageRow struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"` // the name given to it, else the first domain, else the package number
	Domains []string `json:"domains"`
	Product string   `json:"product"`
	Tariff  string   `json:"tariff"`
	EndedAt string   `json:"endedAt,omitempty"`       // as stored: the last day of a contract that is cancelled or over
	Number  string   `json:"orderedUnder"`            // customer number
	Cents   *int64   `json:"priceCents,omitempty"`    // of a billing period; nil when it is not known
	Billed  int      `json:"billingMonths,omitempty"` // length of a billing period; 0 when it is not known
	customer.Contract
}

// listFrom reads what the address asks for. A cursor or product that is none asks for all.
func listFrom(q url.Values) packageList {
	l := packageList{Packages: []packageRow{}, Search: searchText(q.Get("q")), Product: q.Get("product"), Sort: q.Get("sort"), After: q.Get("after")}
	if !slices.Contains(customer.Products, l.Product) {
		l.Product = ""
	}
	if !slices.Contains(customer.Sorts, l.Sort) || l.Sort == customer.SortNumber {
		l.Sort = ""
	}
	if !customer.ValidPackageID(l.After) {
		l.After = ""
	}
	return l
}

// searchText is what to look for in what people paste: the domain of an address, cut to the length of a domain.
func searchText(q string) string {
	q = strings.Join(strings.Fields(q), " ")
	for _, scheme := range []string{"https://", "http://"} {
		if len(q) >= len(scheme) && strings.EqualFold(q[:len(scheme)], scheme) {
			q = q[len(scheme):]
		}
	}
	q, _, _ = strings.Cut(q, "/")
	for len(q) > maxSearch {
		_, last := utf8.DecodeLastRuneInString(q)
		q = q[:len(q)-last]
	}
	return q
}

func (l *packageList) query(own customer.Profile, now time.Time) customer.PackageQuery {
	return customer.PackageQuery{Search: l.Search, Product: l.Product, Sort: l.Sort, Today: contract.Day(now), Consumer: own.Consumer(), After: l.After, Limit: pageSize}
}

// fill takes over what was found.
func (l *packageList) fill(found customer.PackagePage, own customer.Profile, now time.Time) {
	l.Total, l.Next, l.Others = found.Total, found.Next, found.More
	for _, p := range found.Packages {
		l.Packages = append(l.Packages, rowOf(p, own, now))
	}
}

// rowOf is a package of the own number or a member, which bear the same name and are the same kind of customer.
func rowOf(p customer.Package, own customer.Profile, now time.Time) packageRow {
	return packageRow{ID: p.ID, Name: p.DisplayName(), Domains: p.Domains, Product: p.Product, Tariff: p.Tariff, EndedAt: p.EndedAt, Number: p.Number,
		Cents: p.PriceCents, Billed: p.BillingMonths,
		Contract: p.Contract(contract.Day(now), own.Consumer())}
}

// Domain is the first domain of a package that has another name, "" when there is nothing to add to the name.
func (p packageRow) Domain() string {
	if len(p.Domains) == 0 || p.Domains[0] == p.Name {
		return ""
	}
	return p.Domains[0]
}

// Price says what a billing period costs; it is empty when that is not known.
func (p packageRow) Price() lang.Text {
	switch {
	case p.Cents == nil:
		return lang.Text{}
	case *p.Cents == 0:
		return lang.T("kostenlos")
	case p.Billed <= 0:
		return lang.T("%s je Abrechnungszeitraum", lang.Cents(*p.Cents))
	case p.Billed == 1:
		return lang.T("%s im Monat", lang.Cents(*p.Cents))
	case p.Billed == 12:
		return lang.T("%s im Jahr", lang.Cents(*p.Cents))
	case p.Billed%12 == 0:
		return lang.T("%s alle %d Jahre", lang.Cents(*p.Cents), p.Billed/12)
	}
	return lang.T("%s alle %d Monate", lang.Cents(*p.Cents), p.Billed)
}

// More is the number of domains beside the first.
func (p packageRow) More() int { return max(len(p.Domains)-1, 0) }

// Filtered tells whether search or product leave packages out.
func (l packageList) Filtered() bool { return l.Search != "" || l.Product != "" }

// Searchable tells whether there is something to search in.
func (l packageList) Searchable() bool { return l.Filtered() || l.Total >= searchFrom }

// Deadlines tells whether a package on this page has a day until which it has to be cancelled.
func (l packageList) Deadlines() bool {
	return slices.ContainsFunc(l.Packages, func(p packageRow) bool { return p.Deadline() })
}

// InCalendar is how many of the packages the file for calendars has, when that is not all; else 0.
func (l packageList) InCalendar() int {
	if l.Filtered() || l.Total <= fileMost {
		return 0
	}
	return fileMost
}

// Products are the kinds to filter by.
func (packageList) Products() []string { return customer.Products }

// ForProduct is the address of the list with one kind of package, "" for all kinds.
func (l packageList) ForProduct(product string) string {
	return packageList{Search: l.Search, Product: product, Sort: l.Sort}.address()
}

// SortedBy is the address of the list in another order.
func (l packageList) SortedBy(order string) string {
	if order == customer.SortNumber {
		order = ""
	}
	return packageList{Search: l.Search, Product: l.Product, Sort: order}.address()
}

// NextPage and FirstPage are addresses of other parts of the list.
func (l packageList) NextPage() string {
	return packageList{Search: l.Search, Product: l.Product, Sort: l.Sort, After: l.Next}.address()
}

// FirstPage is the address of the list's beginning.
func (l packageList) FirstPage() string {
	return packageList{Search: l.Search, Product: l.Product, Sort: l.Sort}.address()
}

// address leads to the list itself, below the master data.
func (l packageList) address() string {
	q := url.Values{}
	for name, value := range map[string]string{"q": l.Search, "product": l.Product, "sort": l.Sort, "after": l.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/account#pakete"
	}
	return "/account?" + q.Encode() + "#pakete"
}
