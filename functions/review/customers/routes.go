package customers

import (
	"net/http"
	"slices"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/web"
)

// Routes are the addresses of the room.
func (d Room) Routes() []web.Route {
	return slices.Concat(d.recoveryRoutes(), d.customerRoutes(), d.actionRoutes())
}

func (d Room) customerRoutes() []web.Route {
	number := web.Field{Name: "number", In: web.InPath, Required: true, Max: 12, Summary: "customer number"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: desk.CustomersPath, Summary: "Find customers", Access: web.Staff, Handle: d.Only(d.customers), Fields: []web.Field{
			{Name: "q", In: web.InQuery, Max: 254, Summary: "Customer number, whole e-mail address, domain, package or order number"},
			{Name: "after", In: web.InQuery, Max: 12, Summary: "next of the page before"}}},
		{Method: http.MethodGet, Pattern: desk.CustomersPath + "/{number}", Summary: "One customer, bank data masked; each look is audited", Access: web.Staff,
			Handle: d.Only(d.onCustomer(d.customer)), Fields: []web.Field{number,
				{Name: "packages", In: web.InQuery, Max: 64, Summary: "packages.next of the page before"},
				{Name: "orders", In: web.InQuery, Max: 40, Summary: "nextOrders of the page before"},
				{Name: "events", In: web.InQuery, Max: 64, Summary: "nextEvents of the page before"},
				{Name: "done", In: web.InQuery, Max: 20, Summary: "The action that led back here"}}},
		{Method: http.MethodPost, Pattern: desk.CustomersPath + "/{number}/release-bar", Summary: "Let the number be merged again with one that a veto keeps apart", Access: web.Staff,
			Handle: d.Only(d.onCustomerForm(d.releaseBarOf)), Fields: []web.Field{number,
				{Name: "customerNumber", Required: true, Max: 200, Summary: "The other number"},
				desk.ReasonInside()}},
	}
}

func (d Room) actionRoutes() []web.Route {
	route := func(name, summary string, answer customerForm, more ...web.Field) web.Route {
		fields := append([]web.Field{{Name: "number", In: web.InPath, Required: true, Max: 12, Summary: "customer number"},
			desk.ReasonInside()}, more...)
		return web.Route{Method: http.MethodPost, Pattern: desk.CustomersPath + "/{number}/" + name, Summary: summary, Access: web.Staff,
			Handle: d.Only(d.onCustomerForm(answer)), Fields: fields}
	}
	return []web.Route{
		route(actionReset, "Mail the customer a link for a new customer password", d.action(actionReset, d.sendReset)),
		route(actionEndPause, "End a pause of the sign-in", d.action(actionEndPause, d.endPause)),
		route(actionSignOut, "End all sessions of the customer", d.action(actionSignOut, d.endSessions)),
		route(actionEmail, "Enter another e-mail address, which counts when it is confirmed", d.action(actionEmail, d.correctEmail),
			web.Field{Name: "email", Required: true, Max: maxAddress, Summary: "The new address"}),
		route(actionLock, "Keep the number from being merged", d.action(actionLock, d.lock)),
		route(actionUnlock, "Let the number be merged", d.action(actionUnlock, d.unlock)),
		route(actionReveal, "Show the bank data in full, once; each time is audited with its reason", d.revealBank),
	}
}

func (d Room) recoveryRoutes() []web.Route {
	const pattern = "/service/customers/{number}/start-recovery"
	number := web.Field{Name: "number", In: web.InPath, Required: true, Max: 12, Summary: "customer number"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: pattern, Summary: "Form that starts the recovery of a customer's sign-in", Access: web.Staff,
			Handle: d.Only(d.onCustomer(d.recoveryForm)), Fields: []web.Field{number}},
		{Method: http.MethodPost, Pattern: pattern, Summary: "Remove a customer's second factor after a waiting time; the customer is told and can stop it",
			Access: web.Staff, Handle: d.Only(d.onCustomerForm(d.startRecovery)), Fields: []web.Field{number,
				desk.ReasonInside()}},
	}
}
