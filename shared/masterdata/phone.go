package masterdata

import (
	"regexp"
	"slices"
	"strings"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// phoneForm is what people write a number with: digits, a plus in front, and signs that part its groups.
var phoneForm = regexp.MustCompile(`^\+?[0-9 ()/.\x{2010}-\x{2015}\x{2212}-]+$`)

// extension is what people write behind the number of an exchange: 030 1234567 DW 12, ext. 12, x12. It is part of what is stored.
var extension = regexp.MustCompile(`(?i)^(.*[0-9)]),? *(?:dw|durchwahl|ext|extn|extension|x|app|apparat|int|intern|interno|interne|kl|klappe|nst|nebenstelle|;ext=)[.:]? *[0-9]{1,6}$`)

// Digits of a number with its country's code (at most: ITU-T E.164) and with its area code (at least).
const (
	maxPhone       = 40 // characters as written
	minPhoneDigits = 6
	maxPhoneDigits = 15
)

// trunkZero are countries where a number with its area code begins with 0.
var trunkZero = []string{"DE", "AT", "CH"}

// Dialled reads a phone number as written in a country (ISO 3166) and returns it as E.164 (ITU-T); ok is false when there can be
// none of its length. It is handed in: the tables of a library belong into the functions that check, not into each that
// knows master data.
type Dialled func(number, country string) (e164 string, ok bool)

// phone says whether a number can be dialled from elsewhere. Whether it exists only a call tells.
func (p *problems) phone(f merge.Field, v, country string, dialled Dialled) {
	if v == "" {
		return
	}
	exchange := v
	if cut := extension.FindStringSubmatch(v); cut != nil && len(v) <= maxPhone {
		exchange = cut[1]
	}
	if _, ok := dialled(exchange, country); ok && whole(exchange, country) {
		return
	}
	if f == merge.Mobile {
		p.add(f, "phone_form",
			lang.T("Diese Handynummer ist nicht vollständig. Geben Sie sie mit Vorwahl und nur mit Ziffern an, zum Beispiel 0171 1234567."))
		return
	}
	p.add(f, "phone_form",
		lang.T("Diese Telefonnummer ist nicht vollständig. Geben Sie sie mit Vorwahl und nur mit Ziffern an, zum Beispiel 030 1234567."))
}

// whole says whether a number is written with its area code and nothing but the number: a library reads one without, too, and
// leaves words out.
func whole(v, country string) bool {
	if len(v) > maxPhone || !phoneForm.MatchString(v) {
		return false
	}
	digits := strings.Map(onlyDigits, strings.ReplaceAll(v, "(0)", "")) // +49 (0)30 is dialled without it
	if country == "" {
		country = DefaultCountry
	}
	begins := strings.HasPrefix(v, "+") || strings.HasPrefix(digits, "0") || !slices.Contains(trunkZero, country)
	return begins && len(digits) >= minPhoneDigits && len(strings.TrimPrefix(digits, "00")) <= maxPhoneDigits
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
