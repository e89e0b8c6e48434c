package masterdata

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/spelling"
)

// good is data that nothing is wrong with.
var good = Data{
	Street: "Hauptstraße 5", PostalCode: "10115", City: "Berlin", Country: "DE", Phone: "030/1234567", Mobile: "0171 1234567",
	IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX", AccountNumber: "0532013000", BankCode: "37040044",
}

// with is good with some fields replaced: field, value and so on.
func with(kv ...string) Data {
	d := good
	for i := 0; i < len(kv); i += 2 {
		d.Set(merge.Field(kv[i]), kv[i+1])
	}
	return d
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		entry Data
		want  string // field:code, blank separated
		words string // part of the German sentence
	}{
		{"good data", with("street", "Hauptstr. 5"), "", ""},
		{"no street", with("street", " "), "street:required", "Straße und Hausnummer"},
		{"a house number alone is no street", with("street", "5"), "street:street_form", "Straßenname fehlt"},
		{"a street longer than a letter", with("street", strings.Repeat("ä", 101)), "street:too_long", "zu lang"},
		{"no town", with("city", ""), "city:required", "Ort"},
		{"a town of digits", with("city", "10115"), "city:city_form", "Namen des Ortes"},
		{"a country that is none", with("country", "XX"), "country:unknown_country", "Liste"},
		{"several at once, in the order of the form", with("city", "", "postalCode", "1", "street", ""),
			"street:required postalCode:postal_code_length city:required", "eine Ziffer"},
		{"a German postal code of four digits", with("postalCode", "1011"), "postalCode:postal_code_length",
			"Diese Postleitzahl hat vier Ziffern, in Deutschland sind es fünf."},
		{"a German postal code of six digits", with("postalCode", "101155"), "postalCode:postal_code_length", "hat sechs Ziffern"},
		{"a German postal code with a letter", with("postalCode", "1O115"), "postalCode:postal_code_form", "nur aus Ziffern"},
		{"a German postal code nobody has", with("postalCode", "00123"), "postalCode:postal_code_unknown", "gibt es in Deutschland nicht"},
		{"Dresden's begins with one zero", with("postalCode", "01067"), "", ""},
		{"a German postal code with its country", with("postalCode", "D-10117"), "", ""},
		{"no postal code", with("postalCode", ""), "postalCode:required", "Geben Sie die Postleitzahl an."},
		{"an Austrian postal code", with("country", "at", "postalCode", "A-1010", "phone", "+49301234567", "mobile", "", "bankCode", ""), "bankCode:required", "Bankleitzahl"},
		{"an Austrian postal code of five digits", with("country", "AT", "postalCode", "10115", "phone", "", "mobile", ""),
			"postalCode:postal_code_length", "in Österreich sind es vier"},
		{"a Swiss postal code with a zero in front", with("country", "CH", "postalCode", "0801", "phone", "", "mobile", ""),
			"postalCode:postal_code_unknown", "in der Schweiz"},
		{"a British postal code", with("country", "GB", "postalCode", "sw1a 1aa", "phone", "", "mobile", ""), "", ""},
		{"a Dutch postal code with a sign", with("country", "NL", "postalCode", "1012_AB", "phone", "", "mobile", ""),
			"postalCode:postal_code_form", "höchstens zehn"},
		{"a Dutch postal code", with("country", "NL", "postalCode", "1012 ab", "phone", "", "mobile", ""), "", ""},
		{"a Maltese postal code", with("country", "MT", "postalCode", "VLT 1117", "phone", "", "mobile", ""), "", ""},
		{"an Irish postal code", with("country", "IE", "postalCode", "D6W XY00", "phone", "", "mobile", ""), "", ""},
		{"an Icelandic postal code", with("country", "IS", "postalCode", "101", "phone", "", "mobile", ""), "", ""},
		{"a postal code of the United States with its extension", with("country", "US", "postalCode", "20500-0005", "phone", "", "mobile", ""), "", ""},
		{"a foreign postal code of letters alone", with("country", "FR", "postalCode", "Paris", "phone", "", "mobile", ""), "postalCode:postal_code_form", "Ziffern"},
		{"a foreign postal code of two digits", with("country", "FR", "postalCode", "75", "phone", "", "mobile", ""), "postalCode:postal_code_form", "mindestens drei"},
		{"a foreign postal code of eleven characters", with("country", "FR", "postalCode", "75001 75001", "phone", "", "mobile", ""), "postalCode:postal_code_form", "höchstens zehn"},
		{"a foreign postal code that breaks off", with("country", "PL", "postalCode", "00-", "phone", "", "mobile", ""), "postalCode:postal_code_form", "höchstens zehn"},
		{"a Swiss postal code of five digits", with("country", "CH", "postalCode", "80011", "phone", "", "mobile", ""), "postalCode:postal_code_length", "in der Schweiz sind es vier"},
		{"a Swiss postal code", with("country", "CH", "postalCode", "CH-8001", "phone", "", "mobile", ""), "", ""},
		{"a phone number without its area code", with("phone", "12"), "phone:phone_form", "mit Vorwahl"},
		{"a phone number without its area code, long", with("phone", "1234567"), "phone:phone_form", "mit Vorwahl"},
		{"a German phone number that is too short for any", with("phone", "030 12"), "phone:phone_form", "mit Vorwahl"},
		{"a British phone number of too many digits", with("country", "GB", "postalCode", "sw1a 1aa", "phone", "+44 20 7946 0958 12", "mobile", ""), "phone:phone_form", "mit Vorwahl"},
		{"a phone number with the code in brackets", with("phone", "(030) 123-45 67"), "", ""},
		{"a phone number with a bracketed zero", with("phone", "+49 (0)30 / 123 45 67"), "", ""},
		{"a phone number by the code of a call abroad", with("phone", "0043 1 5880 0"), "", ""},
		{"a phone number with a note", with("phone", "030 1234567 abends"), "phone:phone_form", "nur mit Ziffern"},
		{"a phone number of too many digits", with("phone", "+49 30 1234567 1234567"), "phone:phone_form", "mit Vorwahl"},
		{"a Danish phone number", with("country", "DK", "postalCode", "1050", "phone", "33 12 34 56", "mobile", "", "bankCode", "37040044"), "", ""},
		{"a phone number with its extension", with("phone", "030 1234567 DW 12", "mobile", "030/1234567 ext. 34"), "", ""},
		{"a phone number with its extension behind an x", with("phone", "030 1234567x12", "mobile", "030 1234567, App. 12"), "", ""},
		{"an extension of a number without its area code", with("phone", "1234567 DW 12"), "phone:phone_form", "mit Vorwahl"},
		{"an extension by itself", with("phone", "DW 12"), "phone:phone_form", "mit Vorwahl"},
		{"an extension of too many digits", with("phone", "030 1234567 DW 1234567"), "phone:phone_form", "mit Vorwahl"},
		{"a phone number with a minus sign", with("phone", "030\u22121234567"), "", ""},
		{"a phone number in digits of full width", with("phone", "０３０ １２３４５６７"), "", ""},
		{"a German postal code behind its country", with("postalCode", "D 01067"), "", ""},
		{"an Austrian postal code behind its country", with("country", "AT", "postalCode", "AT 1010", "phone", "", "mobile", "", "iban", "", "bic", "", "accountNumber", "", "bankCode", ""), "", ""},
		{"an IBAN with its label", with("iban", "IBAN: DE89 3704 0044 0532 0130 00"), "", ""},
		{"a phone number in words", with("phone", "auf Anfrage"), "phone:phone_form", "mit Vorwahl"},
		{"a foreign phone number", with("phone", "+43 1 5880 0"), "", ""},
		{"no phone number at all", with("phone", "", "mobile", ""), "", ""},
		{"a mobile number that breaks off", with("mobile", "0171"), "mobile:phone_form", "Handynummer"},
		{"an IBAN in groups and small letters", with("iban", "de89 3704 0044 0532 0130 00 "), "", ""},
		{"an IBAN with a typing error", with("iban", "DE89370400440532013001"), "iban:iban_checksum", "Tippfehler"},
		{"an IBAN that is too short", with("iban", "DE8937040044053201300"), "iban:iban_length", "hat 21 Stellen, eine deutsche hat 22"},
		{"a Dutch IBAN", with("iban", "NL91ABNA0417164300", "bic", "ABNANL2A", "accountNumber", "", "bankCode", ""), "", ""},
		{"a Spanish IBAN with the BIC of a Lithuanian bank", with("iban", "ES9121000418450200051332", "bic", "REVOLT21", "accountNumber", "", "bankCode", ""), "", ""},
		{"a Hungarian IBAN with the BIC of a Belgian bank", with("iban", "HU42117730161111101800000000", "bic", "TRWIBEBBXXX", "accountNumber", "", "bankCode", ""), "", ""},
		{"a German IBAN with the BIC of an Austrian bank", with("bic", "BKAUATWWXXX"), "", ""},
		{"a BIC of no country", with("bic", "COBAXXFF"), "bic:bic_country", "kein Land"},
		{"an IBAN of no country", with("iban", "XX89370400440532013000", "accountNumber", "", "bankCode", ""), "iban:iban_country", "beginnt keine IBAN"},
		{"check digits 00 where 97 are right", with("iban", "GB00ZFQR17960914000019", "bic", "", "accountNumber", "", "bankCode", ""), "iban:iban_checksum", "Tippfehler"},
		{"a Turkish IBAN that breaks off", with("iban", "TR33000610051978645784132", "bic", "", "accountNumber", "", "bankCode", ""), "iban:iban_length", "hat sie 26"},
		{"a Turkish IBAN", with("iban", "TR330006100519786457841326", "bic", "", "accountNumber", "", "bankCode", ""), "", ""},
		{"a wrong BIC beside a wrong IBAN", with("iban", "DE89370400440532013001", "bic", "COBADEFFX"), "iban:iban_checksum bic:bic_form", "8 oder 11"},
		{"a German IBAN with letters", with("iban", "DE59370400440532O13000", "accountNumber", "", "bankCode", ""), "iban:iban_form", "hinter DE nur aus Ziffern"},
		{"a German IBAN of a bank code that nobody has", with("iban", "DE44970400440532013000", "accountNumber", "", "bankCode", ""), "iban:iban_bank_code", "Stellen 5 bis 12"},
		{"a German IBAN of a bank code with a zero in front", with("iban", "DE63070400440532013000", "accountNumber", "", "bankCode", ""), "iban:iban_bank_code", "Stellen 5 bis 12"},
		{"a Dutch IBAN that is too long", with("iban", "NL91ABNA04171643000"), "iban:iban_length", "in diesem Land hat sie 18"},
		{"an Andorran IBAN", with("iban", "AD1200012030200359100100", "bic", "", "accountNumber", "", "bankCode", ""), "", ""},
		{"a Serbian IBAN that breaks off", with("iban", "RS3526000560100161137", "bic", "", "accountNumber", "", "bankCode", ""), "iban:iban_length", "in diesem Land hat sie 22"},
		{"an account number in the field of the IBAN", with("iban", "0532013000"), "iban:iban_form", "beginnt mit zwei Buchstaben"},
		{"a BIC of nine characters", with("bic", "COBADEFFX"), "bic:bic_form", "8 oder 11"},
		{"a short BIC", with("bic", "cobadeff"), "", ""},
		{"an account number of eleven digits", with("accountNumber", "05320130001"), "accountNumber:account_number_form", "höchstens zehn"},
		{"an Austrian account number of eleven digits", with("country", "AT", "postalCode", "1010", "phone", "", "mobile", "", "iban", "", "bic", "",
			"accountNumber", "00234573201", "bankCode", "19043"), "", ""},
		{"an Austrian account number of twelve digits", with("country", "AT", "postalCode", "1010", "phone", "", "mobile", "", "iban", "", "bic", "",
			"accountNumber", "002345732011", "bankCode", "19043"), "accountNumber:account_number_form", "höchstens 11"},
		{"a Ukrainian address", with("country", "UA", "postalCode", "01001", "phone", "", "mobile", "", "bankCode", "37040044"), "", ""},
		{"a Turkish address", with("country", "TR", "postalCode", "34000", "phone", "", "mobile", ""), "", ""},
		{"an address where there are no postal codes", with("country", "HK", "postalCode", "", "phone", "", "mobile", ""), "", ""},
		{"a phone number as telephones copy it", with("phone", "\u202a+49 30 1234567\u202c", "mobile", "\u200e0171 1234567"), "", ""},
		{"an account number with a letter", with("accountNumber", "O532013000"), "accountNumber:account_number_form", "Ziffern"},
		{"a bank code of seven digits", with("bankCode", "3704004"), "bankCode:bank_code_length", "hat sieben Ziffern, in Deutschland sind es acht"},
		{"a bank code that begins with nine", with("bankCode", "97040044"), "bankCode:bank_code_unknown", "von 1 bis 8"},
		{"a bank code that begins with zero", with("bankCode", "07040044"), "bankCode:bank_code_unknown", "gibt es in Deutschland nicht"},
		{"an Austrian bank code beside a German IBAN", with("country", "AT", "postalCode", "1010", "phone", "", "mobile", "", "bankCode", "12000"), "iban:accounts_differ", "anderen Konto"},
		{"a bank code of a country with shorter ones", with("country", "AT", "postalCode", "1010", "phone", "", "mobile", "", "iban", "", "bic", "", "bankCode", "12000"), "", ""},
		{"a bank code with letters", with("bankCode", "Commerzbank"), "bankCode:bank_code_form", "acht Ziffern"},
		{"a bank code without an account", with("accountNumber", ""), "accountNumber:required", "fehlt die Kontonummer"},
		{"an account without a bank code", with("bankCode", ""), "bankCode:required", "fehlt die Bankleitzahl"},
		{"a BIC alone", with("iban", "", "accountNumber", "", "bankCode", ""), "iban:required", "fehlt die IBAN"},
		{"no bank data at all", with("iban", "", "bic", "", "accountNumber", "", "bankCode", ""), "", ""},
		{"account data alone", with("iban", "", "bic", "", "accountNumber", "1234567"), "", ""},
		{"an IBAN of another account", with("accountNumber", "0532013001"), "iban:accounts_differ", "anderen Konto"},
		{"an IBAN of another bank", with("bankCode", "10070000"), "iban:accounts_differ", "anderen Konto"},
		{"two digits out of the middle of the account", with("accountNumber", "13"), "iban:accounts_differ", "anderen Konto"},
		{"one digit of the account", with("accountNumber", "1"), "iban:accounts_differ", "anderen Konto"},
		{"zeros of the account", with("accountNumber", "000"), "iban:accounts_differ", "anderen Konto"},
		{"the first digits of the account", with("accountNumber", "5320"), "iban:accounts_differ", "anderen Konto"},
		{"the account without its sub-account", with("accountNumber", "5320130"), "", ""},
		{"ten digits that end in the account without its sub-account", with("accountNumber", "0005320130"), "iban:accounts_differ", "anderen Konto"},
		{"an Austrian IBAN with its account", with("country", "AT", "postalCode", "1010", "phone", "", "mobile", "", "bic", "", "iban", "AT611904300234573201", "accountNumber", "234573201", "bankCode", "19043"), "", ""},
		{"an Austrian IBAN with another account", with("country", "AT", "postalCode", "1010", "phone", "", "mobile", "", "bic", "", "iban", "AT611904300234573201", "accountNumber", "234573202", "bankCode", "19043"), "iban:accounts_differ", "anderen Konto"},
		{"a bank that puts a sub-account behind", with("iban", "DE43100700000123456700", "accountNumber", "1234567", "bankCode", "10070000"), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			next, changed := Apply(good, c.entry)
			var got []string
			words := ""
			for _, p := range Check(good, next, changed, spelling.Phone) {
				got = append(got, string(p.Field)+":"+p.Code)
				words += p.Words.In(lang.DE)
				if p.Words.In(lang.EN) == "" || p.Words.In(lang.EN) == p.Words.In(lang.DE) {
					t.Errorf("%s has no English of its own", p.Code)
				}
			}
			if strings.Join(got, " ") != c.want || !strings.Contains(words, c.words) {
				t.Errorf("got %q (%s), want %q with %q", got, words, c.want, c.words)
			}
		})
	}
}

