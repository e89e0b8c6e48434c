package customer

import (
	"strings"
	"testing"
)

// However a number is typed, it is read the same a second time, with whatever people put between its digits, and only digits
// make one.
func FuzzReadNumber(f *testing.F) {
	for _, seed := range []string{"10000017", " 1000 0017 ", "1000.0017", "1000\u00a00017", "１０００００１７", "١٠٠٠٠٠١٧", "Kunde 10000017", "10000017\u200b", "1\xff0000017", "²½", "\u0308", "\xf1²"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, entered string) {
		number := ReadNumber(entered)
		if again := ReadNumber(number); again != number {
			t.Errorf("%+q is read as %+q, then as %+q", entered, number, again)
		}
		if !ValidNumber(number) {
			return
		}
		if len(number) < 6 || len(number) > 12 || strings.Trim(number, "0123456789") != "" || number[0] == '0' {
			t.Errorf("%+q is read as %q", entered, number)
		}
		for _, between := range []string{" ", ".", "-", "/", "\u00a0", "\u2011", "\u200b"} {
			if got := ReadNumber(between + number[:3] + between + number[3:]); got != number {
				t.Errorf("%q with %+q in it is read as %+q", number, between, got)
			}
		}
	})
}

// A domain is stored as it is found again.
func FuzzFoldDomain(f *testing.F) {
	for _, seed := range []string{"Schaefer.Example.", "müller.example", "straße.example", "xn--mller-kva.example", "a..b", "-a.example", "١.example", "a\u200db.example", "\xff.example", "www.a.example/x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, entered string) {
		folded, err := FoldDomain(entered)
		if err != nil {
			return
		}
		if again, err := FoldDomain(folded); err != nil || again != folded {
			t.Errorf("%+q is stored as %q, which is looked up as %q, %v", entered, folded, again, err)
		}
		if folded != strings.ToLower(folded) || strings.ContainsFunc(folded, func(r rune) bool { return r <= ' ' || r > '~' }) || len(folded) > 253 {
			t.Errorf("%+q is stored as %+q", entered, folded)
		}
	})
}
