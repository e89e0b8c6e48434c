// Package mergesubmit is where a merge is ordered, followed, withdrawn and stopped:
// "Auftrag abschicken", the list and page of orders, and the page behind the veto
// link that the other side gets by mail. An order whose data changed is confirmed here,
// one that ended without a decision begun anew.
package mergesubmit

import (
	"embed"
	"net/http"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

//go:embed pages
var pages embed.FS

// Deps is what the slice works with.
type Deps struct {
	Sessions  session.Store
	Customers customer.Store
	Orders    order.Store
	Passwords reauth.Checker
	Tokens    token.Store
	Speller   merge.Speller
}

// Routes lists the slice's routes.
func Routes(d Deps) []web.Route {
	signed := func(h func(*web.Request, session.Visitor) (web.Response, error)) web.HandlerFunc {
		return session.Require(d.Sessions, h)
	}
	id := web.Field{Name: "id", In: web.InPath, Required: true, Summary: "order, for example K7QX-2M4D"}
	secret := web.Field{Name: "token", Required: true, Secret: true, Summary: "from the link in the mail"}
	link := secret
	link.In = web.InQuery
	return []web.Route{
		{Method: http.MethodPost, Pattern: "/merge/submit", Summary: "Submit the draft as a merge order", Access: web.Customer, Handle: signed(d.submit), Fields: []web.Field{
			{Name: "digest", Required: true, Max: 64, Summary: "of the values and choices that were shown"},
			{Name: "idempotencyKey", Max: maxKey, Summary: "a repeated submission gives the same order; or the header Idempotency-Key"},
			{Name: "currentPassword", Secret: true, Summary: "when e-mail or bank data of another number was chosen"},
		}},
		{Method: http.MethodGet, Pattern: "/merge/orders", Summary: "The customer's merge orders, newest first", Access: web.Customer, Handle: signed(d.list), Fields: []web.Field{
			{Name: "after", In: web.InQuery, Max: 40, Summary: "end of the page before"},
		}},
		{Method: http.MethodGet, Pattern: "/merge/orders/{id}", Summary: "A merge order: what happened and what comes next", Access: web.Customer, Handle: signed(d.show), Fields: []web.Field{id}},
		{Method: http.MethodPost, Pattern: "/merge/orders/{id}/withdraw", Summary: "Withdraw an order that is not executed yet", Access: web.Customer, Handle: signed(d.withdraw), Fields: []web.Field{id}},
		{Method: http.MethodPost, Pattern: "/merge/orders/{id}/confirm", Summary: "Agree to data that changed after the submission", Access: web.Customer, Handle: signed(d.confirm), Fields: []web.Field{
			id,
			{Name: "digest", Required: true, Max: 64, Summary: "of the values as they are shown now"},
			{Name: "currentPassword", Secret: true, Summary: "when e-mail or bank data of another number was chosen"},
		}},
		{Method: http.MethodPost, Pattern: "/merge/orders/{id}/again", Summary: "A new draft with the numbers of an order that expired or was withdrawn", Access: web.Customer, Handle: signed(d.again), Fields: []web.Field{id}},
		{Method: http.MethodGet, Pattern: "/merge/veto", Summary: "What the veto link stops; changes nothing", Handle: d.showVeto, Fields: []web.Field{link}},
		{Method: http.MethodPost, Pattern: "/merge/veto", Summary: "Stop the merge", Handle: d.veto, Fields: []web.Field{secret}},
	}
}
