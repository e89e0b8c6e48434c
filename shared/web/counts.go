package web

import (
	"log/slog"
	"strings"

	"kundenkonto/shared/metrics"
)

// countedEvents are the security events that are counted, by the name that stands in the log.
var countedEvents = map[string]metrics.Name{
	"authn_login_success": metrics.SignIns, "authn_login_fail": metrics.SignInsFailed, "authn_second_factor_fail": metrics.SignInsFailed,
	"authn_login_lock": metrics.SignInsPaused, "authn_second_factor_lock": metrics.SignInsPaused,
	"authn_proof_fail": metrics.ProofsFailed, "authn_proof_paused": metrics.ProofsPaused,
	"authn_password_reset_requested": metrics.LinksAsked, "authn_password_change": metrics.PasswordsChanged,
	tooFrequent: metrics.RequestsTooMany, notAllowed: metrics.RequestsRefused, crossSite: metrics.RequestsRefused,
}

// staffEvents are counted under names of their own where the service team's pages note them.
var staffEvents = map[string]metrics.Name{"authn_login_success": metrics.StaffSignIns, "authn_login_fail": metrics.StaffSignInsFailed}

// pastTheEdge is the outcome of a request that did not come through the edge.
const pastTheEdge = "edge_required"

// counts are what a request adds to the metrics.
func (e *event) counts(route string) (values []metrics.Value) {
	if e.outcome == pastTheEdge {
		return []metrics.Value{metrics.One(metrics.RequestsPastTheEdge)}
	}
	for _, note := range e.notes {
		if note.Key != securityEvent || note.Value.Kind() != slog.KindString && note.Value.Kind() != slog.KindAny {
			continue
		}
		name := countedEvents[note.Value.String()]
		if staff, own := staffEvents[note.Value.String()]; own && strings.Contains(route, " /service") {
			name = staff
		}
		if name != "" {
			values = append(values, metrics.One(name))
		}
	}
	return values
}
