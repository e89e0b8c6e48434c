package mergediff

import (
	"strings"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// outcomeView is the result of the merge, to be said in words above the button.
type outcomeView struct {
	merge.Outcome
	Packages int `json:"packages"` // for which the data will hold
	// Balances are those of all numbers and what was merged into them that are not zero. What is owed blocks the merge, so
	// that they are credits; each stays with its number.
	Balances []merge.Balance `json:"balances"`
	Kept     []keptView      `json:"-"`
	Gone     []goneView      `json:"-"`
}

// keptView is what will hold for one group. From names another number that it is taken from.
type keptView struct{ Label, Value, From string }

// goneView is what of a number is no longer used.
type goneView struct{ Number, Labels string }

func (d Deps) outcomeView(lang lang.Lang, m material, sources []merge.Source) outcomeView {
	v := outcomeView{Outcome: merge.Describe(d.Speller, order.RecordOf(m.own), sources), Packages: m.packages, Balances: append([]merge.Balance{}, m.others.Balances(m.own.Number)...)}
	for _, s := range sources {
		v.Balances = append(v.Balances, m.others.Balances(s.Record.Number)...)
	}
	for _, h := range v.Holds {
		if len(h.Values) == 0 || h.Group == merge.BankGroup { // the account debited has its own sentence
			continue
		}
		kept := keptView{Label: h.Group.Words().In(lang), Value: line(lang, h)}
		if h.Other {
			kept.From = h.From
		}
		v.Kept = append(v.Kept, kept)
	}
	for _, l := range v.Lapses {
		var labels []string
		for _, g := range l.Groups {
			labels = append(labels, g.Words().In(lang))
		}
		v.Gone = append(v.Gone, goneView{Number: l.Number, Labels: strings.Join(labels, ", ")})
	}
	return v
}

// line joins the values, the country of an address by its name.
func line(lang lang.Lang, h merge.OutcomeValue) string {
	values := make([]string, len(h.Values))
	for i, v := range h.Values {
		if values[i] = v; h.Group == merge.Address {
			values[i] = web.Country(lang, v)
		}
	}
	return strings.Join(values, ", ")
}

// HoldsFor leads to the list of what will hold.
func (v outcomeView) HoldsFor() lang.Text {
	if v.Packages > 1 {
		return lang.T("Künftig verwenden wir für alle %d Pakete:", v.Packages)
	}
	return lang.T("Künftig verwenden wir:")
}
