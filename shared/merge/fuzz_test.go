package merge_test

import (
	"regexp"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
)

var orderForm = regexp.MustCompile(`^[2-9ACDEFGHJKMNPQRTVWXY]{4}-[2-9ACDEFGHJKMNPQRTVWXY]{4}$`)

// An order's number is read in one form only, which is read the same again in any case and grouping.
func FuzzParseOrderID(f *testing.F) {
	for _, seed := range []string{"K7QX-2M4D", "k7qx 2m4d", "K7QX–ZM4D", "K7QX-2M4ß", "\xff7QX-2M4D", "ıııı-ıııı", "K7QX\u00a02M4D", "ſſſſ-ſſſſ", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		id, ok := merge.ParseOrderID(written)
		if !ok {
			if id != "" {
				t.Errorf("%+q is refused and read as %q", written, id)
			}
			return
		}
		if !orderForm.MatchString(id) {
			t.Errorf("%+q is read as %q", written, id)
		}
		for _, again := range []string{id, strings.ToLower(id), strings.ReplaceAll(id, "-", ""), " " + strings.ReplaceAll(id, "-", " ") + "\u00a0"} {
			if got, ok := merge.ParseOrderID(again); !ok || got != id {
				t.Errorf("%+q is read as %q, and %+q as %q", written, id, again, got)
			}
		}
	})
}
