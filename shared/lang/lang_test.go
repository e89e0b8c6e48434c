package lang

import (
	"encoding/json"
	"testing"
	"time"

	"golang.org/x/text/feature/plural"
)

// dutch is a language that leaves most to English, polish one with forms of its own, and an operator says Konto in German.
func withCatalogues(t *testing.T) {
	shipped := compiled
	compiled = []catalogue{
		{lang: DE, entries: []entry{{key: "Kundenkonto", text: "Konto"}}},
		{lang: EN, entries: []entry{{key: "%d Pakete", forms: []form{{plural.One, "%d package"}, {plural.Other, "%d packages"}}},
			{key: "%d-mal", text: "%d times", forms: []form{{plural.One, "once"}, {plural.Other, "%d times"}}},
			{key: "%d-mal bei %s", text: "%d times at %s", forms: []form{{plural.One, "once at %[2]s"}, {plural.Other, "%d times at %s"}}},
			{key: "%s von %s", text: "%[2]s's %[1]s"}, {key: "Kundenkonto", text: "Account"}, {key: "Weiter|Knopf", text: "Continue"}}},
		{lang: "nl", entries: []entry{{key: "Kundenkonto", text: "Rekening"}}},
		{lang: "pl", entries: []entry{{key: "%d Pakete", text: "%d pakietu", forms: []form{{plural.One, "%d pakiet"}, {plural.Few, "%d pakiety"}, {plural.Many, "%d pakietów"}, {plural.Other, "%d pakietu"}}}}},
	}
	t.Cleanup(func() { compiled = shipped })
}

func TestATextIsSaidInEachLanguage(t *testing.T) {
	withCatalogues(t)
	packages := func(n int) Text { return N(n, "%d Paket", "%d Pakete") }
	for _, c := range []struct {
		name string
		text Text
		lang Lang
		want string
	}{
		{"an operator's German", T("Kundenkonto"), DE, "Konto"},
		{"a translation", T("Kundenkonto"), "nl", "Rekening"},
		{"what Dutch leaves out is said in English", T("Weiter|Knopf"), "nl", "Continue"},
		{"what English leaves out is said in German", T("Zurück"), "nl", "Zurück"},
		{"the mark of a key is not shown", T("Weiter|Knopf"), DE, "Weiter"},
		{"args in another order", T("%s von %s", "Name", "Anna"), EN, "Anna's Name"},
		{"an arg that has a language", T("%s von %s", T("Kundenkonto"), Raw("Anna")), EN, "Anna's Account"},
		{"one", packages(1), DE, "1 Paket"},
		{"none", packages(0), DE, "0 Pakete"},
		{"one in English", packages(1), EN, "1 package"},
		{"two in English, for Dutch", packages(2), "nl", "2 packages"},
		{"one in Polish", packages(1), "pl", "1 pakiet"},
		{"few in Polish", packages(22), "pl", "22 pakiety"},
		{"many in Polish", packages(5), "pl", "5 pakietów"},
		{"once", N(1, "%d-mal", "%d-mal"), EN, "once"},
		{"once, and more", N(1, "%d-mal bei %s", "%d-mal bei %s", "Anna"), EN, "once at Anna"},
		{"twice", N(2, "%d-mal", "%d-mal"), EN, "2 times"},
		{"a name with a verb in it", Raw("100 %s"), EN, "100 %s"},
		{"nothing", Text{}, EN, ""},
		{"more after it", T("Kundenkonto").And(Text{}, packages(1)), EN, "Account 1 package"},
		{"more after nothing", Text{}.And(T("Kundenkonto")), EN, "Account"},
		{"a list of texts", Join([]Text{T("Kundenkonto"), packages(2)}, ", "), EN, "Account, 2 packages"},
		{"an empty list", Join(nil, ", "), EN, ""},
		{"names", List([]string{"a", "b", "c"}), DE, "a, b und c"},
		{"one name", List([]string{"a %d"}), DE, "a %d"},
	} {
		if got := c.text.In(c.lang); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if (Text{}).Empty() != true || T("a").Empty() || T("a").And(T("b")).Empty() {
		t.Error("Empty tells texts that say nothing")
	}
	base := T("a")
	if base.And(T("b")).In(DE) != "a b" || base.In(DE) != "a" {
		t.Error("And changes the text before")
	}
	if b, err := json.Marshal(T("Kundenkonto")); err != nil || string(b) != `{"de":"Konto","en":"Account"}` {
		t.Errorf("%s, %v", b, err)
	}
}

func TestDaysAndAmountsOfTheShippedLanguages(t *testing.T) {
	at := time.Date(2026, 3, 7, 22, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		said interface{ In(Lang) string }
		want map[Lang]string
	}{
		{Day(at), map[Lang]string{DE: "07.03.2026", EN: "7 March 2026", "nl": "07-03-2026"}},
		{Hour(at), map[Lang]string{DE: "23:05 Uhr", EN: "23:05", "nl": "23.05 uur"}},
		{Moment(at), map[Lang]string{DE: "07.03.2026 um 23:05 Uhr", EN: "7 March 2026 at 23:05", "nl": "07-03-2026, 23.05 uur"}},
		{Cents(123456789), map[Lang]string{DE: "1.234.567,89\u00a0€", EN: "€1,234,567.89", "nl": "€\u00a01.234.567,89"}},
		{Cents(-5), map[Lang]string{DE: "−0,05\u00a0€", EN: "−€0.05", "nl": "−€\u00a00,05"}},
		{Balance(0), map[Lang]string{DE: "nichts offen", EN: "nothing due", "nl": "niets openstaand"}},
	} {
		for l, want := range c.want {
			if got := c.said.In(l); got != want {
				t.Errorf("%v in %s: %q, want %q", c.said, l, got, want)
			}
		}
	}
}

func TestTheLanguageOfAReader(t *testing.T) {
	for header, want := range map[string]Lang{
		"": DE, "de-AT,de;q=0.9": DE, "en-GB,en;q=0.8": EN, "fr-FR,nl;q=0.5,en;q=0.3": "nl", "nl-BE": "nl", "fr": DE, "xx;;": DE, "fr,en": EN,
	} {
		if got := Accepted(header); got != want {
			t.Errorf("Accept-Language %q: %s, want %s", header, got, want)
		}
	}
	for stored, want := range map[string]Lang{"": DE, "en": EN, "EN": EN, "nl": "nl", "fr": DE, "de": DE} {
		if got := Of(stored); got != want {
			t.Errorf("stored %q: %s, want %s", stored, got, want)
		}
	}
	if l := Lang("nl"); l.Name() != "Nederlands" || l.Code() != "NL" || DE.Name() != "Deutsch" || EN.Name() != "English" {
		t.Error(l.Name(), l.Code(), DE.Name(), EN.Name())
	}
}

func BenchmarkText(b *testing.B) {
	text := T("Zum Inhalt springen")
	b.ReportAllocs()
	for b.Loop() {
		_ = text.In(EN)
	}
}
