package dispatch

import (
	"net/url"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
)

// noticeLetter is the mail about the cancellation of a contract; nil for any other event. An address from before may be
// another person's by now and is not told why.
func (d Dispatcher) noticeLetter(item outbox.Item, to outbox.Recipient) mail.Mail {
	v := item.Values
	n := mail.Notice{Number: numberOf(item, to), Package: v[outbox.ValuePackage], Name: v[outbox.ValueName], ID: v[outbox.ValueCancellation],
		Extraordinary: v[outbox.ValueKind] == customer.Extraordinary, Grounds: v[outbox.ValueGrounds], ReceivedAt: timeOf(item, outbox.ValueReceivedAt),
		Wished: dayOf(item, outbox.ValueWished), EndsOn: dayOf(item, outbox.ValueEndsOn),
		PackageLink: d.link("/account/packages/" + url.PathEscape(v[outbox.ValuePackage]))}
	if to.Earlier {
		n.Grounds = ""
	}
	switch item.Event {
	case outbox.ContractCancelled:
		return mail.ContractCancelled{Notice: n}
	case outbox.NoticeWithdrawn:
		return mail.CancellationWithdrawn{Notice: n, At: item.CreatedAt}
	case outbox.NoticeTakenUp:
		return mail.CancellationTakenUp{Notice: n}
	}
	return nil
}

// dayOf reads a day among the values; zero when it is not there.
func dayOf(item outbox.Item, key string) time.Time {
	day, err := contract.ParseDay(item.Values[key])
	if err != nil {
		return time.Time{}
	}
	return day
}
