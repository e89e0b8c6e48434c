package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const dots = "•••"

// MaskOther returns what may be shown of the other number's value: e-mail, phones and bank data keep just enough to be recognised by who knows
// them, since an agency or a former partner may know a package password too. The other fields stay as they are. The length of what is hidden is not told.
func MaskOther(f Field, value string) string {
	if value == "" {
		return ""
	}
	switch f {
	case Email:
		return maskEmail(value)
	case Phone, Mobile:
		return strings.TrimRight(dots+" "+dots+" "+tail(value, 4), " ")
	case IBAN:
		return maskIBAN(value)
	case AccountNumber:
		return dots + tail(value, 4)
	case BankCode:
		return dots + tail(value, 2)
	case BIC:
		return dots
	}
	return value
}

// MaskBank masks bank data and leaves all else as it is: the form in which changes are kept and mailed (S20).
func MaskBank(f Field, v string) string {
	if GroupOf(f) == BankGroup {
		return MaskOther(f, v)
	}
	return v
}

func maskEmail(v string) string {
	at := strings.LastIndexByte(v, '@')
	if at < 1 {
		return dots
	}
	local, domain := v[:at], v[at:]
	if utf8.RuneCountInString(local) < 2 {
		return dots + domain
	}
	_, n := utf8.DecodeRuneInString(local)
	return local[:n] + dots + domain
}

func maskIBAN(v string) string {
	letters := strings.ToUpper(strings.TrimSpace(v))
	if len(letters) < 15 || letters[0] > 'Z' || letters[1] > 'Z' { // Norway's 15 characters are the shortest (ISO 13616)
		return dots
	}
	return letters[:2] + "•• " + dots + " " + tail(v, 4)
}

// tail returns the last n digits, or fewer of a short value, so that at least half of it stays hidden.
func tail(v string, n int) string {
	var digits []rune
	for _, r := range v {
		if unicode.IsDigit(r) {
			digits = append(digits, r)
		}
	}
	return string(digits[len(digits)-min(n, len(digits)/2):])
}
