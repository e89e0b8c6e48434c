package orders

import (
	"slices"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// booked is the balance of a number of an order as the last import brought it.
type booked struct {
	merge.Balance
	Of string `json:"belongsTo,omitempty"` // the number of the order that it was merged into
}

// bookedOf are the balances of an order's numbers, and of those merged into them that are not zero.
func bookedOf(o order.Order, profiles order.Profiles) []booked {
	var list []booked
	for _, n := range o.Numbers() {
		list = append(list, booked{Balance: merge.Balance{Number: n, Cents: profiles[n].BalanceCents}})
		for _, b := range profiles.Balances(n) {
			if b.Number != n {
				list = append(list, booked{b, n})
			}
		}
	}
	return list
}

// owedBy are the amounts that are due for a number and those merged into it.
func owedBy(profiles order.Profiles, number string) []merge.Balance {
	return slices.DeleteFunc(profiles.Balances(number), func(b merge.Balance) bool { return !merge.Owes(b.Cents) })
}
