package site

import (
	"net/http"
	"testing"
	"testing/synctest"
)

// Without it the tests of faults and wrong inputs would look at refusals only.
func TestTheRequestsOfTheWorldDoWhatTheyAreFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		for _, q := range c.requests() {
			w.again()
			a := w.send(t.Context(), c, q)
			if a.Code >= 500 || q.status != 0 && a.Code != q.status {
				t.Errorf("%s: %d, want %d\n%.3000s\n%s", q.route, a.Code, q.status, a.Body, w.log.String())
			}
			if a.Code == http.StatusSeeOther && q.who != "" && a.Header().Get("Location")[:min(6, len(a.Header().Get("Location")))] == "/login" && q.route != "POST /logout" {
				t.Errorf("%s: not signed in, to %s", q.route, a.Header().Get("Location"))
			}
		}
	})
}
