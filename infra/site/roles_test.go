package site

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// role is somebody with the cookies that they hold, and what they are to the area.
type role struct {
	name    string
	cookies []*http.Cookie
	may     []web.Access // what they may call
	grouped bool         // false: a member of the staff outside the group, who is told so
}

// signedIn stores a customer and a session of them, changed before it is stored, and returns the cookie's value.
func signedIn(t *testing.T, p customer.Profile, change func(*session.Session)) string {
	t.Helper()
	value, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: p.Number, Epoch: p.Epoch})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&s)
	}
	localtest.Put(t, session.Put(localtest.Names(t), s))
	return value
}

// changed stores another state of the profile.
func changed(t *testing.T, p customer.Profile, change func(*customer.Profile)) {
	t.Helper()
	next := p
	change(&next)
	item := table.With(table.Profile(p.Number), table.MustMarshal(next))
	names := localtest.Names(t)
	localtest.Put(t, types.TransactWriteItem{Put: &types.Put{TableName: &names.Customers, Item: item}})
}

func staff(t *testing.T, groups ...string) string {
	t.Helper()
	value, err := session.StaffStore{Store: localtest.Store(t)}.Create(t.Context(), rand.Reader, session.StaffSession{User: "test", Name: "Test", Groups: groups}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// roles are all kinds of visitors of S10.
func roles(t *testing.T) []role {
	t.Helper()
	p := localtest.Customer(t, "")
	customerCookie, staffCookie := signedIn(t, p, nil), staff(t, session.StaffGroup)
	loggedOut := signedIn(t, p, nil)
	newVisitor(t).do(t, http.MethodPost, "/logout", "", false, session.NewCookie(loggedOut))
	raised, merged := localtest.Customer(t, ""), localtest.Customer(t, "")
	ofRaised, ofMerged := signedIn(t, raised, nil), signedIn(t, merged, nil)
	changed(t, raised, func(p *customer.Profile) { p.Epoch++ })
	changed(t, merged, func(p *customer.Profile) { p.MergedInto = localtest.Number(t) })
	ended := func(name, value string) role {
		return role{name: name, cookies: []*http.Cookie{session.NewCookie(value)}}
	}
	return []role{
		{name: "anonymous"},
		{name: "customer", cookies: []*http.Cookie{session.NewCookie(customerCookie)}, may: []web.Access{web.Customer}},
		{name: "service team", cookies: []*http.Cookie{session.NewStaffCookie(staffCookie)}, may: []web.Access{web.Staff}, grouped: true},
		{name: "staff without the group", cookies: []*http.Cookie{session.NewStaffCookie(staff(t, "sales"))}, may: []web.Access{web.Staff}},
		{name: "customer's session as staff cookie", cookies: []*http.Cookie{session.NewStaffCookie(customerCookie)}},
		{name: "staff session as customer cookie", cookies: []*http.Cookie{session.NewCookie(staffCookie)}},
		ended("invented session", strings.Repeat("A", 43)),
		ended("logged out", loggedOut),
		ended("idle too long", signedIn(t, p, func(s *session.Session) { s.LastUsed = time.Now().Add(-session.Idle - time.Minute) })),
		ended("past the absolute end", signedIn(t, p, func(s *session.Session) { s.Expires = time.Now().Add(-time.Minute) })),
		ended("epoch raised since", ofRaised),
		ended("number merged since", ofMerged),
	}
}

// filled is the path of a route with names that stand for nothing.
func filled(pattern string) string {
	return strings.NewReplacer("{$}", "", "{path...}", "site.css", "{file}", "merge.undone.1.json", "{id}", "K7QX-2M4D", "{key}", "abc", "{number}", "10000017").Replace(pattern)
}

// Every route x everybody who may not call it, through the edge, as a page and as JSON (S10).
func TestEveryRouteRefusesEverybodyWhoMayNotCallIt(t *testing.T) {
	localtest.Cloud(t)
	all := roles(t)
	visitor := newVisitor(t)
	group := errgroup.Group{}
	group.SetLimit(4)
	for _, r := range Routes() {
		if r.Access == web.Anonymous {
			continue
		}
		body := url.Values{}
		for _, f := range r.Fields {
			if f.In == "" || f.In == web.InBody {
				body.Set(f.Name, "1")
			}
		}
		for _, who := range all {
			for _, json := range []bool{false, true} {
				group.Go(func() error {
					a := visitor.do(t, r.Method, filled(r.Pattern), body.Encode(), json, who.cookies...)
					if err := who.answered(r, a, json); err != nil {
						t.Errorf("%s as %s, JSON %v: %v (S10)", name(r), who.name, json, err)
					}
					return nil
				})
			}
		}
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

// answered says what is wrong with the answer of a route to somebody.
func (who role) answered(r web.Route, a answer, json bool) error {
	signIn := "/login?next=%2F"
	if r.Access == web.Staff {
		signIn = "/service/login?next=%2F"
	}
	for _, access := range who.may {
		switch {
		case access != r.Access:
		case access == web.Staff && !who.grouped:
			if a.StatusCode != http.StatusForbidden || json && a.code != "not_service_team" {
				return fmt.Errorf("%d %s, want 403", a.StatusCode, a.code)
			}
			return nil
		default: // let in, whatever comes then
			if a.StatusCode == http.StatusUnauthorized || a.StatusCode == http.StatusForbidden || a.StatusCode >= 500 || strings.HasPrefix(a.Header.Get("Location"), signIn) {
				return fmt.Errorf("%d to %q is not let in", a.StatusCode, a.Header.Get("Location"))
			}
			return nil
		}
	}
	if json && (a.StatusCode != http.StatusUnauthorized || a.code != "unauthorized") {
		return fmt.Errorf("%d %s, want 401", a.StatusCode, a.code)
	}
	if !json && (a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), signIn) || strings.Contains(a.body, "<main")) {
		return fmt.Errorf("%d to %q, want 303 to %s", a.StatusCode, a.Header.Get("Location"), signIn)
	}
	return nil
}
