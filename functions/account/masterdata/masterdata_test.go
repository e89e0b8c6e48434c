package masterdata_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

func TestMasterDataFormShowsWhatIsStored(t *testing.T) {
	a := visitor.Anna(t).Get("/account/master-data")
	if got, _ := a.Find("#f-iban").Attr("value"); got != "DE89 3704 0044 0532 0130 00" {
		t.Errorf("IBAN is %q", got)
	}
	if a.Find("input[name=company], input[name=firstName]").Length() != 0 {
		t.Error("a field can be edited that must not")
	}
	if got := a.Text("section[aria-labelledby=fest]"); !strings.Contains(got, "Anna Schäfer") || !strings.Contains(got, "030 55555") {
		t.Errorf("the fixed part says %q", got)
	}
	if a.Find("form[data-guard] .notice").Length() != 0 {
		t.Error("there is a warning without a running merge")
	}
	if first := a.Text("select option:first-child"); first != "Deutschland" {
		t.Errorf("the first country is %q", first)
	}
}

func TestSendingTheFormUnchangedWritesNothing(t *testing.T) {
	w := visitor.Anna(t)
	a := w.Post("/account/master-data", w.MasterData())
	if a.Status != http.StatusSeeOther || a.Location != "/account?saved=nothing" || w.Writes() != 0 {
		t.Errorf("%d to %q, %d writes", a.Status, a.Location, w.Writes())
	}
}

func TestAChangeIsWrittenWithItsAuditEventAndMail(t *testing.T) {
	w := visitor.Anna(t)
	a := w.Post("/account/master-data", w.MasterData("street", "Neue Straße 1", "phone", "030/7654321"))
	if a.Status != http.StatusSeeOther || a.Location != "/account?changed=street.phone&saved=master-data" || w.Writes() != 1 {
		t.Fatalf("%d to %q, %d writes\n%s", a.Status, a.Location, w.Writes(), a.Text("main"))
	}
	if p := w.Own(); p.Street != "Neue Straße 1" || p.Phone != "030/7654321" || p.Version != 8 || p.City != visitor.Profile.City {
		t.Errorf("stored is %+v", p)
	}
	if events := w.Events(); len(events) != 1 || events[0].Action != audit.MasterDataChanged || events[0].Actor != visitor.Number || events[0].Old["street"] != "Hauptstr. 5" {
		t.Errorf("the audit events are %+v (M10)", events)
	}
	mail := w.Told()[outbox.MasterDataChanged]
	if mail.ID != "master-data.changed#10000017#8" || len(w.Outbox()) != 1 {
		t.Errorf("the outbox has %+v (M9)", w.Outbox())
	}
	if v := mail.Values; v["old.street"] != "Hauptstr. 5" || v["new.street"] != "Neue Straße 1" || v["new.phone"] != "030/7654321" {
		t.Errorf("values are %v", v)
	}
}

func TestThePageAfterTheFormNamesWhatChanged(t *testing.T) {
	w := visitor.Anna(t)
	a := w.Post("/account/master-data", w.MasterData("street", "Neue Straße 1", "phone", "030/7654321"))
	const de = "Ihre Stammdaten sind gespeichert. Geändert: Straße, Telefon. Eine Bestätigung geht an anna@schaefer.example."
	if got := w.Get(a.Location).Text(".notice"); !strings.HasSuffix(got, de) {
		t.Errorf("the page says %q", got)
	}
	if got := w.Get("/account?saved=master-data&changed=password.%3Cb%3E.email").Text(".notice"); !strings.HasSuffix(got, "gespeichert. Eine Bestätigung geht an anna@schaefer.example.") {
		t.Errorf("made-up fields: %q", got)
	}
	if got := w.Get(a.Location + "&lang=en").Text(".notice"); !strings.Contains(got, "Changed: Street, Phone.") {
		t.Errorf("in English: %q", got)
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
		{"with the right one", visitor.Password, 303, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := visitor.Anna(t)
			a := w.Post("/account/master-data", w.MasterData(append(newBank, "currentPassword", c.password)...))
			if a.Status != c.status || w.Writes() != c.writes || !strings.Contains(a.Text(".error-summary"), c.says) {
				t.Fatalf("status %d, %d writes, says %q (S7)", a.Status, w.Writes(), a.Text(".error-summary"))
			}
			if c.status == 422 {
				if got, _ := a.Find("#f-iban").Attr("value"); got != "DE02 1203 0000 0000 2020 51" || a.Find("#f-currentPassword[aria-invalid=true][value='']").Length() != 1 {
					t.Errorf("the form shows IBAN %q", got)
				}
				return
			}
			if text := w.Effects(); strings.Contains(text, "DE8937") || strings.Contains(text, "DE0212") {
				t.Errorf("audit event or mail hold bank data (S20): %s", text)
			}
		})
	}
}

func TestWrongEntriesAreNamedAndKept(t *testing.T) {
	w := visitor.Anna(t)
	a := w.Post("/account/master-data", w.MasterData("postalCode", "1011", "city", "", "phone", "12", "return", "/merge"))
	if a.Status != 422 || w.Writes() != 0 {
		t.Fatalf("status %d, %d writes", a.Status, w.Writes())
	}
	if links := a.Find(".error-summary li a").Length(); links != 3 {
		t.Errorf("%d errors in the summary", links)
	}
	if got := a.Text("#f-postalCode-error"); got != "Fehler: Diese Postleitzahl hat vier Ziffern, in Deutschland sind es fünf." {
		t.Errorf("the field says %q", got)
	}
	if v, _ := a.Find("#f-postalCode").Attr("value"); v != "1011" {
		t.Errorf("the entry was lost: %q", v)
	}
	if v, _ := a.Find("input[name=return]").Attr("value"); v != "/merge" {
		t.Errorf("the way back was lost: %q", v)
	}
	if title := a.Text("title"); !strings.HasPrefix(title, "Fehler: ") {
		t.Errorf("title is %q", title)
	}
}

