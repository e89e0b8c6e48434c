package overview

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// domainsPath lists the domains of all packages.
const domainsPath = "/account/domains"

// A file of all packages looks at so many of them at most, read by parts: an answer ends at 6 MB, and has to be there within
// seconds.
const (
	fileMost = 5000
	filePart = 1000
)

// longestTable is how long the table gets, in bytes: 40,000 domains of a usual length.
const longestTable = 4 << 20

func (d Room) domainRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: domainsPath, Access: web.Customer, Handle: d.Signed(d.domains),
			Summary: "Domains of all running packages of all numbers", Fields: []web.Field{
				{Name: "q", In: web.InQuery, Summary: "part of a domain; of more than 200 packages, its beginning or that of one of its labels", Max: maxSearch},
				{Name: "after", In: web.InQuery, Summary: "end of the page before: its next", Max: maxAfter}}},
		{Method: http.MethodGet, Pattern: domainsPath + "/file", Access: web.Customer, Handle: d.Signed(d.domainFile), Kinds: []string{"text/csv"},
			Summary: "Domains of all running packages, of the first 5,000 of them, as a table (CSV)"},
	}
}

// maxAfter is the longest cursor, in bytes: a domain and a customer number.
const maxAfter = maxSearch + 20

// domainList is a page of domains.
type domainList struct {
	Domains []domainRow `json:"domains"`
	Others  bool        `json:"more,omitempty"` // so many match the search that only these are shown
	Search  string      `json:"q,omitempty"`
	After   string      `json:"after,omitempty"`
	Next    string      `json:"next,omitempty"` // for the query parameter after
}

// domainRow is a domain with its package.
type domainRow struct {
	Name    string `json:"domain"`
	ID      string `json:"id"`
	Package string `json:"name"`
	Product string `json:"product"`
	Tariff  string `json:"tariff"`
	Number  string `json:"orderedUnder"` // customer number
}

func domainRowOf(d customer.Domain) domainRow {
	p := d.Package
	return domainRow{Name: d.Name, ID: p.ID, Package: p.DisplayName(), Product: p.Product, Tariff: p.Tariff, Number: p.Number}
}

func (d Room) domains(r *web.Request, s session.Visitor) (web.Response, error) {
	list := domainList{Domains: []domainRow{}, Search: searchText(r.URL.Query().Get("q")), After: r.URL.Query().Get("after")}
	found, err := d.Customers.Domains(r.Context(), s.Profile.Numbers(), customer.DomainQuery{Search: list.Search, After: list.After,
		Today: contract.Day(r.Now), Limit: pageSize})
	if err != nil {
		return nil, err
	}
	for _, one := range found.Domains {
		list.Domains = append(list.Domains, domainRowOf(one))
	}
	list.Next, list.Others = found.Next, found.More
	return web.Page("domains", list), nil
}

// NextPage and FirstPage are addresses of other parts of the list.
func (l domainList) NextPage() string { return l.at(l.Next) }

// FirstPage is the address of the list's beginning.
func (l domainList) FirstPage() string { return l.at("") }

func (l domainList) at(after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": l.Search, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return domainsPath
	}
	return domainsPath + "?" + q.Encode()
}

// domainFile is the table of all domains for spreadsheets.
func (d Room) domainFile(r *web.Request, s session.Visitor) (web.Response, error) {
	packages, whole, err := d.firstPackages(r.Context(), s.Profile.Numbers())
	if err != nil {
		return nil, err
	}
	body, err := domainTable(customer.DomainsOf(packages, contract.Day(r.Now)), whole, r.Lang)
	if err != nil {
		return nil, fmt.Errorf("table of domains: %w", err)
	}
	return web.Raw(http.StatusOK, "text/csv; charset=utf-8", body).WithHeader("Content-Disposition", `attachment; filename="domains.csv"`), nil
}

// firstPackages reads packages number by number, the own one first, as many as a file looks at; whole says that these are all.
func (d Room) firstPackages(ctx context.Context, numbers []string) (all []customer.Package, whole bool, err error) {
	for _, number := range numbers {
		for after, more := "", true; more; more = after != "" {
			if len(all) >= fileMost {
				return all[:fileMost], false, nil
			}
			var found []customer.Package
			if found, after, err = d.Customers.PackagesOf(ctx, number, after, filePart); err != nil {
				return nil, false, err
			}
			all = append(all, found...)
		}
	}
	return all[:min(len(all), fileMost)], len(all) <= fileMost, nil
}

// byteOrderMark lets spreadsheets take a file for UTF-8.
const byteOrderMark = "\ufeff"

// domainTable is the file; it says when it has not all of them. Spreadsheets where the comma stands in numbers take a semicolon
// between columns.
func domainTable(domains []customer.Domain, whole bool, l lang.Lang) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if strings.Contains(lang.Cents(1).In(l), ",") {
		w.Comma = ';'
	}
	head := []string{"Domain", lang.T("Paket").In(l), lang.T("Paketnummer").In(l), lang.T("Produkt").In(l), lang.T("Tarif").In(l), lang.T("Bestellt unter").In(l)}
	if err := w.Write(head); err != nil {
		return nil, err
	}
	for _, one := range domains {
		if w.Flush(); b.Len() > longestTable {
			whole = false
			break
		}
		row := domainRowOf(one)
		cells := []string{row.Name, row.Package, row.ID, row.Product, row.Tariff, row.Number}
		for i := range cells {
			cells[i] = noFormula(cells[i])
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	if !whole {
		if err := w.Write([]string{lang.T("Weitere Domains finden Sie im Kundenkonto unter „Ihre Domains“.").In(l), "", "", "", "", ""}); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// noFormula keeps a spreadsheet from reckoning what somebody typed as a name (OWASP, CSV injection).
func noFormula(cell string) string {
	if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r\n") || strings.HasPrefix(cell, "\uff1d") {
		return "'" + cell
	}
	return cell
}
