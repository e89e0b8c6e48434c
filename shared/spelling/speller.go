// Package spelling knows how German, Austrian and Swiss customers write the same thing in different ways: it brings streets, towns, postal codes, phone numbers,
// e-mail addresses, bank data and names into normal forms. It implements merge.Speller. Nothing here changes what is stored or shown.
package spelling

import (
	"strings"

	"kundenkonto/shared/merge"
)

// Speller implements merge.Speller. It has no state and may be shared.
type Speller struct{}

var _ merge.Speller = Speller{}

// step makes a coarser form from the one before; two values that become equal by it are equal for its reason.
type step struct {
	reason merge.ReasonCode
	apply  func(v, country string) string
}

// steps are the ways from what was written to what is meant, a field each.
var steps = map[merge.Field][]step{
	merge.Street:        {spacing, letterCase, umlauts, {merge.ReasonHouseNumber, houseNumber}, {merge.ReasonStreetWord, streetWords}},
	merge.PostalCode:    {spacing, {merge.ReasonPostalPrefix, postalPrefix}, {merge.ReasonLeadingZero, postalZero}},
	merge.City:          {spacing, letterCase, umlauts, {merge.ReasonCityWord, cityWords}, {merge.ReasonDistrict, cityDistrict}},
	merge.Country:       {spacing, {merge.ReasonCase, upper}},
	merge.Phone:         {spacing, {merge.ReasonSpacing, dialled}, {merge.ReasonPhonePrefix, e164}},
	merge.Mobile:        {spacing, {merge.ReasonSpacing, dialled}, {merge.ReasonPhonePrefix, e164}},
	merge.Email:         {spacing, {merge.ReasonEmailDomain, emailDomain}, letterCase},
	merge.IBAN:          {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}, {merge.ReasonSpacing, withoutLabel}},
	merge.BIC:           {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}, {merge.ReasonBICBranch, headOffice}},
	merge.AccountNumber: {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}, {merge.ReasonLeadingZero, leadingZeros}},
	merge.BankCode:      {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}, {merge.ReasonLeadingZero, leadingZeros}}, // Swiss ones have them: 00762
	merge.Company:       {spacing, {merge.ReasonCompanyForm, companyFront}, letterCase, umlauts, {merge.ReasonHyphen, companyWords}, {merge.ReasonCompanyForm, companyForm}},
	merge.FirstName:     {spacing, {merge.ReasonTitle, firstName}, letterCase, umlauts, {merge.ReasonHyphen, joined}},
	merge.LastName:      {spacing, {merge.ReasonTitle, personName}, letterCase, umlauts, {merge.ReasonHyphen, joined}},
}

// Forms returns the value's normal forms from the closest to the coarsest; see merge.Speller. An unknown field is only cleaned.
func (Speller) Forms(f merge.Field, value, country string) []merge.Form {
	way := steps[f]
	if way == nil {
		way = []step{spacing}
	}
	country = countryOf(country)
	forms := make([]merge.Form, 0, len(way))
	for _, s := range way {
		value = s.apply(value, country)
		forms = append(forms, merge.Form{Reason: s.reason, Text: value})
	}
	return forms
}

// countryOf is the country by which a value is read, Germany where none is given.
func countryOf(code string) string {
	if code = strings.ToUpper(strings.TrimSpace(code)); code != "" {
		return code
	}
	return "DE"
}

// Canonical returns the coarsest form of a value: equal for all that mean the same. The country (ISO 3166, empty means DE) matters for phone
// numbers and postal codes. Canonical of a canonical value is the value itself.
func Canonical(f merge.Field, value, country string) string {
	forms := Speller{}.Forms(f, value, country)
	return forms[len(forms)-1].Text
}
