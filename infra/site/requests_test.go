package site

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// request is one that a route does what it is there for with.
type request struct {
	route  string
	path   string
	form   url.Values
	who    string // whose cookies: a number, "staff" or "second step"
	status int    // of the answer when nothing goes wrong; 0: any below 500
}

func fields(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// good are the requests of a cast, by route. A route without one is asked with its fields filled with nothing sensible.
func (c *cast) good() map[string]request {
	all := map[string]request{}
	add := func(route, path, who string, status int, form url.Values) {
		all[route] = request{route: route, path: path, who: who, status: status, form: form}
	}
	post := func(pattern, who string, status int, pairs ...string) {
		add("POST "+pattern, filled(pattern), who, status, fields(pairs...))
	}
	order := func(action, of, who string, status int, pairs ...string) {
		prefix := "/merge/orders/"
		if who == "staff" {
			prefix = "/service/orders/"
		}
		add("POST "+prefix+"{id}/"+action, prefix+c.orders[of].ID+"/"+action, who, status, fields(pairs...))
	}
	post("/login", "", 303, "customerNumber", drafted, "password", password)
	post("/login/second-factor", "second step", 303, "recoveryCode", recoveryCode)
	post("/login/passkey", "", 200)
	post("/login/stop-recovery", "", 303, "token", c.tokens[token.PurposeStopRecovery])
	post("/logout", anna, 303)
	post("/password/forgot", "", 200, "customerNumber", anna)
	post("/cancel", "", 200, "kind", "ordinary", "name", "Anna Schäfer", "contract", "P"+anna, "email", "anna@kunde.example", "idempotencyKey", "einmal-und-nie-wieder")
	post("/password/reset", "", 303, "token", c.tokens[token.PurposeReset], "newPassword", "ein ganz neues Kundenwort")
	post("/account/email/confirm", "", 200, "token", c.tokens[token.PurposeConfirmEmail])
	post("/account/email/stop", "", 200, "token", c.tokens[token.PurposeStopEmail])
	post("/account/master-data", anna, 303, "version", "1", "street", "Neue Straße 7", "city", "Bonn", "postalCode", "53111", "country", "DE")
	post("/account/password", anna, 303, "currentPassword", password, "newPassword", "ein ganz neues Kundenwort")
	add("POST /account/packages/{id}/settings", "/account/packages/P"+anna+"/settings", anna, 303, fields("displayName", "Blog", "phpVersion", "8.5"))
	add("POST /account/packages/{id}/password", "/account/packages/P"+anna+"/password", anna, 303, fields("currentPassword", password, "newPassword", "ein ganz neues Paketwort"))
	add("POST /account/packages/{id}/cancel", "/account/packages/P"+anna+"/cancel", anna, 303, fields("kind", "ordinary"))
	add("POST /account/packages/{id}/cancel/withdraw", "/account/packages/K"+anna+"/cancel/withdraw", anna, 303, fields("cancellation", cancelled))
	add("POST /service/cancellations/{id}/take-up", "/service/cancellations/K"+anna+"/take-up", "staff", 303, fields("cancellation", cancelled))
	add("POST /service/cancellations/declared/{key}/settle", "/service/cancellations/declared/"+declaredKey+"/settle", "staff", 303, fields("reason", "In der Verwaltung beendet."))
	for _, step := range []string{"begin", "codes", "passkey", "remove"} {
		post("/account/second-factor/"+step, anna, 0, "currentPassword", password)
	}
	key := table.Hash("cGFzc2tleQ" + anna)[:16]
	add("POST /account/second-factor/passkeys/{key}/remove", "/account/second-factor/passkeys/"+key+"/remove", anna, 303, fields("currentPassword", password))
	post("/account/second-factor/setup", anna, 200, "code", secondfactor.Code(totpSecret, time.Now()))
	post("/account/second-factor/stop-recovery", lost, 303, "currentPassword", password)
	post("/account/sessions/revoke", anna, 303, "session", c.session)
	post("/merge/check", anna, 303, "customerNumber", provable, "domain", "d"+provable+".example", "password", packagePassword)
	post("/merge/adopt", anna, 303, "customerNumber", drafted, "choice.phone", "other")
	post("/merge/remove", anna, 303, "customerNumber", drafted)
	post("/merge/proposals", anna, 303, "show", "no")
	post("/merge/submit", anna, 303, "digest", c.digest, "idempotencyKey", "einmal-und-nie-wieder")
	post("/merge/veto", "", 0, "token", c.tokens[token.PurposeVeto])
	order("withdraw", reviewed, reviewed, 303)
	order("confirm", staled, staled, 303, "digest", c.orders[staled].Digest)
	order("again", withdrawn, withdrawn, 303)
	order("approve", reviewed, "staff", 303, "digest", c.orders[reviewed].Digest)
	order("reject", reviewed, "staff", 303, "digest", c.orders[reviewed].Digest, "reason", "Die Namen passen nicht.")
	order("claim", failed, "staff", 303)
	order("release", reviewed, "staff", 303)
	order("release-bar", vetoed, "staff", 303, "customerNumber", sourceOf(vetoed), "reason", "geklärt")
	order("retry", failed, "staff", 303, "reason", "noch einmal")
	order("undo", executed, "staff", 303, "reason", "war ein Irrtum")
	order("dismiss", objected, "staff", 303, "reason", "geklärt", "objectors", sourceOf(objected))
	post("/service/logout", "staff", 0)
	add("POST /service/customers/{number}/start-recovery", "/service/customers/"+anna+"/start-recovery", "staff", 200, fields("reason", "Telefon verloren"))
	add("POST /service/customers/{number}/reveal-iban", "/service/customers/"+anna+"/reveal-iban", "staff", 200, fields("reason", "Rückfrage der Bank"))
	add("POST /service/mails/{id}/resend", "/service/mails/"+base64.RawURLEncoding.EncodeToString([]byte(localtest.GivenUpID(anna)))+"/resend", "staff", 303, fields("reason", "Adresse war gesperrt"))
	for _, action := range []string{"send-reset", "end-pause", "lock", "unlock", "correct-email"} {
		add("POST /service/customers/{number}/"+action, "/service/customers/"+anna+"/"+action, "staff", 303, fields("reason", "Anruf des Kunden", "email", "anna@berichtigt.example"))
	}
	get := func(pattern, path, who string) { add("GET "+pattern, path, who, 200, nil) }
	get("/account/packages/{id}", "/account/packages/P"+anna, anna)
	get("/service/cancellations/declared/{key}", "/service/cancellations/declared/"+declaredKey, "staff")
	get("/account/packages/{id}/cancel", "/account/packages/P"+anna+"/cancel", anna)
	get("/account/packages/{id}/cancel/file", "/account/packages/K"+anna+"/cancel/file", anna)
	get("/merge/orders/{id}", "/merge/orders/"+c.orders[reviewed].ID, reviewed)
	get("/service/orders/{id}", "/service/orders/"+c.orders[reviewed].ID, "staff")
	get("/service/customers/{number}/start-recovery", "/service/customers/"+anna+"/start-recovery", "staff")
	get("/merge/veto", "/merge/veto?token="+c.tokens[token.PurposeVeto], "")
	get("/password/reset", "/password/reset?token="+c.tokens[token.PurposeReset], "")
	get("/account/email/confirm", "/account/email/confirm?token="+c.tokens[token.PurposeConfirmEmail], "")
	get("/account/email/stop", "/account/email/stop?token="+c.tokens[token.PurposeStopEmail], "")
	get("/login/stop-recovery", "/login/stop-recovery?token="+c.tokens[token.PurposeStopRecovery], "")
	return all
}

// elsewhere are routes that ask somebody other than AWS: the service team's identity provider, with tests of its own.
var elsewhere = map[string]bool{"GET /service/login": true, "GET /service/callback": true}

// requests are one for each real route.
func (c *cast) requests() []request {
	good := c.good()
	var all []request
	for _, r := range Routes() {
		if elsewhere[name(r)] {
			continue
		}
		q, found := good[name(r)]
		if !found {
			q = request{route: name(r), path: filled(r.Pattern), form: url.Values{}, who: whoIs(r)}
			for _, f := range r.Fields {
				if f.In == "" || f.In == web.InBody {
					q.form.Set(f.Name, "1")
				}
			}
		}
		all = append(all, q)
	}
	return all
}

func whoIs(r web.Route) string {
	return map[web.Access]string{web.Customer: anna, web.Staff: "staff"}[r.Access]
}

// send answers a request by the site.
func (w *world) send(ctx context.Context, c *cast, q request, change ...func(*http.Request)) *httptest.ResponseRecorder {
	method, _, _ := strings.Cut(q.route, " ")
	var body string
	if method != http.MethodGet {
		body = q.form.Encode()
	}
	r := httptest.NewRequestWithContext(ctx, method, q.path, strings.NewReader(body))
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, cookie := range c.cookies[q.who] {
		r.AddCookie(cookie)
	}
	for _, f := range change {
		f(r)
	}
	rec := httptest.NewRecorder()
	w.site.ServeHTTP(rec, r)
	return rec
}
