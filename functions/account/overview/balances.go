package overview

import (
	"context"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// balances are what the operator booked last, by customer number: each has an account of its own, also after a merge.
type balances struct {
	Numbers []merge.Balance `json:"numbers"`            // that are not zero, the own one first
	Owed    int64           `json:"owedCents"`          // for all together
	Credit  int64           `json:"creditCents"`        // with all together; nothing is taken from what is owed
	Partly  bool            `json:"withheld,omitempty"` // somebody objects to a merge: what came by merges is not told
	Several bool            `json:"-"`                  // numbers there are to tell apart
}

// balances reads those of the own number and its members. While somebody objects to a merge, a member may be somebody else's.
func (d Room) balances(ctx context.Context, own customer.Profile) (balances, error) {
	numbers, withheld, err := d.Orders.ReadableNumbers(ctx, own)
	if err != nil {
		return balances{}, err
	}
	profiles := order.Profiles{own.Number: own}
	if !withheld {
		if profiles, err = order.WithMembers(ctx, d.Customers, own); err != nil {
			return balances{}, err
		}
	}
	b := balances{Numbers: append([]merge.Balance{}, profiles.Balances(own.Number)...), Partly: withheld, Several: len(numbers) > 1}
	b.Owed, b.Credit = merge.Sums(b.Numbers)
	return b, nil
}
