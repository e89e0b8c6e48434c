package orders

import (
	"context"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// firstOfTwo is the word for an approval that waits for that of a second person.
const firstOfTwo = "first"

// twoPeople says that an order is approved by two people, and how far that is.
type twoPeople struct {
	Signs int       `json:"signs"`               // different ones, for which two have to look
	First lang.Text `json:"firstBy,omitzero"`    // who approved
	At    time.Time `json:"firstAt,omitzero"`    //
	Note  string    `json:"firstNote,omitempty"` // what they wrote for the second
	Mine  bool      `json:"mine"`                // the person who looks was the first
}

// needsSecond says whether the approval of an order takes two people.
func (d Room) needsSecond(ctx context.Context, o order.Order) (bool, error) {
	if d.TwoPeopleFrom == 0 || o.State != merge.InReview {
		return false, nil
	}
	profiles, err := order.ReadProfiles(ctx, d.Profiles, o.AllNumbers()...)
	if err != nil {
		return false, err
	}
	all, err := d.allSigns(ctx, o, profiles)
	return kinds(all) >= d.TwoPeopleFrom, err
}

// twoPeopleOf is nil for an order that one person may approve.
func (d Room) twoPeopleOf(o order.Order, all []sign, person string) *twoPeople {
	first := o.FirstApproval
	if o.State != merge.InReview || first == nil && (d.TwoPeopleFrom == 0 || kinds(all) < d.TwoPeopleFrom) {
		return nil
	}
	v := &twoPeople{Signs: kinds(all)}
	if first != nil {
		v.First, v.At, v.Note, v.Mine = desk.ActorLabel(first.By), first.At, first.Note, first.Person == person
	}
	return v
}

// kinds counts different signs, each once however many numbers it is about.
func kinds(all []sign) int {
	codes := map[string]bool{}
	for _, s := range all {
		codes[s.Code] = true
	}
	return len(codes)
}
