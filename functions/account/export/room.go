// Package export answers with all of the customer's data.
package export

import (
	"kundenkonto/functions/account/area"
)

// Room answers with all data.
type Room struct{ area.Deps }
