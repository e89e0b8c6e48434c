package merge

import (
	"slices"

	"kundenkonto/shared/lang"
)

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

// reasonWhy explains the reasons that need it.
var reasonWhy = map[ReasonCode]lang.Text{
	ReasonEmpty:        lang.T("bei beiden Kundennummern nicht angegeben"),
	ReasonSpacing:      lang.T("andere Schreibweise (Leerzeichen und Satzzeichen)"),
	ReasonCase:         lang.T("andere Schreibweise (Groß- und Kleinbuchstaben)"),
	ReasonUmlaut:       lang.T("andere Schreibweise (ä = ae, ß = ss)"),
	ReasonHouseNumber:  lang.T("andere Schreibweise der Hausnummer (5a = 5 a)"),
	ReasonStreetWord:   lang.T("andere Schreibweise (Str. = Straße)"),
	ReasonCityWord:     lang.T("andere Schreibweise des Ortes (a. M. = am Main)"),
	ReasonDistrict:     lang.T("nur bei einer Nummer mit Ortsteil"),
	ReasonPostalPrefix: lang.T("andere Schreibweise (D-10115 = 10115)"),
	ReasonLeadingZero:  lang.T("nur führende Nullen unterscheiden sich"),
	ReasonPhonePrefix:  lang.T("andere Schreibweise (+49 = 0049 = 0)"),
	ReasonEmailDomain:  lang.T("andere Schreibweise der Domain"),
	ReasonIBANHolds:    lang.T("die IBAN enthält Kontonummer und Bankleitzahl"),
	ReasonBICBranch:    lang.T("andere Schreibweise der BIC (mit und ohne XXX)"),
	ReasonBICFollows:   lang.T("dasselbe Konto, die BIC ist nur bei einer Nummer angegeben"),
	ReasonCompanyForm:  lang.T("andere Schreibweise der Firma (G.m.b.H. = GmbH, Gebr. = Gebrüder)"),
	ReasonTitle:        lang.T("nur bei einer Nummer mit Titel oder Anrede, oder mit abgekürztem Namensteil (v. = von)"),
	ReasonHyphen:       lang.T("andere Schreibweise (mit und ohne Bindestrich)"),
	ReasonNameOrder:    lang.T("Vor- und Nachname sind vertauscht"),
	ReasonOnlyOwn:      lang.T("nur bei Ihrer Kundennummer angegeben"),
	ReasonOnlyOther:    lang.T("nur bei der anderen Kundennummer angegeben"),
	ReasonOtherCountry: lang.T("anderes Land"),
	ReasonIBANDiffers:  lang.T("die IBAN gehört zu einem anderen Konto"),
}

// same are the reasons of values that count as equal.
var same = []ReasonCode{
	ReasonIdentical, ReasonEmpty, ReasonSpacing, ReasonCase, ReasonUmlaut, ReasonHouseNumber, ReasonStreetWord, ReasonCityWord, ReasonDistrict,
	ReasonPostalPrefix, ReasonLeadingZero, ReasonPhonePrefix, ReasonEmailDomain, ReasonIBANHolds, ReasonBICBranch, ReasonBICFollows,
	ReasonCompanyForm, ReasonTitle, ReasonHyphen, ReasonNameOrder,
}

// Word says whether values with this reason are the same; those of an unknown code are not.
func (c ReasonCode) Word() lang.Text {
	if slices.Contains(same, c) {
		return lang.T("gleich")
	}
	return lang.T("unterschiedlich")
}

// Why explains the word to people; empty where there is nothing to explain.
func (c ReasonCode) Why() lang.Text { return reasonWhy[c] }

// Words are the word and its explanation in one.
func (c ReasonCode) Words() lang.Text {
	if why := c.Why(); !why.Empty() {
		return lang.T("%s: %s", c.Word(), why)
	}
	return c.Word()
}

var fieldWords = map[Field]lang.Text{
	Street: lang.T("Straße"), PostalCode: lang.T("Postleitzahl"), City: lang.T("Ort"),
	Country: lang.T("Land"), Phone: lang.T("Telefon"), Mobile: lang.T("Handy"), Email: lang.T("E-Mail-Adresse"),
	AccountNumber: lang.T("Kontonummer"), BankCode: lang.T("Bankleitzahl"), IBAN: lang.T("IBAN"), BIC: lang.T("BIC"),
	Company: lang.T("Firma"), FirstName: lang.T("Vorname"), LastName: lang.T("Nachname"),
}

// Words returns the field's label.
func (f Field) Words() lang.Text { return fieldWords[f] }

var groupWords = map[Group]lang.Text{
	Address: lang.T("Anschrift"), PhoneGroup: lang.T("Telefon"), MobileGroup: lang.T("Handy"),
	EmailGroup: lang.T("E-Mail-Adresse"), BankGroup: lang.T("Bankverbindung"),
}

// Words returns the group's label.
func (g Group) Words() lang.Text { return groupWords[g] }
