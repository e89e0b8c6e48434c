package site

import (
	"strings"
	"testing"
	"testing/synctest"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
)

// notInForce are routes that prepare a change which another route puts into force and tells.
var notInForce = map[string]bool{"POST /account/second-factor/begin": true}

// Whatever a route changes about a number, a package or its passwords stands in the number's own history or, when it was
// a sign-in, on its page of security (M10).
func TestWhatARouteChangesIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		seen := 0
		for _, q := range c.requests() {
			w.again()
			if a := w.send(t.Context(), c, q); a.Code >= 400 || notInForce[q.route] {
				continue
			}
			touched, told := w.touched()
			for number, what := range touched {
				if seen++; !told[number] {
					t.Errorf("%s changes %s of %s, and nothing tells of it", q.route, what, number)
				}
			}
		}
		if seen < 15 {
			t.Errorf("only %d changes were looked at", seen)
		}
	})
}

// touched are the numbers of which something was written or taken away since the state was gone back to, and those that
// an event tells of.
func (w *world) touched() (touched map[string]string, told map[string]bool) {
	touched, told = map[string]string{}, map[string]bool{}
	note := func(name string, item tablefake.Item) {
		_, number, _ := strings.Cut(item["pk"]["S"].(string), "#")
		number = strings.TrimPrefix(number, "P") // a package of the world is named after its number
		switch name {
		case "Customers", "Credentials":
			touched[number] = name
		case "Audit":
			switch audit.KindOf(item["action"]["S"].(string)) {
			case audit.Change, audit.Security, audit.SignIn:
				told[number] = true
			}
		}
	}
	w.wire.fake.Changed(w.saved, note, note)
	return touched, told
}
