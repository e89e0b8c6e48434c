package main

import (
	"net/http"
	listing "slices"
	"strings"
	"testing"

	"kundenkonto/infra/site"
	"kundenkonto/shared/web"
)

// withoutInput are forms without input that a customer would have to type again: choices of a click, codes, passwords.
var withoutInput = []string{"/account/sessions/revoke", "/merge/adopt", "/merge/remove", "/account/second-factor/passkeys", "/merge/proposals", "/merge/submit",
	"/merge/orders/{id}/confirm", "/merge/orders/{id}/withdraw", "/account/email/resend", "/account/email/withdraw"}

func TestWhatACustomerTypedOutlivesTheSession(t *testing.T) { // S9
	all := site.Routes()
	pages := map[string]bool{}
	for _, r := range all {
		if r.Method == http.MethodGet {
			pages[r.Pattern] = true
		}
	}
	for _, r := range all {
		if r.Access != web.Customer || r.Method != http.MethodPost {
			continue
		}
		if r.FormPage != "" && !pages[r.FormPage] {
			t.Errorf("%s names the page %s, which is none", r.Pattern, r.FormPage)
		}
		input := listing.ContainsFunc(r.Fields, func(f web.Field) bool { return !f.Secret && (f.In == "" || f.In == web.InBody) })
		if input && r.FormPage == "" && !listing.Contains(withoutInput, r.Pattern) {
			t.Errorf("%s loses what was typed when the session ends: name its FormPage (S9)", r.Pattern)
		}
	}
	if !listing.ContainsFunc(all, func(r web.Route) bool { return strings.HasPrefix(r.FormPage, "/merge") }) {
		t.Error("the routes of merging are not looked at")
	}
}
