package dispatch

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/token"
)

// letter is the mail about an event for one recipient; nil for an event without a mail.
func (d Dispatcher) letter(ctx context.Context, item outbox.Item, to outbox.Recipient) (mail.Mail, error) {
	if len(item.Collected) > 0 {
		return d.collectedLetter(ctx, item, to)
	}
	switch item.Event {
	case outbox.PasswordChanged:
		return mail.PasswordChanged{Number: numberOf(item, to), At: item.CreatedAt, ForgotLink: d.link("/password/forgot"),
			PasskeysGone: item.Values[newpassword.ValuePasskeysGone], Passkeys: item.Values[newpassword.ValuePasskeys],
			SecondStep: timeOf(item, newpassword.ValueSecondStep)}, nil
	case outbox.PackagePassword:
		return mail.PackagePasswordChanged{Number: numberOf(item, to), Package: item.Values[outbox.ValuePackage], Name: item.Values[outbox.ValueName],
			At: item.CreatedAt, ForgotLink: d.link("/password/forgot")}, nil
	case outbox.NumberProven:
		id := item.Values[outbox.ValuePackage]
		return mail.NumberProven{Number: numberOf(item, to), Package: id, At: item.CreatedAt, PackageLink: d.link("/account/packages/" + url.PathEscape(id))}, nil
	case outbox.MasterDataChanged:
		return d.masterDataChanged(item, to), nil
	}
	if item.Event == outbox.CancellationDeclared {
		return d.declaredLetter(ctx, item, to)
	}
	if letter := d.noticeLetter(item, to); letter != nil {
		return letter, nil
	}
	if letter, err := d.emailLetter(ctx, item, to); letter != nil || err != nil {
		return letter, err
	}
	if letter, err := d.factorLetter(ctx, item, to); letter != nil || err != nil {
		return letter, err
	}
	return d.orderLetter(ctx, item, to)
}

func (d Dispatcher) masterDataChanged(item outbox.Item, to outbox.Recipient) mail.Mail {
	m := mail.MasterDataChanged{Number: numberOf(item, to), At: item.CreatedAt, AccountLink: d.link("/account")}
	for _, c := range outbox.Changes(item.Values, merge.DataFields()...) {
		m.Changes = append(m.Changes, mail.Change{Field: c.Field, Old: c.Old, New: c.New})
	}
	return m
}

// numberOf is the customer number that an event about one customer is about.
func numberOf(item outbox.Item, to outbox.Recipient) string {
	if n := item.Values[outbox.ValueNumber]; n != "" {
		return n
	}
	if len(to.Numbers) > 0 {
		return to.Numbers[0]
	}
	return ""
}

func (d Dispatcher) orderLetter(ctx context.Context, item outbox.Item, to outbox.Recipient) (mail.Mail, error) {
	o := d.orderOf(item, to)
	if err := d.addStopLink(ctx, &o, item, to); err != nil {
		return nil, err
	}
	if to.Earlier {
		return earlierLetter(o, item, to), nil
	}
	switch item.Event {
	case outbox.OrderAnnounced:
		return mail.OrderAnnounced{Order: o, VetoHours: hoursOf(item)}, nil
	case outbox.OrderApproved:
		return mail.OrderApproved{Order: o, ExecuteAt: timeOf(item, order.ValueExecuteAt), Reason: item.Values[order.ValueReason]}, nil
	case outbox.OrderRejected:
		return mail.OrderRejected{Order: o, Reason: item.Values[order.ValueReason]}, nil
	case outbox.OrderExecuted:
		return mail.OrderExecuted{Order: o, UndoUntil: item.CreatedAt.Add(order.UndoPeriod), Balances: balancesFor(o, item, to)}, nil
	case outbox.OrderWithdrawn:
		return mail.OrderWithdrawn{Order: o}, nil
	case outbox.OrderVetoed:
		return mail.OrderVetoed{Order: o}, nil
	case outbox.OrderFailed:
		return mail.OrderFailed{Order: o}, nil
	case outbox.OrderStale:
		return mail.OrderStale{Order: o, ConfirmBy: timeOf(item, order.ValueConfirmBy)}, nil
	case outbox.OrderConfirmed:
		return mail.OrderConfirmed{Order: o}, nil
	case outbox.OrderObjected:
		return mail.OrderObjected{Order: o}, nil
	case outbox.OrderObjectionDismissed:
		return mail.OrderObjectionDismissed{Order: o, Reason: item.Values[order.ValueReason]}, nil
	case outbox.OrderUndone:
		return mail.OrderUndone{Order: o, Reason: item.Values[order.ValueReason], PasswordsVoid: item.Values[order.ValuePasswordsVoid] != ""}, nil
	case outbox.OrderEscalated:
		return mail.OrderEscalated{Order: o, SubmittedAt: timeOf(item, order.ValueSubmittedAt), DueAt: timeOf(item, order.ValueReviewBy),
			ServiceLink: d.link("/service/orders/" + url.PathEscape(item.Order))}, nil
	case outbox.OrderExpired:
		from := merge.State(item.Values[order.ValueFrom])
		return mail.OrderExpired{Order: o, MergeLink: o.OrderLink, Unconfirmed: from == merge.Stale, Untold: from == merge.Approved}, nil
	}
	return nil, nil
}

