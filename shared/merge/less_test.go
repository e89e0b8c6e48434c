package merge_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/spelling"
)

// pieces are values of each field: whole ones, parts, and what people type for nothing.
var pieces = map[merge.Field][]string{
	merge.Street: {"Hauptstr. 5", "Lindenweg 9", "-"}, merge.PostalCode: {"10115", "20095", "D-", "---"}, merge.City: {"Berlin", "Hamburg", "."},
	merge.Country: {"DE", "AT", "xx"}, merge.Phone: {"030 1234567", "+43 1 5123456", "-", "keins", "0"}, merge.Mobile: {"0171 1234567", "–", "+"},
	merge.Email: {"anna@schaefer.example", "keine", "@"}, merge.IBAN: {"DE89370400440532013000", "AT611904300234573201", "DE", "-"},
	merge.BIC: {"COBADEFFXXX", "-"}, merge.AccountNumber: {"0532013000", "-", "x", "0000000000"}, merge.BankCode: {"37040044", "/", "0"},
}

func drawRecord(t *rapid.T, number string) merge.Record {
	r := merge.Record{Number: number, FirstName: "Anna", LastName: "Schäfer"}
	for _, g := range merge.Groups() {
		for _, f := range g.Fields() {
			v := rapid.SampledFrom(append(slices.Clone(pieces[f]), "", "  ")).Draw(t, number+" "+string(f))
			*map[merge.Field]*string{merge.Street: &r.Street, merge.PostalCode: &r.PostalCode, merge.City: &r.City, merge.Country: &r.Country,
				merge.Phone: &r.Phone, merge.Mobile: &r.Mobile, merge.Email: &r.Email, merge.IBAN: &r.IBAN, merge.BIC: &r.BIC,
				merge.AccountNumber: &r.AccountNumber, merge.BankCode: &r.BankCode}[f] = v
		}
	}
	return r
}

// useful says, by what values mean and not by the rule that is tested, whether a group can be used.
func useful(r merge.Record, g merge.Group) bool {
	means := func(f merge.Field) bool {
		said := spelling.Canonical(f, r.Get(f), r.Country)
		return said != "" && said != "0" // filled with zeros
	}
	switch g {
	case merge.Address:
		return means(merge.Street) && means(merge.PostalCode) && means(merge.City)
	case merge.BankGroup:
		return len(r.IBAN) > len("DE") && means(merge.IBAN) || means(merge.AccountNumber) && means(merge.BankCode)
	}
	return means(g.Fields()[0])
}

func TestNoChoiceLeavesTheSurvivorWithLessThanItHad(t *testing.T) { // M1
	numbers := []string{"10000023", "10000031", "10000049"}
	rapid.Check(t, func(t *rapid.T) {
		own := drawRecord(t, "10000017")
		var sources []merge.Source
		for _, n := range numbers[:rapid.IntRange(1, 3).Draw(t, "sources")] {
			sources = append(sources, merge.Source{Record: drawRecord(t, n)})
		}
		for range rapid.IntRange(1, 5).Draw(t, "adopted") {
			ch := merge.Choices{}
			for _, g := range merge.Groups() {
				ch[g] = rapid.SampledFrom([]merge.Choice{merge.Own, merge.Other}).Draw(t, "choice")
			}
			one := rapid.SampledFrom(sources).Draw(t, "adopts").Record
			if rapid.Bool().Draw(t, "as offered") {
				ch = merge.Compare(spelling.Speller{}, own, one).Allowed(ch)
			}
			sources, _ = merge.Choose(sources, one.Number, ch)
		}
		if rapid.Bool().Draw(t, "data change since") {
			i := rapid.IntRange(0, len(sources)-1).Draw(t, "of")
			sources[i].Record = drawRecord(t, sources[i].Record.Number)
		}
		result := merge.Result(own, sources)
		for _, g := range merge.Groups() {
			if useful(own, g) && !useful(result, g) {
				t.Fatalf("%s: had %v, has %v", g, own, result)
			}
		}
	})
}

func TestAGroupIsOfferedOnlyWhenItIsWhole(t *testing.T) {
	for name, c := range map[string]struct {
		other      merge.Record
		selectable []merge.Group
		incomplete []merge.Group
	}{
		"a town alone":                 {merge.Record{City: "Hamburg"}, nil, []merge.Group{merge.Address}},
		"a street alone":               {merge.Record{Street: "Lindenweg 9"}, nil, []merge.Group{merge.Address}},
		"a street that is a dash":      {merge.Record{Street: "-", PostalCode: "20095", City: "Hamburg"}, nil, []merge.Group{merge.Address}},
		"a country alone":              {merge.Record{Country: "AT"}, nil, nil},
		"a whole address":              {merge.Record{Street: "Lindenweg 9", PostalCode: "20095", City: "Hamburg"}, []merge.Group{merge.Address}, nil},
		"a BIC alone":                  {merge.Record{BIC: "BYLADEM1001"}, nil, []merge.Group{merge.BankGroup}},
		"a bank code alone":            {merge.Record{BankCode: "12030000"}, nil, []merge.Group{merge.BankGroup}},
		"an account number alone":      {merge.Record{AccountNumber: "202051", BIC: "BYLADEM1001"}, nil, []merge.Group{merge.BankGroup}},
		"account number and bank code": {merge.Record{AccountNumber: "202051", BankCode: "12030000"}, []merge.Group{merge.BankGroup}, nil},
		"an IBAN":                      {merge.Record{IBAN: "DE02120300000000202051"}, []merge.Group{merge.BankGroup}, nil},
		"a phone number":               {merge.Record{Phone: "040 7654321"}, []merge.Group{merge.PhoneGroup}, nil},
		"a phone number that is none":  {merge.Record{Phone: "-"}, nil, nil},
	} {
		got := merge.Compare(spelling.Speller{}, anna, c.other)
		if !slices.Equal(got.Selectable, c.selectable) || !slices.Equal(got.Incomplete, c.incomplete) {
			t.Errorf("%s: selectable %v, incomplete %v", name, got.Selectable, got.Incomplete)
		}
		all := merge.Choices{}
		for _, g := range merge.Groups() {
			all[g] = merge.Other
		}
		if adopted := merge.Adopted([]merge.Source{{Record: c.other, Choices: all}}); len(c.selectable) == 0 && len(adopted) > 0 {
			t.Errorf("%s: %v would be taken over all the same", name, adopted)
		}
	}
}
