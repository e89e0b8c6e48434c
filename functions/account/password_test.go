package account

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

const newPassword = "sieben okapis im regenmantel"

// browser is another session of the same customer.
func (v *visitor) browser(agent string) *visitor {
	v.t.Helper()
	value, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: v.number, Epoch: v.profile().Epoch, UserAgent: agent})
	if err != nil {
		v.t.Fatal(err)
	}
	v.put(session.Put(v.admin.Names, s))
	other := *v
	other.cookie = value
	return &other
}

func (v *visitor) changePassword(current, entered string) answer {
	return v.send("POST", passwordPath, url.Values{"currentPassword": {current}, "newPassword": {entered}})
}

func (v *visitor) hasPassword(entered string) bool {
	v.t.Helper()
	c, err := credential.Store{Store: v.admin}.Get(v.t.Context(), table.Customer(v.number))
	if err != nil {
		v.t.Fatal(err)
	}
	ok, _, err := credential.Verify(c.Hash, entered)
	if err != nil {
		v.t.Fatal(err)
	}
	return ok
}

// take keeps the session cookie of an answer, as the browser does.
func (v *visitor) take(a answer) string {
	v.t.Helper()
	for _, c := range a.Result().Cookies() {
		if c.Name == session.Cookie {
			v.cookie = c.Value
			return c.Value
		}
	}
	v.t.Fatal("there is no new session cookie")
	return ""
}

// A session whose password was compared by its beginning only asks for a new one until there is one.
func TestOnTheCloudASessionAsksForANewPasswordUntilThereIsOne(t *testing.T) {
	v := visit(t)
	asks := func(path string) bool {
		return strings.Contains(v.send("GET", path, nil).Body.String(), "nur den Anfang prüft")
	}
	if asks("/account") || asks(passwordPath) {
		t.Error("any session asks for a new password")
	}
	value, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: v.number, Epoch: v.profile().Epoch, RenewPassword: true})
	if err != nil {
		t.Fatal(err)
	}
	v.put(session.Put(v.admin.Names, s))
	v.cookie = value
	if !asks("/account") || !asks(passwordPath) {
		t.Error("nothing asks for a new password")
	}
	v.take(v.changePassword(password, newPassword))
	if asks("/account") || asks(passwordPath) {
		t.Error("it is asked for again, though there is a new one")
	}
}

