package customer

import (
	"testing"
	"time"
)

func TestOnlyPackagePasswordsOfAVoidSpanProveNothing(t *testing.T) { // M3, M7
	day := func(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }
	merged := Profile{}.VoidPackagePasswordsOf(VoidSpan{day(3), day(5)})
	again := merged.VoidPackagePasswordsOf(VoidSpan{day(8), day(9)})
	abused := again.VoidPackagePasswords(day(8))
	chain := merged.VoidPackagePasswordsOf(VoidSpan{day(2), day(6)})
	many := Profile{}
	for i := range maxVoidSpans + 1 {
		many = many.VoidPackagePasswordsOf(VoidSpan{day(2*i + 2), day(2*i + 2)})
	}
	for name, c := range map[string]struct {
		p    Profile
		set  time.Time
		void bool
	}{
		"before it":                             {merged, day(2), false},
		"at its beginning":                      {merged, day(3), true},
		"at its end":                            {merged, day(5), true},
		"after it":                              {merged, day(6), false},
		"in no known time":                      {merged, time.Time{}, false},
		"in the first of two":                   {again, day(4), true},
		"between two":                           {again, day(7), false},
		"in the wider one of an earlier merge":  {chain, day(6), true},
		"before abuse":                          {abused, day(1), true},
		"after abuse, in a span that goes on":   {abused, day(9), true},
		"after all":                             {abused, day(10), false},
		"in no known time, before abuse":        {abused, time.Time{}, true},
		"in the newest of very many spans":      {many, day(2*maxVoidSpans + 2), true},
		"between the newest of very many spans": {many, day(2*maxVoidSpans + 1), false},
		"in the oldest of very many spans":      {many, day(2), true},
	} {
		if got := c.p.PackagePasswordVoid(c.set); got != c.void {
			t.Errorf("set %s: void %v", name, got)
		}
	}
	if len(many.PackagePasswordVoids) > maxVoidSpans || len(chain.PackagePasswordVoids) != 1 {
		t.Errorf("a profile keeps %d spans, or %d of which one covers the other", len(many.PackagePasswordVoids), len(chain.PackagePasswordVoids))
	}
	if !merged.PackagePasswordsVoidedSince(day(4)) || merged.PackagePasswordsVoidedSince(day(5)) || !abused.PackagePasswordsVoidedSince(day(7)) {
		t.Error("a proof from before a void stands, or one from after it does not")
	}
}
