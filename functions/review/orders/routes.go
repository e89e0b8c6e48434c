package orders

import (
	"net/http"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/web"
)

// maxObjectors is enough for the 20 sources of the largest order.
const maxObjectors = 300

// Routes are the addresses of the room.
func (d Room) Routes() []web.Route {
	id := web.Field{Name: "id", In: web.InPath, Required: true, Max: 64, Summary: "Order number, such as K7QX-2M4D"}
	digest := web.Field{Name: "digest", Required: true, Max: 64, Summary: "Digest of the values that were reviewed"}
	note := web.Field{Name: "note", Multiline: true, Max: desk.MaxNote, Summary: "Stays inside the service team"}
	reason := web.Field{Name: "reason", Multiline: true, Max: desk.MaxNote, Summary: "Sent to the customer who ordered the merge"}
	seen := web.Field{Name: "seen", Max: maxSeen, Summary: "What the reviewed page showed, to name what changed since"}
	state := web.Field{Name: "state", Max: 20, Summary: "The state that the reviewed page showed; APPROVED and STALE are rejected only by who saw them"}
	demanded, inside := reason, note
	demanded.Required, inside.Name = true, "reason"
	insideReason := inside
	insideReason.Required = true
	contact := web.Field{Name: "contact", Multiline: true, Max: desk.MaxNote,
		Summary: "How a side was told that the announcement did not reach; demanded then, stays inside the service team"}
	objectors := web.Field{Name: "objectors", Required: true, Max: maxObjectors, Summary: "The numbers whose objections the reviewed page showed, parted by commas; one that came since is not decided"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/service", Summary: "Queue of merge orders, oldest first", Access: web.Staff, Handle: d.Only(d.queue),
			Fields: []web.Field{{Name: "tab", In: web.InQuery, Enum: tabNames()}, {Name: "page", In: web.InQuery, Max: 4},
				{Name: "q", In: web.InQuery, Summary: "Order number to go to; anything else is looked up among the customers"}}},
		{Method: http.MethodGet, Pattern: "/service/orders/{id}", Summary: "One merge order for review", Access: web.Staff, Handle: d.Only(d.order),
			Fields: []web.Field{id}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/approve", Summary: "Approve exactly the values of the digest", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.approve)), Fields: []web.Field{id, digest, reason, note, seen, contact}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/claim", Summary: "Tell the others that one works on the order", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.claim)), Fields: []web.Field{id, inside}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/release", Summary: "Give the order back to everybody", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.release)), Fields: []web.Field{id, inside}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/release-bar", Summary: "Let two numbers be merged again after a veto", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.releaseBar)), Fields: []web.Field{id, {Name: "customerNumber", Required: true, Max: 200, Summary: "The source number whose bar is released"}, insideReason}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/reject", Summary: "Reject with a reason for the customer", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.reject)), Fields: []web.Field{id, digest, demanded, note, seen, state}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/retry", Summary: "Carry on with an order that failed", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.retry)), Fields: []web.Field{id, inside, note}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/undo", Summary: "Undo an executed merge, within 30 days", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.undo)), Fields: []web.Field{id, demanded, {Name: "later", Enum: []string{"yes"}, Summary: "Undo later merges in the way, too"},
				{Name: "abuse", Enum: []string{"yes"}, Summary: "The merge was abuse: voids all package passwords of its numbers and bars the pairs"}}},
		{Method: http.MethodPost, Pattern: "/service/orders/{id}/dismiss", Summary: "End an objection; the merge stays", Access: web.Staff,
			Handle: d.Only(d.onOrder(d.dismiss)), Fields: []web.Field{id, demanded, objectors}},
	}
}
