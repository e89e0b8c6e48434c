package masterdata

import (
	"regexp"

	"kundenkonto/shared/country"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

var bicForm = regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`) // ISO 9362

// bic says whether a BIC can be one: characters 5 and 6 name the country of a bank. It need not be that of the IBAN, since a bank
// gives out IBANs in other countries under its own BIC.
func (p *problems) bic(v string) {
	if !bicForm.MatchString(v) {
		p.add(merge.BIC, "bic_form", lang.T("Eine BIC hat 8 oder 11 Stellen, zum Beispiel COBADEFFXXX."))
		return
	}
	if _, known := country.Of(v[4:6]); !known {
		p.add(merge.BIC, "bic_country", lang.T("In dieser BIC nennen die Stellen 5 und 6 kein Land. Prüfen Sie die Schreibweise, zum Beispiel COBADEFFXXX."))
	}
}
