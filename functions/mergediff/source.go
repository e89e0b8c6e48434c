package mergediff

import (
	"strings"
	"time"

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
	Label web.Text `json:"label"`
	Said  web.Text `json:"sentence"`
	Shown string   `json:"-"` // the own value as it is easiest to read
	Sign  string   `json:"-"`
	Word  web.Text `json:"-"`
	Why   web.Text `json:"-"`
}

// choiceViewOf is the question whose values of a group are to hold.
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

// Partly names the groups that are incomplete with this number.
func (v sourceView) Partly(lang string) string {
	var labels []string
	for _, g := range v.Incomplete {
		labels = append(labels, web.Text(g.Words()).In(web.Lang(lang)))
	}
	return strings.Join(labels, ", ")
}

var (
	signs         = map[merge.Verdict]string{merge.Equal: "=", merge.EqualSpelling: "≈", merge.Different: "≠"}
	wordSame      = web.T("gleich", "the same")
	wordDifferent = web.T("unterschiedlich", "different")
)

func rowViewOf(row merge.Row) rowView {
	v := rowView{Row: row, Label: web.Text(row.Field.Words()), Said: web.Text(row.Reason.Words()), Shown: shown(row.Field, row.Own), Sign: signs[row.Verdict], Word: wordSame}
	if row.Differs() {
		v.Word = wordDifferent
	}
	_, de, _ := strings.Cut(v.Said.DE, ": ")
	_, en, _ := strings.Cut(v.Said.EN, ": ")
	v.Why = web.T(de, en)
	return v
}

// shown puts the gaps into an IBAN.
func shown(f merge.Field, v string) string {
	if f == merge.IBAN {
		return masterdata.Spaced(v)
	}
	return v
}

func choiceViewOf(lang web.Lang, g merge.Group, s order.DraftSource, own, other merge.Record) choiceView {
	name := choiceName(g)
	legend := map[merge.Group]web.Text{
		merge.Address:     web.T("Welche Anschrift soll gelten?", "Which address is to hold?"),
		merge.PhoneGroup:  web.T("Welche Telefonnummer soll gelten?", "Which phone number is to hold?"),
		merge.MobileGroup: web.T("Welche Handynummer soll gelten?", "Which mobile number is to hold?"),
		merge.EmailGroup:  web.T("Welche E-Mail-Adresse soll gelten?", "Which e-mail address is to hold?"),
		merge.BankGroup:   web.T("Welche Bankverbindung soll gelten?", "Which bank account is to hold?"),
	}[g]
	from := web.T("Kundennummer ", "customer number ").In(lang)
	stays := web.T(" (bleibt)", " (stays)").In(lang)
	return choiceView{
		Name: name, ID: web.FieldID(name) + "-" + s.Number, Legend: legend.In(lang), Selected: string(s.Choices.Of(g)),
		Options: []web.Option{
			{Value: string(merge.Own), Label: said(lang, g, own, false), Hint: from + own.Number + stays},
			{Value: string(merge.Other), Label: said(lang, g, other, true), Hint: from + other.Number},
		},
	}
}

// said names a group's values in one line, the other side's masked.
func said(lang web.Lang, g merge.Group, r merge.Record, masked bool) string {
	if !r.Has(g) {
		return web.T("keine Angabe", "none given").In(lang)
	}
	if g == merge.Address {
		lines := []string{r.Street, strings.TrimSpace(r.PostalCode + " " + r.City)}
		if r.Country != "" && r.Country != "DE" {
			lines = append(lines, web.Country(lang, r.Country))
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
				v = web.Text(f.Words()).In(lang) + " " + v
			}
			values = append(values, v)
		}
	}
	return strings.Join(values, ", ")
}
