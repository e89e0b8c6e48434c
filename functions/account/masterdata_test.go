package account

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

// sent is the form as it stands on the page, with some fields replaced.
func sent(t *testing.T, w *account, kv ...string) url.Values {
	t.Helper()
	fields := url.Values{}
	doc := w.get(t, "/account/master-data").doc
	for _, name := range []string{"street", "postalCode", "city", "phone", "mobile", "iban", "bic", "accountNumber", "bankCode", "version"} {
		value, ok := doc.Find(`input[name="` + name + `"]`).Attr("value")
		if !ok {
			t.Fatalf("the form has no field %s", name)
		}
		fields.Set(name, value)
	}
	fields.Set("country", doc.Find("select[name=country] option[selected]").AttrOr("value", ""))
	for i := 0; i < len(kv); i += 2 {
		fields.Set(kv[i], kv[i+1])
	}
	return fields
}

func TestMasterDataFormShowsWhatIsStored(t *testing.T) {
	a := anna(t).get(t, "/account/master-data")
	if got, _ := a.doc.Find("#f-iban").Attr("value"); got != "DE89 3704 0044 0532 0130 00" {
		t.Errorf("IBAN is %q", got)
	}
	if a.doc.Find("input[name=company], input[name=firstName]").Length() != 0 {
		t.Error("a field can be edited that must not")
	}
	if got := a.text("section[aria-labelledby=fest]"); !strings.Contains(got, "Anna Schäfer") || !strings.Contains(got, "030 55555") {
		t.Errorf("the fixed part says %q", got)
	}
	if a.doc.Find("form[data-guard] .notice").Length() != 0 {
		t.Error("there is a warning without a running merge")
	}
	if first := a.text("select option:first-child"); first != "Deutschland" {
		t.Errorf("the first country is %q", first)
	}
}

func TestSendingTheFormUnchangedWritesNothing(t *testing.T) {
	w := anna(t)
	a := w.post(t, sent(t, w))
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/account?saved=nothing" || w.writes() != 0 {
		t.Errorf("%d to %q, %d writes", a.Code, a.Header().Get("Location"), w.writes())
	}
}

func TestAChangeIsWrittenWithItsAuditEventAndMail(t *testing.T) {
	w := anna(t)
	a := w.post(t, sent(t, w, "street", "Neue Straße 1", "phone", "030/7654321"))
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/account?changed=street.phone&saved=master-data" || w.writes() != 1 {
		t.Fatalf("%d to %q, %d writes\n%s", a.Code, a.Header().Get("Location"), w.writes(), a.text("main"))
	}
	if p := w.own(); p.Street != "Neue Straße 1" || p.Phone != "030/7654321" || p.Version != 8 || p.City != annaProfile.City {
		t.Errorf("stored is %+v", p)
	}
	if events := w.Events(); len(events) != 1 || events[0].Action != audit.MasterDataChanged || events[0].Actor != ownNumber || events[0].Old["street"] != "Hauptstr. 5" {
		t.Errorf("the audit events are %+v (M10)", events)
	}
	mail := w.told()[outbox.MasterDataChanged]
	if mail.ID != "master-data.changed#10000017#8" || len(w.Outbox()) != 1 {
		t.Errorf("the outbox has %+v (M9)", w.Outbox())
	}
	if v := mail.Values; v["old.street"] != "Hauptstr. 5" || v["new.street"] != "Neue Straße 1" || v["new.phone"] != "030/7654321" {
		t.Errorf("values are %v", v)
	}
}

func TestThePageAfterTheFormNamesWhatChanged(t *testing.T) {
	w := anna(t)
	a := w.post(t, sent(t, w, "street", "Neue Straße 1", "phone", "030/7654321"))
	const de = "Ihre Stammdaten sind gespeichert. Geändert: Straße, Telefon. Eine Bestätigung geht an anna@schaefer.example."
	if got := w.get(t, a.Header().Get("Location")).text(".notice"); !strings.HasSuffix(got, de) {
		t.Errorf("the page says %q", got)
	}
	if got := w.get(t, a.Header().Get("Location"), "Accept-Language", "en").text(".notice"); !strings.Contains(got, "Changed: Street, Phone.") {
		t.Errorf("in English: %q", got)
	}
	if got := w.get(t, "/account?saved=master-data&changed=password.%3Cb%3E.email").text(".notice"); !strings.HasSuffix(got, "gespeichert. Eine Bestätigung geht an anna@schaefer.example.") {
		t.Errorf("made-up fields: %q", got)
	}
}

