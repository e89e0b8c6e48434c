package spelling

import (
	"testing"
	"unicode/utf8"

	"kundenkonto/shared/merge"
)

// What holds of any two values, whatever a data carrier made of them: neither panics, normalising settles, a value means what it means itself, and the verdict does not
// depend on the side. The seeds are pairs of the table and what broke in earlier versions; `go test -fuzz=FuzzNames ./shared/spelling` looks for more.
func holdsOf(t *testing.T, fields []merge.Field, a, b, country string) {
	for _, f := range fields {
		once := Canonical(f, a, country)
		if twice := Canonical(f, once, country); twice != once {
			t.Errorf("%s: %q means %q, and that %q", f, a, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Errorf("%s: %q means broken text %q", f, a, once)
		}
		there, back := compareOne(f, a, b, country, country), compareOne(f, b, a, country, country)
		if there.Verdict != back.Verdict {
			t.Errorf("%s: %q and %q are %s, turned round %s", f, a, b, there.Verdict, back.Verdict)
		}
		if own := compareOne(f, a, once, country, country); own.Verdict == merge.Different {
			t.Errorf("%s: %q and what it means, %q, are different", f, a, once)
		}
	}
}

// seeded adds the table's pairs of the fields.
func seeded(f *testing.F, fields ...string) {
	for _, p := range pairTable(f) {
		for _, field := range fields {
			if p.field == field {
				f.Add(p.a, p.b, p.countryA)
			}
		}
	}
	f.Add("\xff", "\u0308a", "??")
	f.Add("", " ", "")
}

func FuzzNames(f *testing.F) {
	seeded(f, "firstName", "lastName")
	f.Add("Dr.-Ing.", "dr-ing", "DE")
	f.Add("Dipl.-.", "(FH)", "AT")
	f.Add("M. A. M. A.", ", , ,", "DE")
	f.Fuzz(func(t *testing.T, a, b, country string) {
		holdsOf(t, []merge.Field{merge.FirstName, merge.LastName}, a, b, country)
		if lettered(clean(a)) && Canonical(merge.LastName, a, country) == "" {
			t.Errorf("nothing remains of %q", a)
		}
	})
}

func FuzzCompanies(f *testing.F) {
	seeded(f, "company")
	f.Add("(Firma) Huber", "Firma", "DE")
	f.Fuzz(func(t *testing.T, a, b, country string) { holdsOf(t, []merge.Field{merge.Company}, a, b, country) })
}

func FuzzAddresses(f *testing.F) {
	seeded(f, "street", "city", "postalCode")
	f.Fuzz(func(t *testing.T, a, b, country string) {
		holdsOf(t, []merge.Field{merge.Street, merge.City, merge.PostalCode}, a, b, country)
	})
}

func FuzzNumbers(f *testing.F) {
	seeded(f, "phone", "mobile", "iban", "bic", "accountNumber", "bankCode")
	f.Add("000787", "A?\u0300", "DE")
	f.Fuzz(func(t *testing.T, a, b, country string) {
		holdsOf(t, []merge.Field{merge.Phone, merge.Mobile, merge.Email, merge.IBAN, merge.BIC, merge.AccountNumber, merge.BankCode}, a, b, country)
	})
}
