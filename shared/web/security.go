package web

import "net/http"

// securityEvent is the key of the log line under which whoever watches it finds attempts and refusals, by the names of
// OWASP's Logging Vocabulary where that has one (S20).
const securityEvent = "security_event"

// Names of refusals. A request from another site is what the vocabulary calls cross-origin; a 404 to who is signed in is for
// what belongs to somebody else or to nobody (S11): we tell neither which, nor do we ask.
const (
	crossSite   = "malicious_cors"
	notAllowed  = "authz_fail"
	linkReused  = "authn_token_reuse"
	tooFrequent = "excess_rate_limit_exceeded"
)

// nameRefusal gives every refusal its event in one place, so that no handler can forget it. One that knows better than the
// status has noted its own name.
func (x *exchange) nameRefusal(status int) {
	name := refusals[status]
	if status == http.StatusNotFound && (x.req.route == nil || x.req.route.Access != Customer) {
		return // a mistyped address; the service team may look for everything
	}
	if name != "" && !x.req.event.noted(securityEvent) {
		x.req.Note(securityEvent, name)
	}
}

var refusals = map[int]string{
	http.StatusForbidden: notAllowed, http.StatusNotFound: notAllowed,
	http.StatusGone: linkReused, http.StatusTooManyRequests: tooFrequent,
}
