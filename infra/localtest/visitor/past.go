package visitor

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// Passwords that the rules take.
const (
	NewPassword     = "sieben okapis im regenmantel"
	PackagePassword = "neun nilpferde ohne fahrkarte"
)

// Running is Anna's order to merge with a stranger's number.
func Running(state merge.State) order.Order {
	return order.Order{ID: "K7QX-2M4D", Customer: Number, State: state, SubmittedAt: world.Noon, EscalateAt: world.Noon.Add(48 * time.Hour),
		AnnouncedAt: world.Noon, VetoHours: 72, Survivor: order.Party{Record: merge.Record{Number: Number, Email: "a@a.example"}},
		Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: "10000031", Email: "b@b.example"}}}}}
}

// Objection is an executed order of Anna's that somebody objects to.
func Objection(source string, members ...string) order.Order {
	o := Running(merge.Executed)
	o.ObjectedAt, o.Sources[0].Record.Number, o.Sources[0].Members = world.Noon.Add(-time.Hour), source, members
	return o
}

// Held holds the customer's number by objections to orders, or lets it go.
func (v *Visitor) Held(orders ...string) {
	v.T.Helper()
	hold := table.Item{}
	if len(orders) > 0 {
		hold["objections"] = &types.AttributeValueMemberSS{Value: orders}
	}
	v.Overwrite(v.Store.Names.MergeOrders, table.With(table.Lock(v.Number), hold))
}

// MergedWith makes a number one of the customer's, with what happened to it before.
func (v *Visitor) MergedWith(member string) {
	v.T.Helper()
	old := v.Own()
	merged := old
	merged.Members = append(merged.Members, member)
	v.Put(customer.Update(v.Store.Names, old, merged))
}

// HasPackages gives the customer one package of each product, and returns their ids by product.
func (v *Visitor) HasPackages() map[string]string {
	v.T.Helper()
	ids := map[string]string{}
	for _, kind := range customer.Products {
		ids[kind] = "P" + v.Number + "-" + kind
		v.Hold(customer.Package{ID: ids[kind], Number: v.Number, Product: kind, Tariff: "M", TermMonths: 12,
			Domains: []string{kind + "-" + v.Number + ".example"}, ContractStart: "2020-01-31"})
	}
	return ids
}

// Happened puts events into the audit, one a minute, the last a minute ago.
func (v *Visitor) Happened(events ...audit.Event) {
	v.T.Helper()
	at := v.Time().Add(-time.Duration(len(events)) * time.Minute)
	for i, e := range events {
		e.Number, e.At = v.Number, at.Add(time.Duration(i)*time.Minute)
		if e.Actor == "" {
			e.Actor = v.Number
		}
		v.Put(audit.Put(v.Store.Names, e, rand.Reader))
	}
}

// Factor is what the customer has set up beside the password.
func (v *Visitor) Factor() secondfactor.Factor {
	v.T.Helper()
	f, err := secondfactor.Store{Store: v.Store}.Get(v.T.Context(), v.Number)
	if err != nil {
		v.T.Fatal(err)
	}
	return f
}

// SetUp connects an app, and returns the recovery codes shown.
func (v *Visitor) SetUp() (codes []string) {
	v.T.Helper()
	v.Post("/account/second-factor/begin", url.Values{reauth.Field: {Password}}).Is(http.StatusSeeOther)
	page := v.Post("/account/second-factor/setup", url.Values{"code": {secondfactor.Code(v.Factor().Draft, v.Time())}}).Is(http.StatusOK)
	for _, code := range page.Find(".codes code").EachIter() {
		codes = append(codes, code.Text())
	}
	return codes
}

// AskFor enters a new e-mail address.
func (v *Visitor) AskFor(address string) {
	v.T.Helper()
	v.Post("/account/master-data", url.Values{"version": {fmt.Sprint(v.Own().Version)}, "email": {address},
		reauth.Field: {Password}}).Is(http.StatusSeeOther)
}
