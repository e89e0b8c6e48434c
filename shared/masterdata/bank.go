package masterdata

import (
	"regexp"
	"strings"

	"kundenkonto/shared/country"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// Lengths of IBANs by country, from the SWIFT IBAN registry; those of countries that use them without being in it are between
// the shortest (Norway, 15) and the longest allowed (ISO 13616, 34).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21,
	"CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18,
	"FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23,
	"IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27,
	"MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28,
	"PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
	"SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

var ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`)

// ReadIBAN is an IBAN as somebody typed it in the form in which it is stored, and whether it looks like one (ISO 13616); its
// check digits may be wrong.
func ReadIBAN(entered string) (string, bool) {
	iban := clean(merge.IBAN, entered, "")
	return iban, ibanForm.MatchString(iban)
}

// germany is the country whose IBANs hold bank code and account number as they were before; and the lengths of those.
const (
	germany        = "DE"
	bankCodeDigits = 8
)

// accountDigits are the digits of an account number at most, by country; elsewhere as many as the longest in an IBAN.
var accountDigits = map[string]int{germany: 10, "AT": 11}

const mostAccountDigits = 16

func (p *problems) bank(d Data) {
	found := len(*p)
	if d.IBAN != "" {
		p.iban(d.IBAN)
	}
	if d.BIC != "" {
		p.bic(d.BIC)
	}
	if d.AccountNumber != "" {
		p.accountNumber(d.AccountNumber, d.Country)
	}
	if d.BankCode != "" {
		p.bankCode(d.BankCode, d.Country)
	}
	if len(*p) == found {
		p.account(d)
	}
}

func (p *problems) accountNumber(v, country string) {
	most, known := accountDigits[country]
	if !known {
		most = mostAccountDigits
	}
	if !isDigits(v) || len(v) > most {
		p.add(merge.AccountNumber, "account_number_form", lang.T("Eine Kontonummer besteht aus höchstens %s Ziffern.", count(most)))
	}
}

func (p *problems) iban(v string) {
	at := v[:min(2, len(v))]
	want := ibanLengths[at]
	_, known := country.Of(at)
	switch {
	case at == germany && len(v) != want:
		p.add(merge.IBAN, "iban_length", lang.T("Diese IBAN hat %d Stellen, eine deutsche hat %d.", len(v), want))
	case want > 0 && len(v) != want:
		p.add(merge.IBAN, "iban_length", lang.T("Diese IBAN hat %d Stellen, in diesem Land hat sie %d.", len(v), want))
	case at == germany && !isDigits(v[2:]):
		p.add(merge.IBAN, "iban_form", lang.T("Eine deutsche IBAN besteht hinter DE nur aus Ziffern."))
	case !ibanForm.MatchString(v):
		p.add(merge.IBAN, "iban_form",
			lang.T("Eine IBAN beginnt mit zwei Buchstaben und zwei Ziffern, zum Beispiel DE89 3704 0044 0532 0130 00."))
	case !known:
		p.add(merge.IBAN, "iban_country", lang.T("Mit diesen zwei Buchstaben beginnt keine IBAN. Vergleichen Sie sie mit Ihrer Bankkarte."))
	case !checkDigits(v):
		p.add(merge.IBAN, "iban_checksum",
			lang.T("In dieser IBAN ist ein Tippfehler: Die Prüfziffern passen nicht. Vergleichen Sie sie mit Ihrer Bankkarte."))
	case at == germany && !germanBankCode(v[4:12]):
		p.add(merge.IBAN, "iban_bank_code",
			lang.T("In dieser IBAN ist die Bankleitzahl falsch (die Stellen 5 bis 12). Vergleichen Sie sie mit Ihrer Bankkarte."))
	}
}

// germanBankCode says whether a bank code can be one of the Bundesbank: eight digits, the first of which is the region of
// clearing, 1 to 8.
func germanBankCode(v string) bool {
	return isDigits(v) && len(v) == bankCodeDigits && v[0] >= '1' && v[0] <= '8'
}

// checkDigits is the mod 97 check of ISO 7064 over the IBAN with its first four characters at the end. Digits are made as 98
// less a remainder, so that they are 02 to 98; 00, 01 and 99 leave the same remainder and are never given out (ISO 13616).
func checkDigits(iban string) bool {
	if given := iban[2:4]; given < "02" || given > "98" {
		return false
	}
	rest := 0
	for _, c := range iban[4:] + iban[:4] {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		default:
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest == 1
}

func (p *problems) bankCode(v, country string) {
	switch {
	case country != germany && (!isDigits(v) || len(v) < 3 || len(v) > 9):
		p.add(merge.BankCode, "bank_code_form", lang.T("Eine Bankleitzahl besteht aus drei bis neun Ziffern."))
	case country != germany || germanBankCode(v):
	case !isDigits(v):
		p.add(merge.BankCode, "bank_code_form", lang.T("Eine Bankleitzahl besteht aus acht Ziffern."))
	case len(v) != bankCodeDigits:
		p.add(merge.BankCode, "bank_code_length",
			lang.T("Diese Bankleitzahl hat %s, in Deutschland sind es acht.", digits(len(v))))
	default:
		p.add(merge.BankCode, "bank_code_unknown", lang.T("Diese Bankleitzahl gibt es in Deutschland nicht. Sie beginnt mit einer Ziffer von 1 bis 8."))
	}
}

// account says what is missing or contradicts itself: nobody may have to guess which account is debited.
func (p *problems) account(d Data) {
	switch {
	case d.AccountNumber == "" && d.BankCode != "":
		p.add(merge.AccountNumber, required, lang.T("Zur Bankleitzahl fehlt die Kontonummer."))
	case d.AccountNumber != "" && d.BankCode == "":
		p.add(merge.BankCode, required, lang.T("Zur Kontonummer fehlt die Bankleitzahl."))
	case d.BIC != "" && d.IBAN == "" && d.AccountNumber == "":
		p.add(merge.IBAN, required, lang.T("Zur BIC fehlt die IBAN."))
	case !sameAccount(d):
		p.add(merge.IBAN, "accounts_differ",
			lang.T("Die IBAN gehört zu einem anderen Konto als Kontonummer und Bankleitzahl. Lassen Sie diese beiden leer, wenn die IBAN stimmt."))
	}
}

// sameAccount says whether an IBAN holds the account number and bank code beside it, where its country has them in it.
func sameAccount(d Data) bool {
	bankCode, account, known := merge.AccountIn(d.IBAN)
	if !known || d.AccountNumber == "" {
		return true
	}
	return strings.TrimLeft(bankCode, "0") == strings.TrimLeft(d.BankCode, "0") && merge.SameAccount(account, d.AccountNumber)
}

var plainCode = regexp.MustCompile(`^[A-Z0-9]+$`)

// Spaced writes an IBAN in groups of four, as on paper. What is no IBAN stays as it is.
func Spaced(iban string) string {
	code := compact(iban)
	if !plainCode.MatchString(code) {
		return iban
	}
	var groups []string
	for i := 0; i < len(code); i += 4 {
		groups = append(groups, code[i:min(i+4, len(code))])
	}
	return strings.Join(groups, " ")
}
