package site

import (
	"slices"
	"testing"

	"kundenkonto/shared/web"
)

// published are the routes and field names that programs outside this repository use: none may be renamed
// or taken away.
var published = []struct {
	routes string
	fields []string
}{
	{"GET /login", nil}, {"POST /login", []string{"customerNumber", "password"}}, {"POST /logout", nil},
	{"GET /password/forgot", nil}, {"POST /password/forgot", []string{"customerNumber"}},
	{"GET /password/reset", []string{"token"}}, {"POST /password/reset", []string{"token", "newPassword"}},
	{"GET /account", nil},
	{"GET /account/master-data", nil},
	{"POST /account/master-data", []string{"street", "postalCode", "city", "country", "phone", "mobile", "email", "iban", "bic", "accountNumber", "bankCode", "version", "currentPassword"}},
	{"GET /account/email/confirm", []string{"token"}}, {"POST /account/email/confirm", []string{"token"}},
	{"GET /account/packages/{id}", nil},
	{"POST /account/packages/{id}/settings", []string{"displayName", "phpVersion", "httpsRedirect", "reverseDns", "backupNotification", "language", "maintenanceMode"}},
	{"POST /account/packages/{id}/password", []string{"newPassword", "currentPassword"}},
	{"GET /account/packages/{id}/cancel", nil}, {"POST /account/packages/{id}/cancel", []string{"kind", "reason", "endDate"}},
	{"GET /account/packages/{id}/cancel/file", nil}, {"POST /account/packages/{id}/cancel/withdraw", []string{"cancellation"}},
	{"GET /cancel", nil}, {"POST /cancel", []string{"kind", "reason", "name", "customerNumber", "contract", "endDate", "email", "idempotencyKey"}},
	{"GET /service/cancellations/declared", []string{"after"}}, {"GET /service/cancellations/declared/{key}", nil}, {"POST /service/cancellations/declared/{key}/settle", []string{"reason"}},
	{"GET /service/cancellations", []string{"after"}}, {"POST /service/cancellations/{id}/take-up", []string{"cancellation"}},
	{"GET /account/password", nil}, {"POST /account/password", []string{"currentPassword", "newPassword"}},
	{"GET /account/sessions", nil}, {"POST /account/sessions/revoke", []string{"session"}},
	{"GET /account/export", []string{"next"}},
	{"GET /merge", nil}, {"POST /merge/check", []string{"customerNumber", "domain", "password"}}, {"GET /merge/draft", nil},
	{"POST /merge/adopt", []string{"customerNumber", "choice.address", "choice.phone", "choice.mobile", "choice.email", "choice.bank"}},
	{"POST /merge/remove", []string{"customerNumber"}},
	{"POST /merge/submit", []string{"digest", "idempotencyKey", "currentPassword"}},
	{"GET /merge/orders", nil}, {"GET /merge/orders/{id}", nil}, {"POST /merge/orders/{id}/withdraw", nil},
	{"POST /merge/orders/{id}/confirm", []string{"digest", "currentPassword"}},
	{"GET /merge/veto", []string{"token"}}, {"POST /merge/veto", []string{"token"}},
	{"GET /service", nil}, {"GET /service/orders/{id}", nil},
	{"POST /service/orders/{id}/approve", []string{"digest", "reason", "note"}}, {"POST /service/orders/{id}/reject", []string{"digest", "reason", "note"}},
	{"POST /service/orders/{id}/claim", []string{"reason"}}, {"POST /service/orders/{id}/release", []string{"reason"}},
	{"POST /service/orders/{id}/retry", []string{"reason"}}, {"POST /service/orders/{id}/undo", []string{"reason"}},
	{"GET /service/customers", []string{"q"}}, {"GET /service/customers/{number}", nil}, {"POST /service/customers/{number}/reveal-iban", []string{"reason"}},
	{"GET /service/mails", nil}, {"POST /service/mails/{id}/resend", []string{"reason"}},
	{"POST /service/customers/{number}/send-reset", []string{"reason"}}, {"POST /service/customers/{number}/end-pause", []string{"reason"}},
	{"POST /service/customers/{number}/end-sessions", []string{"reason"}}, {"POST /service/customers/{number}/lock", []string{"reason"}}, {"POST /service/customers/{number}/unlock", []string{"reason"}},
	{"POST /service/customers/{number}/correct-email", []string{"reason", "email"}},
	{"GET /service/login", nil}, {"GET /service/callback", nil}, {"POST /service/logout", nil},
	{"GET /health", nil}, {"GET /openapi.json", nil}, {"GET /schemas/{file}", nil}, {"GET /assets/{path...}", nil},
}

func TestPublishedRoutesAndFieldsStayAsTheyAre(t *testing.T) {
	real := map[string]web.Route{}
	for _, r := range Routes() {
		real[name(r)] = r
	}
	for _, p := range published {
		r, found := real[p.routes]
		if !found {
			t.Errorf("%s is gone", p.routes)
			continue
		}
		for _, field := range p.fields {
			if !slices.ContainsFunc(r.Fields, func(f web.Field) bool { return f.Name == field }) {
				t.Errorf("%s has no field %s any more", p.routes, field)
			}
		}
	}
}
