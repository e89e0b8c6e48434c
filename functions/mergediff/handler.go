// Package mergediff is where a customer names another number, proves that it is theirs, compares the data of both and chooses: the pages
// before "Auftrag abschicken". It changes nothing but the customer's draft, and whether we point to other numbers.
package mergediff

import (
	"embed"
	"io"
	"net/http"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

//go:embed pages
var pages embed.FS

// Deps is what the slice works with.
type Deps struct {
	Sessions    session.Store
	Customers   customer.Store
	Credentials credential.Store
	Factors     secondfactor.Store
	Throttle    throttle.Store
	Orders      order.Store
	Tables      table.Store
	Speller     merge.Speller
	Rand        io.Reader
}

// Routes lists the slice's routes.
func Routes(d Deps) []web.Route {
	signed := func(h func(*web.Request, session.Visitor) (web.Response, error)) web.HandlerFunc {
		return session.Require(d.Sessions, h)
	}
	number := web.Field{Name: "customerNumber", Required: true, Max: 200, Summary: "the other customer number"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/merge", Summary: "Own master data and the form for another customer number", Access: web.Customer, Handle: signed(d.start)},
		{Method: http.MethodPost, Pattern: "/merge/check", Summary: "Prove another customer number and compare", Access: web.Customer, Handle: signed(d.check), FormPage: "/merge", Fields: []web.Field{
			number,
			{Name: "domain", Required: true, Max: 300, Summary: "a domain of one of its packages, or the package number"},
			{Name: "password", Required: true, Secret: true, Max: 1024, Summary: "password of that package"},
		}},
		{Method: http.MethodGet, Pattern: "/merge/draft", Summary: "The comparison of every number in the draft", Access: web.Customer, Handle: signed(d.showDraft), Fields: []web.Field{
			{Name: "replaced", In: web.InQuery, Max: 200, Summary: "choices that a later one replaced, to be told"},
		}},
		{Method: http.MethodPost, Pattern: "/merge/adopt", Summary: "Adopt the data of a comparison (Daten übernehmen, Weiter)", Access: web.Customer, Handle: signed(d.adopt), Fields: adoptFields(number)},
		{Method: http.MethodPost, Pattern: "/merge/proposals", Summary: "Show or do not show numbers that look like the own", Access: web.Customer, Handle: signed(d.saveProposals), Fields: []web.Field{
			{Name: "show", Required: true, Enum: []string{"yes", "no"}, Max: 3, Summary: "yes or no"},
			{Name: "return", Max: web.MaxPath, Summary: "own path to go to after saving"},
		}},
		{Method: http.MethodPost, Pattern: "/merge/remove", Summary: "Take a customer number out of the draft", Access: web.Customer, Handle: signed(d.remove), Fields: []web.Field{number}},
	}
}

func adoptFields(number web.Field) []web.Field {
	fields := []web.Field{number}
	for _, g := range merge.Groups() {
		fields = append(fields, web.Field{Name: choiceName(g), Enum: []string{string(merge.Own), string(merge.Other)}, Max: 10,
			Summary: "whose " + g.Words().In(lang.EN) + " will hold; own if missing"})
	}
	return fields
}

func choiceName(g merge.Group) string { return "choice." + string(g) }

// refusal is a blocking reason as an answer.
func refusal(r merge.Reason) *web.Error { return web.Unprocessable(r.Code, r.Text) }
