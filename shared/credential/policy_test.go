package credential

import (
	"strings"
	"testing"

	"kundenkonto/shared/lang"
)

func TestCheckPolicy(t *testing.T) { // S5
	anna := PolicyContext{Words: []string{"10000017", "Anna", "Schäfer", "schaefer-garten.example", "Gartenbau Müller GmbH", "Kundenkonto"}}
	for _, c := range []struct{ name, password, want string }{
		{"fourteen characters are too short", "vierzehn-zeich", "too_short"},
		{"fifteen unusual characters are enough", "gurke47plombeXq", ""},
		{"characters are counted, not bytes", strings.Repeat("ä", 14), "too_short"},
		{"256 characters are taken", strings.Repeat("Lampenfisch&", 21) + "Ofen", ""},
		{"257 characters are too long", strings.Repeat("Lampenfisch&", 21) + "Ofen!", "too_long"},
		{"unrelated words are a good passphrase", "pferd heftklammer batterie", ""},
		{"blanks and any characters are taken", "Ξ ☂ und dreizehn Gabeln", ""},
		{"one common word twice", "PasswortPasswort", "common"},
		{"a common word with digits behind", "passwort12345678", "common"},
		{"a common word with a year and signs", "Sommer-2024!!!!!!!", "common"},
		{"letters replaced by digits", "P4ssw0rtP4ssw0rt", "common"},
		{"two common words", "hallo-schatz-1985", "common"},
		{"keys beside each other", "qwertzuiopasdfghjkl", "common"},
		{"the alphabet", "abcdefghijklmnop", "common"},
		{"counting", "123456789012345", "common"},
		{"keys in a zigzag", "1qay2wsx3edc4rfv", "common"},
		{"one character again and again", "aaaaaaaaaaaaaaaa", "common"},
		{"a short block again and again", "xk7xk7xk7xk7xk7xk7", "common"},
		{"only blanks", "                ", "common"},
		{"the own name and year of birth", "Anna Schäfer 1985", "context"},
		{"the own name in another spelling", "annaschaefer2024", "context"},
		{"the own domain", "schaefer-garten.example", "context"},
		{"the customer number and what it is", "Kundennummer 10000017", "context"},
		{"the brand and a little", "Kundenkonto-2026", "context"},
		{"the own name among other words", "Anna füttert zwölf Okapis", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if v := CheckPolicy(c.password, anna); v != nil {
				got = v.Code
				if v.Text.In(lang.DE) == "" || v.Text.In(lang.EN) == v.Text.In(lang.DE) {
					t.Error("a violation says what to do in both languages")
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPolicyOnTheLongestPasswordIsQuick(t *testing.T) {
	long := strings.Repeat("passwortanna", 21)
	if n := testing.AllocsPerRun(1, func() { CheckPolicy(long, PolicyContext{Words: []string{"anna"}}) }); n > 20000 {
		t.Errorf("%v allocations", n)
	}
}
