package desk

import (
	"strings"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/web"
)

// MaxNote is the length of a note or reason in bytes, two or three screens.
const MaxNote = 2000

// ReasonInside is the field of a reason that stays inside the service team.
func ReasonInside() web.Field {
	return web.Field{Name: "reason", Required: true, Multiline: true, Max: MaxNote, Summary: "Stays inside the service team"}
}

// ReasonMissing demands that reason.
func ReasonMissing() *web.Error {
	msg := lang.T("Nennen Sie den Grund. Er bleibt im Serviceteam.")
	return web.Unprocessable("reason_missing", msg, web.Invalid("reason", "reason_missing", msg))
}

// Prose takes text as it was written, with line ends of one kind.
func Prose(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// First is the first value that is not blank.
func First(values ...string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}

// ParseCursor reads a time of a list's next page; what somebody made up begins at the start.
func ParseCursor(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
