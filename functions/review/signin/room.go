// Package signin lets the service team in and out by its identity provider, and knows who belongs to it.
package signin

import (
	"embed"

	"kundenkonto/functions/review/desk"
)

// Pages are the pages of the room.
//
//go:embed pages/*.html
var Pages embed.FS

// Room is the door.
type Room struct {
	desk.Desk
	Provider *Provider
}
