package mergediff

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// sourceView is one number of the draft. Nothing of its data is shown while something blocks it, or its proof is not good.
type sourceView struct {
	Number       string        `json:"customerNumber"`
	Adopted      bool          `json:"adopted"`
	Proven       bool          `json:"proven"` // false for a number of an earlier order whose proof is still to be given
	ProofUntil   time.Time     `json:"proofUntil,omitzero"`
	ProofExpired bool          `json:"proofExpired"` // it was given, and has to be given again
	Why          *merge.Reason `json:"proofReason,omitempty"`
	Blocked      *merge.Reason `json:"blocked"`
	Identical    bool          `json:"identical"`
	Rows         []rowView     `json:"rows"`
	Choices      merge.Choices `json:"choices"`
	Selectable   []merge.Group `json:"selectable"`
	Incomplete   []merge.Group `json:"incomplete"` // given in part with this number, so that the own values stay
	Outcome      outcomeView   `json:"-"`          // if this number is adopted with the choices shown
	Differing    []groupView   `json:"-"`
	Same         []rowView     `json:"-"`
	Result       template.HTML `json:"-"` // one sentence, which holds whatever is chosen
	Later        bool          `json:"-"` // another number of the draft is to be adopted first
	Domain       string        `json:"-"` // what it was proven by, to be proven by again
}

// groupView is the differing rows of a group, with the question whose are to hold where there is something to choose.
type groupView struct {
	Choice *choiceView
	Rows   []rowView
}

// rowView is one row of a comparison; Sign and Word say the same as its colour.
type rowView struct {
	merge.Row
	Label lang.Text `json:"label"`
	Said  lang.Text `json:"sentence"`
	Shown string    `json:"-"` // the own value as it is easiest to read
	There string    `json:"-"` // the other's
	Sign  string    `json:"-"`
	Word  lang.Text `json:"-"`
	Why   lang.Text `json:"-"`
}

// choiceView is the question whose values of a group are to hold.
type choiceView struct {
	Name, ID, Legend, Selected string
	Options                    []web.Option
}

func (d Deps) sourceView(r *web.Request, m material, s order.DraftSource) sourceView {
	other := m.others[s.Number]
	v := sourceView{Number: s.Number, Adopted: s.Adopted, Proven: s.Proven(), Domain: s.Domain, Rows: []rowView{}}
	if !v.Proven {
		return v // nothing of the number is told before its proof (M3)
	}
	v.ProofUntil = s.ProvenAt.Add(order.ProofLifetime)
	if v.Why = m.standing[s.Number].Reason(); v.Why != nil {
		v.ProofExpired = true
		return v
	}
	if v.Blocked = m.blocked[s.Number]; v.Blocked != nil {
		return v
	}
	own, record := order.RecordOf(m.own), order.RecordOf(other)
	c := merge.Compare(d.Speller, own, record)
	v.Identical, v.Choices, v.Selectable, v.Incomplete = c.Identical(), s.Choices, c.Selectable, c.Incomplete
	for _, row := range c.Rows {
		v.Rows = append(v.Rows, rowViewOf(row))
	}
	v.nameCountries(r.Lang, own, record)
	v.divide(r.Lang, s, own, record)
	withThis := m.merging(func(one order.DraftSource) bool { return one.Adopted || one.Number == s.Number })
	v.Outcome = d.outcomeView(r.Lang, m, withThis)
	v.Result = v.result(r.Lang, m.own.Number)
	return v
}

// nameCountries says the countries that the addresses are in where they differ: the postal codes do, by that alone.
func (v *sourceView) nameCountries(l lang.Lang, own, other merge.Record) {
	here, there := cmp.Or(own.Country, "DE"), cmp.Or(other.Country, "DE")
	for i := range v.Rows {
		if row := &v.Rows[i]; here != there && row.Field == merge.PostalCode && row.Own != "" && row.Other != "" {
			row.Shown += ", " + web.Country(l, here)
			row.There += ", " + web.Country(l, there)
		}
	}
}

// divide puts what differs first, by groups, since what is chosen is a group, and apart from it what is the same.
func (v *sourceView) divide(l lang.Lang, s order.DraftSource, own, other merge.Record) {
	for _, g := range merge.Groups() {
		var group groupView
		for _, row := range v.Rows {
			if row.Group == g && row.Differs() {
				group.Rows = append(group.Rows, row)
			}
		}
		if slices.Contains(v.Selectable, g) {
			choice := choiceViewOf(l, g, s, own, other)
			group.Choice = &choice
		}
		if len(group.Rows) > 0 {
			v.Differing = append(v.Differing, group)
		}
	}
	for _, row := range v.Rows {
		if !row.Differs() {
			v.Same = append(v.Same, row)
		}
	}
}

