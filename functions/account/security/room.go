// Package security looks after the account itself: password, sessions, second step and passkeys.
package security

import (
	"embed"

	"kundenkonto/functions/account/area"
)

//go:embed pages/*.html
var Pages embed.FS

// Room looks after the account itself.
type Room struct{ area.Deps }
