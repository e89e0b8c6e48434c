package account

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

	"kundenkonto/shared/audit"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

const (
	firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
)

func (v *visitor) revoke(id string) answer {
	return v.send("POST", sessionsPath+"/revoke", url.Values{"session": {id}})
}

func (v *visitor) id() string { return table.Hash(v.cookie) }

func (v *visitor) signedIn() bool { return v.send("GET", sessionsPath, nil).Code == http.StatusOK }

// listed waits until the index names that many sessions: it is eventually consistent.
func (v *visitor) listed(n int) answer {
	v.t.Helper()
	var a answer
	for range 40 {
		if a = v.send("GET", sessionsPath, nil); a.doc.Find("ul.lines > li").Length() == n {
			return a
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.t.Fatalf("there are not %d sessions: %d %s", n, a.Code, a.text("main"))
	return a
}

func TestOnTheCloudSessionsAreListedInPlainWords(t *testing.T) {
	v := visit(t)
	v.browser(firefox)
	v.browser(iphone)
	stranger := visit(t)
	stranger.browser(firefox)
	a := v.listed(3)
	rows := strings.Join(a.doc.Find("ul.lines strong").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), "|")
	if !strings.Contains(rows, "Firefox auf Windows") || !strings.Contains(rows, "Safari auf iPhone") || !strings.HasPrefix(rows, "Unbekanntes Gerät|") {
		t.Errorf("the list is %q (S8)", rows)
	}
	if got := a.doc.Find("li .badge").Length(); got != 1 || a.text("li:first-child .badge") != "dieser Browser" {
		t.Errorf("%d are marked as this browser", got)
	}
	if strings.Contains(a.Body.String(), v.cookie) {
		t.Error("the page shows a cookie (S20)")
	}
	if used := lines(a, "ul.lines > li"); strings.Count(strings.Join(used, "|"), "zuletzt benutzt") != 3 {
		t.Errorf("the last use is not told: %q", used)
	}
	if a := v.send("GET", sessionsPath+"?lang=en", nil); !strings.Contains(a.text("ul.lines"), "Firefox on Windows") || a.text("h1") != "Signed-in devices" {
		t.Errorf("in English: %s", a.text("main"))
	}
}

// From where somebody signed in could only be guessed from the address: neither town nor network is told, in no form.
func TestOnTheCloudSessionsTellNothingThatIsGuessed(t *testing.T) {
	v := visit(t)
	v.browser(firefox)
	v.listed(2)
	a := v.send("GET", sessionsPath, nil, "Accept", "application/json")
	var view struct{ Sessions []map[string]any }
	if err := json.Unmarshal(a.Body.Bytes(), &view); err != nil || len(view.Sessions) != 2 {
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
	v := visit(t)
	other := v.browser(firefox)
	v.listed(2)
	if a := v.revoke(other.id()); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/account/sessions?done=session" {
		t.Fatalf("%d to %q", a.Code, a.Header().Get("Location"))
	}
	if other.signedIn() || !v.signedIn() {
		t.Error("the wrong one is signed in (S8)")
	}
	if a := v.send("GET", sessionsPath+"?done=session", nil); a.doc.Find("ul.lines > li").Length() != 1 || !strings.Contains(a.text(".notice"), "abgemeldet") {
		t.Errorf("an ended session is still listed: %s", a.text("main"))
	}
	if a := v.revoke(other.id()); a.Code != http.StatusNotFound {
		t.Errorf("once more: %d", a.Code)
	}
	events, _, err := audit.Store{Store: v.admin}.List(t.Context(), v.number, "", 10)
	if err != nil || len(events) != 1 || events[0].Action != audit.SessionEnded {
		t.Errorf("the audit is %+v, %v (M10)", events, err)
	}
}

func TestOnTheCloudAnotherCustomersSessionIsNotThere(t *testing.T) {
	v, stranger := visit(t), visit(t)
	for name, id := range map[string]string{"a stranger's": stranger.id(), "none": "", "a made-up one": strings.Repeat("0", 64)} {
		if a := v.revoke(id); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d (S11)", name, a.Code)
		}
	}
	if !stranger.signedIn() || !v.signedIn() {
		t.Error("somebody was signed out (S11)")
	}
}

func TestOnTheCloudRevokingThisSessionIsSigningOut(t *testing.T) {
	v := visit(t)
	a := v.revoke(v.id())
	if a.Header().Get("Location") != "/login?done=logout" || v.signedIn() {
		t.Errorf("%d to %q", a.Code, a.Header().Get("Location"))
	}
}

func TestOnTheCloudAllOthersAreRevokedAtOnce(t *testing.T) {
	v := visit(t)
	others := []*visitor{v.browser(firefox), v.browser(iphone)}
	a := v.revoke("others") // without waiting for the index
	if a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text("main"))
	}
	before := v.cookie
	v.take(a)
	if before == v.cookie || !v.signedIn() {
		t.Error("this browser is signed out (S8)")
	}
	for _, other := range others {
		if other.signedIn() {
			t.Error("another one is signed in (S8)")
		}
	}
	if a := v.send("GET", a.Header().Get("Location"), nil); a.doc.Find("ul.lines > li").Length() != 1 {
		t.Errorf("the list: %s", a.text("main"))
	}
	if p := v.profile(); p.Epoch != 1 || !p.PasswordChangedAt.IsZero() || !v.hasPassword(password) {
		t.Errorf("the password was touched: %+v", p)
	}
}

func TestOnTheCloudARenewedSessionEndsWhenTheSignInWouldHave(t *testing.T) {
	v := visit(t)
	first, _, err := session.Store{Store: v.admin}.Load(t.Context(), v.cookie, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	v.take(v.revoke("others"))
	renewed, _, err := session.Store{Store: v.admin}.Load(t.Context(), v.cookie, time.Now())
	if err != nil || !renewed.Expires.Equal(first.Expires) || !renewed.CreatedAt.Equal(first.CreatedAt) {
		t.Errorf("the absolute limit moved: %v, %v, %v (S8)", renewed.Expires, first.Expires, err)
	}
}
