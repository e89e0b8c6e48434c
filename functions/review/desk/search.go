package desk

import (
	"context"
	"regexp"
	"strings"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// Searched notes who searched for what, and whom it named (S13). It belongs to no customer number, so that it has a place
// of its own.
func (d Desk) Searched(ctx context.Context, r *web.Request, staff session.StaffSession, text, order string, found []string) error {
	r.Note("security_event", "sensitive_read")
	e := audit.Event{Number: audit.StaffLog(r.Now), Action: audit.Searched, Actor: staff.Actor(), At: r.Now, Order: order,
		New: map[string]string{audit.KeySearch: maskedSearch(text)}}
	if len(found) > 0 {
		e.New[audit.KeyFound] = strings.Join(found, ",")
	}
	return d.Events.Note(ctx, e, d.Rand, true)
}

// longestSearch is how much of what was searched for is audited, in bytes: an e-mail address (RFC 5321).
const longestSearch = 254

// domainLike is what ends as a domain does: some would look like an IBAN without their dots.
var domainLike = regexp.MustCompile(`\.\pL{2,}$`)

// maskedSearch is what a search was for, as the audit may hold it: an IBAN that somebody pasted masked (S20).
func maskedSearch(text string) string {
	if iban, ok := masterdata.ReadIBAN(text); ok && !domainLike.MatchString(text) {
		return MaskOwn(merge.IBAN, iban)
	}
	return strings.ToValidUTF8(text[:min(len(text), longestSearch)], "")
}
