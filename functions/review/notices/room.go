// Package notices are the pages of cancelled contracts that wait for the operator's team.
package notices

import (
	"embed"

	"kundenkonto/functions/review/desk"
)

// aPage is how many a page lists.
const aPage = 25

// Pages are the pages of the room.
//
//go:embed pages/*.html
var Pages embed.FS

// Room lists the cancellations that wait, and takes them up.
type Room struct{ desk.Desk }
