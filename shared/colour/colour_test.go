package colour

import (
	"testing"

	"pgregory.net/rapid"
)

// Any accent that passes the check must give two readable colour schemes.
func TestEveryAllowedAccentGivesReadableColours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1<<24-1).Draw(t, "colour")
		accent := rgb{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}
		if Check(accent.String()) != nil {
			t.Skip("too bright for white text")
		}
		checkScheme(t, "light", lightScheme(accent))
		checkScheme(t, "dark", darkScheme(accent))
	})
}

func TestDefaultAccentIsReadable(t *testing.T) {
	if err := Check(Default); err != nil {
		t.Fatal(err)
	}
	checkScheme(t, "light", lightScheme(must(Default)))
	checkScheme(t, "dark", darkScheme(must(Default)))
}

func TestBadAccentsAreRefusedWithAReason(t *testing.T) {
	for _, bad := range []string{"", "#fff", "red", "#ffee00", "#12345g", "123456#"} {
		if Check(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

type fataler interface {
	Helper()
	Errorf(format string, args ...any)
}

func checkScheme(t fataler, name string, tokens []token) {
	t.Helper()
	c := map[string]rgb{}
	for _, k := range tokens {
		c[k.name] = must(k.value.String())
	}
	for _, pair := range []struct {
		text, ground string
		least        float64
	}{
		{"ink", "ground", 7}, {"ink", "surface", 7}, {"ink", "tint", 7}, {"ink-soft", "ground", 7}, {"ink-soft", "surface", 7}, {"ink-soft", "tint", 7},
		{"accent-ink", "ground", 7}, {"accent-ink", "surface", 7}, {"accent-ink", "tint", 7}, {"focus", "ground", 4.5},
		{"on-accent", "accent", 7}, {"on-accent", "accent-hover", 7}, {"on-danger", "danger-fill", 7}, {"on-danger", "danger-hover", 7},
		{"line-strong", "surface", 4.5}, {"line-strong", "tint", 4.5}, {"accent", "surface", 4.5}, {"danger-fill", "surface", 4.5},
		{"success", "success-ground", 7}, {"warning", "warning-ground", 7}, {"danger", "danger-ground", 7}, {"info", "info-ground", 7},
		{"danger", "surface", 7}, {"danger", "ground", 7}, {"success", "surface", 7}, {"ink", "warning-ground", 7}, {"danger-line", "surface", 4.5},
	} {
		if k := contrast(c[pair.text], c[pair.ground]); k < pair.least {
			t.Errorf("%s: %s %v on %s %v has %.2f:1, needs %.1f:1", name, pair.text, c[pair.text], pair.ground, c[pair.ground], k, pair.least)
		}
	}
}
