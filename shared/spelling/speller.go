// Package spelling knows how German, Austrian and Swiss customers write the same thing in different ways: it brings streets, towns, postal codes, phone numbers,
// e-mail addresses, bank data and names into normal forms. It implements merge.Speller. Nothing here changes what is stored or shown.
package spelling

import (
	"github.com/nyaruka/phonenumbers"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/spelling/plain"
)

// Speller implements merge.Speller. It has no state and may be shared.
type Speller struct{}

var _ merge.Speller = Speller{}

// Forms returns the value's normal forms from the closest to the coarsest; see merge.Speller. An unknown field is only cleaned.
func (Speller) Forms(f merge.Field, value, country string) []merge.Form {
	forms := plain.Speller{}.Forms(f, value, country)
	if f == merge.Phone || f == merge.Mobile {
		forms = append(forms, merge.Form{Reason: merge.ReasonPhonePrefix, Text: e164(forms[len(forms)-1].Text, plain.Country(country))})
	}
	return forms
}

// e164 returns what is dialled in international form (ITU-T E.164), or as it is when it is no number that the library understands. What the library reads in
// another way the next time (000787) is none either.
func e164(dialled, country string) string {
	written, ok := international(dialled, country)
	if again, same := international(written, country); !ok || !same || again != written {
		return dialled
	}
	return written
}

func international(dialled, country string) (string, bool) {
	if dialled == "" {
		return "", false
	}
	n, err := phonenumbers.Parse(dialled, country)
	if err != nil {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// Phone reads a number as it is written in a country (ISO 3166, empty means DE) and returns it as E.164 (ITU-T); ok is false when there can be no number
// of that length.
func Phone(number, country string) (written string, ok bool) {
	n, err := phonenumbers.Parse(number, plain.Country(country))
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// Canonical returns the coarsest form of a value: equal for all that mean the same. The country (ISO 3166, empty means DE) matters for phone
// numbers and postal codes. Canonical of a canonical value is the value itself.
func Canonical(f merge.Field, value, country string) string {
	forms := Speller{}.Forms(f, value, country)
	return forms[len(forms)-1].Text
}
