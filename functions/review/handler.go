// Package review holds the pages of the service team: sign-in, the queue of merge orders, an order with everything its
// review needs, and the decision.
package review

import (
	"context"
	"embed"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

//go:embed pages/*.html partials/*.html
var pageFiles embed.FS

// Orders is what the pages need of the order store.
type Orders interface {
	Get(ctx context.Context, id string) (order.Order, error)
	Queue(ctx context.Context, limit int, states ...merge.State) ([]order.Order, error)
	Approve(ctx context.Context, id string, d order.Decision) (order.Order, error)
	Reject(ctx context.Context, id string, d order.Decision) (order.Order, error)
	Recheck(ctx context.Context, id string) (order.Order, error)
	Retry(ctx context.Context, id, reviewer, reason string) (order.Order, error)
	Undo(ctx context.Context, id string, u order.Undoing) (order.Order, error)
	UndoAll(ctx context.Context, id string, u order.Undoing) (order.Order, error)
	Dismiss(ctx context.Context, id, reviewer, reason string, seen []string) (order.Order, error)
	Claim(ctx context.Context, id, reviewer, reason string) (order.Order, error)
	Release(ctx context.Context, id, reviewer, reason string) (order.Order, error)
	ByCustomer(ctx context.Context, number, after string, limit int32) ([]order.Order, string, error)
	Barred(ctx context.Context, own, other string) (bool, error)
	ReleaseBar(ctx context.Context, own, other, reviewer, reason string) error
	Objections(ctx context.Context, numbers ...string) ([]string, error)
}

// Events reads what was done to a customer number, and notes who looked at it.
type Events interface {
	List(ctx context.Context, number, after string, limit int) (events []audit.Event, next string, err error)
	Orders(ctx context.Context, action string, numbers []string, before time.Time, limit int) (refs []audit.OrderRef, next time.Time, err error)
	Note(ctx context.Context, e audit.Event, rand io.Reader, exists bool) error
	NoteAll(ctx context.Context, events []audit.Event, rand io.Reader) error
}

// Profiles reads customers as they are now.
type Profiles interface {
	Profiles(ctx context.Context, numbers []string) (map[string]customer.Profile, error)
	Packages(ctx context.Context, numbers []string, q customer.PackageQuery) (customer.PackagePage, error)
	Package(ctx context.Context, id string) (customer.Package, error)
	ByEmail(ctx context.Context, address, after string, limit int32) (numbers []string, next string, err error)
	ByDomain(ctx context.Context, domain, after string, limit int32) (numbers []string, next string, err error)
}

// Factors tells how a customer's second factors stand, without their secrets.
type Factors interface {
	State(ctx context.Context, number string) (secondfactor.State, error)
	Lost(ctx context.Context, survivor string, others []string) ([]string, error)
}

// Pauses tells whether a customer's sign-in is paused.
type Pauses interface {
	Look(ctx context.Context, b throttle.Bucket, now time.Time) (throttle.Verdict, error)
}

// Deps is what the pages work with.
type Deps struct {
	Staff    session.StaffStore
	Team     session.Directory
	Orders   Orders
	Profiles Profiles
	Events   Events
	Factors  Factors
	Provider *Provider
	Speller  merge.Speller
	Rand     io.Reader

	Recoveries Recoveries
	Accounts   Accounts
	Pauses     Pauses
	Links      forgot.Queue // of links for a new password
	Mails      Mails
}

// Connect puts the pages on the tables.
func Connect(store table.Store, p *Provider, now func() time.Time, rand io.Reader) Deps {
	sp := spelling.Speller{}
	return Deps{
		Staff: session.StaffStore{Store: store}, Profiles: customer.Store{Store: store}, Events: audit.Store{Store: store}, Factors: secondfactor.Store{Store: store}, Provider: p, Speller: sp, Rand: rand,
		Orders:     order.Store{Store: store, Now: now, Rand: rand, Speller: sp},
		Pauses:     throttle.Store{Store: store},
		Accounts:   Accounts{Tables: store, Names: store.Names, Rand: rand},
		Recoveries: Recoveries{Tables: store, Names: store.Names, Wait: DefaultRecoveryWait},
		Mails:      Mails{Outbox: outbox.Store{Store: store}, Tables: store, Names: store.Names},
	}
}

// maxNote is the length of a note or reason in bytes, two or three screens.
const maxNote = 2000

// maxObjectors is enough for the 20 sources of the largest order.
const maxObjectors = 300

// Routes are the addresses of the service team.
func Routes(d Deps) []web.Route {
	staff := func(h func(*web.Request, session.StaffSession) (web.Response, error)) web.HandlerFunc {
		return session.RequireStaff(d.Staff, d.Team, h)
	}
	id := web.Field{Name: "id", In: web.InPath, Required: true, Max: 64, Summary: "Order number, such as K7QX-2M4D"}
	digest := web.Field{Name: "digest", Required: true, Max: 64, Summary: "Digest of the values that were reviewed"}
	note := web.Field{Name: "note", Multiline: true, Max: maxNote, Summary: "Stays inside the service team"}
	reason := web.Field{Name: "reason", Multiline: true, Max: maxNote, Summary: "Sent to the customer who ordered the merge"}
	seen := web.Field{Name: "seen", Max: maxSeen, Summary: "What the reviewed page showed, to name what changed since"}
	state := web.Field{Name: "state", Max: 20, Summary: "The state that the reviewed page showed; APPROVED and STALE are rejected only by who saw them"}
	demanded, inside := reason, note
	demanded.Required, inside.Name = true, "reason"
	insideReason := inside
	insideReason.Required = true
	contact := web.Field{Name: "contact", Multiline: true, Max: maxNote,
		Summary: "How a side was told that the announcement did not reach; demanded then, stays inside the service team"}
	objectors := web.Field{Name: "objectors", Required: true, Max: maxObjectors, Summary: "The numbers whose objections the reviewed page showed, parted by commas; one that came since is not decided"}
	return append(slices.Concat(recoveryRoutes(d, staff), customerRoutes(d, staff), actionRoutes(d, staff), mailRoutes(d, staff)), []web.Route{
		{Method: http.MethodGet, Pattern: "/service/login", Summary: "Begin the sign-in of the service team", Handle: d.beginSignIn,
			Fields: []web.Field{{Name: "next", In: web.InQuery, Max: web.MaxPath, Summary: "Page of the service team to go to"}}},
		{Method: http.MethodGet, Pattern: "/service/callback", Summary: "End the sign-in of the service team", Handle: d.endSignIn,
			Fields: []web.Field{{Name: "code", In: web.InQuery, Secret: true}, {Name: "state", In: web.InQuery, Secret: true}, {Name: "error", In: web.InQuery}}},
		{Method: http.MethodPost, Pattern: "/service/logout", Summary: "Sign out", Handle: d.signOut},
		{Method: http.MethodGet, Pattern: "/service/session", Summary: "When this session ends; asking for it extends it, up to its absolute end", Access: web.Staff,
			Handle: staff(currentSession)},
		{Method: http.MethodGet, Pattern: "/service", Summary: "Queue of merge orders, oldest first", Access: web.Staff, Handle: staff(d.queue),
			Fields: []web.Field{{Name: "tab", In: web.InQuery, Enum: tabNames()}, {Name: "page", In: web.InQuery, Max: 4},
				{Name: "q", In: web.InQuery, Summary: "Order number to go to; anything else is looked up among the customers"}}},
		{Method: http.MethodGet, Pattern: "/service/orders/{id}", Summary: "One merge order for review", Access: web.Staff, Handle: staff(d.order),
			Fields: []web.Field{id}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/approve", Summary: "Approve exactly the values of the digest", Access: web.Staff,
			Handle: staff(d.onOrder(d.approve)), Fields: []web.Field{id, digest, reason, note, seen, contact}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/claim", Summary: "Tell the others that one works on the order", Access: web.Staff,
			Handle: staff(d.onOrder(d.claim)), Fields: []web.Field{id, inside}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/release", Summary: "Give the order back to everybody", Access: web.Staff,
			Handle: staff(d.onOrder(d.release)), Fields: []web.Field{id, inside}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/release-bar", Summary: "Let two numbers be merged again after a veto", Access: web.Staff,
			Handle: staff(d.onOrder(d.releaseBar)), Fields: []web.Field{id, {Name: "customerNumber", Required: true, Max: 200, Summary: "The source number whose bar is released"}, insideReason}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/reject", Summary: "Reject with a reason for the customer", Access: web.Staff,
			Handle: staff(d.onOrder(d.reject)), Fields: []web.Field{id, digest, demanded, note, seen, state}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/retry", Summary: "Carry on with an order that failed", Access: web.Staff,
			Handle: staff(d.onOrder(d.retry)), Fields: []web.Field{id, inside, note}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/undo", Summary: "Undo an executed merge, within 30 days", Access: web.Staff,
			Handle: staff(d.onOrder(d.undo)), Fields: []web.Field{id, demanded, {Name: "later", Enum: []string{"yes"}, Summary: "Undo later merges in the way, too"},
				{Name: "abuse", Enum: []string{"yes"}, Summary: "The merge was abuse: voids all package passwords of its numbers and bars the pairs"}}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/dismiss", Summary: "End an objection; the merge stays", Access: web.Staff,
			Handle: staff(d.onOrder(d.dismiss)), Fields: []web.Field{id, demanded, objectors}},
	}...)
}

// App is the function's handler.
func App(cfg web.AppConfig, d Deps) (http.Handler, error) {
	pages, err := web.ParsePages(pageFiles, pageFiles)
	if err != nil {
		return nil, fmt.Errorf("review: %w", err)
	}
	return web.NewApp(cfg, pages, Routes(d)), nil
}
