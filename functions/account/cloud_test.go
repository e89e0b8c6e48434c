package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/session"
)

func TestOnTheCloudNobodyComesInWithoutASession(t *testing.T) {
	v := visitor.OnCloud(t)
	delete(v.Cookies, session.Cookie)
	for path, a := range map[string]world.Page{
		"/account":              v.Get("/account"),
		"/account/packages/P-1": v.Get("/account/packages/P-1"),
		form.Path:               v.Get(form.Path),
		"POST " + form.Path:     v.Post(form.Path, url.Values{"version": {"1"}, "street": {"Neue Straße 1"}}),
	} {
		if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login") {
			t.Errorf("%s answered %d (S10)", path, a.Status)
		}
	}
}
