package cancellation

import (
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// Values are what the mail about the cancellation of a package prints, and what its event names.
func Values(number string, p customer.Package, c customer.Cancellation) map[string]string {
	return map[string]string{outbox.ValueNumber: number, outbox.ValuePackage: p.ID, outbox.ValueName: p.DisplayName(),
		outbox.ValueCancellation: c.ID, outbox.ValueKind: c.Kind, outbox.ValueGrounds: c.Reason, outbox.ValueWished: c.Wished,
		outbox.ValueEndsOn: c.EndsOn, outbox.ValueReceivedAt: table.FormatTime(c.ReceivedAt)}
}
