package importer

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
)

// create writes the profile of a new number, the last thing of all.
func (im Importer) create(ctx context.Context, l Line, counts map[string]int) error {
	p := customer.Profile{
		Number: l.CustomerNumber, Company: l.Company, FirstName: l.FirstName, LastName: l.LastName,
		BalanceCents: l.BalanceCents, Locked: l.Locked, Version: 1, CreatedAt: im.Now(), PackageCounts: counts,
	}
	for _, f := range fields {
		*f.profile(&p) = f.line(&l)
	}
	event := audit.Event{Number: p.Number, Action: audit.Imported, Actor: audit.ByImport, At: im.Now()}
	return im.Tables.Transact(ctx, []types.TransactWriteItem{
		customer.PutNew(im.Tables.Names, p), audit.Put(im.Tables.Names, event, im.Rand),
	}, "")
}

// next is a profile that exists with what the operator decides, and with the fields to overwrite.
func (im Importer) next(l Line, old customer.Profile) customer.Profile {
	next := old
	next.Company, next.FirstName, next.LastName = l.Company, l.FirstName, l.LastName
	next.BalanceCents = l.BalanceCents
	if !l.missing["locked"] {
		next.Locked = l.Locked
	}
	for name := range im.Overwrite {
		if f, ok := fields[name]; ok && !l.missing[name] {
			*f.profile(&next) = f.line(&l)
		}
	}
	if next.Email != old.Email {
		next = next.EmailGiven(old.Email, im.Now())
	}
	return next
}

// update brings a profile that exists up to date. It writes nothing when nothing differs.
func (im Importer) update(ctx context.Context, l Line, old customer.Profile, counts map[string]int, work passwordWork) (next customer.Profile, changed bool, err error) {
	indexed, err := im.index(ctx, old)
	if err != nil {
		return old, false, err
	}
	next = im.next(l, old)
	next.PackageCounts = counts
	if work.packageReplaced {
		next.PackagePasswordChangedAt = im.Now()
	}
	var items []types.TransactWriteItem
	if work.replace != nil {
		next.Epoch++ // ends all sessions, as any change of the password does (S8)
		next.PasswordChangedAt = im.Now()
		items = append(items, *work.replace)
	}
	was, is := differences(old, next)
	if len(is) == 0 && items == nil && !work.packageReplaced {
		if maps.Equal(old.PackageCounts, counts) {
			return next, indexed, nil
		}
		return next, indexed, im.Tables.Transact(ctx, []types.TransactWriteItem{customer.Update(im.Tables.Names, old, next)}, "")
	}
	event := audit.Event{Number: old.Number, Action: audit.Imported, Actor: audit.ByImport, At: im.Now(), Old: was, New: is}
	items = append(items, customer.Update(im.Tables.Names, old, next), audit.Put(im.Tables.Names, event, im.Rand))
	if customer.Changed(old, next) {
		items = append(items, im.heard(old, was, is))
	}
	return next, true, im.Tables.Transact(ctx, items, "")
}

// heard lets the operator's other systems hear of the change, and a running merge of the number, which balance, lock and
// names may stop (M5). The customer gets no mail: the operator knows what it imports.
func (im Importer) heard(old customer.Profile, was, is map[string]string) types.TransactWriteItem {
	values := map[string]string{outbox.ValueNumber: old.Number}
	for field := range is {
		outbox.SetChange(values, outbox.Change{Field: field, Old: was[field], New: is[field]})
	}
	return outbox.Put(im.Tables.Names, outbox.Item{Event: outbox.MasterDataChanged, Key: fmt.Sprintf("%s#%d", old.Number, old.Version+1),
		Values: values, CreatedAt: im.Now()})
}

// index takes up a profile that was written before numbers were looked up by their e-mail address: without it, nobody is
// pointed to the number until its address changes.
func (im Importer) index(ctx context.Context, old customer.Profile) (changed bool, err error) {
	if old.Indexed() {
		return false, nil
	}
	return true, im.Tables.Transact(ctx, []types.TransactWriteItem{customer.Index(im.Tables.Names, old)}, "")
}

// hidden are fields of which the audit keeps the end only (S20).
var hidden = map[string]bool{"iban": true, "bic": true, "accountNumber": true, "bankCode": true}

// differences names what an update changes, for the audit.
func differences(old, next customer.Profile) (was, is map[string]string) {
	was, is = map[string]string{}, map[string]string{}
	note := func(field, a, b string) {
		if a == b {
			return
		}
		if hidden[field] {
			a, b = ending(a), ending(b)
		}
		was[field], is[field] = a, b
	}
	for name, f := range fields {
		note(name, *f.profile(&old), *f.profile(&next))
	}
	note("company", old.Company, next.Company)
	note("firstName", old.FirstName, next.FirstName)
	note("lastName", old.LastName, next.LastName)
	note("balanceCents", fmt.Sprint(old.BalanceCents), fmt.Sprint(next.BalanceCents))
	note("locked", fmt.Sprint(old.Locked), fmt.Sprint(next.Locked))
	return was, is
}

func ending(s string) string {
	if s == "" {
		return ""
	}
	if len(s) <= 4 {
		return "••"
	}
	return "••" + s[len(s)-4:]
}
