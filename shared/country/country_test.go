package country

import (
	"strings"
	"testing"

	"kundenkonto/shared/lang"
)

func TestEveryCodeHasTwoNames(t *testing.T) {
	codes := Codes()
	if len(codes) != 250 { // 249 of ISO 3166-1, and Kosovo
		t.Errorf("%d codes", len(codes))
	}
	german, english := map[string]string{}, map[string]string{}
	for _, code := range codes {
		n, ok := Of(code)
		if !ok || len(code) != 2 || code != strings.ToUpper(code) || n.In(lang.DE) == "" || n.In(lang.EN) == "" || n.In(lang.DE) == code {
			t.Errorf("%s: %+v", code, n)
		}
		if german[n.In(lang.DE)] != "" || english[n.In(lang.EN)] != "" {
			t.Errorf("%s is called as another one: %+v", code, n)
		}
		german[n.In(lang.DE)], english[n.In(lang.EN)] = code, code
	}
	for _, none := range []string{"XX", "UK", "EL", "EU", "de", "", "DEU"} {
		if _, ok := Of(none); ok {
			t.Errorf("%q is a country", none)
		}
	}
}
