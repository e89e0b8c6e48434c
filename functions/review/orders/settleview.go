package orders

import (
	"strings"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// settleView is what can still be done about an executed merge.
type settleView struct {
	ObjectedAt time.Time `json:"objectedAt,omitzero"` // an objection waits for a decision
	Objectors  []string  `json:"objectors,omitempty"` // the numbers whose owners object
	Abused     bool      `json:"abused,omitempty"`    // somebody objected: an undo voids all package passwords and bars the pair
	MayUndo    bool      `json:"mayUndo"`
	UndoUntil  time.Time `json:"undoUntil,omitzero"`
	Abuse      string    `json:"-"` // what a refused form said: "yes" for abuse
	// Later are merges that took the surviving number on since; they have to be undone first.
	Later []string `json:"-"`
}

// Holds says what an objection holds up.
func (settleView) Holds() lang.Text {
	return lang.T("Bis zur Entscheidung wird mit der bleibenden Kundennummer nichts weiter zusammengefasst, und der Kunde kann weder ihre E-Mail-Adresse ändern noch ihre Daten herunterladen.")
}

// AbuseMeans says what an undo after abuse does beside.
func (settleView) AbuseMeans() lang.Text {
	return lang.T("Beim Rückgängigmachen verlieren dann alle Paketpasswörter dieser Kundennummern ihre Gültigkeit, und die Nummern lassen sich nicht noch einmal zusammenfassen, bis das Serviceteam sie freigibt.")
}

// UndoMeans says what an undo does.
func (v settleView) UndoMeans() lang.Text {
	after := lang.T("Paketpasswörter, die seit der Zusammenfassung für die zusammengefassten Nummern festgelegt wurden, gelten danach nicht mehr.")
	if v.Abused {
		after = lang.T("Weil jemand Einspruch eingelegt hat, gelten ihre Paketpasswörter danach nicht mehr, und das Serviceteam muss die Nummern erst freigeben, bevor sie noch einmal zusammengefasst werden.")
	}
	return lang.T("Alle Nummern sind wieder getrennt; was der Kunde seither geändert hat, bleibt.").And(after)
}

// settleOf is nil for an order that nothing can be done about.
func settleOf(o order.Order, now time.Time) *settleView {
	end := o.ExecutedAt.Add(order.UndoPeriod)
	if o.State != merge.Executed || !o.Objected() && now.After(end) {
		return nil
	}
	v := settleView{Abused: o.Abused(), MayUndo: o.MayUndo(now)}
	if o.Objected() {
		v.ObjectedAt, v.Objectors = o.ObjectedAt, o.Objectors()
	}
	if !now.After(end) {
		v.UndoUntil = end
	}
	return &v
}

// Seen is what the form of the page says about whom it decides for.
func (v settleView) Seen() string { return strings.Join(v.Objectors, ",") }
