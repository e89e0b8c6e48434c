// Package orders are the pages of merge orders: the queue, an order with everything its review needs, and what is decided.
package orders

import (
	"embed"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/merge"
)

// Pages are the pages of the room.
//
//go:embed pages/*.html
var Pages embed.FS

// Room is where orders are reviewed.
type Room struct {
	desk.Desk
	Speller merge.Speller
	// TwoPeopleFrom is the number of different risk signs from which an approval takes two people; 0 for never.
	TwoPeopleFrom int
}
