// Package mails are the pages of mails that could not be delivered.
package mails

import (
	"embed"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/outbox"
)

// Pages are the pages of the room.
//
//go:embed pages/*.html
var Pages embed.FS

// Room lists what could not be delivered and puts it back to be sent (M9).
type Room struct {
	desk.Desk
	Outbox outbox.Store
}