func TestBankDataAskForThePassword(t *testing.T) {
	newBank := []string{"iban", "DE02 1203 0000 0000 2020 51", "bic", "BYLADEM1001", "accountNumber", "", "bankCode", ""}
	for _, c := range []struct {
		name, password string
		status, writes int
		says           string
	}{
		{"without a password", "", 422, 0, "Geben Sie Ihr Kundenpasswort ein"},
		{"with a wrong one", "falsch", 422, 0, "stimmt nicht"},
		{"with the right one", "richtiges Passwort", 303, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := anna(t)
			a := w.post(t, sent(t, w, append(newBank, "currentPassword", c.password)...))
			if a.Code != c.status || w.writes() != c.writes || !strings.Contains(a.text(".error-summary"), c.says) {
				t.Fatalf("status %d, %d writes, says %q (S7)", a.Code, w.writes(), a.text(".error-summary"))
			}
			if c.status == 422 {
				if got, _ := a.doc.Find("#f-iban").Attr("value"); got != "DE02 1203 0000 0000 2020 51" || a.doc.Find("#f-currentPassword[aria-invalid=true][value='']").Length() != 1 {
					t.Errorf("the form shows IBAN %q", got)
				}
				return
			}
			if text := w.effects(); strings.Contains(text, "DE8937") || strings.Contains(text, "DE0212") {
				t.Errorf("audit event or mail hold bank data (S20): %s", text)
			}
		})
	}
}

func TestWrongEntriesAreNamedAndKept(t *testing.T) {
	w := anna(t)
	a := w.post(t, sent(t, w, "postalCode", "1011", "city", "", "phone", "12", "return", "/merge"))
	if a.Code != 422 || w.writes() != 0 {
		t.Fatalf("status %d, %d writes", a.Code, w.writes())
	}
	if links := a.doc.Find(".error-summary li a").Length(); links != 3 {
		t.Errorf("%d errors in the summary", links)
	}
	if got := a.text("#f-postalCode-error"); got != "Fehler: Diese Postleitzahl hat vier Ziffern, in Deutschland sind es fünf." {
		t.Errorf("the field says %q", got)
	}
	if v, _ := a.doc.Find("#f-postalCode").Attr("value"); v != "1011" {
		t.Errorf("the entry was lost: %q", v)
	}
	if v, _ := a.doc.Find("input[name=return]").Attr("value"); v != "/merge" {
		t.Errorf("the way back was lost: %q", v)
	}
	if title := a.text("title"); !strings.HasPrefix(title, "Fehler: ") {
		t.Errorf("title is %q", title)
	}
}

func TestAnOldVersionShowsBothAndOverwritesNothing(t *testing.T) {
	w := anna(t)
	fields := sent(t, w, "street", "Neue Straße 1", "country", "AT", "postalCode", "1010")
	w.is(func(p *customer.Profile) { p.Version, p.Street = 8, "Andere Straße 9" })
	a := w.post(t, fields)
	if a.Code != http.StatusConflict || w.writes() != 0 {
		t.Fatalf("status %d, %d writes", a.Code, w.writes())
	}
	if got := a.text("tbody tr:first-child"); got != "Straße Andere Straße 9 Neue Straße 1" {
		t.Errorf("the versions are %q", got)
	}
	if got := a.text("tbody"); !strings.Contains(got, "Österreich") {
		t.Errorf("the country is not named: %q", got)
	}
	if v, _ := a.doc.Find("input[name=version]").Attr("value"); v != "8" {
		t.Errorf("the form has version %q", v)
	}
	if v, _ := a.doc.Find("#f-street").Attr("value"); v != "Neue Straße 1" {
		t.Errorf("the entry was lost: %q", v)
	}
	a = w.post(t, fields, "Accept", "application/json")
	if a.Code != http.StatusConflict || !strings.Contains(a.Body.String(), `"code":"version_old"`) || !strings.Contains(a.Body.String(), "Andere Straße 9") {
		t.Errorf("as JSON: %d %s", a.Code, a.Body)
	}
}

