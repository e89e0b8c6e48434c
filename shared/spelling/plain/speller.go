// Package plain is package spelling without the metadata of the world's telephone numbers, which weigh 1.5 MB in a function's zip: phones are compared by what is
// dialled within a country. It is for slices that compare names and addresses only; verdicts that customers see come from package spelling.
package plain

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
	merge.Phone:         {spacing, {merge.ReasonSpacing, dialled}},
	merge.Mobile:        {spacing, {merge.ReasonSpacing, dialled}},
	merge.Email:         {spacing, {merge.ReasonEmailDomain, emailDomain}, letterCase},
	merge.IBAN:          {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}},
	merge.BIC:           {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}, {merge.ReasonBICBranch, headOffice}},
	merge.AccountNumber: {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}, {merge.ReasonLeadingZero, leadingZeros}},
	merge.BankCode:      {spacing, {merge.ReasonSpacing, compact}, {merge.ReasonCase, upper}},
	merge.Company:       {spacing, letterCase, umlauts, {merge.ReasonHyphen, words}, {merge.ReasonCompanyForm, companyForm}},
	merge.FirstName:     {spacing, letterCase, umlauts, {merge.ReasonHyphen, words}, {merge.ReasonTitle, withoutTitle}},
	merge.LastName:      {spacing, letterCase, umlauts, {merge.ReasonHyphen, words}, {merge.ReasonTitle, withoutTitle}},
}

// Forms returns the value's normal forms from the closest to the coarsest; see merge.Speller. An unknown field is only cleaned.
func (Speller) Forms(f merge.Field, value, country string) []merge.Form {
	way := steps[f]
	if way == nil {
		way = []step{spacing}
	}
	country = Country(country)
	forms := make([]merge.Form, 0, len(way))
	for _, s := range way {
		value = s.apply(value, country)
		forms = append(forms, merge.Form{Reason: s.reason, Text: value})
	}
	return forms
}

// Country is the country by which a value is read, Germany where none is given.
func Country(code string) string {
	if code = strings.ToUpper(strings.TrimSpace(code)); code != "" {
		return code
	}
	return "DE"
}
