package signin

import "testing"

// S18
func TestASignInLeadsToPagesOfTheServiceTeamOnly(t *testing.T) {
	for next, want := range map[string]string{
		"":                             "/service",
		"/service":                     "/service",
		"/service?tab=failed&page=2":   "/service?tab=failed&page=2",
		"/service/orders/K7QX-2M4D":    "/service/orders/K7QX-2M4D",
		"/servicex":                    "/service",
		"/account":                     "/service",
		"/service/../account":          "/service",
		"/service/%2e%2e/account":      "/service",
		"/service//evil.example":       "/service",
		"//evil.example/service":       "/service",
		"https://evil.example/service": "/service",
		`/service/\evil.example`:       "/service",
		"/service/login":               "/service",
		"/service/logout":              "/service",
		"/service/callback?code=1":     "/service",
		"/service/orders\r\nX: y":      "/service",
	} {
		if got := nextPage(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}
