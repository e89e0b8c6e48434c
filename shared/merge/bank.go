package merge

import "strings"

// ibanParts says where an IBAN holds the bank code and the account number that were in use before it (SWIFT IBAN registry). An IBAN is compared with
// an account number and a bank code, but never made from them, nor they from it: what is debited must have been written by the customer.
type ibanParts struct{ length, account int }

const bankCodeAt = 4 // behind country and check digits, in all of these countries

var countriesIBAN = map[string]ibanParts{
	"DE": {length: 22, account: 12}, // bank code of 8 digits, account of 10
	"AT": {length: 20, account: 9},  // 5 and 11
	"CH": {length: 21, account: 9},  // 5 and 12
	"LI": {length: 21, account: 9},
}

// AccountIn returns the bank code and the account number that an IBAN in plain form holds, with their leading zeros; ok is false for countries
// where these are not known beside the IBAN, and for what is no IBAN.
func AccountIn(iban string) (bankCode, account string, ok bool) {
	if len(iban) < bankCodeAt {
		return "", "", false
	}
	parts, known := countriesIBAN[iban[:2]]
	if !known || len(iban) != parts.length || strings.Trim(iban[2:], "0123456789") != "" {
		return "", "", false
	}
	return iban[bankCodeAt:parts.account], iban[parts.account:], true
}

// A sub-account has two digits behind the account number, which many leave away: account 5320130 is 05320130 00 in the IBAN. The number itself has seven digits
// at most eight, of which the first may be zeros (Bundesbank, "Pruefzifferberechnungsmethoden", methods 13, 63 and 76); shorter ones would be found in too many accounts.
const (
	subAccountDigits = 2
	germanAccount    = 10
	shortestAccount  = 6
)

// SameAccount reports whether an account number as customers write it, digits only, is the one that an IBAN holds: all of it, but for leading zeros, or in Germany
// all of it but for the sub-account at its end. Ten written digits are a whole account number.
func SameAccount(held, written string) bool {
	bare := strings.TrimLeft(written, "0")
	if bare == strings.TrimLeft(held, "0") {
		return bare != ""
	}
	if len(held) != germanAccount || len(written) > germanAccount-subAccountDigits || len(bare) < shortestAccount {
		return false
	}
	return bare == strings.TrimLeft(held[:germanAccount-subAccountDigits], "0")
}

// compareAccount compares account number or bank code. Where one side has only an IBAN, the part of it that it contains counts.
func compareAccount(sp Speller, f Field, own, other Record) Row {
	row := compareValues(sp, f, own, other)
	a, b := own.Get(f), other.Get(f)
	switch {
	case !row.Differs():
		return row
	case a == "" && holdsField(sp, f, own, other), b == "" && holdsField(sp, f, other, own):
		row.Verdict, row.Reason = EqualSpelling, ReasonIBANHolds
	case a != "" && b != "" && bothHeld(sp, f, own, other): // one with its sub-account, one without
		row.Verdict, row.Reason = EqualSpelling, ReasonIBANHolds
	case a == "" && knowsAccount(sp, own), b == "" && knowsAccount(sp, other):
		row.Reason = ReasonIBANDiffers
	}
	return row
}

// bothHeld reports whether both sides' account numbers are held by one of their IBANs, at the same bank.
func bothHeld(sp Speller, f Field, own, other Record) bool {
	for _, with := range []Record{own, other} {
		if f == AccountNumber && holds(sp, with, own) && holds(sp, with, other) {
			return true
		}
	}
	return false
}

// compareIBAN compares two IBANs, or one IBAN with the account number and bank code of the side that has none.
func compareIBAN(sp Speller, own, other Record) Row {
	if own.IBAN != "" && other.IBAN != "" {
		return compareValues(sp, IBAN, own, other)
	}
	with, without, missing := own, other, ReasonOnlyOwn
	if own.IBAN == "" {
		with, without, missing = other, own, ReasonOnlyOther
	}
	row := Row{Field: IBAN, Verdict: Different, Reason: missing}
	if without.AccountNumber == "" && without.BankCode == "" {
		return row
	}
	if holds(sp, with, without) {
		row.Verdict, row.Reason = EqualSpelling, ReasonIBANHolds
	} else {
		row.Reason = ReasonIBANDiffers
	}
	return row
}

// compareBIC compares two BICs. One that is missing on a side with the same account is no difference: it follows from the bank.
func compareBIC(sp Speller, own, other Record) Row {
	row := compareValues(sp, BIC, own, other)
	onesided := row.Reason == ReasonOnlyOwn || row.Reason == ReasonOnlyOther
	if onesided && sameAccount(sp, own, other) {
		row.Verdict, row.Reason = EqualSpelling, ReasonBICFollows
	}
	return row
}

// sameAccount reports whether both sides name the same bank account, each in its own way.
func sameAccount(sp Speller, own, other Record) bool {
	if own.IBAN != "" || other.IBAN != "" {
		return compareIBAN(sp, own, other).Verdict != Different
	}
	account, bank := compareAccount(sp, AccountNumber, own, other), compareAccount(sp, BankCode, own, other)
	return own.AccountNumber != "" && !account.Differs() && !bank.Differs()
}

// holds reports whether the first side's IBAN contains the second side's account number and bank code.
func holds(sp Speller, with, without Record) bool {
	return holdsField(sp, AccountNumber, with, without) && holdsField(sp, BankCode, with, without)
}

// holdsField reports whether the first side's IBAN contains the second side's account number or bank code.
func holdsField(sp Speller, f Field, with, without Record) bool {
	bankCode, account, ok := AccountIn(meant(sp, IBAN, with))
	written := digitsOf(without.Get(f))
	switch {
	case !ok || written == "":
		return false
	case f == BankCode:
		return strings.TrimLeft(bankCode, "0") == strings.TrimLeft(written, "0")
	}
	return SameAccount(account, written)
}

// digitsOf returns a number without what parts its groups, and nothing when there is more to it than digits.
func digitsOf(v string) string {
	v = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "/", "", ".", "").Replace(v)
	if strings.Trim(v, "0123456789") != "" {
		return ""
	}
	return v
}

func knowsAccount(sp Speller, r Record) bool {
	_, _, ok := AccountIn(meant(sp, IBAN, r))
	return ok
}

// meant is the coarsest form of a value.
func meant(sp Speller, f Field, r Record) string { return last(sp.Forms(f, r.Get(f), country(r))) }
