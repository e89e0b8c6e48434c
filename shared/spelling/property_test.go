package spelling

import (
	"testing"

	"pgregory.net/rapid"

	"kundenkonto/shared/merge"
)

var allFields = []merge.Field{merge.Street, merge.PostalCode, merge.City, merge.Country, merge.Phone, merge.Mobile, merge.Email, merge.IBAN, merge.BIC,
	merge.AccountNumber, merge.BankCode, merge.Company, merge.FirstName, merge.LastName, merge.Field("unknown")}

// anyText draws any Unicode, broken bytes, and texts made of the pieces that the rules look for, which random text would hardly hit.
func anyText() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{" ", "-", "/", ".", "(", ")", "&", "+", "@", "0", "00", "1", "5a", "49", "²", "½", "str", "Str.", "straße", "platz", "pl.", "weg", "g.",
		"nr", "Nr.", "St.", "ä", "Ü", "ß", "ẞ", "u\u0308", "é", "İ", "ı", "ſ", "\u0345", "\u00ad", "\u200d", "ot", "a", "d", "o", "m", "frankfurt", "tel", "ext", "x", "gmbh",
		"g", "b", "h", "co", "u", "dr", "v", "e", "postfach", "pf", "stiege", "tuer", "top", "phil", "ma", "firma", "freiburg", "br", "bgm.", "kfm", "mit beschränkter haftung", "DE89", "XXX", "D-", "٣", "\xff", "xn--", "Ⅷ", "ǅ"})
	pieces := rapid.Custom(func(t *rapid.T) string {
		v := ""
		for _, p := range rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces") {
			v += p
		}
		return v
	})
	bytes := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")) })
	return rapid.OneOf(rapid.String(), pieces, bytes)
}

func TestNormalisingTwiceIsNormalisingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(allFields).Draw(t, "field")
		country := rapid.SampledFrom([]string{"DE", "AT", "CH", "", "de", "??"}).Draw(t, "country")
		once := Canonical(f, anyText().Draw(t, "value"), country)
		if twice := Canonical(f, once, country); twice != once {
			t.Fatalf("%s: %q became %q", f, once, twice)
		}
	})
}

func TestFormsHaveTheSameNumberWhateverTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(allFields).Draw(t, "field")
		a, b := Speller{}.Forms(f, anyText().Draw(t, "a"), "DE"), Speller{}.Forms(f, "", "AT")
		if len(a) != len(b) {
			t.Fatalf("%s: %d and %d forms", f, len(a), len(b))
		}
	})
}

func anyRecord(t *rapid.T, name string) merge.Record {
	text := anyText()
	draw := func(f string) string { return text.Draw(t, name+" "+f) }
	return merge.Record{
		Company: draw("company"), FirstName: draw("first name"), LastName: draw("last name"), Street: draw("street"), PostalCode: draw("postal code"),
		City: draw("city"), Phone: draw("phone"), Mobile: draw("mobile"), Email: draw("email"), AccountNumber: draw("account"), BankCode: draw("bank"),
		IBAN: draw("iban"), BIC: draw("bic"), Country: rapid.SampledFrom([]string{"", "DE", "AT", "de "}).Draw(t, name+" country"),
	}
}

func TestEveryRecordEqualsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecord(t, "record")
		c := merge.Compare(Speller{}, r, r)
		if !c.Identical() || !c.SameNames {
			t.Fatalf("differs from itself: %+v", c)
		}
		for _, row := range c.Rows {
			if row.Verdict != merge.Equal {
				t.Fatalf("%s is only %s to itself (%s)", row.Field, row.Verdict, row.Reason)
			}
		}
	})
}

func TestVerdictIsTheSameFromBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRecord(t, "a"), anyRecord(t, "b")
		if rapid.Bool().Draw(t, "related") { // unrelated texts are hardly ever equal
			b.Street, b.LastName, b.IBAN, b.Email = a.Street, a.LastName, a.IBAN, a.Email
			b.FirstName, b.Company = a.FirstName, a.Company
		}
		there, back := merge.Compare(Speller{}, a, b), merge.Compare(Speller{}, b, a)
		if there.SameNames != back.SameNames || len(there.Rows) != len(back.Rows) {
			t.Fatalf("names or rows differ: %+v\n%+v", there, back)
		}
		for i, row := range there.Rows {
			if back.Rows[i].Verdict != row.Verdict {
				t.Fatalf("%s is %s from one side, %s from the other", row.Field, row.Verdict, back.Rows[i].Verdict)
			}
		}
	})
}

func TestValuesInCanonicalFormMeanTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom([]merge.Field{merge.Street, merge.City, merge.PostalCode, merge.Phone, merge.Email, merge.AccountNumber, merge.LastName, merge.Company}).Draw(t, "field")
		v := anyText().Draw(t, "value")
		if got := compareOne(f, v, Canonical(f, v, "DE"), "DE", "DE"); got.Verdict == merge.Different {
			t.Fatalf("%s: %q and its canonical form %q are %s", f, v, Canonical(f, v, "DE"), got.Reason)
		}
	})
}

func BenchmarkCompareWholeRecords(b *testing.B) {
	own := merge.Record{Company: "Schäfer GmbH", FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5 a", PostalCode: "10115", City: "Frankfurt a. M.",
		Phone: "030/1234567", Mobile: "0171 1234567", Email: "anna@example.com", AccountNumber: "0532013000", BankCode: "37040044"}
	other := merge.Record{Company: "Schaefer G.m.b.H.", FirstName: "Anna", LastName: "Schaefer", Street: "Hauptstraße 5A", PostalCode: "D-10115", City: "Frankfurt am Main",
		Phone: "+49 30 1234567", Mobile: "0049 171 1234567", Email: "Anna@EXAMPLE.com", IBAN: "DE89 3704 0044 0532 0130 00"}
	for b.Loop() {
		if !merge.Compare(Speller{}, own, other).Identical() {
			b.Fatal("should be identical")
		}
	}
}
