package security_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

func changePassword(b *world.Browser, current, entered string) world.Page {
	return b.Post(passwordPath, url.Values{"currentPassword": {current}, "newPassword": {entered}})
}

func hasPassword(v *visitor.Visitor, entered string) bool {
	v.T.Helper()
	c, err := credential.Store{Store: v.Store}.Get(v.T.Context(), table.Customer(v.Number))
	if err != nil {
		v.T.Fatal(err)
	}
	ok, _, err := credential.Verify(c.Hash, entered)
	if err != nil {
		v.T.Fatal(err)
	}
	return ok
}

// A session whose password was compared by its beginning only asks for a new one until there is one.
func TestOnTheCloudASessionAsksForANewPasswordUntilThereIsOne(t *testing.T) {
	v := visitor.OnCloud(t)
	asks := func(path string) bool {
		return strings.Contains(v.Get(path).Body, "nur den Anfang prüft")
	}
	if asks("/account") || asks(passwordPath) {
		t.Error("any session asks for a new password")
	}
	value, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: v.Number, Epoch: v.Own().Epoch, RenewPassword: true})
	if err != nil {
		t.Fatal(err)
	}
	v.Put(session.Put(v.Store.Names, s))
	v.Cookies[session.Cookie] = value
	if !asks("/account") || !asks(passwordPath) {
		t.Error("nothing asks for a new password")
	}
	changePassword(v.Browser, visitor.Password, visitor.NewPassword)
	if asks("/account") || asks(passwordPath) {
		t.Error("it is asked for again, though there is a new one")
	}
}

