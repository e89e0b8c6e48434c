package account

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// sent is the form as it stands on the page, with some fields replaced.
func sent(t *testing.T, w *world, kv ...string) url.Values {
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
	a := anna().get(t, "/account/master-data")
	if got, _ := a.doc.Find("#f-iban").Attr("value"); got != "DE89 3704 0044 0532 0130 00" {
		t.Errorf("IBAN is %q", got)
	}
	if a.doc.Find("input[name=company], input[name=firstName]").Length() != 0 {
		t.Error("a field can be edited that must not")
	}
	if got := a.text("section[aria-labelledby=fest]"); !strings.Contains(got, "Anna Schäfer") || !strings.Contains(got, "030 555 0100") {
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
	w := anna()
	a := w.post(t, sent(t, w))
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/account?saved=nothing" || len(w.writes) != 0 {
		t.Errorf("%d to %q, %d writes", a.Code, a.Header().Get("Location"), len(w.writes))
	}
}

func TestAChangeIsWrittenWithItsAuditEventAndMail(t *testing.T) {
	w := anna()
	a := w.post(t, sent(t, w, "street", "Neue Straße 1", "phone", "030/7654321"))
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/account?changed=street.phone&saved=master-data" || len(w.writes) != 1 {
		t.Fatalf("%d to %q, %d writes\n%s", a.Code, a.Header().Get("Location"), len(w.writes), a.text("main"))
	}
	items := w.writes[0]
	if items[0].Update == nil || items[1].Put == nil || items[2].Put == nil || len(items) != 3 {
		t.Fatalf("the transaction has %d items", len(items))
	}
	if c := *items[0].Update.ConditionExpression; !strings.Contains(c, "version") || !strings.Contains(c, "epoch") {
		t.Errorf("the update's condition is %s (S12)", c)
	}
	mail := items[2].Put.Item
	if id := table.String(mail, "pk"); id != "master-data.changed#10000017#8" {
		t.Errorf("the outbox item is %s (M9)", id)
	}
	values := mail["values"].(*types.AttributeValueMemberM).Value
	if table.String(values, "old.street") != "Hauptstr. 5" || table.String(values, "new.street") != "Neue Straße 1" || table.String(values, "new.phone") != "030/7654321" {
		t.Errorf("values are %v", values)
	}
}

func TestThePageAfterTheFormNamesWhatChanged(t *testing.T) {
	w := anna()
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
			w := anna()
			a := w.post(t, sent(t, w, append(newBank, "currentPassword", c.password)...))
			if a.Code != c.status || len(w.writes) != c.writes || !strings.Contains(a.text(".error-summary"), c.says) {
				t.Fatalf("status %d, %d writes, says %q (S7)", a.Code, len(w.writes), a.text(".error-summary"))
			}
			if c.status == 422 {
				if got, _ := a.doc.Find("#f-iban").Attr("value"); got != "DE02 1203 0000 0000 2020 51" || a.doc.Find("#f-currentPassword[aria-invalid=true][value='']").Length() != 1 {
					t.Errorf("the form shows IBAN %q", got)
				}
				return
			}
			if text := itemText(w.writes[0]); strings.Contains(text, "DE8937") || strings.Contains(text, "DE0212") {
				t.Errorf("audit event or mail hold bank data (S20): %s", text)
			}
		})
	}
}

// itemText is everything that the audit event and the outbox item hold.
func itemText(items []types.TransactWriteItem) string {
	var all []string
	var walk func(v types.AttributeValue)
	walk = func(v types.AttributeValue) {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			all = append(all, v.Value)
		case *types.AttributeValueMemberM:
			for _, inner := range v.Value {
				walk(inner)
			}
		case *types.AttributeValueMemberL:
			for _, inner := range v.Value {
				walk(inner)
			}
		}
	}
	for _, item := range items[1:] {
		if item.Put == nil {
			continue
		}
		for _, v := range item.Put.Item {
			walk(v)
		}
	}
	return strings.Join(all, " ")
}

