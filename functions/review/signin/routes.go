package signin

import (
	"net/http"

	"kundenkonto/shared/web"
)

// Routes are the addresses of the room.
func (d Room) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/service/login", Summary: "Begin the sign-in of the service team", Handle: d.beginSignIn,
			Fields: []web.Field{{Name: "next", In: web.InQuery, Max: web.MaxPath, Summary: "Page of the service team to go to"}}},
		{Method: http.MethodGet, Pattern: "/service/callback", Summary: "End the sign-in of the service team", Handle: d.endSignIn,
			Fields: []web.Field{{Name: "code", In: web.InQuery, Secret: true}, {Name: "state", In: web.InQuery, Secret: true}, {Name: "error", In: web.InQuery}}},
		{Method: http.MethodPost, Pattern: "/service/logout", Summary: "Sign out", Handle: d.signOut},
		{Method: http.MethodGet, Pattern: "/service/session", Summary: "When this session ends; asking for it extends it, up to its absolute end", Access: web.Staff,
			Handle: d.Only(currentSession)},
	}
}