func TestTheSameFormSentTwiceIsSavedOnce(t *testing.T) {
	w := anna(t)
	fields := sent(t, w, "street", "Neue Straße 1")
	w.is(func(p *customer.Profile) { p.Version, p.Street = 8, "Neue Straße 1" })
	a := w.post(t, fields)
	if a.Header().Get("Location") != "/account?saved=master-data" || w.writes() != 0 {
		t.Errorf("%d to %q, %d writes (M9)", a.Code, a.Header().Get("Location"), w.writes())
	}
}

func TestAFasterWriterIsNoticedByTheCondition(t *testing.T) {
	for _, c := range []struct {
		name   string
		alter  func(p *customer.Profile)
		status int
		to     string
	}{
		{"another tab saved something else", func(p *customer.Profile) { p.Version, p.City = 8, "Potsdam" }, 409, ""},
		{"another tab saved the same", func(p *customer.Profile) { p.Version, p.Street = 8, "Neue Straße 1" }, 303, "/account?saved=master-data"},
		{"the password was reset", func(p *customer.Profile) { p.Epoch = 3 }, 303, "/login"},
		{"the number was merged", func(p *customer.Profile) { p.MergedInto, p.Epoch = "10000099", 3 }, 303, "/login"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := anna(t)
			fields := sent(t, w, "street", "Neue Straße 1")
			w.Meanwhile(saves, func() { w.is(c.alter) })
			a := w.post(t, fields)
			if a.Code != c.status || a.Header().Get("Location") != c.to {
				t.Errorf("%d to %q, want %d to %q", a.Code, a.Header().Get("Location"), c.status, c.to)
			}
			want := annaProfile
			c.alter(&want)
			if p := w.own(); p.Street != want.Street || p.City != want.City || p.Version != want.Version || len(w.Events())+len(w.Outbox()) != 0 {
				t.Errorf("stored is %+v (S12)", p)
			}
		})
	}
}

func TestTablesThatDoNotAnswerAreAClearPage(t *testing.T) {
	w := anna(t)
	fields := sent(t, w, "street", "Neue Straße 1")
	w.Fail(0, errors.New("secret detail"), saves)
	a := w.post(t, fields)
	if a.Code != http.StatusServiceUnavailable || a.Header().Get("Retry-After") == "" || strings.Contains(a.Body.String(), "secret") {
		t.Errorf("%d %s (L1)", a.Code, a.text("main"))
	}
}

func TestARunningMergeIsToldBeforeSaving(t *testing.T) {
	w := anna(t)
	w.SaveOrder(running(merge.InReview))
	if got := w.get(t, "/account/master-data").text("form .notice"); !strings.Contains(got, "Auftrag K7QX-2M4D") || !strings.Contains(got, "hält das den Auftrag auf") {
		t.Errorf("the form says %q", got)
	}
}

func TestOnlyKnownFieldsAreStored(t *testing.T) {
	w := anna(t)
	var a answer
	got := w.changed(func() {
		a = w.post(t, url.Values{"version": {"7"}, "mobile": {"0172 7654321"}, "balanceCents": {"0"}, "firstName": {"Eva"}, "locked": {"false"},
			"email": {"anna@schaefer.example"}})
	})
	if a.Code != 303 || got != "mobile version" {
		t.Errorf("status %d, the update sets %s (S11)", a.Code, got)
	}
	if a = w.post(t, url.Values{"street": {"Neue Straße 1"}}); a.Code != 422 {
		t.Errorf("without a version: %d", a.Code)
	}
}

func TestTheWayBackIsAnOwnPath(t *testing.T) {
	for back, want := range map[string]string{
		"/merge": "/merge?changed=street&saved=master-data", "/merge?step=1": "/merge?changed=street&saved=master-data&step=1", "": "/account?changed=street&saved=master-data",
		"https://evil.example": "/account?changed=street&saved=master-data", "//evil.example": "/account?changed=street&saved=master-data", `/\evil.example`: "/account?changed=street&saved=master-data",
	} {
		w := anna(t)
		a := w.post(t, sent(t, w, "street", "Neue Straße 1", "return", back))
		if got := a.Header().Get("Location"); got != want {
			t.Errorf("return %q leads to %q, want %q (S18)", back, got, want)
		}
	}
}