func TestAnAddressWithoutACountryIsAGermanOne(t *testing.T) {
	stored := with("country", "")
	for code, want := range map[string]string{"10117": "", "1011": "postal_code_length"} {
		next, changed := Apply(stored, with("postalCode", code))
		got := ""
		for _, p := range Check(stored, next, changed, spelling.Phone) {
			got += p.Code
		}
		if got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestWhatNobodyTouchedIsNotChecked(t *testing.T) {
	odd := with("phone", "siehe Brief", "iban", "DE00", "postalCode", "?")
	entry := odd
	entry.Mobile = "0172 7654321"
	next, changed := Apply(odd, entry)
	if p := Check(odd, next, changed, spelling.Phone); len(p) > 0 || len(changed) != 1 {
		t.Errorf("changed %v, problems %v", changed, p)
	}
}

// A stored value that nobody edits keeps nobody from saving another one, whatever is wrong with it.
func TestWhatIsStoredNeverBlocksAnotherField(t *testing.T) {
	odd := Data{Street: "\u202e5", PostalCode: "?", City: "", Country: "ZZ", Phone: "siehe Brief", Mobile: "x", IBAN: "DE00", BIC: "?", AccountNumber: "A", BankCode: "9"}
	for _, f := range Fields {
		entry := odd
		entry.Set(f, with("phone", "+49 30 1234567", "mobile", "+49 171 1234567").Get(f))
		next, changed := Apply(odd, entry)
		if p := Check(odd, next, changed, spelling.Phone); len(p) > 0 {
			t.Errorf("%s: changed %v, problems %v", f, changed, p)
		}
	}
	for _, country := range []string{"UA", "TR", "ZZ"} {
		stored := with("country", country, "phone", "", "mobile", "", "bankCode", "37040044")
		entry := stored
		entry.Street = "Neue Straße 1"
		next, changed := Apply(stored, entry)
		if p := Check(stored, next, changed, spelling.Phone); len(p) > 0 || next.Country != country {
			t.Errorf("%s: %v", country, p)
		}
	}
}

// A change that makes an untouched value wrong is told: the number would mean another one.
func TestAMoveIsAskedAboutWhatNoLongerFits(t *testing.T) {
	next, changed := Apply(good, with("country", "IS"))
	var got []string
	for _, p := range Check(good, next, changed, spelling.Phone) {
		got = append(got, string(p.Field))
	}
	if !slices.Contains(got, "phone") {
		t.Errorf("problems at %v", got)
	}
}

func TestAnImportMayBeIncompleteButNotWrong(t *testing.T) {
	for _, c := range []struct {
		name string
		d    Data
		want string
	}{
		{"nothing but a country", Data{Country: "DE"}, ""},
		{"a town alone", Data{Country: "DE", City: "Hamburg"}, ""},
		{"a BIC alone", Data{Country: "DE", BIC: "COBADEFFXXX"}, ""},
		{"a bank code alone", Data{Country: "DE", BankCode: "37040044"}, ""},
		{"a phone number without its area code", Data{Country: "DE", Phone: "12"}, "phone:phone_form"},
		{"a postal code of four digits", Data{Country: "DE", PostalCode: "1011"}, "postalCode:postal_code_length"},
		{"check digits that are never given out", Data{Country: "DE", IBAN: "GB00ZFQR17960914000019"}, "iban:iban_checksum"},
		{"no country", Data{Country: "ZZ"}, "country:unknown_country"},
	} {
		var got []string
		for _, p := range Wrong(Clean(c.d), spelling.Phone) {
			got = append(got, string(p.Field)+":"+p.Code)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %q", c.name, got, c.want)
		}
	}
}

func TestWhatMeansTheSameChangesNothing(t *testing.T) {
	stored := with("iban", "DE89 3704 0044 0532 0130 00", "country", "", "postalCode", "D-10115", "phone", "030/1234567")
	entry := stored
	entry.IBAN, entry.Country, entry.PostalCode, entry.City = Spaced(stored.IBAN), "de", "10115", "  Berlin "
	next, changed := Apply(stored, entry)
	if len(changed) > 0 || next != stored {
		t.Errorf("changed %v to %+v", changed, next)
	}
}

func TestOtherSpellingOfTextIsAChange(t *testing.T) {
	next, changed := Apply(with("street", "Hauptstr. 5"), with("street", "Hauptstraße  5 "))
	if len(changed) != 1 || next.Street != "Hauptstraße 5" {
		t.Errorf("changed %v to %q", changed, next.Street)
	}
}

func TestChecksumFindsEveryWrongDigitAndSwap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		iban := []byte(good.IBAN)
		i := rapid.IntRange(2, len(iban)-2).Draw(t, "at")
		if rapid.Bool().Draw(t, "swap") {
			iban[i], iban[i+1] = iban[i+1], iban[i]
		} else {
			iban[i] = byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		}
		if ok := checkDigits(string(iban)); ok != (string(iban) == good.IBAN) {
			t.Fatalf("%s counts as %v", iban, ok)
		}
	})
}

func TestNothingPanicsWhateverIsEntered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entry Data
		for _, f := range Fields {
			entry.Set(f, rapid.String().Draw(t, string(f)))
		}
		next, changed := Apply(good, entry)
		Check(good, next, changed, spelling.Phone)
		Changes(good, next, changed)
		Spaced(entry.IBAN)
		if again, more := Apply(next, next); again != next || len(more) > 0 {
			t.Fatalf("cleaning twice changes %v", more)
		}
	})
}
