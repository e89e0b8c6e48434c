package merge

// Words is a sentence in both languages of the product.
type Words struct {
	DE string `json:"de"`
	EN string `json:"en"`
}

// In returns the sentence in the language, German unless lang is "en".
func (w Words) In(lang string) string {
	if lang == "en" {
		return w.EN
	}
	return w.DE
}

// ReasonCode says why two values count as equal or not. Codes are stable: they stand in JSON answers and in stored orders.
type ReasonCode string

// The reasons of a row.
const (
	ReasonIdentical    ReasonCode = "identical"     // letter by letter
	ReasonEmpty        ReasonCode = "empty"         // no value on either side
	ReasonSpacing      ReasonCode = "spacing"       // blanks, punctuation, invisible characters
	ReasonCase         ReasonCode = "letter_case"   // capital and small letters
	ReasonUmlaut       ReasonCode = "umlaut"        // ä = ae, ß = ss, é = e
	ReasonHouseNumber  ReasonCode = "house_number"  // 5a = 5 a
	ReasonStreetWord   ReasonCode = "street_word"   // Str. = Straße
	ReasonCityWord     ReasonCode = "city_word"     // a.M. = am Main
	ReasonDistrict     ReasonCode = "district"      // OT Mitte
	ReasonPostalPrefix ReasonCode = "postal_prefix" // D-10115
	ReasonLeadingZero  ReasonCode = "leading_zero"  // 0532 = 532
	ReasonPhonePrefix  ReasonCode = "phone_prefix"  // +49 = 0049 = 0
	ReasonEmailDomain  ReasonCode = "email_domain"  // Example.COM = example.com
	ReasonIBANHolds    ReasonCode = "iban_holds"    // the IBAN contains account number and bank code
	ReasonBICBranch    ReasonCode = "bic_branch"    // COBADEFF = COBADEFFXXX
	ReasonBICFollows   ReasonCode = "bic_follows"   // same account, BIC given on one side only
	ReasonCompanyForm  ReasonCode = "company_form"  // G.m.b.H. = GmbH, Gebr. = Gebrüder
	ReasonTitle        ReasonCode = "title"         // Dr. Anna = Anna, v. Stein = von Stein
	ReasonHyphen       ReasonCode = "hyphen"        // Anna-Maria = Anna Maria
	ReasonNameOrder    ReasonCode = "name_order"    // first and last name swapped
	ReasonDifferent    ReasonCode = "different"     // different values
	ReasonOnlyOwn      ReasonCode = "only_own"      // given only with the own number
	ReasonOnlyOther    ReasonCode = "only_other"    // given only with the other number
	ReasonOtherCountry ReasonCode = "other_country" // same digits, another country
	ReasonIBANDiffers  ReasonCode = "iban_differs"  // the IBAN is of another account than account number and bank code
)

