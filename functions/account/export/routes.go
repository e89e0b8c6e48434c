package export

import (
	"net/http"

	"kundenkonto/shared/web"
)

// Routes lists its routes.
func (d Room) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: exportPath, Access: web.Customer, Handle: d.Signed(d.export),
			Summary: "All of the customer's data as JSON, in parts; 423 while somebody objects to a merge",
			Fields:  []web.Field{{Name: "next", In: web.InQuery, Summary: "next of the part before"}}},
	}
}