// result is what comes of the merge in one sentence. The whole of it follows with the order, when all choices are known.
func (v sourceView) result(l lang.Lang, survivor string) template.HTML {
	other, own := web.NumberHTML(v.Number), web.NumberHTML(survivor)
	switch {
	case v.Identical:
		return web.Markup(l, lang.T("%s gehört danach zu %s. An den Daten ändert sich nichts.", other, own))
	case len(v.Selectable) == 0:
		return web.Markup(l, lang.T("%s gehört danach zu %s, und für alle Pakete gelten die Angaben von %s.", other, own, own))
	}
	return web.Markup(l, lang.T("%s gehört danach zu %s, und für alle Pakete gilt, was Sie oben auswählen.", other, own))
}

// ProveAgain says why the package password is asked for.
func (v sourceView) ProveAgain() lang.Text {
	if v.Why != nil {
		return v.Why.Text
	}
	return lang.T("Diese Kundennummer ist aus Ihrem früheren Auftrag übernommen. Geben Sie das Paketpasswort noch einmal ein, dann sehen Sie den Vergleich.")
}

// Compared: the rows are shown for a choice, with what they came to above them.
func (v sourceView) Compared() bool { return len(v.Rows) > 0 && !v.Adopted }

// Found says what the comparison came to.
func (v sourceView) Found() lang.Text {
	if v.Identical {
		return lang.T("Beide Datensätze sind gleich. Es gibt nichts auszuwählen.")
	}
	differing := len(v.Rows) - len(v.Same)
	return lang.N(differing, "%d Angabe weicht ab und ist markiert.", "%d Angaben weichen ab und sind markiert.")
}

// LookAgain opens the comparison of a number that is adopted.
func (v sourceView) LookAgain() lang.Text {
	if len(v.Selectable) > 0 {
		return lang.T("Vergleich ansehen oder anders wählen")
	}
	return lang.T("Vergleich ansehen")
}

// AdoptLabel is on the button below the choices, "Weiter" when there is nothing to choose.
func (v sourceView) AdoptLabel(l lang.Lang) string {
	if v.Identical && !v.Adopted {
		return lang.T("Weiter").In(l)
	}
	return lang.T("Daten übernehmen").In(l)
}

// AdoptKind is the kind of that button: once adopted, submitting is what comes next, and one number comes after the other.
func (v sourceView) AdoptKind() string {
	if v.Adopted || v.Later {
		return "secondary"
	}
	return "primary"
}

// Partly names the groups that are incomplete with this number.
func (v sourceView) Partly(l lang.Lang) string {
	var labels []string
	for _, g := range v.Incomplete {
		labels = append(labels, g.Words().In(l))
	}
	return strings.Join(labels, ", ")
}

var (
	signs = map[merge.Verdict]string{merge.Equal: "=", merge.EqualSpelling: "≈", merge.Different: "≠"}
)

func rowViewOf(row merge.Row) rowView {
	return rowView{Row: row, Label: row.Field.Words(), Said: row.Reason.Words(), Shown: shown(row.Field, row.Own), There: row.Other, Sign: signs[row.Verdict],
		Word: row.Reason.Word(), Why: row.Reason.Why()}
}

// shown puts the gaps into an IBAN.
func shown(f merge.Field, v string) string {
	if f == merge.IBAN {
		return masterdata.Spaced(v)
	}
	return v
}

func choiceViewOf(l lang.Lang, g merge.Group, s order.DraftSource, own, other merge.Record) choiceView {
	name := choiceName(g)
	legend := map[merge.Group]lang.Text{
		merge.Address:     lang.T("Welche Anschrift sollen wir verwenden?"),
		merge.PhoneGroup:  lang.T("Welche Telefonnummer sollen wir verwenden?"),
		merge.MobileGroup: lang.T("Welche Handynummer sollen wir verwenden?"),
		merge.EmailGroup:  lang.T("Welche E-Mail-Adresse sollen wir verwenden?"),
		merge.BankGroup:   lang.T("Welche Bankverbindung sollen wir verwenden?"),
	}[g]
	return choiceView{
		Name: name, ID: web.FieldID(name) + "-" + s.Number, Legend: legend.In(l), Selected: string(s.Choices.Of(g)),
		Options: []web.Option{
			{Value: string(merge.Own), Hint: lang.T("Kundennummer %s (bleibt)", own.Number).In(l)},
			{Value: string(merge.Other), Hint: lang.T("Kundennummer %s", other.Number).In(l)},
		},
	}
}
