package site

import (
	"strings"
	"testing"
	"testing/synctest"
)

// noted are routes by GET that leave a note of who looked, and nothing else.
var noted = map[string]bool{"GET /account/export": true, "GET /service/customers/{number}": true, "GET /service/orders/{id}": true,
	"GET /service/customers/{number}/start-recovery": true, "GET /service/cancellations/declared/{key}": true}

// Looking changes nothing, by whatever address: programs that read mails follow links, browsers fetch pages ahead (S6).
func TestLookingChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		for _, q := range c.requests() {
			if !strings.HasPrefix(q.route, "GET ") {
				continue
			}
			w.again()
			w.send(t.Context(), c, q)
			for _, line := range w.main() {
				if !noted[q.route] || !strings.HasPrefix(line, "has Audit ") {
					t.Errorf("%s writes: %.300s", q.route, line)
				}
			}
			for purpose, secret := range c.tokens {
				if !strings.Contains(q.path, secret) {
					continue
				}
				if a := w.send(t.Context(), c, q); a.Code != q.status { // a second look at the same link
					t.Errorf("%s: the link for %s answers %d after a look, want %d (S6)", q.route, purpose, a.Code, q.status)
				}
			}
		}
	})
}
