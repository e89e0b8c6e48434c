package e2e

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// signIn signs a program in.
func (p program) signIn(l importer.Line) {
	p.t.Helper()
	a := p.post("/login", map[string]string{"customerNumber": l.CustomerNumber, "password": l.Password}).is(p.t, http.StatusSeeOther, "")
	if a.location != "/account" {
		p.t.Fatalf("signing in leads to %s", a.location)
	}
}

// prove proves a number for the draft.
func (p program) prove(l importer.Line) answer {
	p.t.Helper()
	return p.post("/merge/check", map[string]string{"customerNumber": l.CustomerNumber, "domain": domain(l), "password": packagePassword(l)})
}

// orders brings a merge of the other number under way, with choices as names and values, and returns the order.
func (p program) orders(own, other importer.Line, choices ...string) string {
	p.t.Helper()
	p.signIn(own)
	p.prove(other).is(p.t, http.StatusSeeOther, "")
	adopted := map[string]string{"customerNumber": other.CustomerNumber}
	for i := 0; i+1 < len(choices); i += 2 {
		adopted[choices[i]] = choices[i+1]
	}
	p.post("/merge/adopt", adopted).is(p.t, http.StatusSeeOther, "")
	digest := p.get("/merge/draft").is(p.t, http.StatusOK, "").at(p.t, "digest").(string)
	a := p.post("/merge/submit", map[string]string{"digest": digest}, "Idempotency-Key", "order-"+own.CustomerNumber).is(p.t, http.StatusSeeOther, "")
	return strings.TrimPrefix(a.location, "/merge/orders/")
}

// couple are two numbers of one person with different addresses, both with the customer password secret.
func couple(t *testing.T, l lang.Lang) (own, other importer.Line) {
	t.Helper()
	own, other = person(t, l, 1), person(t, l, 1)
	own.Password, other.Password = secret, secret
	importAll(t, own, other)
	return own, other
}

func TestProgramsWalkTheSameRoutesAsJSON(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := couple(t, lang.DE)
	p := newProgram(t)
	p.get("/account").is(t, http.StatusUnauthorized, "unauthorized")
	p.post("/login", map[string]string{"customerNumber": own.CustomerNumber, "password": "falsch"}).is(t, 422, "sign_in_failed")
	p.post("/login", map[string]string{"customerNumber": "abc", "password": "falsch"}).is(t, 422, "invalid_customer_number")
	p.post("/login", map[string]string{"customerNumber": own.CustomerNumber, "password": secret}, "Origin", "https://elsewhere.example").is(t, 403, "cross_site") // S16
	p.signIn(own)

	overview := p.get("/account").is(t, 200, "")
	if n := overview.at(t, "customerNumber"); n != own.CustomerNumber {
		t.Errorf("the overview is of %v", n)
	}
	if n := overview.at(t, "total"); n != 1.0 {
		t.Errorf("the overview has %v packages, want 1", n)
	}
	for _, wrong := range []importer.Line{ // S1, M3: one answer
		{CustomerNumber: localtest.Number(t), Packages: other.Packages},
		{CustomerNumber: other.CustomerNumber, Packages: own.Packages},
	} {
		p.prove(wrong).is(t, 422, merge.ProofFailed.Code)
	}
	id := p.orders(own, other)
	again := p.post("/merge/submit", map[string]string{"digest": "0"}, "Idempotency-Key", "order-"+own.CustomerNumber).is(t, http.StatusSeeOther, "")
	if again.location != "/merge/orders/"+id {
		t.Errorf("submitting twice leads to %s and %s (M9)", id, again.location)
	}
	order := p.get("/merge/orders/"+id).is(t, 200, "")
	if order.at(t, "survivor") != own.CustomerNumber {
		t.Errorf("the order is %v", order.body)
	}
	p.prove(other).is(t, 422, merge.OpenMergeOwn.Code)

	stranger := newProgram(t)
	stranger.signIn(other)
	stranger.get("/merge/orders/"+id).is(t, 404, "not_found") // S11
	stranger.post("/merge/orders/"+id+"/withdraw", map[string]string{}).is(t, 404, "not_found")

	p.post("/merge/orders/"+id+"/withdraw", map[string]string{}).is(t, http.StatusSeeOther, "")
	await(t, mailTime, "the order to be withdrawn", func() bool {
		return p.get("/merge/orders/"+id).is(t, 200, "").at(t, "state") == string(merge.Withdrawn)
	})
	mailTo(t, other.Email, id, "zurückgezogen")
	p.get("/nowhere").is(t, 404, "not_found")
	p.post("/logout", map[string]string{}).is(t, http.StatusSeeOther, "")
	p.get("/account").is(t, http.StatusUnauthorized, "unauthorized")
}

// S1: login, forgot and proof answer the same whatever exists.
func TestAnswersDoNotTellWhetherANumberExists(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	existing, without := person(t, lang.DE, 1), person(t, lang.DE, 1)
	existing.Password = secret
	own := person(t, lang.DE, 1)
	own.Password = secret
	importAll(t, existing, without, own)
	signedIn := newProgram(t)
	signedIn.signIn(own)
	requests := map[string]func(number string) answer{
		"login": func(n string) answer {
			return newProgram(t).post("/login", map[string]string{"customerNumber": n, "password": "falsch"})
		},
		"login without a password": func(n string) answer {
			return newProgram(t).post("/login", map[string]string{"customerNumber": n, "password": ""})
		},
		"forgot": func(n string) answer {
			return newProgram(t).post("/password/forgot", map[string]string{"customerNumber": n})
		},
		"proof": func(n string) answer {
			return signedIn.post("/merge/check", map[string]string{"customerNumber": n, "domain": "falsch.example", "password": "falsch"})
		},
	}
	for name, ask := range requests {
		t.Run(name, func(t *testing.T) {
			want := ask(existing.CustomerNumber).without(existing.CustomerNumber)
			for kind, number := range map[string]string{"that does not exist": localtest.Number(t), "without a customer password": without.CustomerNumber} {
				if got := ask(number).without(number); got != want {
					t.Errorf("a number %s answers\n%s\nan existing one\n%s", kind, got, want)
				}
			}
		})
	}
}
