package overview

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// While somebody objects to a merge, what came by it may be somebody else's. Its packages then keep their settings and
// passwords, and the number its bank data and e-mail address, until the service team has decided (M4). The number's own
// packages, and those of other merges, are the customer's as before.

// holding are the objections to merges of a number, as they were read.
type holding struct {
	number string
	ids    []string
}

// heldPackage refuses a change of a package that came by a merge that somebody objects to. What it read is to hold when the
// change is written.
func (d Room) heldPackage(r *web.Request, own customer.Profile, p customer.Package) (holding, *web.Error, error) {
	if p.Number == own.Number {
		return holding{}, nil, nil
	}
	ids, err := d.Orders.Objections(r.Context(), own.Number)
	if err != nil {
		return holding{}, nil, err
	}
	for _, id := range ids {
		o, err := d.Orders.Get(r.Context(), id)
		if err != nil {
			return holding{}, nil, err
		}
		if o.TookIn(p.Number) {
			r.Note("reason", "objection_open")
			return holding{}, web.Conflict("objection_open", lang.T("Gegen die Zusammenfassung, mit der dieses Paket zu Ihrer Kundennummer kam, liegt ein Einspruch vor, den wir gerade prüfen (Auftrag %s). Bis wir entschieden haben, lässt sich an diesem Paket nichts ändern.", id)), nil
		}
	}
	return holding{own.Number, ids}, nil, nil
}

// stillHeld conditions a write on no objection having come since; a number's own packages need none.
func (d Room) stillHeld(h holding) []types.TransactWriteItem {
	if h.number == "" {
		return nil
	}
	return []types.TransactWriteItem{order.CheckObjections(d.Names, h.number, h.ids)}
}
