package notices

import (
	"net/http"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/web"
)

// Routes are the addresses of the room.
func (d Room) Routes() []web.Route {
	return append([]web.Route{
		{Method: http.MethodGet, Pattern: desk.NoticesPath, Summary: "Cancellations that nobody has taken up, the oldest first", Access: web.Staff, Handle: d.Only(d.list),
			Fields: []web.Field{{Name: "after", In: web.InQuery, Max: 40, Summary: "next of the page before"}, {Name: "done", In: web.InQuery, Enum: []string{"taken-up"}}}},
		{Method: http.MethodPost, Pattern: desk.NoticesPath + "/{id}/take-up", Summary: "Take a cancellation up: the customer cannot take it back any more", Access: web.Staff,
			Handle: d.Only(d.takeUp), Fields: []web.Field{{Name: "id", In: web.InPath, Required: true, Max: 64, Summary: "package number"},
				{Name: "cancellation", Required: true, Max: 20, Summary: "id of the cancellation"}}},
	}, d.declaredRoutes()...)
}

func (d Room) declaredRoutes() []web.Route {
	key := web.Field{Name: "key", In: web.InPath, Required: true, Max: 64, Summary: "key of the list"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: declaredPath, Summary: "Cancellations without a sign-in that nobody has dealt with, the oldest first", Access: web.Staff, Handle: d.Only(d.declaredList),
			Fields: []web.Field{{Name: "after", In: web.InQuery, Max: 40, Summary: "next of the page before"}, {Name: "done", In: web.InQuery, Enum: []string{"settled"}}}},
		{Method: http.MethodGet, Pattern: declaredPath + "/{key}", Summary: "One of them; each look is audited", Access: web.Staff, Handle: d.Only(d.declared), Fields: []web.Field{key}},
		{Method: http.MethodPost, Pattern: declaredPath + "/{key}/settle", Summary: "Note what was done with it and take it from the list", Access: web.Staff, Handle: d.Only(d.settle),
			Fields: []web.Field{key, desk.ReasonInside()}},
	}
}
