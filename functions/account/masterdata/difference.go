package masterdata

import (
	"kundenkonto/shared/country"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
)

// difference is a field in which the entry differs from what was saved meanwhile.
type difference struct {
	Field   merge.Field `json:"field"`
	Label   lang.Text   `json:"label"`
	Stored  string      `json:"stored"`
	Entered string      `json:"entered"`
}

// sentence says at the field what is stored now.
func (d difference) sentence() lang.Text {
	if d.Stored == "" {
		return lang.T("%s: jetzt ist nichts gespeichert.", d.Label)
	}
	return lang.T("%s: jetzt ist „%s“ gespeichert.", d.Label, d.said(d.Stored))
}

// Before is what is stored, as people read it.
func (d difference) Before(l lang.Lang) string { return d.said(d.Stored).In(l) }

// After is what was entered.
func (d difference) After(l lang.Lang) string { return d.said(d.Entered).In(l) }

func (d difference) said(v string) lang.Text {
	switch {
	case d.Field == merge.Country:
		return country.Name(v)
	case d.Field == merge.IBAN:
		return lang.Raw(masterdata.Spaced(v))
	}
	return lang.Raw(v)
}
