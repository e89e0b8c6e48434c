// Package masterdata knows the master data that customers edit themselves: which fields, how they are cleaned, what is
// wrong with an entry, what changed and how a change is told. It reads and writes nothing.
package masterdata

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"kundenkonto/shared/marks"
	"kundenkonto/shared/merge"
)

// Data are the fields a customer edits. Company and names are not among them: they decide who may merge. The e-mail
// address is not either: it changes by a confirmed link only.
type Data struct {
	Street        string `json:"street"`
	PostalCode    string `json:"postalCode"`
	City          string `json:"city"`
	Country       string `json:"country"` // ISO 3166-1 alpha-2; empty means DE
	Phone         string `json:"phone"`
	Mobile        string `json:"mobile"`
	IBAN          string `json:"iban"`
	BIC           string `json:"bic"`
	AccountNumber string `json:"accountNumber"`
	BankCode      string `json:"bankCode"`
}

// DefaultCountry is the country of an address that names none.
const DefaultCountry = "DE"

// Fields are the fields of Data in the order of the form. An e-mail address is none: it counts once it is confirmed.
var Fields = slices.DeleteFunc(merge.DataFields(), func(f merge.Field) bool { return f == merge.Email })

// at is where a field of d is kept.
func (d *Data) at(f merge.Field) *string {
	return map[merge.Field]*string{
		merge.Street: &d.Street, merge.PostalCode: &d.PostalCode, merge.City: &d.City, merge.Country: &d.Country,
		merge.Phone: &d.Phone, merge.Mobile: &d.Mobile, merge.IBAN: &d.IBAN, merge.BIC: &d.BIC,
		merge.AccountNumber: &d.AccountNumber, merge.BankCode: &d.BankCode,
	}[f]
}

// Get is the value of one of Fields.
func (d Data) Get(f merge.Field) string { return *d.at(f) }

// Set replaces the value of one of Fields.
func (d *Data) Set(f merge.Field, v string) { *d.at(f) = v }

// Apply cleans what was entered and says which fields it changes. A field that means the same once cleaned keeps its
// stored spelling, so that showing a value in a form and getting it back changes nothing.
func Apply(stored, entered Data) (next Data, changed []merge.Field) {
	next = stored
	for _, f := range Fields {
		value := clean(f, entered.Get(f), entered.Country)
		if value == clean(f, stored.Get(f), stored.Country) {
			continue
		}
		next.Set(f, value)
		changed = append(changed, f)
	}
	return next, changed
}

// ChangesBank says whether the bank data are among the changed fields: those ask for the password again (S7).
func ChangesBank(changed []merge.Field) bool { return touches(changed, merge.BankGroup) }

func touches(changed []merge.Field, g merge.Group) bool {
	for _, f := range changed {
		if merge.GroupOf(f) == g {
			return true
		}
	}
	return false
}

// Clean is the form in which master data are stored, whether they come from a form or an import.
func Clean(d Data) Data {
	cleaned := d
	for _, f := range Fields {
		cleaned.Set(f, clean(f, d.Get(f), d.Country))
	}
	return cleaned
}

// Text is the form in which a name or another text is stored: Unicode NFC, blanks folded to one, and no characters that nobody
// sees.
func Text(v string) string {
	return norm.NFC.String(strings.Join(strings.Fields(marks.Drop(v)), " "))
}

// clean is Text, and for codes what is left without the blanks and signs that people put between their digits.
func clean(f merge.Field, v, country string) string {
	v = Text(v)
	if merge.GroupOf(f) != merge.Address {
		v = width.Fold.String(v) // digits and letters of full width, as Asian keyboards type them
	}
	switch f {
	case merge.Country:
		if v == "" {
			return DefaultCountry
		}
		return strings.ToUpper(v)
	case merge.PostalCode:
		return cleanPostalCode(v, country)
	case merge.IBAN:
		return strings.TrimPrefix(strings.TrimPrefix(compact(v), "IBAN"), ":")
	case merge.BIC, merge.AccountNumber, merge.BankCode:
		return compact(v)
	}
	return v
}

var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "/", "")

func compact(v string) string { return strings.ToUpper(separators.Replace(v)) }
