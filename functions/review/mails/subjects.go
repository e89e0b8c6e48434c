package mails

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/token"
)

// subjects are the customers and orders that mails are about. One that is missing was taken away after the mail was
// written: the page names it and links to nothing.
type subjects struct {
	profiles map[string]customer.Profile
	orders   map[string]order.Order
}

// subjectsOf reads what items are about, all at once.
func (d Room) subjectsOf(ctx context.Context, items []outbox.Item) (s subjects, err error) {
	var numbers, ids []string
	for _, item := range items {
		numbers = append(numbers, numbersIn(item)...)
		if item.Order != "" {
			ids = append(ids, item.Order)
		}
	}
	slices.Sort(numbers)
	slices.Sort(ids)
	numbers, ids = slices.Compact(numbers), slices.Compact(ids)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { s.profiles, err = d.Profiles.Profiles(ctx, numbers); return err })
	found := make([]order.Order, len(ids))
	for i, id := range ids {
		group.Go(func() (err error) {
			if found[i], err = d.Orders.Get(ctx, id); errors.Is(err, order.ErrNotFound) {
				return nil
			}
			return err
		})
	}
	err = group.Wait()
	s.orders = map[string]order.Order{}
	for i, id := range ids {
		if found[i].ID != "" {
			s.orders[id] = found[i]
		}
	}
	return s, err
}

// pages are the numbers and orders among them.
func (s subjects) pages() map[string]bool {
	known := map[string]bool{}
	for n := range s.profiles {
		known[n] = true
	}
	for id := range s.orders {
		known[id] = true
	}
	return known
}

// numbersIn are the customer numbers that an item is about.
func numbersIn(item outbox.Item) []string {
	numbers := []string{}
	for _, to := range item.Recipients {
		numbers = append(numbers, order.About(item, to)...)
	}
	if len(numbers) == 0 {
		numbers = append(numbers, order.About(item, outbox.Recipient{Own: true})...)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// over says why an item cannot be sent any more: what it tells is no longer true, or its link would be dead.
func (s subjects) over(item outbox.Item, now time.Time) lang.Text {
	switch {
	case item.TooOld(now):
		return lang.T("Die E-Mail ist zu alt und wird in den nächsten Tagen gelöscht.")
	case item.Event == outbox.FactorRecoveryStarted && item.Parent != "":
		return lang.T("Die Abschaltung der zweiten Stufe ist beendet, weil die E-Mail nicht ankam. Beginnen Sie eine neue.")
	case item.Event == outbox.EmailConfirm && expired(item.Values[outbox.ValueUntil], now):
		return lang.T("Der Link wäre abgelaufen. Der Kunde kann einen neuen anfordern.")
	case item.Event == outbox.EmailRequested && now.After(item.CreatedAt.Add(token.StopLifetime)):
		return lang.T("Der Link, der die Änderung stoppt, wäre abgelaufen.")
	case item.LastError == "address":
		return lang.T("Die Adresse ist keine gültige E-Mail-Adresse. Berichtigen Sie sie auf der Seite des Kunden; was später kommt, geht dann dorthin.")
	case item.Event == outbox.OrderAnnounced && item.Parent != "" && !s.pending(item.Order):
		return lang.T("Der Auftrag ist zu Ende. Eine Ankündigung wäre nicht mehr richtig.")
	}
	return lang.Text{}
}

func expired(until string, now time.Time) bool {
	end, err := time.Parse(time.RFC3339Nano, until)
	return err != nil || now.After(end)
}

// pending says whether an order is still to be decided or executed.
func (s subjects) pending(id string) bool {
	o, found := s.orders[id]
	return found && !o.State.Final()
}
