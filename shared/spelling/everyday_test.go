package spelling

import (
	"testing"

	"kundenkonto/shared/merge"
)

// The pairs of this file are of the kind that a service team sees every week, beside the rule by rule ones of
// pairs_test.go: both together are the table that every change of a rule has to stand.

var everydayPairs = []pair{
	// streets and house numbers
	{merge.Street, "Lindenstr. 14", "Lindenstraße 14", spelled, merge.ReasonStreetWord},
	{merge.Street, "Lindenstr. 14", "LINDENSTR. 14", spelled, merge.ReasonCase},
	{merge.Street, "Lindenstrasse 14", "Linden-Straße 14", spelled, merge.ReasonStreetWord},
	{merge.Street, "Goethe-Str. 8", "Goethestr. 8", spelled, merge.ReasonStreetWord},
	{merge.Street, "Breite Str. 22", "Breite-Straße 22", spelled, merge.ReasonStreetWord},
	{merge.Street, "Königstr. 3", "Koenigstrasse 3", spelled, merge.ReasonStreetWord},
	{merge.Street, "Weißenburger Str. 7", "Weissenburger Straße 7", spelled, merge.ReasonStreetWord},
	{merge.Street, "Bürgermeister-Müller-Str. 1", "Buergermeister Mueller Strasse 1", spelled, merge.ReasonStreetWord},
	{merge.Street, "Robert-Bosch-Str. 5-7", "Robert-Bosch-Straße 5 - 7", spelled, merge.ReasonStreetWord},
	{merge.Street, "Robert-Bosch-Str. 5–7", "Robert-Bosch-Str. 5-7", spelled, merge.ReasonSpacing},
	{merge.Street, "Am Markt 3b", "Am Markt 3 B", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Am Markt, 3", "Am Markt 3", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Im Winkel 2 Haus 4", "Im Winkel 2, Haus 4", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Postfach 12 34", "Postfach 12 34", same, merge.ReasonIdentical},
	{merge.Street, "Schloßplatz 1", "Schlossplatz 1", spelled, merge.ReasonUmlaut},
	{merge.Street, "Rathauspl. 4", "Rathausplatz 4", spelled, merge.ReasonStreetWord},
	{merge.Street, "Kl. Kirchgasse 9", "Kleine Kirchgasse 9", spelled, merge.ReasonStreetWord},
	{merge.Street, "Straße der Einheit 6", "Str. der Einheit 6", spelled, merge.ReasonStreetWord},
	{merge.Street, "C 4, 9", "C4, 9", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Hafenstr. 5a-c", "Hafenstr. 5 a - c", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Hauptstr. 1", "Hauptstr. 1a", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 1a", "Hauptstr. 1b", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 5-7", "Hauptstr. 5-9", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 12/3/4", "Hauptstr. 12/34", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 12/3/4", "Hauptstr. 12/3/5", different, merge.ReasonDifferent},
	{merge.Street, "Hauptstr. 21", "Hauptstr. 12", different, merge.ReasonDifferent},
	{merge.Street, "Lindenstr. 14", "Lindenweg 14", different, merge.ReasonDifferent},
	{merge.Street, "Lindenstr. 14", "Lindenallee 14", different, merge.ReasonDifferent},
	{merge.Street, "Kirchstr. 2", "Kirchenstr. 2", different, merge.ReasonDifferent},
	{merge.Street, "Neue Str. 2", "Neustr. 2", different, merge.ReasonDifferent},
	{merge.Street, "Große Str. 2", "Kleine Str. 2", different, merge.ReasonDifferent},
	{merge.Street, "Berliner Str. 1", "Berliner Platz 1", different, merge.ReasonDifferent},
	{merge.Street, "Körnerstr. 2", "Kornerstr. 2", different, merge.ReasonDifferent},
	{merge.Street, "Postfach 1234", "Postfach 1243", different, merge.ReasonDifferent},
	// towns with districts and rivers
	{merge.City, "Köln", "Koeln", spelled, merge.ReasonUmlaut},
	{merge.City, "Köln", "KÖLN", spelled, merge.ReasonCase},
	{merge.City, "Gießen", "Giessen", spelled, merge.ReasonUmlaut},
	{merge.City, "Offenbach a.M.", "Offenbach am Main", spelled, merge.ReasonCityWord},
	{merge.City, "Freiburg i. Br.", "Freiburg im Breisgau", spelled, merge.ReasonCityWord},
	{merge.City, "Freiburg/Brsg.", "Freiburg im Breisgau", spelled, merge.ReasonCityWord},
	{merge.City, "Freiburg", "Freiburg im Breisgau", different, merge.ReasonDifferent}, // there is one in Saxony-Anhalt, too
	{merge.City, "Bad Homburg v.d.H.", "Bad Homburg vor der Höhe", spelled, merge.ReasonCityWord},
	{merge.City, "Weiden i.d.OPf.", "Weiden in der Oberpfalz", spelled, merge.ReasonCityWord},
	{merge.City, "Berlin-Mitte", "Berlin", different, merge.ReasonDifferent}, // it may be a town's own name, as Garmisch-Partenkirchen is
	{merge.City, "Köln-Mülheim", "Mülheim", different, merge.ReasonDifferent},
	{merge.Street, "Postfach 12 34", "Postfach 1234", spelled, merge.ReasonHouseNumber},
	{merge.Street, "PF 12 34", "Postfach 1234", spelled, merge.ReasonHouseNumber},
	{merge.Street, "Bgm.-Smidt-Str. 20", "Bürgermeister-Smidt-Str. 20", spelled, merge.ReasonStreetWord},
	{merge.Street, "Friedr.-Ebert-Str. 1", "Friedrich-Ebert-Straße 1", spelled, merge.ReasonStreetWord},
	{merge.Street, "Hauptstr. 5 Hinterhaus", "Hauptstr. 5", different, merge.ReasonDifferent},
	{merge.Street, "Am Markt 1-3", "Am Markt 1", different, merge.ReasonDifferent},
	{merge.Phone, "+49(30)1234567", "030 1234567", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "00 49 30 1234567", "030 1234567", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "030 1234567 ext. 12", "030 1234567-12", spelled, merge.ReasonSpacing},
	{merge.Phone, "030 1234567 / 030 7654321", "030 1234567", different, merge.ReasonDifferent},
	{merge.LastName, "Goethe", "Göthe", spelled, merge.ReasonUmlaut},
	{merge.LastName, "Şahin", "Sahin", spelled, merge.ReasonUmlaut},
	{merge.LastName, "Schröder", "Schroder", different, merge.ReasonDifferent},
	{merge.LastName, "Schäfer jun.", "Schäfer", different, merge.ReasonDifferent}, // father and son
	{merge.LastName, "Schäfer MBA", "Schäfer", spelled, merge.ReasonTitle},
	{merge.LastName, "Di Mauro", "Mauro", different, merge.ReasonDifferent},
	{merge.FirstName, "Dr. rer. nat. Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Dr. h. c. mult. Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Dipl. Ing. (FH) Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Jan Phil", "Jan", different, merge.ReasonDifferent},
	{merge.FirstName, "Ma Li", "Li", different, merge.ReasonDifferent},
	{merge.FirstName, "Karl-Heinz", "Karlheinz", different, merge.ReasonDifferent},
	{merge.Company, "Firma Huber", "Huber", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber gemeinnützige GmbH", "Huber gGmbH", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber gGmbH", "Huber GmbH", different, merge.ReasonDifferent},
	{merge.Company, "Huber Kommanditgesellschaft auf Aktien", "Huber KGaA", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber KGaA", "Huber KG", different, merge.ReasonDifferent},
	{merge.Company, "Huber PartG mbB", "Huber Partnerschaftsgesellschaft mbB", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber Limited", "Huber Ltd.", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber GmbH i. L.", "Huber GmbH", different, merge.ReasonDifferent},
	{merge.Company, "„Huber“ GmbH", "Huber GmbH", spelled, merge.ReasonHyphen},
	{merge.City, "Freiburg i.B.", "Freiburg im Breisgau", spelled, merge.ReasonCityWord},
	{merge.City, "Marburg/Lahn", "Marburg an der Lahn", spelled, merge.ReasonCityWord},
	{merge.City, "Halle/S.", "Halle (Saale)", spelled, merge.ReasonCityWord},
	{merge.City, "Hamburg Ortsteil Altona", "Hamburg", spelled, merge.ReasonDistrict},
	{merge.City, "Dresden OT Weixdorf", "Dresden", spelled, merge.ReasonDistrict},
	{merge.City, "St. Ingbert", "Sankt Ingbert", spelled, merge.ReasonCityWord},
	{merge.City, "Berlin", "Bernau", different, merge.ReasonDifferent},
	{merge.City, "Neustadt/Aisch", "Neustadt/Weinstr.", different, merge.ReasonDifferent},
	{merge.City, "Mühlhausen", "Muhlhausen", different, merge.ReasonDifferent},
	{merge.City, "Bad Neustadt", "Neustadt", different, merge.ReasonDifferent},
	{merge.City, "Dresden OT Weixdorf", "Weixdorf", different, merge.ReasonDifferent},
	{merge.PostalCode, "04109", "4109", spelled, merge.ReasonLeadingZero},
	{merge.PostalCode, "D–04109", "04109", spelled, merge.ReasonPostalPrefix},
	{merge.PostalCode, "04109", "04190", different, merge.ReasonDifferent},
	// telephones
	{merge.Phone, "+49 221 123456", "0221/123456", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "+49(0)221-123456", "0221 12 34 56", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "0049221123456", "+49221123456", spelled, merge.ReasonPhonePrefix},
	{merge.Phone, "0221.123456", "0221 123456", spelled, merge.ReasonSpacing},
	{merge.Phone, "0221 123456 - 0", "0221 1234560", spelled, merge.ReasonSpacing},
	{merge.Phone, "0221 123456 App. 12", "0221 123456-12", spelled, merge.ReasonSpacing},
	{merge.Mobile, "+49 (0) 171 / 123 45 67", "01711234567", spelled, merge.ReasonPhonePrefix},
	{merge.Mobile, "0171-1234567", "0171/1234567", spelled, merge.ReasonSpacing},
	{merge.Mobile, "Handy: 0171 1234567", "0171 1234567", spelled, merge.ReasonSpacing},
	{merge.Phone, "0221 123456", "0221 123456-0", different, merge.ReasonDifferent},
	{merge.Phone, "0221 123456-11", "0221 123456-12", different, merge.ReasonDifferent},
	{merge.Phone, "0221 123456", "0211 123456", different, merge.ReasonDifferent},
	{merge.Mobile, "0171 1234567", "0171 1234568", different, merge.ReasonDifferent},
	{merge.Phone, "+49 221 123456", "+49 2211 23456", spelled, ""}, // blanks say nothing about where the area code ends
	// e-mail
	{merge.Email, "INFO@FIRMA.EXAMPLE", "info@firma.example", spelled, ""},
	{merge.Email, "info@Firma.Example", "info@firma.example", spelled, merge.ReasonEmailDomain},
	{merge.Email, "info@straße.example", "info@strasse.example", different, merge.ReasonDifferent}, // two domains since IDNA 2008
	{merge.Email, "info@firma.example", "office@firma.example", different, merge.ReasonDifferent},
	{merge.Email, "info@firma.example", "info@firma-shop.example", different, merge.ReasonDifferent},
	{merge.Email, "a.b@firma.example", "ab@firma.example", different, merge.ReasonDifferent},
	// names and companies
	{merge.LastName, "Weiß", "Weiss", spelled, merge.ReasonUmlaut},
	{merge.LastName, "GROẞ", "Groß", spelled, merge.ReasonCase},
	{merge.LastName, "Müller-Lüdenscheidt", "Mueller-Luedenscheidt", spelled, merge.ReasonUmlaut},
	{merge.LastName, "Müller-Schmidt", "Müller Schmidt", spelled, merge.ReasonHyphen},
	{merge.LastName, "Müller - Schmidt", "Müller-Schmidt", spelled, merge.ReasonHyphen},
	{merge.LastName, "von der Heide", "v. d. Heide", different, ""}, // "d." may be der, den or dem
	{merge.LastName, "O’Brien", "O'Brien", spelled, merge.ReasonSpacing},
	{merge.LastName, "Müller-Schmidt", "Schmidt-Müller", different, merge.ReasonDifferent},
	{merge.LastName, "Müller", "Möller", different, merge.ReasonDifferent},
	{merge.LastName, "Maier", "Mayer", different, merge.ReasonDifferent},
	{merge.LastName, "Fischer", "Fischler", different, merge.ReasonDifferent},
	{merge.LastName, "Wolf", "Wolff", different, merge.ReasonDifferent},
	{merge.FirstName, "Hans-Peter", "Hans Peter", spelled, merge.ReasonHyphen},
	{merge.FirstName, "Dr. med. Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Mag. Anna", "Anna", spelled, merge.ReasonTitle},
	{merge.FirstName, "Jörg", "Joerg", spelled, merge.ReasonUmlaut},
	{merge.FirstName, "Hans-Peter", "Hans", different, merge.ReasonDifferent},
	{merge.FirstName, "Jan", "Jana", different, merge.ReasonDifferent},
	{merge.FirstName, "Andrea", "Andreas", different, merge.ReasonDifferent},
	{merge.Company, "Huber GmbH & Co. KG", "Huber GmbH & Co KG", spelled, merge.ReasonHyphen},
	{merge.Company, "Huber GmbH & Co. KG", "HUBER GMBH & CO. KG", spelled, merge.ReasonCase},
	{merge.Company, "Huber G.m.b.H. & Co. KG", "Huber GmbH & Co. KG", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber Unternehmergesellschaft (haftungsbeschränkt)", "Huber UG", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber oHG", "Huber OHG", spelled, merge.ReasonCase},
	{merge.Company, "Huber Kommanditgesellschaft", "Huber KG", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber e.Kfm.", "Huber e.K.", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Musikverein Aue eV", "Musikverein Aue e. V.", spelled, merge.ReasonCompanyForm},
	{merge.Company, "Huber GmbH & Co. KG", "Huber GmbH & Co. OHG", different, merge.ReasonDifferent},
	{merge.Company, "Huber KG", "Huber OHG", different, merge.ReasonDifferent},
	{merge.Company, "Huber UG", "Huber GmbH", different, merge.ReasonDifferent},
	{merge.Company, "Huber Holding GmbH", "Huber GmbH", different, merge.ReasonDifferent},
	{merge.Company, "Huber 1 GmbH", "Huber 2 GmbH", different, merge.ReasonDifferent},
	// bank data
	{merge.IBAN, "DE02 1203 0000 0000 2020 51", "DE02-1203-0000-0000-2020-51", spelled, merge.ReasonSpacing},
	{merge.IBAN, "CH93 0076 2011 6238 5295 7", "CH9300762011623852957", spelled, merge.ReasonSpacing},
	{merge.AccountNumber, "0000202051", "202051", spelled, merge.ReasonLeadingZero},
	{merge.AccountNumber, "202051", "2020510", different, merge.ReasonDifferent},
	{merge.BankCode, "BLZ 120 300 00", "12030000", different, merge.ReasonDifferent}, // the word is part of what was written
}

func TestEverydayPairs(t *testing.T) {
	for _, p := range everydayPairs {
		t.Run(string(p.field)+" "+p.a+" | "+p.b, func(t *testing.T) { p.holds(t, "DE", "DE") })
	}
}

func (p pair) holds(t *testing.T, countryA, countryB string) {
	t.Helper()
	got, back := compareOne(p.field, p.a, p.b, countryA, countryB), compareOne(p.field, p.b, p.a, countryB, countryA)
	if got.Verdict != p.want || p.why != "" && got.Reason != p.why {
		t.Errorf("%s (%s), want %s (%s); meant %q and %q", got.Verdict, got.Reason, p.want, p.why,
			Canonical(p.field, p.a, countryA), Canonical(p.field, p.b, countryB))
	}
	if back.Verdict != got.Verdict {
		t.Errorf("turned round it is %s", back.Verdict)
	}
}

func TestEverydayPairsInAustriaAndSwitzerland(t *testing.T) {
	for _, c := range []struct {
		country string
		pair
	}{
		{"AT", pair{merge.Street, "Mariahilfer Str. 12/3/4", "Mariahilferstraße 12/3/4", spelled, merge.ReasonStreetWord}},
		{"AT", pair{merge.Street, "Wollzeile 5 / 2 / 11", "Wollzeile 5/2/11", spelled, merge.ReasonHouseNumber}},
		{"AT", pair{merge.Street, "Neubaug. 3", "Neubaugasse 3", spelled, merge.ReasonStreetWord}},
		{"AT", pair{merge.Street, "Wollzeile 5/2/11", "Wollzeile 5/21/1", different, merge.ReasonDifferent}},
		{"AT", pair{merge.Street, "Wollzeile 5/2", "Wollzeile 5-2", different, merge.ReasonDifferent}},
		{"AT", pair{merge.Street, "Neubaug. 3", "Neustiftg. 3", different, merge.ReasonDifferent}},
		{"AT", pair{merge.Street, "Wollzeile 12 Stiege 3 Tür 4", "Wollzeile 12/3/4", spelled, merge.ReasonHouseNumber}},
		{"AT", pair{merge.Street, "Wollzeile 12/3/Top 4", "Wollzeile 12/3/4", spelled, merge.ReasonHouseNumber}},
		{"AT", pair{merge.Street, "Wollzeile 12 Top 4", "Wollzeile 12/4", spelled, merge.ReasonHouseNumber}},
		{"AT", pair{merge.Street, "Wollzeile 12 Stiege 4", "Wollzeile 12/4", different, merge.ReasonDifferent}}, // staircase or door
		{"AT", pair{merge.Street, "Wollzeile 12/3/4", "Wollzeile 12", different, merge.ReasonDifferent}},
		{"AT", pair{merge.Company, "Gruber e.U.", "Gruber eingetragenes Einzelunternehmen", spelled, merge.ReasonCompanyForm}},
		{"AT", pair{merge.Company, "Gruber OG", "Gruber offene Gesellschaft", spelled, merge.ReasonCompanyForm}},
		{"CH", pair{merge.PostalCode, "LI-9490", "9490", spelled, merge.ReasonPostalPrefix}},
		{"CH", pair{merge.City, "Biel/Bienne", "Biel", different, merge.ReasonDifferent}},
		{"CH", pair{merge.Company, "Meier S.A.", "Meier SA", spelled, merge.ReasonCompanyForm}},
		{"CH", pair{merge.Company, "Meier Sàrl", "Meier GmbH", different, merge.ReasonDifferent}},
		{"AT", pair{merge.PostalCode, "1070", "A-1070", spelled, merge.ReasonPostalPrefix}},
		{"AT", pair{merge.PostalCode, "1070", "AT-1070", spelled, merge.ReasonPostalPrefix}},
		{"AT", pair{merge.PostalCode, "1070", "1080", different, merge.ReasonDifferent}},
		{"AT", pair{merge.City, "St. Pölten", "Sankt Poelten", spelled, merge.ReasonCityWord}},
		{"AT", pair{merge.City, "Wien", "Wiener Neustadt", different, merge.ReasonDifferent}},
		{"AT", pair{merge.Mobile, "0664/123 45 67", "0043 664 1234567", spelled, merge.ReasonPhonePrefix}},
		{"AT", pair{merge.Phone, "01/512 34 56", "+43 (0)1 5123456", spelled, merge.ReasonPhonePrefix}},
		{"AT", pair{merge.Phone, "01 5123456-12", "01 5123456 DW 12", spelled, merge.ReasonSpacing}},
		{"AT", pair{merge.Mobile, "0664 1234567", "0676 1234567", different, merge.ReasonDifferent}},
		{"AT", pair{merge.Company, "Gruber Ges.m.b.H.", "Gruber GmbH", spelled, merge.ReasonCompanyForm}},
		{"AT", pair{merge.Company, "Gruber GesmbH", "Gruber G.m.b.H.", spelled, merge.ReasonCompanyForm}},
		{"AT", pair{merge.FirstName, "Mag. Dr. Eva", "Eva", spelled, merge.ReasonTitle}},
		{"CH", pair{merge.Street, "Bahnhofstrasse 5", "Bahnhofstr. 5", spelled, merge.ReasonStreetWord}},
		{"CH", pair{merge.Street, "Rue du Rhône 8", "rue du Rhone 8", spelled, merge.ReasonUmlaut}},
		{"CH", pair{merge.Street, "Bahnhofstrasse 5", "Bahnhofplatz 5", different, merge.ReasonDifferent}},
		{"CH", pair{merge.PostalCode, "8001", "CH-8001", spelled, merge.ReasonPostalPrefix}},
		{"CH", pair{merge.PostalCode, "8001", "8010", different, merge.ReasonDifferent}},
		{"CH", pair{merge.City, "Zürich", "ZUERICH", spelled, merge.ReasonUmlaut}},
		{"CH", pair{merge.City, "St. Gallen", "Sankt Gallen", spelled, merge.ReasonCityWord}},
		{"CH", pair{merge.City, "Biel", "Biel-Benken", different, merge.ReasonDifferent}},
		{"CH", pair{merge.Phone, "044 668 18 00", "+41 44 668 18 00", spelled, merge.ReasonPhonePrefix}},
		{"CH", pair{merge.Phone, "0041 (0)44 668 18 00", "044/668.18.00", spelled, merge.ReasonPhonePrefix}},
		{"CH", pair{merge.Mobile, "079 123 45 67", "078 123 45 67", different, merge.ReasonDifferent}},
		{"CH", pair{merge.LastName, "Grossmann", "Großmann", spelled, merge.ReasonUmlaut}},
	} {
		t.Run(c.country+" "+string(c.field)+" "+c.a+" | "+c.b, func(t *testing.T) { c.holds(t, c.country, c.country) })
	}
}

// account is bank data in one of the ways they are given.
func account(iban, number, bank string) merge.Record {
	return merge.Record{IBAN: iban, AccountNumber: number, BankCode: bank}
}

func TestIBANAgainstAccountNumberAndBankCode(t *testing.T) {
	for _, c := range []struct {
		name      string
		a, b      merge.Record
		identical bool
	}{
		{"in blocks of four and with a leading zero", account("DE89 3704 0044 0532 0130 00", "", ""), account("", "0532013000", "37040044"), true},
		{"without the leading zero", account("DE89370400440532013000", "", ""), account("", "532013000", "370 400 44"), true},
		{"with many leading zeros", account("DE02120300000000202051", "", ""), account("", "202051", "12030000"), true},
		{"both notations on one side", account("DE89370400440532013000", "532013000", "37040044"), account("", "0532013000", "37040044"), true},
		{"both notations on both sides", account("DE89370400440532013000", "532013000", "37040044"), account("de89 3704 0044 0532 0130 00", "0532013000", "370 400 44"), true},
		{"another account of the same bank", account("DE89370400440532013000", "", ""), account("", "0532013001", "37040044"), false},
		{"the same account at another bank", account("DE89370400440532013000", "", ""), account("", "0532013000", "37040048"), false},
		{"two turned digits", account("DE89370400440532013000", "", ""), account("", "0532010300", "37040044"), false},
		{"an Austrian IBAN and a German account", account("AT611904300234573201", "", ""), account("", "234573201", "19043000"), false},
		{"a Swiss IBAN and a German account", account("CH9300762011623852957", "", ""), account("", "623852957", "00762011"), false},
		{"an account number without a bank code", account("DE89370400440532013000", "", ""), account("", "0532013000", ""), false},
		{"an IBAN that is cut off", account("DE8937040044053201300", "", ""), account("", "0532013000", "37040044"), false},
		{"no bank data on one side", account("DE89370400440532013000", "", ""), account("", "", ""), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			there, back := merge.Compare(Speller{}, c.a, c.b), merge.Compare(Speller{}, c.b, c.a)
			if there.Identical() != c.identical || back.Identical() != c.identical {
				t.Errorf("identical: %v and turned round %v, want %v\n%+v", there.Identical(), back.Identical(), c.identical, there.Rows)
			}
		})
	}
}

func TestWhoIsWhom(t *testing.T) {
	person := func(company, first, last string) merge.Record {
		return merge.Record{Company: company, FirstName: first, LastName: last}
	}
	for _, c := range []struct {
		name string
		a, b merge.Record
		same bool
	}{
		{"first and last name swapped", person("", "Anna", "Schäfer"), person("", "Schäfer", "Anna"), true},
		{"swapped and spelled differently", person("", "Anna", "Schäfer"), person("", "SCHAEFER", "anna"), true},
		{"swapped with a title", person("", "Dr. Anna", "Schäfer"), person("", "Schäfer", "Anna"), true},
		{"the title with the last name", person("", "Anna", "Dr. Schäfer"), person("", "Dr. Anna", "Schäfer"), true},
		{"a double name with and without hyphen", person("", "Anna Maria", "Schmidt-Huber"), person("", "Anna-Maria", "Schmidt Huber"), true},
		{"a double last name against its first part", person("", "Anna", "Schmidt-Huber"), person("", "Anna", "Schmidt"), false},
		{"a double last name turned round", person("", "Anna", "Schmidt-Huber"), person("", "Anna", "Huber-Schmidt"), false},
		{"a second first name", person("", "Anna Maria", "Schäfer"), person("", "Anna", "Schäfer"), false},
		{"an initial", person("", "A.", "Schäfer"), person("", "Anna", "Schäfer"), false},
		{"the same company in two legal spellings, the same contact", person("Schäfer GmbH", "Anna", "Schäfer"), person("Schaefer G.m.b.H.", "Anna", "Schaefer"), true},
		{"the same company with another contact", person("Schäfer GmbH", "Anna", "Schäfer"), person("Schäfer GmbH", "Bernd", "Krause"), false},
		{"a company and its owner", person("Schäfer GmbH", "Anna", "Schäfer"), person("", "Anna", "Schäfer"), false},
		{"a company without a contact in two spellings", person("Huber GmbH & Co. KG", "", ""), person("Huber G.m.b.H. und Co KG", "", ""), true},
		{"two companies of a group", person("Huber GmbH", "", ""), person("Huber GmbH & Co. KG", "", ""), false},
		{"Müller and Mueller", person("", "Eva", "Müller"), person("", "Eva", "Mueller"), true},
		{"Müller and Muller", person("", "Eva", "Müller"), person("", "Eva", "Muller"), false},
		{"sisters", person("", "Anna", "Schäfer"), person("", "Hanna", "Schäfer"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			there, back := merge.Compare(Speller{}, c.a, c.b).SameNames, merge.Compare(Speller{}, c.b, c.a).SameNames
			if there != c.same || back != c.same {
				t.Errorf("same: %v and turned round %v, want %v", there, back, c.same)
			}
		})
	}
}
