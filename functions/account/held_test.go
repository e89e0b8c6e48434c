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
func objected() *world {
	w := annaWithShop()
	w.order = order.Order{ID: "K7QX-2M4D", Customer: w.profile.Number, State: merge.Executed, ObjectedAt: noon.Add(-time.Hour),
		Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: "10000023"}}}}}
	return w
}

func TestWhatCameByAnObjectedMergeIsHeld(t *testing.T) { // M4
	w := objected()
	for name, c := range map[string]struct {
		path   string
		values url.Values
		held   bool
	}{
		"the settings of its package":            {"/account/packages/P-1002/settings", url.Values{"displayName": {"Neu"}}, true},
		"the password of its package":            {"/account/packages/P-1002/password", url.Values{"currentPassword": {w.password}, "newPassword": {packageSecret}}, true},
		"the settings of a package of one's own": {"/account/packages/P-1001/settings", url.Values{"displayName": {"Neu"}}, false},
		"the password of a package of one's own": {"/account/packages/P-1001/password", url.Values{"currentPassword": {w.password}, "newPassword": {packageSecret}}, false},
		"the bank account":                       {"/account/master-data", url.Values{"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""}, "currentPassword": {w.password}, "version": {"7"}}, true},
		"the street":                             {"/account/master-data", url.Values{"street": {"Lindenweg 9"}, "version": {"7"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := objected()
			a := w.postTo(t, c.path, c.values)
			if held := a.Code == http.StatusConflict; held != c.held || held != (len(w.writes) == 0) {
				t.Fatalf("status %d, %d writes: %s", a.Code, len(w.writes), a.text(".error-summary"))
			}
			if c.held && !strings.Contains(a.text(".error-summary"), "Einspruch") {
				t.Errorf("the page says %q", a.text(".error-summary"))
			}
			w.order.ObjectionEnded = noon
			if a := w.postTo(t, c.path, c.values); a.Code != http.StatusSeeOther || len(w.writes) == 0 {
				t.Errorf("after the decision: %d, %s", a.Code, a.text(".error-summary"))
			}
		})
	}
}

func TestPackagesOfOtherMergesAreNotHeld(t *testing.T) {
	w := objected()
	w.order.Sources[0].Record.Number, w.order.Sources[0].Members = "10000031", []string{"10000049"}
	if a := w.postTo(t, "/account/packages/P-1002/settings", url.Values{"displayName": {"Neu"}}); a.Code != http.StatusSeeOther {
		t.Errorf("%d %s", a.Code, a.text(".error-summary"))
	}
	w.order.Sources[0].Members = []string{"10000023"} // came with a number that it was merged into before
	if a := w.postTo(t, "/account/packages/P-1002/settings", url.Values{"displayName": {"Anders"}}); a.Code != http.StatusConflict {
		t.Errorf("%d", a.Code)
	}
}

func TestAnObjectionOfTheSameMomentComesFirst(t *testing.T) { // S12
	w := annaWithShop()
	w.postTo(t, "/account/packages/P-1002/settings", url.Values{"displayName": {"Neu"}})
	w.postTo(t, "/account/packages/P-1002/password", url.Values{"currentPassword": {w.password}, "newPassword": {packageSecret}})
	w.postTo(t, "/account/master-data", url.Values{"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""}, "currentPassword": {w.password}, "version": {"7"}})
	if len(w.writes) != 3 {
		t.Fatalf("%d writes", len(w.writes))
	}
	for i, items := range w.writes {
		conditioned := false
		for _, item := range items {
			if item.ConditionCheck != nil && *item.ConditionCheck.ConditionExpression == "attribute_not_exists(objections)" {
				conditioned = true
			}
		}
		if !conditioned {
			t.Errorf("write %d does not hold on there being no objection", i)
		}
	}
}

func TestAHeldPackageShowsNoForms(t *testing.T) {
	page := objected().get(t, "/account/packages/P-1002")
	if page.doc.Find("form[action^='/account/packages/']").Length() != 0 || !strings.Contains(page.text(".notice"), "Einspruch") {
		t.Errorf("the page says %q", page.text(".notice"))
	}
	if own := objected().get(t, "/account/packages/P-1001"); own.doc.Find("form[action^='/account/packages/']").Length() != 2 {
		t.Error("an own package has no forms")
	}
}
