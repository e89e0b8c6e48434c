// Package history tells what happened to a customer number and which mails went out, each event in plain words.
package history

import (
	"embed"

	"kundenkonto/functions/account/area"
)

//go:embed pages/*.html
var Pages embed.FS

// Room tells what happened.
type Room struct{ area.Deps }