func TestOnTheCloudANewPasswordEndsAllOtherSessionsAndLinks(t *testing.T) {
	v := visit(t)
	before, other := v.cookie, v.browser("")
	secret, err := token.Store{Store: v.admin}.Make(t.Context(), rand.Reader, token.Token{Purpose: token.PurposeReset,
		Subject: v.number, Address: v.profile().Email, Epoch: v.profile().Epoch, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	a := v.changePassword(password, newPassword)
	if a.Code != http.StatusSeeOther || !v.hasPassword(newPassword) || v.hasPassword(password) {
		t.Fatalf("status %d: %s", a.Code, a.text("main"))
	}
	if v.take(a) == before {
		t.Error("the session cookie is the old one (S7)")
	}
	if page := v.send("GET", a.Header().Get("Location"), nil); page.Code != http.StatusOK ||
		!strings.Contains(page.text(".notice.success"), "alle anderen Geräte sind abgemeldet. Eine Bestätigung geht an anna@schaefer.example.") {
		t.Errorf("%d, the page says %q", page.Code, page.text(".notice"))
	}
	for name, cookie := range map[string]string{"another browser": other.cookie, "the cookie before": before} {
		old := *v
		old.cookie = cookie
		if a := old.send("GET", "/account", nil); a.Code != http.StatusSeeOther {
			t.Errorf("%s is still signed in (S8): %d", name, a.Code)
		}
	}
	c, err := credential.Store{Store: v.admin}.Get(t.Context(), table.Customer(v.number))
	if link, _, err2 := (token.Store{Store: v.admin}).Find(t.Context(), secret, token.PurposeReset, time.Now()); err != nil ||
		err2 != nil || link.Epoch == c.Epoch || c.Epoch != v.profile().Epoch {
		t.Errorf("a mailed link is still good (S6): epoch %d of the link, %d, %v, %v", link.Epoch, c.Epoch, err, err2)
	}
}

func TestOnTheCloudANewPasswordIsToldToTheAddressAndAudited(t *testing.T) {
	v := visit(t)
	if a := v.changePassword(password, newPassword); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	image, err := v.admin.Get(t.Context(), v.admin.Names.Outbox, table.Outbox(table.OutboxID(outbox.PasswordChanged, v.number+"#1")))
	if err != nil {
		t.Fatal(err)
	}
	if item, err := outbox.FromImage(image); err != nil || len(item.Recipients) != 1 || item.Recipients[0].Address != "anna@schaefer.example" {
		t.Errorf("the mail is %+v, %v (S7)", item, err)
	}
	events, _, err := audit.Store{Store: v.admin}.Choose(t.Context(), v.number, "", 10, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Action != audit.PasswordChanged || events[0].Actor != v.number {
		t.Errorf("the audit is %+v, %v (M10)", events, err)
	}
}

func TestOnTheCloudAPasswordIsChangedOnlyWithTheCurrentOneToAGoodOne(t *testing.T) {
	v := visit(t)
	for _, c := range []struct{ name, current, entered, field, says string }{
		{"without the current one", "", newPassword, "currentPassword", "Geben Sie Ihr Kundenpasswort ein"},
		{"with a wrong one", "falsch geraten", newPassword, "currentPassword", "stimmt nicht"},
		{"without a new one", password, "", "newPassword", "neues Kundenpasswort"},
		{"to the same", password, password, "newPassword", "bisheriges"},
		{"to a short one", password, "zu kurz", "newPassword", "mindestens 15 Zeichen"},
		{"to a common one", password, "passwort12345678", "newPassword", "zu leicht zu erraten"},
		{"to the customer's own data", password, "AnnaSchäfer10115Berlin", "newPassword", "Angaben über Sie"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := v.changePassword(c.current, c.entered)
			if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text("#f-"+c.field+"-error"), c.says) {
				t.Errorf("%d, the field says %q (S5, S7)", a.Code, a.text("#f-"+c.field+"-error"))
			}
			if body := a.Body.String(); c.entered != "" && strings.Contains(body, c.entered) || strings.Contains(body, password) {
				t.Error("a password is given back")
			}
			if !v.hasPassword(password) {
				t.Fatal("the password was changed")
			}
		})
	}
}

func TestOnTheCloudGuessesAtThePasswordOfAnOpenSessionArePaused(t *testing.T) {
	v := visit(t)
	paused := 0
	for range 30 { // the first pauses are short and the machine may be slow
		if v.changePassword("falsch geraten", newPassword).Code == http.StatusTooManyRequests {
			paused++
		}
	}
	if a := v.changePassword(password, newPassword); paused < 10 || a.Code != http.StatusTooManyRequests || a.Header().Get("Retry-After") == "" {
		t.Errorf("%d of 30 guesses were refused, then status %d (S2)", paused, a.Code)
	}
}

func TestOnTheCloudOneOfTwoChangesAtOnceWins(t *testing.T) {
	v := visit(t)
	one, two := v.browser(""), v.browser("")
	codes := make(chan answer, 2)
	for i, b := range []*visitor{one, two} {
		go func() { codes <- b.changePassword(password, newPassword+strings.Repeat("!", i)) }()
	}
	signedIn := 0
	for range 2 {
		a := <-codes
		if a.Code != http.StatusSeeOther && a.Code != http.StatusUnprocessableEntity {
			t.Errorf("status %d", a.Code)
		}
		if a.Code == http.StatusSeeOther && strings.HasPrefix(a.Header().Get("Location"), passwordPath) {
			signedIn++
		}
	}
	if signedIn != 1 {
		t.Errorf("%d changes were done (S12)", signedIn)
	}
}

func TestOnTheCloudTheDeviceStaysKnown(t *testing.T) {
	v := visit(t)
	device, err := session.Secret(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	v.device = device
	a := v.changePassword(password, newPassword)
	for _, c := range a.Result().Cookies() {
		if c.Name == session.DeviceCookie {
			t.Error("the device cookie changed")
		}
	}
	item, err := v.admin.Get(t.Context(), localtest.Names(t).Throttle, table.Throttle("device", table.Hash(device)+"#"+v.number))
	if err != nil || item == nil {
		t.Errorf("the device is not known: %v (S3)", err)
	}
}
