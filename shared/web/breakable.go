package web

import (
	"html/template"
	"strings"
)

// Breakable lets an address of e-mail go on in the next line behind its @, and nowhere before.
func Breakable(s string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(s), "@", "@<wbr>")) //nolint:gosec // escaped
}
