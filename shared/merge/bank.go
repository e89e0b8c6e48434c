package merge

// A German IBAN is DE, two check digits, eight digits of bank code and ten of account number. It is compared with an account number and
// a bank code, but never made from them, nor they from it: what is debited must have been written by the customer.
const (
	germanIBANLength = 22
	bankCodeAt       = 4
	accountAt        = 12
)

// compareAccount compares account number or bank code. Where one side has only an IBAN, the part of it that it contains counts.
func compareAccount(sp Speller, f Field, own, other Record) Row {
	a, b := own.Get(f), other.Get(f)
	if (a == "") == (b == "") {
		return compareValues(sp, f, own, other)
	}
	filledOwn, filledOther := own, other
	if a == "" {
		*filledOwn.at(f) = fromIBAN(sp, f, own)
	} else {
		*filledOther.at(f) = fromIBAN(sp, f, other)
	}
	row := compareValues(sp, f, filledOwn, filledOther)
	switch {
	case row.Verdict != Different:
		row.Verdict, row.Reason = EqualSpelling, ReasonIBANHolds
	case row.Reason == ReasonDifferent:
		row.Reason = ReasonIBANDiffers
	}
	return row
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
	for _, f := range []Field{AccountNumber, BankCode} {
		held := with
		*held.at(f) = fromIBAN(sp, f, with)
		if held.Get(f) == "" || compareValues(sp, f, held, without).Differs() {
			return false
		}
	}
	return true
}

// fromIBAN returns the account number or bank code that a German IBAN contains, empty for any other.
func fromIBAN(sp Speller, f Field, r Record) string {
	iban := last(sp.Forms(IBAN, r.IBAN, country(r)))
	if len(iban) != germanIBANLength || iban[:2] != "DE" {
		return ""
	}
	for _, c := range iban[2:] {
		if c < '0' || c > '9' {
			return ""
		}
	}
	if f == BankCode {
		return iban[bankCodeAt:accountAt]
	}
	return iban[accountAt:]
}
