package account

import (
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
	"net/http"
)

// securityRoutes are the routes that look after the account itself: password, sessions, what was done to it.
func (d Deps) securityRoutes(signed func(func(*web.Request, session.Signed) (web.Response, error)) web.HandlerFunc) []web.Route {
	secret := func(name, summary string) web.Field {
		return web.Field{Name: name, Required: true, Secret: true, Summary: summary}
	}
	after := web.Field{Name: "after", In: web.InQuery, Summary: "end of the page before: its next"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: passwordPath, Access: web.Customer, Handle: signed(d.passwordPage),
			Summary: "Form for another customer password"},
		{Method: http.MethodPost, Pattern: passwordPath, Access: web.Customer, Handle: signed(d.changePassword),
			Summary: "Change the customer password; ends all other sessions and sets a new session cookie",
			Fields:  []web.Field{secret(reauth.Field, ""), secret(newpassword.Field, "15 to 256 characters")}},
		{Method: http.MethodGet, Pattern: sessionsPath, Access: web.Customer, Handle: signed(d.sessionsPage),
			Summary: "Where the customer is signed in"},
		{Method: http.MethodGet, Pattern: sessionsPath + "/current", Access: web.Customer, Handle: signed(d.currentSession),
			Summary: "When this session ends; asking for it extends it, up to its absolute end"},
		{Method: http.MethodPost, Pattern: sessionsPath + "/revoke", Access: web.Customer, Handle: signed(d.revokeSession),
			Summary: "End one session or all others; all others also voids mailed reset links and sets a new session cookie",
			Fields:  []web.Field{{Name: "session", Required: true, Summary: "id of a session, or others"}}},
		{Method: http.MethodGet, Pattern: securityPath, Access: web.Customer, Handle: signed(d.securityPage),
			Summary: "How the account is protected; the last sign-ins, failed tries and changes"},
		{Method: http.MethodGet, Pattern: historyPath, Access: web.Customer, Handle: signed(d.historyPage),
			Summary: "All changes to the own customer number, newest first", Fields: []web.Field{after}},
		{Method: http.MethodGet, Pattern: mailsPath, Access: web.Customer, Handle: signed(d.mailsPage),
			Summary: "Mails to the customer in the last 90 days", Fields: []web.Field{after}},
		{Method: http.MethodGet, Pattern: exportPath, Access: web.Customer, Handle: signed(d.export),
			Summary: "All of the customer's data as JSON, in parts; 423 while somebody objects to a merge",
			Fields:  []web.Field{{Name: "next", In: web.InQuery, Summary: "next of the part before"}}},
	}
}
