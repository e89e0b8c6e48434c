// Package customers are the pages of customers: the search, one customer, and what the service team does for them.
package customers

import (
	"embed"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/throttle"
)

// Pages are the pages of the room.
//
//go:embed pages/*.html
var Pages embed.FS

// Room is where customers are helped.
type Room struct {
	desk.Desk
	Recoveries Recoveries
	Accounts   Accounts
	Pauses     throttle.Store
	Links      forgot.Queue // of links for a new password
}
