package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
)

// objected is a customer whose merge with 10000023 the owner of that number objects to.
func objected(t *testing.T) *visitor.Visitor {
	t.Helper()
	w := visitor.Anna(t)
	w.SaveOrder(visitor.Objection(visitor.Earlier))
	return w
}

func TestWhatCameByAnObjectedMergeIsHeld(t *testing.T) { // M4
	for name, c := range map[string]struct {
		path   string
		values url.Values
		held   bool
	}{
		"the settings of its package":            {"/account/packages/P-1002/settings", url.Values{"displayName": {"Neu"}}, true},
		"the password of its package":            {"/account/packages/P-1002/password", url.Values{"currentPassword": {visitor.Password}, "newPassword": {visitor.PackagePassword}}, true},
		"the settings of a package of one's own": {"/account/packages/P-1001/settings", url.Values{"displayName": {"Neu"}}, false},
		"the password of a package of one's own": {"/account/packages/P-1001/password", url.Values{"currentPassword": {visitor.Password}, "newPassword": {visitor.PackagePassword}}, false},
		"the contract of its package":            {"/account/packages/P-1002/cancel", url.Values{"kind": {"ordinary"}}, true},
		"the contract of one's own package":      {"/account/packages/P-1001/cancel", url.Values{"kind": {"ordinary"}}, false},
		"the bank account":                       {"/account/master-data", url.Values{"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""}, "currentPassword": {visitor.Password}, "version": {"7"}}, true},
		"the street":                             {"/account/master-data", url.Values{"street": {"Lindenweg 9"}, "version": {"7"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := objected(t)
			a := w.Post(c.path, c.values)
			if held := a.Status == http.StatusConflict; held != c.held || held != (w.Writes() == 0) {
				t.Fatalf("status %d, %d writes: %s", a.Status, w.Writes(), a.Text(".error-summary"))
			}
			if c.held && !strings.Contains(a.Text(".error-summary"), "Einspruch") {
				t.Errorf("the page says %q", a.Text(".error-summary"))
			}
			o := visitor.Objection(visitor.Earlier)
			o.ObjectionEnded = world.Noon
			w.SaveOrder(o)
			if a := w.Post(c.path, c.values); a.Status != http.StatusSeeOther || w.Writes() == 0 {
				t.Errorf("after the decision: %d, %s", a.Status, a.Text(".error-summary"))
			}
		})
	}
}

func TestPackagesOfOtherMergesAreNotHeld(t *testing.T) {
	w := objected(t)
	w.SaveOrder(visitor.Objection("10000031", "10000049"))
	if a := w.Post("/account/packages/P-1002/settings", url.Values{"displayName": {"Neu"}}); a.Status != http.StatusSeeOther {
		t.Errorf("%d %s", a.Status, a.Text(".error-summary"))
	}
	w.SaveOrder(visitor.Objection("10000031", visitor.Earlier)) // came with a number that it was merged into before
	if a := w.Post("/account/packages/P-1002/settings", url.Values{"displayName": {"Anders"}}); a.Status != http.StatusConflict {
		t.Errorf("%d", a.Status)
	}
}

func TestAnObjectionOfTheSameMomentComesFirst(t *testing.T) { // S12
	for path, values := range map[string]url.Values{
		"/account/packages/P-1002/settings": {"displayName": {"Neu"}},
		"/account/packages/P-1002/password": {"currentPassword": {visitor.Password}, "newPassword": {visitor.PackagePassword}},
		"/account/packages/P-1002/cancel":   {"kind": {"ordinary"}},
		"/account/master-data": {"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""},
			"currentPassword": {visitor.Password}, "version": {"7"}},
	} {
		w := visitor.Anna(t)
		w.Meanwhile(visitor.Saves, func() { w.SaveOrder(visitor.Objection(visitor.Earlier)) })
		a := w.Post(path, values)
		if a.Status != http.StatusConflict || !strings.Contains(a.Text(".error-summary"), "Einspruch") || len(w.Events())+len(w.Outbox()) != 0 {
			t.Errorf("%s: %d, %s", path, a.Status, a.Text(".error-summary"))
		}
	}
}

func TestAHeldPackageShowsNoForms(t *testing.T) {
	page := objected(t).Get("/account/packages/P-1002")
	if page.Find("form[action^='/account/packages/']").Length() != 0 || !strings.Contains(page.Text(".notice"), "Einspruch") {
		t.Errorf("the page says %q", page.Text(".notice"))
	}
	if own := objected(t).Get("/account/packages/P-1001"); own.Find("form[action^='/account/packages/']").Length() != 2 {
		t.Error("an own package has no forms")
	}
}
