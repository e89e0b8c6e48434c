// Package passwordreset is "Passwort vergessen" and setting a password by the mailed link, the first one included.
package passwordreset

import (
	"embed"
	"io"
	"net/http"

	"kundenkonto/shared/forgot"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

//go:embed pages
var pages embed.FS

// Deps is what the slice needs from outside.
type Deps struct {
	Store table.Store
	Queue forgot.Queue
	Rand  io.Reader // cookies and salts
}

// Routes are the addresses of the slice.
func Routes(d Deps) []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/password/forgot", Summary: "Form of Passwort vergessen", Handle: showForgot},
		{Method: http.MethodPost, Pattern: "/password/forgot", Summary: "Mail a link for a new password", Handle: d.forgot,
			Fields: []web.Field{{Name: "customerNumber", Required: true, Summary: "6 to 12 digits"}}},
		{Method: http.MethodGet, Pattern: "/password/reset", Summary: "Form for a new password", Handle: d.showReset,
			Fields: []web.Field{{Name: "token", In: web.InQuery, Required: true, Secret: true}}},
		{Method: http.MethodPost, Pattern: "/password/reset", Summary: "Set a new password", Handle: d.reset, Fields: []web.Field{
			{Name: "token", Required: true, Secret: true},
			{Name: "newPassword", Required: true, Secret: true, Summary: "15 to 256 characters"},
			{Name: fieldPasskeys, Enum: []string{removeYoung, removeAll, keepAll}, Summary: "which passkeys are removed with it; those of the last 30 days when nothing is said"},
		}},
	}
}