func (d Dispatcher) orderOf(item outbox.Item, to outbox.Recipient) mail.Order {
	o := mail.Order{ID: item.Order, Survivor: item.Values[order.ValueSurvivor], Own: to.Own, LoginLink: d.link("/login"),
		Sources: strings.Split(item.Values[order.ValueSources], ",")}
	for _, n := range o.Sources {
		if earlier := item.Values[order.ValueEarlier+n]; earlier != "" {
			o.Earlier = append(o.Earlier, mail.Earlier{Source: n, Numbers: strings.Split(earlier, ",")})
		}
	}
	if to.Own {
		o.OrderLink = d.link("/merge/orders/" + url.PathEscape(item.Order))
	} else {
		o.Numbers = to.Numbers
	}
	return o
}

// balancesFor are the balances that a recipient is told: the ordering side is told all, which are its own from now
// on, the other side those of its own numbers.
func balancesFor(o mail.Order, item outbox.Item, to outbox.Recipient) []mail.Balance {
	var list []mail.Balance
	for _, key := range slices.Sorted(maps.Keys(item.Values)) {
		number, is := strings.CutPrefix(key, order.ValueBalance)
		cents, err := strconv.ParseInt(item.Values[key], 10, 64)
		if is && err == nil && (to.Own || slices.Contains(o.OldNumbers(), number)) {
			list = append(list, mail.Balance{Number: number, Said: lang.Balance(cents).In(lang.Lang(to.Language))})
		}
	}
	return list
}

// earlierLetter is the mail to an address that is no longer in force; nil for an event without one.
func earlierLetter(o mail.Order, item outbox.Item, to outbox.Recipient) mail.Mail {
	m := mail.OrderToEarlierAddress{ID: o.ID, Numbers: order.About(item, to), StopLink: o.StopLink}
	switch item.Event {
	case outbox.OrderAnnounced:
		m.Now = mail.EarlierAnnounced
	case outbox.OrderApproved:
		m.Now = mail.EarlierApproved
	case outbox.OrderConfirmed:
		m.Now = mail.EarlierConfirmed
	case outbox.OrderExecuted:
		m.Now = mail.EarlierExecuted
	case outbox.OrderUndone:
		m.Now = mail.EarlierUndone
	case outbox.OrderRejected, outbox.OrderWithdrawn, outbox.OrderVetoed, outbox.OrderExpired:
		m.Now = mail.EarlierEnded
	case outbox.OrderStale, outbox.OrderFailed:
		m.Now = mail.EarlierWaiting
	case outbox.OrderObjected:
		m.Now = mail.EarlierObjected
	case outbox.OrderObjectionDismissed:
		m.Now = mail.EarlierDismissed
	default:
		return nil
	}
	return m
}

// hoursOf is how long the other side can object; 0 where there is no such time.
func hoursOf(item outbox.Item) int {
	hours, err := strconv.Atoi(item.Values[order.ValueVetoHours])
	if err != nil {
		return 0
	}
	return hours
}

// stoppable are the events after which the other side can still stop the merge, or object to it once it was carried
// out.
var stoppable = []string{outbox.OrderAnnounced, outbox.OrderApproved, outbox.OrderConfirmed, outbox.OrderExecuted}

// addStopLink gives the owners of the other numbers a link that stops the merge, while there is something to stop.
// Its token is made when the mail is sent, and is stored nowhere else.
func (d Dispatcher) addStopLink(ctx context.Context, o *mail.Order, item outbox.Item, to outbox.Recipient) error {
	if !order.MaySayNo(to) || !slices.Contains(stoppable, item.Event) {
		return nil
	}
	if to.Earlier && item.Event == outbox.OrderExecuted { // it is told once more of the link that it has
		return nil
	}
	secret, err := token.Store{Store: d.Tables}.Make(ctx, d.Rand, token.Token{
		Purpose: token.PurposeVeto, Subject: item.Order, Address: to.Address, Expires: d.Now().Add(token.VetoLifetime),
		Values: map[string]string{"numbers": strings.Join(to.Numbers, ",")}, // none means all, for who had the surviving number
	})
	if err != nil {
		return err
	}
	o.StopLink = d.link("/merge/veto?token=" + url.QueryEscape(secret))
	return nil
}

// timeOf reads a time among the values; zero when it is not there.
func timeOf(item outbox.Item, key string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, item.Values[key])
	if err != nil {
		return time.Time{}
	}
	return t
}

// link is an address of ours: links come from the configuration, never from a request (S6).
func (d Dispatcher) link(path string) string { return strings.TrimSuffix(d.PublicURL, "/") + path }
