package mergediff

import (
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
	Differing    int           `json:"-"` // rows
	Rows         []rowView     `json:"rows"`
	Choices      merge.Choices `json:"choices"`
	Selectable   []merge.Group `json:"selectable"`
	Incomplete   []merge.Group `json:"incomplete"` // given in part with this number, so that the own values stay
	Outcome      outcomeView   `json:"-"`          // if this number is adopted with the choices shown
	Fields       []choiceView  `json:"-"`
	Domain       string        `json:"-"` // what it was proven by, to be proven by again
}

// rowView is one row of a comparison; Sign and Word say the same as its colour.
type rowView struct {
	merge.Row
	Label lang.Text `json:"label"`
	Said  lang.Text `json:"sentence"`
	Shown string    `json:"-"` // the own value as it is easiest to read
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
		if row.Differs() {
			v.Differing++
		}
	}
	for _, g := range c.Selectable {
		v.Fields = append(v.Fields, choiceViewOf(r.Lang, g, s, own, record))
	}
	withThis := m.merging(func(one order.DraftSource) bool { return one.Adopted || one.Number == s.Number })
	v.Outcome = d.outcomeView(r.Lang, m, withThis)
	return v
}

// ProveAgain says why the package password is asked for.
func (v sourceView) ProveAgain() lang.Text {
	if v.Why != nil {
		return v.Why.Text
	}
	return lang.T("Diese Kundennummer ist aus Ihrem früheren Auftrag übernommen. Geben Sie das Paketpasswort noch einmal ein, dann sehen Sie den Vergleich.")
}

// Found says what the comparison came to.
func (v sourceView) Found() lang.Text {
	if v.Identical {
		return lang.T("Beide Datensätze sind gleich. Es gibt nichts auszuwählen.")
	}
	return lang.N(v.Differing, "%d Angabe weicht ab und ist markiert.", "%d Angaben weichen ab und sind markiert.").
		And(lang.T("Von der anderen Kundennummer zeigen wir E-Mail, Telefon und Bankverbindung nur zum Teil."))
}

// LookAgain opens the comparison of a number that is adopted.
func (v sourceView) LookAgain() lang.Text {
	if len(v.Fields) > 0 {
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

// AdoptKind is the kind of that button: once adopted, submitting is what comes next.
func (v sourceView) AdoptKind() string {
	if v.Adopted {
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
	return rowView{Row: row, Label: row.Field.Words(), Said: row.Reason.Words(), Shown: shown(row.Field, row.Own), Sign: signs[row.Verdict],
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
			{Value: string(merge.Own), Label: said(l, g, own, false), Hint: lang.T("Kundennummer %s (bleibt)", own.Number).In(l)},
			{Value: string(merge.Other), Label: said(l, g, other, true), Hint: lang.T("Kundennummer %s", other.Number).In(l)},
		},
	}
}

// said names a group's values in one line, the other side's masked.
func said(l lang.Lang, g merge.Group, r merge.Record, masked bool) string {
	if !r.Has(g) {
		return lang.T("keine Angabe").In(l)
	}
	if g == merge.Address {
		lines := []string{r.Street, strings.TrimSpace(r.PostalCode + " " + r.City)}
		if r.Country != "" && r.Country != "DE" {
			lines = append(lines, web.Country(l, r.Country))
		}
		return strings.Join(lines, ", ")
	}
	var values []string
	for _, f := range g.Fields() {
		v := shown(f, r.Get(f))
		if masked {
			v = merge.MaskOther(f, r.Get(f))
		}
		if v != "" && f != merge.BIC && (g == merge.BankGroup || f != merge.Country) {
			if f == merge.AccountNumber || f == merge.BankCode {
				v = f.Words().In(l) + " " + v
			}
			values = append(values, v)
		}
	}
	return strings.Join(values, ", ")
}