var reasonWords = map[ReasonCode]Words{
	ReasonIdentical:    {"gleich", "the same"},
	ReasonEmpty:        {"gleich: auf beiden Seiten nicht angegeben", "the same: not given on either side"},
	ReasonSpacing:      {"gleich: andere Schreibweise (Leerzeichen und Satzzeichen)", "the same: other spelling (blanks and punctuation)"},
	ReasonCase:         {"gleich: andere Schreibweise (Groß- und Kleinbuchstaben)", "the same: other spelling (capital and small letters)"},
	ReasonUmlaut:       {"gleich: andere Schreibweise (ä = ae, ß = ss)", "the same: other spelling (ä = ae, ß = ss)"},
	ReasonHouseNumber:  {"gleich: andere Schreibweise der Hausnummer (5a = 5 a)", "the same: house number spelled differently (5a = 5 a)"},
	ReasonStreetWord:   {"gleich: andere Schreibweise (Str. = Straße)", "the same: other spelling (Str. = Straße)"},
	ReasonCityWord:     {"gleich: andere Schreibweise des Ortes (a. M. = am Main)", "the same: town spelled differently (a. M. = am Main)"},
	ReasonDistrict:     {"gleich: ein Mal mit Ortsteil angegeben", "the same: the district is given once only"},
	ReasonPostalPrefix: {"gleich: andere Schreibweise (D-10115 = 10115)", "the same: other spelling (D-10115 = 10115)"},
	ReasonLeadingZero:  {"gleich: nur führende Nullen unterscheiden sich", "the same: only leading zeros differ"},
	ReasonPhonePrefix:  {"gleich: andere Schreibweise (+49 = 0049 = 0)", "the same: other spelling (+49 = 0049 = 0)"},
	ReasonEmailDomain:  {"gleich: andere Schreibweise der Domain", "the same: domain spelled differently"},
	ReasonIBANHolds:    {"gleich: die IBAN enthält Kontonummer und Bankleitzahl", "the same: the IBAN contains account number and bank code"},
	ReasonBICBranch:    {"gleich: andere Schreibweise der BIC (mit und ohne XXX)", "the same: BIC spelled differently (with and without XXX)"},
	ReasonBICFollows:   {"gleich: dasselbe Konto, die BIC ist nur ein Mal angegeben", "the same: same account, the BIC is given once only"},
	ReasonCompanyForm:  {"gleich: andere Schreibweise der Firma (G.m.b.H. = GmbH, Gebr. = Gebrüder)", "the same: company spelled differently (G.m.b.H. = GmbH, Gebr. = Gebrüder)"},
	ReasonTitle:        {"gleich: ein Mal mit Titel oder Anrede, oder mit abgekürztem Namensteil (v. = von)", "the same: title or form of address given once only, or a part of the name abbreviated (v. = von)"},
	ReasonHyphen:       {"gleich: andere Schreibweise (mit und ohne Bindestrich)", "the same: other spelling (with and without hyphen)"},
	ReasonNameOrder:    {"gleich: Vor- und Nachname sind vertauscht", "the same: first and last name are swapped"},
	ReasonDifferent:    {"unterschiedlich", "different"},
	ReasonOnlyOwn:      {"unterschiedlich: nur bei Ihrer Kundennummer angegeben", "different: given with your customer number only"},
	ReasonOnlyOther:    {"unterschiedlich: nur bei der anderen Kundennummer angegeben", "different: given with the other customer number only"},
	ReasonOtherCountry: {"unterschiedlich: anderes Land", "different: another country"},
	ReasonIBANDiffers:  {"unterschiedlich: die IBAN gehört zu einem anderen Konto", "different: the IBAN belongs to another account"},
}

// Words returns the sentence that says the reason to people; an unknown code says "different".
func (c ReasonCode) Words() Words {
	if w, ok := reasonWords[c]; ok {
		return w
	}
	return reasonWords[ReasonDifferent]
}

var fieldWords = map[Field]Words{
	Street: {"Straße", "Street"}, PostalCode: {"Postleitzahl", "Postal code"}, City: {"Ort", "Town"},
	Country: {"Land", "Country"}, Phone: {"Telefon", "Phone"}, Mobile: {"Handy", "Mobile phone"}, Email: {"E-Mail-Adresse", "E-mail address"},
	AccountNumber: {"Kontonummer", "Account number"}, BankCode: {"Bankleitzahl", "Bank code"}, IBAN: {"IBAN", "IBAN"}, BIC: {"BIC", "BIC"},
	Company: {"Firma", "Company"}, FirstName: {"Vorname", "First name"}, LastName: {"Nachname", "Last name"},
}

// Words returns the field's label.
func (f Field) Words() Words { return fieldWords[f] }

var groupWords = map[Group]Words{
	Address: {"Anschrift", "Address"}, PhoneGroup: {"Telefon", "Phone"}, MobileGroup: {"Handy", "Mobile phone"},
	EmailGroup: {"E-Mail-Adresse", "E-mail address"}, BankGroup: {"Bankverbindung", "Bank account"},
}

// Words returns the group's label.
func (g Group) Words() Words { return groupWords[g] }
