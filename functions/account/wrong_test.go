package account_test

import (
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/marks"
	"kundenkonto/shared/product"
)

// wrong are inputs that break other programs. 100 kB is more than any body may have.
var wrong = map[string]string{
	"empty": "", "blanks": "   ", "5,000 characters": strings.Repeat("x", 5000), "100 kB": strings.Repeat("ä", 50_000),
	"a NUL": "a\x00b", "a line break": "a\r\nBcc: eva@evil.example", "a tab": "a\tb", "an escape": "\x1b[31mrot", "a bidi mark": "a\u202eb",
	"broken UTF-8": "a\xff\xfeb", "a lone surrogate": "a\xed\xa0\x80b", "Cyrillic": "Улица 5", "Chinese": "中文路 5", "Arabic": "شارع 5",
	"an emoji": "Straße 5 🙂", "wide digits": "１２３４５", "SQL": "x'; DROP TABLE customers;--", "a script": `<script>alert(1)</script>5`,
	"an attribute": `" onfocus="alert(1) 5`, "a template": `{{.Password}} ${7*7}`, "a path": "../../etc/passwd", "a minus": "-1", "a large number": "999999999999999999999999",
	"JSON": `{"a":1}`, "an expression of DynamoDB": "attribute_not_exists(pk) OR :v = :v",
}

// where each field may go, and nothing else.
var masterDataNames = []string{"street", "postalCode", "city", "country", "phone", "mobile", "email", "iban", "bic", "accountNumber", "bankCode", "version", "return", "currentPassword"}

func TestWrongInputsOfTheMasterDataAreRefusedOrStoredAsTheyAre(t *testing.T) {
	for _, field := range masterDataNames {
		for name, value := range wrong {
			t.Run(field+" with "+name, func(t *testing.T) {
				w := visitor.Anna(t)
				fields := w.MasterData("currentPassword", visitor.Password)
				fields.Set(field, value)
				a := w.Post("/account/master-data", fields)
				clear4xxOrStored(t, a, w, field, value)
			})
		}
	}
}

func TestWrongInputsOfTheSettingsAreRefusedOrStoredAsTheyAre(t *testing.T) {
	for kind, id := range visitor.One {
		for _, s := range append(product.Settings.Of(kind), product.Setting{Name: "version"}, product.Setting{Name: "number"}) {
			for name, value := range wrong {
				t.Run(kind+" "+s.Name+" with "+name, func(t *testing.T) {
					w := visitor.Anna(t)
					w.HoldShop()
					a := w.Post("/account/packages/"+id+"/settings", url.Values{s.Name: {value}})
					clear4xxOrStored(t, a, w, s.Name, value)
				})
			}
		}
	}
}

// clear4xxOrStored holds an world.Page to S17: a refusal that says why and writes nothing, or what was entered, in its field.
func clear4xxOrStored(t *testing.T, a world.Page, w *visitor.Visitor, field, value string) {
	t.Helper()
	switch {
	case a.Status >= 400 && a.Status < 500:
		if w.Writes() != 0 {
			t.Errorf("%d, and something was written", a.Status)
		}
		if a.Text(".error-summary") == "" && a.Text("main h1") == "" {
			t.Errorf("%d says nothing", a.Status)
		}
		if a.Find("main script, main [onfocus]").Length() != 0 {
			t.Error("the page runs what was entered (S19)")
		}
	case a.Status == 303 && w.Writes() == 0: // nothing differed
	case a.Status == 303:
		if got := w.Stored(); strings.TrimSpace(value) != "" && !storable(got, field, value) {
			t.Errorf("stored is %.200q", got)
		}
	default:
		t.Errorf("answered %d", a.Status)
	}
}

// storable says that what is written is the entry in the form in which it is stored: blanks folded, codes without signs, nothing
// that nobody sees.
func storable(written, field, value string) bool {
	plain := func(s string) string {
		return strings.ToUpper(strings.Map(func(r rune) rune {
			if strings.ContainsRune(" -./\t\r\n", r) {
				return -1
			}
			return r
		}, marks.Drop(s)))
	}
	return field == "version" || field == "number" || field == "return" || strings.Contains(plain(written), plain(value))
}

func TestRepeatedAndUnknownFieldsStoreNothing(t *testing.T) {
	for name, body := range map[string]url.Values{
		"a repeated setting":       {"displayName": {"a", "b"}},
		"a field of the package":   {"tariff": {"gratis"}, "number": {"10000099"}, "endedAt": {""}, "settings": {"x"}, "settingsVersion": {"9"}},
		"a setting of another one": {"reverseDns": {"a.example"}},
	} {
		w := visitor.Anna(t)
		w.HoldShop()
		a := w.Post("/account/packages/P-1002/settings", body)
		if w.Writes() != 0 || a.Status >= 500 {
			t.Errorf("%s: %d, %d writes (S11, S17)", name, a.Status, w.Writes())
		}
	}
}
