package history

import (
	"net/http"

	"kundenkonto/shared/web"
)

// Routes lists its routes.
func (d Room) Routes() []web.Route {
	after := web.Field{Name: "after", In: web.InQuery, Summary: "end of the page before: its next"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: historyPath, Access: web.Customer, Handle: d.Signed(d.historyPage),
			Summary: "All changes to the own customer number, newest first", Fields: []web.Field{after}},
		{Method: http.MethodGet, Pattern: mailsPath, Access: web.Customer, Handle: d.Signed(d.mailsPage),
			Summary: "Mails to the customer in the last 90 days", Fields: []web.Field{after}},
	}
}
