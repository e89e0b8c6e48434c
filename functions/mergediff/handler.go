// Package mergediff is where a customer names another number, proves that it is theirs, compares the data of both and chooses: the pages
// before "Auftrag abschicken". It changes nothing but the customer's draft, and whether we point to other numbers.
package mergediff

import (
	"context"
	"embed"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

//go:embed pages
var pages embed.FS

// Customers is what the slice reads of customers, and the count of failed proofs it writes.
type Customers interface {
	Profile(ctx context.Context, number string) (customer.Profile, error)
	Profiles(ctx context.Context, numbers []string) (map[string]customer.Profile, error)
	Packages(ctx context.Context, numbers []string, q customer.PackageQuery) (customer.PackagePage, error)
	FindProof(ctx context.Context, numbers []string, field string, today time.Time) (customer.Found, error)
	CountFailedProof(ctx context.Context, number, actor string) error
	NumbersByEmail(ctx context.Context, address string, limit int32) ([]string, error)
}

// Tables writes all items or none.
type Tables interface {
	Transact(ctx context.Context, items []types.TransactWriteItem, token string) error
}

// Credentials reads package passwords.
type Credentials interface {
	Get(ctx context.Context, subject string) (credential.Credential, error)
}

// Factors tells which numbers a merge leaves less guarded, without reading their secrets.
type Factors interface {
	Lost(ctx context.Context, survivor string, others []string) ([]string, error)
}

// Throttle counts proofs before they are made.
type Throttle interface {
	TryAll(ctx context.Context, now time.Time, buckets ...throttle.Bucket) ([]throttle.Verdict, error)
	TakeBack(ctx context.Context, verdicts ...throttle.Verdict) error
	Failed(ctx context.Context, v throttle.Verdict) error
}

// Orders keeps the draft and knows which numbers an open order locks, and which an earlier veto keeps apart.
type Orders interface {
	Draft(ctx context.Context, number string) (order.Draft, error)
	SaveDraft(ctx context.Context, d order.Draft) (order.Draft, error)
	OpenOrder(ctx context.Context, number string) (id string, err error)
	Barred(ctx context.Context, own, other string) (bool, error)
}

// Deps is what the slice works with. Signed lets only signed-in customers through, as session.Require does.
type Deps struct {
	Signed      func(func(*web.Request, session.Visitor) (web.Response, error)) web.HandlerFunc
	Customers   Customers
	Credentials Credentials
	Factors     Factors
	Throttle    Throttle
	Orders      Orders
	Tables      Tables
	Names       table.Names
	Speller     merge.Speller
	Rand        io.Reader
}

// proofs tells how the proofs of a draft stand.
func (d Deps) proofs() order.Proofs {
	return order.Proofs{Customers: d.Customers, Credentials: d.Credentials}
}

// Routes lists the slice's routes.
func Routes(d Deps) []web.Route {
	number := web.Field{Name: "customerNumber", Required: true, Max: 200, Summary: "the other customer number"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/merge", Summary: "Own master data and the form for another customer number", Access: web.Customer, Handle: d.Signed(d.start)},
		{Method: http.MethodPost, Pattern: "/merge/check", Summary: "Prove another customer number and compare", Access: web.Customer, Handle: d.Signed(d.check), FormPage: "/merge", Fields: []web.Field{
			number,
			{Name: "domain", Required: true, Max: 300, Summary: "a domain of one of its packages, or the package number"},
			{Name: "password", Required: true, Secret: true, Max: 1024, Summary: "password of that package"},
		}},
		{Method: http.MethodGet, Pattern: "/merge/draft", Summary: "The comparison of every number in the draft", Access: web.Customer, Handle: d.Signed(d.showDraft), Fields: []web.Field{
			{Name: "replaced", In: web.InQuery, Max: 200, Summary: "choices that a later one replaced, to be told"},
		}},
		{Method: http.MethodPost, Pattern: "/merge/adopt", Summary: "Adopt the data of a comparison (Daten übernehmen, Weiter)", Access: web.Customer, Handle: d.Signed(d.adopt), Fields: adoptFields(number)},
		{Method: http.MethodPost, Pattern: "/merge/proposals", Summary: "Show or do not show numbers that look like the own", Access: web.Customer, Handle: d.Signed(d.saveProposals), Fields: []web.Field{
			{Name: "show", Required: true, Enum: []string{"yes", "no"}, Max: 3, Summary: "yes or no"},
			{Name: "return", Max: web.MaxPath, Summary: "own path to go to after saving"},
		}},
		{Method: http.MethodPost, Pattern: "/merge/remove", Summary: "Take a customer number out of the draft", Access: web.Customer, Handle: d.Signed(d.remove), Fields: []web.Field{number}},
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
