package spelling

import "github.com/nyaruka/phonenumbers"

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
	n, err := phonenumbers.Parse(number, countryOf(country))
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}
