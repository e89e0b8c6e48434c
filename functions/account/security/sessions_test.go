package security_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/session"
)

// Browsers as they name themselves.
const (
	firefox = visitor.Firefox
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
)

// Addresses that pages, mails and programs know.
const (
	sessionsPath = "/account/sessions"
	passwordPath = "/account/password"
	securityPath = "/account/security"
	factorPath   = "/account/second-factor"
)

func signedIn(b *world.Browser) bool { return b.Get(sessionsPath).Status == http.StatusOK }

func revoke(v *visitor.Visitor, id string) world.Page {
	return v.Post(sessionsPath+"/revoke", url.Values{"session": {id}})
}

// listed waits until the index names that many sessions: it is eventually consistent.
func listed(v *visitor.Visitor, n int) world.Page {
	v.T.Helper()
	var a world.Page
	for range 40 {
		if a = v.Get(sessionsPath); a.Find("ul.lines > li").Length() == n {
			return a
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.T.Fatalf("there are not %d sessions: %d %s", n, a.Status, a.Text("main"))
	return a
}

func TestOnTheCloudSessionsAreListedInPlainWords(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Another(firefox)
	v.Another(iphone)
	stranger := visitor.OnCloud(t)
	stranger.Another(firefox)
	a := listed(v, 3)
	rows := strings.Join(a.Find("ul.lines strong").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), "|")
	if !strings.Contains(rows, "Firefox auf Windows") || !strings.Contains(rows, "Safari auf iPhone") || !strings.HasPrefix(rows, "Unbekanntes Gerät|") {
		t.Errorf("the list is %q (S8)", rows)
	}
	if got := a.Find("li .badge").Length(); got != 1 || a.Text("li:first-child .badge") != "dieser Browser" {
		t.Errorf("%d are marked as this browser", got)
	}
	if strings.Contains(a.Body, v.Cookies[session.Cookie]) {
		t.Error("the page shows a cookie (S20)")
	}
	if used := a.Lines("ul.lines > li"); strings.Count(strings.Join(used, "|"), "zuletzt benutzt") != 3 {
		t.Errorf("the last use is not told: %q", used)
	}
	if a := v.Get(sessionsPath + "?lang=en"); !strings.Contains(a.Text("ul.lines"), "Firefox on Windows") || a.Text("h1") != "Signed-in devices" {
		t.Errorf("in English: %s", a.Text("main"))
	}
}

// From where somebody signed in could only be guessed from the address: neither town nor network is told, in no form.
func TestOnTheCloudSessionsTellNothingThatIsGuessed(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Another(firefox)
	listed(v, 2)
	a := v.Get(sessionsPath, "Accept", "application/json")
	var view struct{ Sessions []map[string]any }
	if err := json.Unmarshal([]byte(a.Body), &view); err != nil || len(view.Sessions) != 2 {
		t.Fatalf("%v: %s", err, a.Body)
	}
	for _, one := range view.Sessions {
		got := slices.Sorted(maps.Keys(one))
		if want := []string{"client", "lastUsed", "session", "signedInAt", "this"}; !slices.Equal(got, want) {
			t.Errorf("a session tells %v, want %v", got, want)
		}
		for of := range one["client"].(map[string]any) {
			if of != "browser" && of != "system" {
				t.Errorf("a browser tells its %s", of)
			}
		}
	}
}

func TestOnTheCloudOneSessionIsRevoked(t *testing.T) {
	v := visitor.OnCloud(t)
	other := v.Another(firefox)
	listed(v, 2)
	if a := revoke(v, visitor.SessionID(other)); a.Status != http.StatusSeeOther || a.Location != "/account/sessions?done=session" {
		t.Fatalf("%d to %q", a.Status, a.Location)
	}
	if signedIn(other) || !signedIn(v.Browser) {
		t.Error("the wrong one is signed in (S8)")
	}
	if a := v.Get(sessionsPath + "?done=session"); a.Find("ul.lines > li").Length() != 1 || !strings.Contains(a.Text(".notice"), "abgemeldet") {
		t.Errorf("an ended session is still listed: %s", a.Text("main"))
	}
	if a := revoke(v, visitor.SessionID(other)); a.Status != http.StatusNotFound {
		t.Errorf("once more: %d", a.Status)
	}
	events, _, err := audit.Store{Store: v.Store}.List(t.Context(), v.Number, "", 10)
	if err != nil || len(events) != 1 || events[0].Action != audit.SessionEnded {
		t.Errorf("the audit is %+v, %v (M10)", events, err)
	}
}

func TestOnTheCloudAnotherCustomersSessionIsNotThere(t *testing.T) {
	v, stranger := visitor.OnCloud(t), visitor.OnCloud(t)
	for name, id := range map[string]string{"a stranger's": visitor.SessionID(stranger.Browser), "none": "", "a made-up one": strings.Repeat("0", 64)} {
		if a := revoke(v, id); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d (S11)", name, a.Status)
		}
	}
	if !signedIn(stranger.Browser) || !signedIn(v.Browser) {
		t.Error("somebody was signed out (S11)")
	}
}

func TestOnTheCloudRevokingThisSessionIsSigningOut(t *testing.T) {
	v := visitor.OnCloud(t)
	a := revoke(v, visitor.SessionID(v.Browser))
	if a.Location != "/login?done=logout" || signedIn(v.Browser) {
		t.Errorf("%d to %q", a.Status, a.Location)
	}
}

func TestOnTheCloudAllOthersAreRevokedAtOnce(t *testing.T) {
	v := visitor.OnCloud(t)
	others := []*world.Browser{v.Another(firefox), v.Another(iphone)}
	before := v.Cookies[session.Cookie]
	a := revoke(v, "others") // without waiting for the index
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Text("main"))
	}
	if before == v.Cookies[session.Cookie] || !signedIn(v.Browser) {
		t.Error("this browser is signed out (S8)")
	}
	for _, other := range others {
		if signedIn(other) {
			t.Error("another one is signed in (S8)")
		}
	}
	if a := v.Get(a.Location); a.Find("ul.lines > li").Length() != 1 {
		t.Errorf("the list: %s", a.Text("main"))
	}
	if p := v.Own(); p.Epoch != 1 || !p.PasswordChangedAt.IsZero() || !hasPassword(v, visitor.Password) {
		t.Errorf("the password was touched: %+v", p)
	}
}

func TestOnTheCloudARenewedSessionEndsWhenTheSignInWouldHave(t *testing.T) {
	v := visitor.OnCloud(t)
	first, _, err := session.Store{Store: v.Store}.Load(t.Context(), v.Cookies[session.Cookie], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	revoke(v, "others")
	renewed, _, err := session.Store{Store: v.Store}.Load(t.Context(), v.Cookies[session.Cookie], time.Now())
	if err != nil || !renewed.Expires.Equal(first.Expires) || !renewed.CreatedAt.Equal(first.CreatedAt) {
		t.Errorf("the absolute limit moved: %v, %v, %v (S8)", renewed.Expires, first.Expires, err)
	}
}