func TestOnTheCloudANewPasswordEndsAllOtherSessionsAndLinks(t *testing.T) {
	v := visitor.OnCloud(t)
	before, other := v.Cookies[session.Cookie], v.Another("")
	secret, err := token.Store{Store: v.Store}.Make(t.Context(), rand.Reader, token.Token{Purpose: token.PurposeReset,
		Subject: v.Number, Address: v.Own().Email, Epoch: v.Own().Epoch, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	a := changePassword(v.Browser, visitor.Password, visitor.NewPassword)
	if a.Status != http.StatusSeeOther || !hasPassword(v, visitor.NewPassword) || hasPassword(v, visitor.Password) {
		t.Fatalf("status %d: %s", a.Status, a.Text("main"))
	}
	if v.Cookies[session.Cookie] == before {
		t.Error("the session cookie is the old one (S7)")
	}
	if page := v.Get(a.Location); page.Status != http.StatusOK ||
		!strings.Contains(page.Text(".notice.success"), "alle anderen Geräte sind abgemeldet. Eine Bestätigung geht an anna@schaefer.example.") {
		t.Errorf("%d, the page says %q", page.Status, page.Text(".notice"))
	}
	for name, cookie := range map[string]string{"another browser": other.Cookies[session.Cookie], "the cookie before": before} {
		old := v.Another("")
		old.Cookies[session.Cookie] = cookie
		if a := old.Get("/account"); a.Status != http.StatusSeeOther {
			t.Errorf("%s is still signed in (S8): %d", name, a.Status)
		}
	}
	c, err := credential.Store{Store: v.Store}.Get(t.Context(), table.Customer(v.Number))
	if link, _, err2 := (token.Store{Store: v.Store}).Find(t.Context(), secret, token.PurposeReset, time.Now()); err != nil ||
		err2 != nil || link.Epoch == c.Epoch || c.Epoch != v.Own().Epoch {
		t.Errorf("a mailed link is still good (S6): epoch %d of the link, %d, %v, %v", link.Epoch, c.Epoch, err, err2)
	}
}

func TestOnTheCloudANewPasswordIsToldToTheAddressAndAudited(t *testing.T) {
	v := visitor.OnCloud(t)
	if a := changePassword(v.Browser, visitor.Password, visitor.NewPassword); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	image, err := v.Store.Get(t.Context(), v.Store.Names.Outbox, table.Outbox(table.OutboxID(outbox.PasswordChanged, v.Number+"#1")))
	if err != nil {
		t.Fatal(err)
	}
	if item, err := outbox.FromImage(image); err != nil || len(item.Recipients) != 1 || item.Recipients[0].Address != "anna@schaefer.example" {
		t.Errorf("the mail is %+v, %v (S7)", item, err)
	}
	events, _, err := audit.Store{Store: v.Store}.Choose(t.Context(), v.Number, "", 10, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Action != audit.PasswordChanged || events[0].Actor != v.Number {
		t.Errorf("the audit is %+v, %v (M10)", events, err)
	}
}

func TestOnTheCloudAPasswordIsChangedOnlyWithTheCurrentOneToAGoodOne(t *testing.T) {
	v := visitor.OnCloud(t)
	for _, c := range []struct{ name, current, entered, field, says string }{
		{"without the current one", "", visitor.NewPassword, "currentPassword", "Geben Sie Ihr Kundenpasswort ein"},
		{"with a wrong one", "falsch geraten", visitor.NewPassword, "currentPassword", "stimmt nicht"},
		{"without a new one", visitor.Password, "", "newPassword", "neues Kundenpasswort"},
		{"to the same", visitor.Password, visitor.Password, "newPassword", "bisheriges"},
		{"to a short one", visitor.Password, "zu kurz", "newPassword", "mindestens 15 Zeichen"},
		{"to a common one", visitor.Password, "passwort12345678", "newPassword", "zu leicht zu erraten"},
		{"to the customer's own data", visitor.Password, "AnnaSchäfer10115Berlin", "newPassword", "Angaben über Sie"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := changePassword(v.Browser, c.current, c.entered)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Text("#f-"+c.field+"-error"), c.says) {
				t.Errorf("%d, the field says %q (S5, S7)", a.Status, a.Text("#f-"+c.field+"-error"))
			}
			if body := a.Body; c.entered != "" && strings.Contains(body, c.entered) || strings.Contains(body, visitor.Password) {
				t.Error("a password is given back")
			}
			if !hasPassword(v, visitor.Password) {
				t.Fatal("the password was changed")
			}
		})
	}
}

func TestOnTheCloudGuessesAtThePasswordOfAnOpenSessionArePaused(t *testing.T) {
	v := visitor.OnCloud(t)
	paused := 0
	for range 30 { // the first pauses are short and the machine may be slow
		if changePassword(v.Browser, "falsch geraten", visitor.NewPassword).Status == http.StatusTooManyRequests {
			paused++
		}
	}
	if a := changePassword(v.Browser, visitor.Password, visitor.NewPassword); paused < 10 || a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d of 30 guesses were refused, then status %d (S2)", paused, a.Status)
	}
}

func TestOnTheCloudOneOfTwoChangesAtOnceWins(t *testing.T) {
	v := visitor.OnCloud(t)
	one, two := v.Another(""), v.Another("")
	codes := make(chan world.Page, 2)
	for i, b := range []*world.Browser{one, two} {
		go func() { codes <- changePassword(b, visitor.Password, visitor.NewPassword+strings.Repeat("!", i)) }()
	}
	signedIn := 0
	for range 2 {
		a := <-codes
		if a.Status != http.StatusSeeOther && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("status %d", a.Status)
		}
		if a.Status == http.StatusSeeOther && strings.HasPrefix(a.Location, passwordPath) {
			signedIn++
		}
	}
	if signedIn != 1 {
		t.Errorf("%d changes were done (S12)", signedIn)
	}
}

func TestOnTheCloudTheDeviceStaysKnown(t *testing.T) {
	v := visitor.OnCloud(t)
	device, err := session.Secret(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	v.Cookies[session.DeviceCookie] = device
	a := changePassword(v.Browser, visitor.Password, visitor.NewPassword)
	for _, c := range a.Given() {
		if c.Name == session.DeviceCookie {
			t.Error("the device cookie changed")
		}
	}
	item, err := v.Store.Get(t.Context(), localtest.Names(t).Throttle, table.Throttle("device", table.Hash(device)+"#"+v.Number))
	if err != nil || item == nil {
		t.Errorf("the device is not known: %v (S3)", err)
	}
}
