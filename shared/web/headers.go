package web

import (
	"net/http"
	"strings"
)

// csp allows nothing that is not ours (S15). Chromium applies form-action to the
// redirect after a form, so the staff sign-in needs the issuer's origin there.
func csp(formActions []string) string {
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "manifest-src 'self'",
		"form-action " + strings.Join(append([]string{"'self'"}, formActions...), " "),
		"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
	}, "; ")
}

const permissionsPolicy = "accelerometer=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"

// setSecurityHeaders puts the headers of S15 on every answer; a handler may
// only replace Cache-Control, as the assets do.
func setSecurityHeaders(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissionsPolicy)
	h.Set("Cache-Control", "no-store")
}
