package customer

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"kundenkonto/shared/table"
)

func TestValidNumber(t *testing.T) {
	for number, want := range map[string]bool{
		"10000017": true, "100000": true, "999999999999": true, "12345": false, "1234567890123": false, "01234567": false,
		"": false, "1000 0017": false, "10000017\n": false, "１０００００１７": false, "-1000017": false,
	} {
		if ValidNumber(number) != want {
			t.Errorf("%q: want %v", number, want)
		}
	}
}

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	for _, in := range []string{"10000017", " 1000 0017 ", "1000.0017", "1000-0017", "1000/0017", "1000\u00a00017", "1000\u202f0017", "10000017\u200b",
		"１０００００１７", "1000\u20110017", "10000017\t", "١٠٠٠٠٠١٧"} {
		if got := ReadNumber(in); got != "10000017" || !ValidNumber(got) {
			t.Errorf("%+q: %q", in, got)
		}
	}
	for _, in := range []string{"Kunde 10000017", "1000001x", "+10000017", "10000017#"} {
		if ValidNumber(ReadNumber(in)) {
			t.Errorf("%q is taken for %q", in, ReadNumber(in))
		}
	}
}

func TestFoldDomain(t *testing.T) {
	for in, want := range map[string]string{
		"Schaefer.Example": "schaefer.example", " schaefer.example. ": "schaefer.example", "schaefer.example.\u00a0": "schaefer.example", "\u200bschaefer.example\u200b": "schaefer.example",
		"ｓｃｈａｅｆｅｒ．example": "schaefer.example", "scha\u00adefer.example": "schaefer.example", "mein\u2011schaefer.example": "mein-schaefer.example", "www.schaefer.example": "www.schaefer.example",
		"schäfer.example": "xn--schfer-dua.example", "SCHÄFER.EXAMPLE": "xn--schfer-dua.example", "xn--schfer-dua.example": "xn--schfer-dua.example",
		"straße.example": "xn--strae-oqa.example",
	} {
		if got, err := FoldDomain(in); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", ".", "P-1001", "localhost", "a b.example", "https://x.example", "x@y.example", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 200) + "example"} {
		if got, err := FoldDomain(in); !errors.Is(err, errDomain) {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestDisplayName(t *testing.T) {
	for want, p := range map[string]Profile{
		"Anna Schäfer": {FirstName: "Anna", LastName: "Schäfer", Company: "Schäfer GmbH", Number: "1"},
		"Schäfer GmbH": {Company: "Schäfer GmbH", Number: "1"},
		"10000017":     {Number: "10000017"},
	} {
		if got := p.DisplayName(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestOnlyWhatAMergeDecidesOnRaisesTheVersion(t *testing.T) {
	p := Profile{Number: "10000017", Street: "Hauptstr. 5", Version: 3}
	for name, c := range map[string]struct {
		change func(*Profile)
		want   bool
	}{
		"the street":             {func(p *Profile) { p.Street = "Nebenweg 1" }, true},
		"an amount that is owed": {func(p *Profile) { p.BalanceCents = 100 }, true},
		"a credit":               {func(p *Profile) { p.BalanceCents = -2500 }, false},
		"the lock":               {func(p *Profile) { p.Locked = true }, true},
		"the name":               {func(p *Profile) { p.LastName = "Schäfer" }, true},
		"the members":            {func(p *Profile) { p.Members = []string{"10000023"} }, true},
		"the successor":          {func(p *Profile) { p.MergedInto = "10000023" }, true},
		"a removed value":        {func(p *Profile) { p.Street = "" }, true},
		"the language":           {func(p *Profile) { p.Language = "en" }, false},
		"the epoch":              {func(p *Profile) { p.Epoch++ }, false},
		"a failed proof":         {func(p *Profile) { p.FailedProofs++ }, false},
		"nothing":                {func(*Profile) {}, false},
		"the time of a login":    {func(p *Profile) { p.LastLogin = p.LastLogin.AddDate(0, 0, 1) }, false},
	} {
		changed := p
		c.change(&changed)
		if Changed(p, changed) != c.want {
			t.Errorf("%s: want %v", name, c.want)
		}
	}
}

func TestABalanceRaisesTheVersionOnlyWhereItComesToBlockAMerge(t *testing.T) { // M5
	for _, c := range []struct {
		from, to int64
		want     bool
	}{
		{-2500, -2400, false}, {-2500, 0, false}, {0, -1, false}, {700, 800, false}, {9223372036854775807, 1, false},
		{0, 1, true}, {-1, 1, true}, {1, 0, true}, {1, -1, true},
	} {
		p := Profile{Number: "10000017", BalanceCents: c.from, Version: 3}
		changed := p
		changed.BalanceCents = c.to
		if Changed(p, changed) != c.want {
			t.Errorf("%d to %d: want %v", c.from, c.to, c.want)
		}
		update := Update(table.Names{}, p, changed).Update
		if strings.Contains(strings.Join(slices.Collect(maps.Values(update.ExpressionAttributeNames)), " "), "version") != c.want {
			t.Errorf("%d to %d is written as %s with %v", c.from, c.to, *update.UpdateExpression, update.ExpressionAttributeNames)
		}
	}
}

func TestAProofReadsTheSameNumberOfKeysWhateverExists(t *testing.T) {
	members := make([]string, 50)
	for i := range members {
		members[i] = "1000000" + string(rune('0'+i%10)) + string(rune('0'+i/10))
	}
	for _, numbers := range [][]string{nil, {"10000017"}, {"10000017", "10000023"}, members} {
		for _, field := range []string{"schaefer.example", "P-1001", "", "kein name", strings.Repeat("x", 5000)} {
			keys := proofKeys(numbers, field)
			if len(keys) != table.BatchKeys {
				t.Errorf("%d numbers, %.20q: %d keys", len(numbers), field, len(keys))
			}
		}
	}
}
