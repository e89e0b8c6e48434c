package mails

import (
	"net/http"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/web"
)

// Routes are the addresses of the room.
func (d Room) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: desk.MailsPath, Summary: "Mails that could not be delivered, the latest first", Access: web.Staff, Handle: d.Only(d.mails),
			Fields: []web.Field{{Name: "before", In: web.InQuery, Max: 40, Summary: "next of the page before"}, {Name: "done", In: web.InQuery, Enum: []string{"resent"}}}},
		{Method: http.MethodPost, Pattern: desk.MailsPath + "/{id}/resend", Summary: "Put a mail that was given up on back to be sent", Access: web.Staff, Handle: d.Only(d.resend),
			Fields: []web.Field{{Name: "id", In: web.InPath, Required: true, Max: 400, Summary: "id of the list"},
				desk.ReasonInside()}},
	}
}
