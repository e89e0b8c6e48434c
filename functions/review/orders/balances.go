package orders

import (
	"slices"

	"kundenkonto/shared/lang"
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

// owedSigns name what has to be paid before an order can go on.
func owedSigns(o order.Order, profiles order.Profiles) []sign {
	var list []sign
	if !o.State.Open() {
		return list
	}
	for _, n := range o.Numbers() {
		for _, b := range owedBy(profiles, n) {
			list = append(list, sign{Code: "open_balance", Label: lang.T("Offener Betrag"), Number: b.Number,
				Detail: lang.T("%s; bis er beglichen ist, wird nichts zusammengefasst", lang.Cents(b.Cents))})
		}
	}
	return list
}
