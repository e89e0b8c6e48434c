package account

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// objected is a customer whose merge with 10000023 the owner of that number objects to.
func objected(t *testing.T) *account {
	t.Helper()
	w := annaWithShop(t)
	w.SaveOrder(objection(earlierNumber))
	return w
}

// objection is an executed order that somebody objects to.
func objection(source string, members ...string) order.Order {
	o := running(merge.Executed)
	o.ObjectedAt, o.Sources[0].Record.Number, o.Sources[0].Members = noon.Add(-time.Hour), source, members
	return o
}

func TestWhatCameByAnObjectedMergeIsHeld(t *testing.T) { // M4
	w := objected(t)
	for name, c := range map[string]struct {
		path   string
		values url.Values
		held   bool
	}{
		"the settings of its package":            {"/account/packages/P-1002/settings", url.Values{"displayName": {"Neu"}}, true},
		"the password of its package":            {"/account/packages/P-1002/password", url.Values{"currentPassword": {w.password}, "newPassword": {packageSecret}}, true},
		"the settings of a package of one's own": {"/account/packages/P-1001/settings", url.Values{"displayName": {"Neu"}}, false},
		"the password of a package of one's own": {"/account/packages/P-1001/password", url.Values{"currentPassword": {w.password}, "newPassword": {packageSecret}}, false},
		"the contract of its package":            {"/account/packages/P-1002/cancel", url.Values{"kind": {"ordinary"}}, true},
		"the contract of one's own package":      {"/account/packages/P-1001/cancel", url.Values{"kind": {"ordinary"}}, false},
		"the bank account":                       {"/account/master-data", url.Values{"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""}, "currentPassword": {w.password}, "version": {"7"}}, true},
		"the street":                             {"/account/master-data", url.Values{"street": {"Lindenweg 9"}, "version": {"7"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := objected(t)
			a := w.postTo(t, c.path, c.values)
			if held := a.Code == http.StatusConflict; held != c.held || held != (w.writes() == 0) {
				t.Fatalf("status %d, %d writes: %s", a.Code, w.wrote, a.text(".error-summary"))
			}
			if c.held && !strings.Contains(a.text(".error-summary"), "Einspruch") {
				t.Errorf("the page says %q", a.text(".error-summary"))
			}
			o := objection(earlierNumber)
			o.ObjectionEnded = noon
			w.SaveOrder(o)
			if a := w.postTo(t, c.path, c.values); a.Code != http.StatusSeeOther || w.writes() == 0 {
				t.Errorf("after the decision: %d, %s", a.Code, a.text(".error-summary"))
			}
		})
	}
}

func TestPackagesOfOtherMergesAreNotHeld(t *testing.T) {
	w := objected(t)
	w.SaveOrder(objection("10000031", "10000049"))
	if a := w.postTo(t, "/account/packages/P-1002/settings", url.Values{"displayName": {"Neu"}}); a.Code != http.StatusSeeOther {
		t.Errorf("%d %s", a.Code, a.text(".error-summary"))
	}
	w.SaveOrder(objection("10000031", earlierNumber)) // came with a number that it was merged into before
	if a := w.postTo(t, "/account/packages/P-1002/settings", url.Values{"displayName": {"Anders"}}); a.Code != http.StatusConflict {
		t.Errorf("%d", a.Code)
	}
}

func TestAnObjectionOfTheSameMomentComesFirst(t *testing.T) { // S12
	for path, values := range map[string]url.Values{
		"/account/packages/P-1002/settings": {"displayName": {"Neu"}},
		"/account/packages/P-1002/password": {"currentPassword": {"richtiges Passwort"}, "newPassword": {packageSecret}},
		"/account/packages/P-1002/cancel":   {"kind": {"ordinary"}},
		"/account/master-data": {"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""},
			"currentPassword": {"richtiges Passwort"}, "version": {"7"}},
	} {
		w := annaWithShop(t)
		w.Meanwhile(saves, func() { w.SaveOrder(objection(earlierNumber)) })
		a := w.postTo(t, path, values)
		if a.Code != http.StatusConflict || !strings.Contains(a.text(".error-summary"), "Einspruch") || len(w.Events())+len(w.Outbox()) != 0 {
			t.Errorf("%s: %d, %s", path, a.Code, a.text(".error-summary"))
		}
	}
}

func TestAHeldPackageShowsNoForms(t *testing.T) {
	page := objected(t).get(t, "/account/packages/P-1002")
	if page.doc.Find("form[action^='/account/packages/']").Length() != 0 || !strings.Contains(page.text(".notice"), "Einspruch") {
		t.Errorf("the page says %q", page.text(".notice"))
	}
	if own := objected(t).get(t, "/account/packages/P-1001"); own.doc.Find("form[action^='/account/packages/']").Length() != 2 {
		t.Error("an own package has no forms")
	}
}
