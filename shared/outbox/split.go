package outbox

import (
	"context"
	"slices"
	"strings"

	"kundenkonto/shared/table"
)

// Sent notes on a claimed item that SES took the mail when there is more to do for it: a later try does not send it
// again.
func (s Store) Sent(ctx context.Context, item Item, messageID string) error {
	return s.mark(ctx, item, "SET messageId = :text", table.Item{":text": table.S(messageID)})
}

// Mailboxes joins recipients with the same mailbox, which gets one mail. That mail is for the acting side if one of
// them is, and for an address in force if it is in force for one of the numbers.
func Mailboxes(all []Recipient) []Recipient {
	var joined []Recipient
	at := map[string]int{}
	for _, r := range all {
		key := strings.ToLower(r.Address)
		i, known := at[key]
		if !known {
			at[key] = len(joined)
			joined = append(joined, r)
			continue
		}
		if joined[i].Name == "" {
			joined[i].Name = r.Name
		}
		joined[i].Own = joined[i].Own || r.Own
		joined[i].Earlier, joined[i].MayFail = joined[i].Earlier && r.Earlier, joined[i].MayFail && r.MayFail
		for _, n := range r.Numbers {
			if !slices.Contains(joined[i].Numbers, n) {
				joined[i].Numbers = append(slices.Clone(joined[i].Numbers), n)
			}
		}
	}
	return joined
}
