package spelling

import (
	"testing"

	"kundenkonto/shared/merge"
)

const (
	same      = merge.Equal
	spelled   = merge.EqualSpelling
	different = merge.Different
)

// pair is two values as customers really write them, and what people mean by them.
type pair struct {
	field merge.Field
	a, b  string
	want  merge.Verdict
	why   merge.ReasonCode // empty: not held
}

var streetPairs = []pair{
	{merge.Street, "Hauptstr. 5", "Hauptstr. 5", same, merge.ReasonIdentical},
	{merge.Street, "Hauptstr. 5", "Hauptstraße 5", spelled, merge.ReasonStreetWord},
	{merge.Street, "Hauptstr. 5", "Hauptstrasse 5", spelled, merge.ReasonStreetWord},
	{merge.Street, "Hauptstraße 5", "Hauptstrasse 5", spelled, merge.ReasonUmlaut},
	{merge.Street, "Hauptstraße 5", "HAUPTSTRASSE 5", spelled, merge.ReasonUmlaut},
	{merge.Street, "Hauptstraße 5", "HAUPTSTRAẞE 5", spelled, merge.ReasonCase},
	{merge.Street, "Hauptstr 5", "Hauptstr.5", spelled, merge.ReasonStreetWord},
	{merge.Street, "Hauptstr.  5", "Hauptstr. 5 ", spelled, merge.ReasonSpacing},
	{merge.Street, "Hauptstr. 5a", "Hauptstr. 5 a", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Hauptstr. 5a", "Hauptstr. 5 A", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Hauptstr. 5-7", "Hauptstr. 5 – 7", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Hauptstr. 12-b", "Hauptstr. 12b", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Hauptstr. Nr. 5", "Hauptstr. 5", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Hauptstr. 05", "Hauptstr. 5", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Mariahilfer Str. 12/3/4", "Mariahilfer Straße 12 / 3 / 4", spelled, merge.ReasonStreetWord},
	{merge.Street, "Karl-Marx-Str. 10", "Karl Marx Straße 10", spelled, merge.ReasonStreetWord},
	{merge.Street, "Karl-Marx-Allee 10", "Karl-Marx Allee 10", spelled, ""},
	{merge.Street, "Berliner Str. 1", "Berlinerstraße 1", spelled, merge.ReasonStreetWord},
	{merge.Street, "Straße des 17. Juni 135", "Str. des 17. Juni 135", spelled, merge.ReasonStreetWord},
	{merge.Street, "Dr.-Külz-Ring 9", "Dr. Kuelz Ring 9", spelled, ""},
	{merge.Street, "St.-Georg-Str. 3", "Sankt-Georg-Straße 3", spelled, merge.ReasonStreetWord},
	{merge.Street, "Gr. Bleichen 12", "Große Bleichen 12", spelled, merge.ReasonStreetWord},
	{merge.Street, "Marktpl. 1", "Marktplatz 1", spelled, merge.ReasonStreetWord},
	{merge.Street, "Marktpl. 1", "Markt Platz 1", spelled, merge.ReasonStreetWord},
	{merge.Street, "Bgm.-Smidt-Str. 20", "Bgm. Smidt Strasse 20", spelled, merge.ReasonStreetWord},
	{merge.Street, "Q 7, 24", "Q7 24", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Prof.-Huber-Platz 2", "Professor-Huber-Platz 2", spelled, merge.ReasonStreetWord},
	{merge.Street, "Schönhauser Allee 8", "Schoenhauser Allee 8", spelled, merge.ReasonUmlaut},
	{merge.Street, "Am Sandtorkai 5", "am sandtorkai 5", spelled, merge.ReasonCase},
	{merge.Street, "Rue de l’Hôpital 4", "Rue de l'Hopital 4", spelled, merge.ReasonUmlaut},
	{merge.Street, "Hauptstraße\u00a05", "Hauptstraße 5", spelled, merge.ReasonSpacing},
	{merge.Street, "Hauptstra\u00dfe 5", "Hauptstra\u00ad\u00dfe 5", spelled, merge.ReasonSpacing},
	{merge.Street, "Schu\u0308tzenstr. 4", "Schützenstr. 4", spelled, merge.ReasonSpacing},
	{merge.Street, "Bahnhofstr. 1", "Bahnhofstr. 11", different, merge.ReasonDifferent},
	{merge.Street, "Bahnhofstr. 1 1", "Bahnhofstr. 11", different, merge.ReasonDifferent},
	{merge.Street, "Bahnhofstr. 1", "Bahnhofsweg 1", different, merge.ReasonDifferent},
	{merge.Street, "Bahnhofstr. 1", "Bahnhofplatz 1", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 5", "Hauptstr. 5a", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 5-7", "Hauptstr. 57", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 5-7", "Hauptstr. 5", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 12/3", "Hauptstr. 123", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 12/3", "Hauptstr. 12-3", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 5", "Hauptstr. 5²", different, merge.ReasonDifferent},
	{merge.Street, "Alte Str. 3", "Altstr. 3", different, merge.ReasonDifferent},
	{merge.Street, "Kleine Gasse 3", "Große Gasse 3", different, merge.ReasonDifferent},
	{merge.Street, "Mühlenweg 3", "Muhlenweg 3", different, merge.ReasonDifferent},
	{merge.Street, "Schlossstr. 3", "Schlosserstr. 3", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 5", "", different, merge.ReasonOnlyOwn},
	{merge.Street, "", "Hauptstr. 5", different, merge.ReasonOnlyOther},
	{merge.Street, "", "", same, merge.ReasonEmpty},
}

var placePairs = []pair{
	{merge.PostalCode, "10115", "D-10115", spelled, merge.ReasonPostalPrefix},
	{merge.PostalCode, "10115", "D 10115", spelled, ""},
	{merge.PostalCode, "10115", "10 115", spelled, merge.ReasonPostalPrefix},
	{merge.PostalCode, "01067", "1067", spelled, merge.ReasonLeadingZero},
	{merge.PostalCode, "10115", "10117", different, merge.ReasonDifferent},
	{merge.PostalCode, "01067", "10670", different, merge.ReasonDifferent},
	{merge.PostalCode, "10115", "", different, merge.ReasonOnlyOwn},
	{merge.City, "München", "MUENCHEN", spelled, merge.ReasonUmlaut},
	{merge.City, "Frankfurt am Main", "Frankfurt a. M.", spelled, merge.ReasonCityWord},
	{merge.City, "Frankfurt am Main", "Frankfurt/Main", spelled, merge.ReasonCityWord},
	{merge.City, "Frankfurt am Main", "Frankfurt a.Main", spelled, merge.ReasonCityWord},
	{merge.City, "Frankfurt (Oder)", "Frankfurt an der Oder", spelled, merge.ReasonCityWord},
	{merge.City, "Frankfurt (Oder)", "Frankfurt/Oder", spelled, merge.ReasonCityWord},
	{merge.City, "Rothenburg ob der Tauber", "Rothenburg o.d.T.", spelled, merge.ReasonCityWord},
	{merge.City, "Neustadt an der Weinstraße", "Neustadt a.d. Weinstr.", spelled, merge.ReasonCityWord},
	{merge.City, "St. Augustin", "Sankt Augustin", spelled, merge.ReasonCityWord},
	{merge.City, "Halle (Saale)", "Halle/Saale", spelled, merge.ReasonCityWord},
	{merge.City, "Ludwigshafen am Rhein", "Ludwigshafen/Rh.", spelled, merge.ReasonCityWord},
	{merge.City, "Berlin", "Berlin OT Mitte", spelled, merge.ReasonDistrict},
	{merge.City, "Berlin (Ortsteil Mitte)", "Berlin", spelled, merge.ReasonDistrict},
	{merge.City, "Zürich", "Zuerich", spelled, merge.ReasonUmlaut},
	{merge.City, "Genève", "Geneve", spelled, merge.ReasonUmlaut},
	{merge.City, "Frankfurt am Main", "Frankfurt (Oder)", different, merge.ReasonDifferent},
	{merge.City, "Frankfurt", "Frankfurt (Oder)", different, merge.ReasonDifferent},
	{merge.City, "Halle (Saale)", "Halle (Westf.)", different, merge.ReasonDifferent},
	{merge.City, "Neustadt an der Weinstraße", "Neustadt an der Aisch", different, merge.ReasonDifferent},
	{merge.City, "Garmisch-Partenkirchen", "Garmisch", different, merge.ReasonDifferent},
	{merge.City, "Bad Homburg", "Homburg", different, merge.ReasonDifferent},
}

var contactPairs = []pair{
	{merge.Phone, "030 1234567", "+49 30 1234567", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "030/1234567", "+49 30 1234567", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "030/1234567", "030 123 45 67", spelled, merge.ReasonSpacing},
	{merge.Phone, "0049 30 1234567", "+49 (0)30 1234567", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "0049 (0) 30 1234567", "030-1234567", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "(030) 1234567", "Tel. 030 1234567", spelled, merge.ReasonSpacing},
	{merge.Phone, "030 1234567-12", "030 123456712", spelled, merge.ReasonSpacing},
	{merge.Phone, "030 1234567-12", "030 1234567 Durchwahl 12", spelled, merge.ReasonSpacing},
	{merge.Phone, "0800 HOSTING", "0800 4678464", spelled, merge.ReasonPhonePrefix},
	{merge.Mobile, "0171 1234567", "+49171/1234567", spelled, merge.ReasonPhonePrefix},
	{merge.Mobile, "0171 1234567", "0172 1234567", different, merge.ReasonDifferent},
	{merge.Phone, "030 1234567", "030 1234576", different, merge.ReasonDifferent},
	{merge.Phone, "030 1234567", "1234567", different, merge.ReasonDifferent},
	{merge.Phone, "030 1234567", "030 1234567-12", different, merge.ReasonDifferent},
	{merge.Phone, "+49 30 1234567", "+43 30 1234567", different, merge.ReasonDifferent},
	{merge.Phone, "0800 HOSTING", "0800 SERVERS", different, merge.ReasonDifferent},
	{merge.Phone, "030 1234567", "-", different, merge.ReasonOnlyOwn},
	{merge.Phone, "", "/", same, merge.ReasonEmpty},
	{merge.Email, "anna@Example.COM", "anna@example.com", spelled, merge.ReasonEmailDomain},
	{merge.Email, "anna@example.com.", "anna@example.com", spelled, merge.ReasonEmailDomain},
	{merge.Email, "anna@müller.example", "anna@xn--mller-kva.example", spelled, merge.ReasonEmailDomain},
	{merge.Email, "Anna.Schaefer@example.com", "anna.schaefer@example.com", spelled, merge.ReasonCase},
	{merge.Email, " anna@example.com", "anna@example.com", spelled, merge.ReasonSpacing},
	{merge.Email, "info@a.example", "info@b.example", different, merge.ReasonDifferent},
	{merge.Email, "info@a.example", "info@mail.a.example", different, merge.ReasonDifferent},
	{merge.Email, "anna.schaefer@example.com", "annaschaefer@example.com", different, merge.ReasonDifferent},
	{merge.Email, "anna@mueller.example", "anna@müller.example", different, merge.ReasonDifferent},
	{merge.Email, "anna+shop@example.com", "anna@example.com", different, merge.ReasonDifferent},
}

var bankPairs = []pair{
	{merge.IBAN, "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", spelled, merge.ReasonSpacing},
	{merge.IBAN, "DE89370400440532013000", "de89 3704 0044 0532 0130 00", spelled, merge.ReasonCase},
	{merge.IBAN, "DE89370400440532013000", "DE89370400440532013001", different, merge.ReasonDifferent},
	{merge.IBAN, "DE89370400440532013000", "AT611904300234573201", different, merge.ReasonDifferent},
	{merge.BIC, "COBADEFF", "COBADEFFXXX", spelled, merge.ReasonBICBranch},
	{merge.BIC, "COBADEFF", "cobadeff", spelled, merge.ReasonCase},
	{merge.BIC, "COBADEFF", "COBADEFF370", different, merge.ReasonDifferent},
	{merge.AccountNumber, "0532013000", "532013000", spelled, merge.ReasonLeadingZero},
	{merge.AccountNumber, "532 013 000", "532013000", spelled, merge.ReasonSpacing},
	{merge.AccountNumber, "532013000", "5320130", different, merge.ReasonDifferent},
	{merge.AccountNumber, "532013000", "532013001", different, merge.ReasonDifferent},
	{merge.BankCode, "370 400 44", "37040044", spelled, merge.ReasonSpacing},
	{merge.BankCode, "37040044", "37040048", different, merge.ReasonDifferent},
}

var namePairs = []pair{
	{merge.LastName, "Müller", "Mueller", spelled, merge.ReasonUmlaut},
	{merge.LastName, "Müller", "MÜLLER", spelled, merge.ReasonCase},
	{merge.LastName, "Groß", "Gross", spelled, merge.ReasonUmlaut},
	{merge.LastName, "Müller", "Muller", different, merge.ReasonDifferent},
	{merge.LastName, "Mueller", "Muller", different, merge.ReasonDifferent},
	{merge.LastName, "Meier", "Meyer", different, merge.ReasonDifferent},
	{merge.LastName, "Schmidt", "Schmitt", different, merge.ReasonDifferent},
	{merge.LastName, "Schmidt-Huber", "Schmidt Huber", spelled, merge.ReasonHyphen},
	{merge.LastName, "Schmidt-Huber", "Schmidt", different, merge.ReasonDifferent},
	{merge.LastName, "v. Stein", "von Stein", spelled, merge.ReasonTitle},
	{merge.LastName, "Dr. Schäfer", "Schäfer", spelled, merge.ReasonTitle},
	{merge.FirstName, "Prof. Dr. Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Dipl.-Ing. Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Frau Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Anna-Maria", "Anna Maria", spelled, merge.ReasonHyphen},
	{merge.FirstName, "René", "Rene", spelled, merge.ReasonUmlaut},
	{merge.FirstName, "Anna", "Anne", different, merge.ReasonDifferent},
	{merge.FirstName, "Anna", "Anna Maria", different, merge.ReasonDifferent},
	{merge.FirstName, "Max", "Moritz", different, merge.ReasonDifferent},
	{merge.Company, "Schäfer GmbH", "Schäfer G.m.b.H.", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Schäfer GmbH", "Schäfer Gesellschaft mit beschränkter Haftung", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Schäfer GmbH", "Schäfer Ges.m.b.H.", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Schäfer GmbH & Co. KG", "Schaefer GmbH und Co KG", spelled, merge.ReasonHyphen},
	{merge.Company, "Schäfer GmbH & Co. KG", "Schäfer GmbH u. Co. KG", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Schäfer GmbH&Co.KG", "Schäfer GmbH + Co. KG", spelled, merge.ReasonHyphen},
	{merge.Company, "Schäfer UG", "Schäfer UG (haftungsbeschränkt)", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Schäfer e.K.", "Schäfer e. Kfr.", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Sportfreunde e.V.", "Sportfreunde eingetragener Verein", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Schäfer AG", "Schäfer Aktiengesellschaft", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Müller & Söhne", "Müller u. Söhne", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Bau Verwaltungsgesellschaft mbH", "Bau Verwaltungsgesellschaft mit beschränkter Haftung", spelled, merge.ReasonCompanyForm},
	{merge.Company, "A. B. Schmidt GmbH", "AB Schmidt GmbH", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Schäfer GmbH", "Schäfer AG", different, merge.ReasonDifferent},
	{merge.Company, "Schäfer GmbH", "Schäfer GmbH & Co. KG", different, merge.ReasonDifferent},
	{merge.Company, "Schäfer GmbH", "Schäfer", different, merge.ReasonDifferent},
	{merge.Company, "Schäfer GmbH", "Schäfer Bau GmbH", different, merge.ReasonDifferent},
	{merge.Company, "Schäfer IT GmbH", "Schäfer EDV GmbH", different, merge.ReasonDifferent},
	{merge.Company, "Schäfer GmbH", "", different, merge.ReasonOnlyOwn},
}

func TestPairsAsPeopleWriteThem(t *testing.T) {
	for _, table := range [][]pair{streetPairs, placePairs, contactPairs, bankPairs, namePairs} {
		for _, p := range table {
			t.Run(string(p.field)+" "+p.a+" | "+p.b, func(t *testing.T) {
				got := compareOne(p.field, p.a, p.b, "DE", "DE")
				if got.Verdict != p.want || p.why != "" && got.Reason != p.why {
					t.Errorf("%s (%s), want %s (%s); meant %q and %q", got.Verdict, got.Reason, p.want, p.why,
						Canonical(p.field, p.a, "DE"), Canonical(p.field, p.b, "DE"))
				}
				if back := compareOne(p.field, p.b, p.a, "DE", "DE"); back.Verdict != got.Verdict {
					t.Errorf("turned round it is %s", back.Verdict)
				}
			})
		}
	}
}

func TestCountryDecidesHowNumbersAreRead(t *testing.T) {
	for _, c := range []struct {
		name        string
		field       merge.Field
		a, countryA string
		b, countryB string
		want        merge.Verdict
	}{
		{"an Austrian number with and without prefix", merge.Mobile, "0664 1234567", "AT", "+43 664 1234567", "AT", spelled},
		{"a Swiss number seen from Germany", merge.Phone, "044 668 18 00", "CH", "+41 44 668 18 00", "DE", spelled},
		{"the same national number in two countries", merge.Phone, "030 1234567", "DE", "030 1234567", "AT", different},
		{"a missing country is Germany", merge.Phone, "030 1234567", "", "+4930 1234567", "DE", spelled},
		{"a country in small letters", merge.Phone, "01 5123456", "at", "+43 1 5123456", "AT", spelled},
		{"four digits are whole in Austria", merge.PostalCode, "1010", "AT", "01010", "AT", different},
		{"the same postal code in two countries", merge.PostalCode, "4001", "CH", "4001", "AT", different},
		{"a Viennese alley with a dot", merge.Street, "Mariahilferg. 5", "AT", "Mariahilfergasse 5", "AT", spelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := compareOne(c.field, c.a, c.b, c.countryA, c.countryB); got.Verdict != c.want {
				t.Errorf("%s (%s), want %s", got.Verdict, got.Reason, c.want)
			}
		})
	}
}

// compareOne compares two records that hold nothing but the field.
func compareOne(f merge.Field, a, b, countryA, countryB string) merge.Row {
	c := merge.Compare(Speller{}, holding(f, a, countryA), holding(f, b, countryB))
	for _, row := range append(c.Rows, c.Names...) {
		if row.Field == f {
			return row
		}
	}
	return merge.Row{Field: f, Verdict: merge.Equal, Reason: merge.ReasonEmpty}
}

func holding(f merge.Field, v, country string) merge.Record {
	r := merge.Record{Country: country}
	switch f {
	case merge.Street:
		r.Street = v
	case merge.PostalCode:
		r.PostalCode = v
	case merge.City:
		r.City = v
	case merge.Phone:
		r.Phone = v
	case merge.Mobile:
		r.Mobile = v
	case merge.Email:
		r.Email = v
	case merge.IBAN:
		r.IBAN = v
	case merge.BIC:
		r.BIC = v
	case merge.AccountNumber:
		r.AccountNumber = v
	case merge.BankCode:
		r.BankCode = v
	case merge.Company:
		r.Company = v
	case merge.FirstName:
		r.FirstName = v
	case merge.LastName:
		r.LastName = v
	}
	return r
}

// TestThePairsAreMany keeps the table from shrinking: as many as the product was promised to be tried on, none twice, and
// a good part of them pairs that look alike and must stay different.
func TestThePairsAreMany(t *testing.T) {
	seen, apart := map[pair]bool{}, 0
	for _, table := range [][]pair{streetPairs, placePairs, contactPairs, bankPairs, namePairs, everydayPairs} {
		for _, p := range table {
			if seen[p] {
				t.Errorf("%s %q | %q stands twice", p.field, p.a, p.b)
			}
			seen[p] = true
			if p.want == different {
				apart++
			}
		}
	}
	if len(seen) < 200 || apart < 60 {
		t.Errorf("%d pairs, %d of them different; want 200 and 60", len(seen), apart)
	}
	t.Logf("%d pairs, %d of them different", len(seen), apart)
}
