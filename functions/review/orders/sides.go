package orders

import (
	"slices"
	"strings"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// sideView is one source number beside the surviving one, with the marks the customer saw.
type sideView struct {
	Number    string    `json:"customerNumber"`
	Members   []string  `json:"members,omitempty"` // numbers merged into it earlier
	Name      string    `json:"name"`
	Rows      []rowSide `json:"rows"`
	Identical bool      `json:"identical"`
	Proof     proofView `json:"proof"`
}

type proofView struct {
	Package string    `json:"package"`
	Domain  string    `json:"domain"`
	At      time.Time `json:"at"`
}

// Words say by which package's password the number was proven.
func (p proofView) Words() lang.Text {
	if p.Domain == p.Package {
		return lang.T("Passwort des Pakets %s", p.Package)
	}
	return lang.T("Passwort des Pakets %s, Domain %s", p.Package, p.Domain)
}

// rowSide is one field on both sides. E-mail, phones and bank data of the other side are masked as they were for the
// customer; bank data of the own side is masked, too (S13).
type rowSide struct {
	Field   merge.Field      `json:"field"`
	Label   lang.Text        `json:"label"`
	Own     string           `json:"own"`
	Other   string           `json:"other"`
	Verdict merge.Verdict    `json:"verdict"`
	Reason  merge.ReasonCode `json:"reason"`
	Word    lang.Text        `json:"-"`
	Why     lang.Text        `json:"-"`
	// Holds is the number whose value holds after the merge, of a row that differs.
	Holds string `json:"holds,omitempty"`
}

// Differs marks the row.
func (r rowSide) Differs() bool { return r.Verdict == merge.Different }

// Sign stands before the word, so that colour is not alone.
func (r rowSide) Sign() string {
	switch r.Verdict {
	case merge.Equal:
		return "="
	case merge.EqualSpelling:
		return "≈"
	}
	return "≠"
}

func sidesOf(sp merge.Speller, o order.Order) []sideView {
	merging := o.Merging()
	sides := make([]sideView, len(o.Sources))
	for i, s := range o.Sources {
		c := merge.Compare(sp, o.Survivor.Record, s.Record)
		side := sideView{Number: s.Record.Number, Members: s.Members, Name: desk.NameOf(s.Record), Identical: c.Identical(),
			Proof: proofView{Package: s.Package, Domain: s.Domain, At: s.ProvenAt}}
		for _, row := range append(c.Names, c.Rows...) {
			if row.Field == merge.Company && row.Reason == merge.ReasonEmpty {
				continue // two persons
			}
			side.Rows = append(side.Rows, rowOfSide(row, o.Customer, merging))
		}
		sides[i] = side
	}
	return sides
}

func rowOfSide(row merge.Row, survivor string, merging []merge.Source) rowSide {
	r := rowSide{Field: row.Field, Label: row.Field.Words(), Own: desk.MaskOwn(row.Field, row.Own), Other: row.Other,
		Verdict: row.Verdict, Reason: row.Reason}
	r.Word, r.Why = row.Reason.Word(), whyText(row.Reason)
	if row.Differs() && row.Group != "" {
		r.Holds = survivor
		if i := merge.Supplier(merging, row.Group); i >= 0 {
			r.Holds = merging[i].Record.Number
		}
	}
	return r
}

// whyText explains a reason, speaking of the numbers from outside where shared/merge speaks to the customer.
func whyText(code merge.ReasonCode) lang.Text {
	switch code {
	case merge.ReasonOnlyOwn:
		return lang.T("nur bei der bleibenden Kundennummer angegeben")
	case merge.ReasonOnlyOther:
		return lang.T("nur bei der zusammenzufassenden Kundennummer angegeben")
	}
	return code.Why()
}

// outcomeView is the result of the merge for the page to put in words.
type outcomeView struct {
	Survivor string        `json:"survivor"`
	Ending   []string      `json:"ending"`
	Holds    []outcomeHold `json:"holds"`
	Debit    string        `json:"debit,omitempty"`
	Lapses   []outcomeLaps `json:"lapses,omitempty"`
}

type outcomeHold struct {
	Label  lang.Text `json:"label"`
	Values []string  `json:"values"`
	From   string    `json:"from"`
	Other  bool      `json:"other"` // comes from a source number
}

type outcomeLaps struct {
	Number string      `json:"customerNumber"`
	Groups []lang.Text `json:"groups"`
}

// Named are the groups that lapse.
func (l outcomeLaps) Named() lang.Text { return lang.Join(l.Groups, ", ") }

func outcomeOf(sp merge.Speller, o order.Order) outcomeView {
	out := merge.Describe(sp, o.Survivor.Record, o.Merging())
	v := outcomeView{Survivor: out.Survivor, Ending: out.Ending, Debit: out.Debit}
	for _, h := range out.Holds {
		// A BIC is masked to dots alone, which say nothing in a sentence.
		values := slices.DeleteFunc(slices.Clone(h.Values), func(s string) bool { return strings.Trim(s, "• ") == "" })
		v.Holds = append(v.Holds, outcomeHold{Label: h.Group.Words(), Values: values, From: h.From, Other: h.Other})
	}
	for _, l := range out.Lapses {
		lapsed := outcomeLaps{Number: l.Number}
		for _, g := range l.Groups {
			lapsed.Groups = append(lapsed.Groups, g.Words())
		}
		v.Lapses = append(v.Lapses, lapsed)
	}
	return v
}

// parties lists both sides of an order, the surviving one first.
func parties(o order.Order) []order.Party {
	list := []order.Party{o.Survivor}
	for _, s := range o.Sources {
		list = append(list, s.Party)
	}
	return list
}

func maskParty(o order.Order, p order.Party, f merge.Field, value string) string {
	if p.Record.Number == o.Customer {
		return desk.MaskOwn(f, value)
	}
	return merge.MaskOther(f, value)
}
