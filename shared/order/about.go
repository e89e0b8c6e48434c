package order

import (
	"slices"

	"kundenkonto/shared/outbox"
)

// About are the customer numbers that a mail is about, as its recipient sees them.
func About(item outbox.Item, to outbox.Recipient) []string {
	numbers := slices.Clone(to.Numbers)
	own := item.Values[outbox.ValueNumber]
	if item.Order != "" && (to.Own || to.Earlier && len(numbers) == 0) {
		own = item.Values[ValueSurvivor]
	}
	if own != "" && !slices.Contains(numbers, own) {
		numbers = append(numbers, own)
	}
	return numbers
}