func TestAnOldVersionShowsBothAndOverwritesNothing(t *testing.T) {
	w := visitor.Anna(t)
	fields := w.MasterData("street", "Neue Straße 1", "country", "AT", "postalCode", "1010")
	w.Is(func(p *customer.Profile) { p.Version, p.Street = 8, "Andere Straße 9" })
	a := w.Post("/account/master-data", fields)
	if a.Status != http.StatusConflict || w.Writes() != 0 {
		t.Fatalf("status %d, %d writes", a.Status, w.Writes())
	}
	if got := a.Text("tbody tr:first-child"); got != "Straße Andere Straße 9 Neue Straße 1" {
		t.Errorf("the versions are %q", got)
	}
	if got := a.Text("tbody"); !strings.Contains(got, "Österreich") {
		t.Errorf("the country is not named: %q", got)
	}
	if v, _ := a.Find("input[name=version]").Attr("value"); v != "8" {
		t.Errorf("the form has version %q", v)
	}
	if v, _ := a.Find("#f-street").Attr("value"); v != "Neue Straße 1" {
		t.Errorf("the entry was lost: %q", v)
	}
	a = w.Post("/account/master-data", fields, "Accept", "application/json")
	if a.Status != http.StatusConflict || !strings.Contains(a.Body, `"code":"version_old"`) || !strings.Contains(a.Body, "Andere Straße 9") {
		t.Errorf("as JSON: %d %s", a.Status, a.Body)
	}
}

func TestTheSameFormSentTwiceIsSavedOnce(t *testing.T) {
	w := visitor.Anna(t)
	fields := w.MasterData("street", "Neue Straße 1")
	w.Is(func(p *customer.Profile) { p.Version, p.Street = 8, "Neue Straße 1" })
	a := w.Post("/account/master-data", fields)
	if a.Location != "/account?saved=master-data" || w.Writes() != 0 {
		t.Errorf("%d to %q, %d writes (M9)", a.Status, a.Location, w.Writes())
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
			w := visitor.Anna(t)
			fields := w.MasterData("street", "Neue Straße 1")
			w.Meanwhile(visitor.Saves, func() { w.Is(c.alter) })
			a := w.Post("/account/master-data", fields)
			if a.Status != c.status || a.Location != c.to {
				t.Errorf("%d to %q, want %d to %q", a.Status, a.Location, c.status, c.to)
			}
			want := visitor.Profile
			c.alter(&want)
			if p := w.Own(); p.Street != want.Street || p.City != want.City || p.Version != want.Version || len(w.Events())+len(w.Outbox()) != 0 {
				t.Errorf("stored is %+v (S12)", p)
			}
		})
	}
}

func TestTablesThatDoNotAnswerAreAClearPage(t *testing.T) {
	w := visitor.Anna(t)
	fields := w.MasterData("street", "Neue Straße 1")
	w.Fail(0, errors.New("secret detail"), visitor.Saves)
	a := w.Post("/account/master-data", fields)
	if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || strings.Contains(a.Body, "secret") {
		t.Errorf("%d %s (L1)", a.Status, a.Text("main"))
	}
}

func TestARunningMergeIsToldBeforeSaving(t *testing.T) {
	w := visitor.Anna(t)
	w.SaveOrder(visitor.Running(merge.InReview))
	if got := w.Get("/account/master-data").Text("form .notice"); !strings.Contains(got, "Auftrag K7QX-2M4D") || !strings.Contains(got, "hält das den Auftrag auf") {
		t.Errorf("the form says %q", got)
	}
}

func TestOnlyKnownFieldsAreStored(t *testing.T) {
	w := visitor.Anna(t)
	var a world.Page
	got := w.Changed(func() {
		a = w.Post("/account/master-data", url.Values{"version": {"7"}, "mobile": {"0172 7654321"}, "balanceCents": {"0"}, "firstName": {"Eva"}, "locked": {"false"},
			"email": {"anna@schaefer.example"}})
	})
	if a.Status != 303 || got != "mobile version" {
		t.Errorf("status %d, the update sets %s (S11)", a.Status, got)
	}
	if a = w.Post("/account/master-data", url.Values{"street": {"Neue Straße 1"}}); a.Status != 422 {
		t.Errorf("without a version: %d", a.Status)
	}
}

func TestTheWayBackIsAnOwnPath(t *testing.T) {
	for back, want := range map[string]string{
		"/merge": "/merge?changed=street&saved=master-data", "/merge?step=1": "/merge?changed=street&saved=master-data&step=1", "": "/account?changed=street&saved=master-data",
		"https://evil.example": "/account?changed=street&saved=master-data", "//evil.example": "/account?changed=street&saved=master-data", `/\evil.example`: "/account?changed=street&saved=master-data",
	} {
		w := visitor.Anna(t)
		a := w.Post("/account/master-data", w.MasterData("street", "Neue Straße 1", "return", back))
		if got := a.Location; got != want {
			t.Errorf("return %q leads to %q, want %q (S18)", back, got, want)
		}
	}
}
