package masterdata

import (
	"slices"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/web"
)

// heldByObjection refuses another e-mail address while an objection against a merge of the number waits for a decision:
// whoever took a number over must not cut its former owner off meanwhile.
func (d Room) heldByObjection(r *web.Request, number string) (*web.Error, error) {
	ids, err := d.Orders.Objections(r.Context(), number)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	said := lang.T("Gegen eine Zusammenfassung liegt ein Einspruch vor, den wir gerade prüfen (Auftrag %s). Bis wir entschieden haben, lässt sich die E-Mail-Adresse nicht ändern.", ids[0])
	refused := web.Conflict("objection_open", said)
	refused.Fields = []web.FieldError{web.Invalid(string(merge.Email), "objection_open", said)}
	return refused, nil
}

// heldBank is heldByObjection for the bank account that is debited for all packages.
func (d Room) heldBank(r *web.Request, number string) (*web.Error, error) {
	ids, err := d.Orders.Objections(r.Context(), number)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	said := lang.T("Gegen eine Zusammenfassung liegt ein Einspruch vor, den wir gerade prüfen (Auftrag %s). Bis wir entschieden haben, lässt sich die Bankverbindung nicht ändern.", ids[0])
	refused := web.Conflict("objection_open", said)
	refused.Fields = []web.FieldError{web.Invalid(string(merge.IBAN), "objection_open", said)}
	return refused, nil
}

// heldNow refuses what an objection holds of a change of master data.
func (d Room) heldNow(r *web.Request, number string, newEmail bool, changed []merge.Field) (*web.Error, error) {
	if newEmail {
		return d.heldByObjection(r, number)
	}
	if slices.ContainsFunc(changed, func(f merge.Field) bool { return merge.GroupOf(f) == merge.BankGroup }) {
		return d.heldBank(r, number)
	}
	return nil, nil
}