func TestWrongEntriesAreNamedAndKept(t *testing.T) {
	w := anna()
	a := w.post(t, sent(t, w, "postalCode", "1011", "city", "", "phone", "12", "return", "/merge"))
	if a.Code != 422 || len(w.writes) != 0 {
		t.Fatalf("status %d, %d writes", a.Code, len(w.writes))
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
	w := anna()
	fields := sent(t, w, "street", "Neue Straße 1", "country", "AT", "postalCode", "1010")
	w.profile.Version, w.profile.Street = 8, "Andere Straße 9"
	a := w.post(t, fields)
	if a.Code != http.StatusConflict || len(w.writes) != 0 {
		t.Fatalf("status %d, %d writes", a.Code, len(w.writes))
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
	w := anna()
	fields := sent(t, w, "street", "Neue Straße 1")
	w.profile.Version, w.profile.Street = 8, "Neue Straße 1"
	a := w.post(t, fields)
	if a.Header().Get("Location") != "/account?saved=master-data" || len(w.writes) != 0 {
		t.Errorf("%d to %q, %d writes (M9)", a.Code, a.Header().Get("Location"), len(w.writes))
	}
}

func TestAFasterWriterIsNoticedByTheCondition(t *testing.T) {
	failed := "ConditionalCheckFailed"
	for _, c := range []struct {
		name   string
		change func(w *world)
		status int
		to     string
	}{
		{"another tab saved something else", func(w *world) { w.now.Version, w.now.City = 8, "Potsdam" }, 409, ""},
		{"another tab saved the same", func(w *world) { w.now.Version, w.now.Street = 8, "Neue Straße 1" }, 303, "/account?saved=master-data"},
		{"the password was reset", func(w *world) { w.now.Epoch = 3 }, 303, "/login"},
		{"the number was merged", func(w *world) { w.now.MergedInto = "10000099" }, 303, "/login"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := anna()
			fields := sent(t, w, "street", "Neue Straße 1")
			w.now, w.fail = w.profile, &table.Cancelled{Reasons: []types.CancellationReason{{Code: &failed}, {}, {}}}
			c.change(w)
			a := w.post(t, fields)
			if a.Code != c.status || a.Header().Get("Location") != c.to {
				t.Errorf("%d to %q, want %d to %q", a.Code, a.Header().Get("Location"), c.status, c.to)
			}
		})
	}
}

func TestTablesThatDoNotAnswerAreAClearPage(t *testing.T) {
	w := anna()
	fields := sent(t, w, "street", "Neue Straße 1")
	w.fail = web.Unavailable(errors.New("secret detail"))
	a := w.post(t, fields)
	if a.Code != http.StatusServiceUnavailable || a.Header().Get("Retry-After") == "" || strings.Contains(a.Body.String(), "secret") {
		t.Errorf("%d %s (L1)", a.Code, a.text("main"))
	}
}

func TestARunningMergeIsToldBeforeSaving(t *testing.T) {
	w := anna()
	w.order = running(merge.InReview)
	if got := w.get(t, "/account/master-data").text("form .notice"); !strings.Contains(got, "Auftrag K7QX-2M4D") || !strings.Contains(got, "hält das den Auftrag auf") {
		t.Errorf("the form says %q", got)
	}
}

func TestOnlyKnownFieldsAreStored(t *testing.T) {
	w := anna()
	a := w.post(t, url.Values{"version": {"7"}, "mobile": {"0172 7654321"}, "balanceCents": {"0"}, "firstName": {"Eva"}, "locked": {"false"}, "email": {"anna@schaefer.example"}})
	if a.Code != 303 || len(w.writes) != 1 {
		t.Fatalf("status %d, %d writes", a.Code, len(w.writes))
	}
	if got := w.changes(t); got != "mobile version" {
		t.Errorf("the update sets %s (S11)", got)
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
		w := anna()
		a := w.post(t, sent(t, w, "street", "Neue Straße 1", "return", back))
		if got := a.Header().Get("Location"); got != want {
			t.Errorf("return %q leads to %q, want %q (S18)", back, got, want)
		}
	}
}
