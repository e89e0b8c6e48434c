package masterdata

import (
	"regexp"
	"slices"

	"kundenkonto/shared/merge"
)

var bicForm = regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`) // ISO 9362

// sharedIBANs are countries and territories whose banks have a country of their own in the BIC and another one's IBANs
// (European Payments Council, EPC409-09).
var sharedIBANs = map[string][]string{
	"FR": {"BL", "GF", "GP", "MC", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"},
	"MC": {"FR"},
	"GB": {"GG", "IM", "JE"},
	"FI": {"AX"},
}

// bic says whether a BIC can be one, and be of a bank that gives out the IBAN beside it: characters 5 and 6 name the
// bank's country. A wrong IBAN is told alone.
func (p *problems) bic(v, iban string, ibanIsGood bool) {
	if !bicForm.MatchString(v) {
		p.add(merge.BIC, "bic_form", "Eine BIC hat 8 oder 11 Stellen, zum Beispiel COBADEFFXXX.",
			"A BIC has 8 or 11 characters, for example COBADEFFXXX.")
		return
	}
	if iban == "" || !ibanIsGood {
		return
	}
	if of, in := iban[:2], v[4:6]; in != of && !slices.Contains(sharedIBANs[of], in) {
		p.add(merge.BIC, "bic_country", "Diese BIC gehört zu einer Bank in einem anderen Land als die IBAN (BIC: "+in+", IBAN: "+of+"). Lassen Sie die BIC leer, wenn die IBAN stimmt.",
			"This BIC belongs to a bank in another country than the IBAN (BIC: "+in+", IBAN: "+of+"). Leave the BIC empty if the IBAN is right.")
	}
}
