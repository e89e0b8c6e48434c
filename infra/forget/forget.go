package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/forgotten"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// forget is one run.
type forget struct {
	store  table.Store
	scans  dynamodb.ScanAPIClient
	now    func() time.Time
	out    io.Writer
	act    bool // else it only counts
	by     string
	reason string

	counts map[string]int
	orders []func() error // what is done to orders, after everything that is found by them
	left   []unknown      // items that name the customer and that no rule knows
}

// errReason is a reason that would keep what is to be forgotten.
var errReason = errors.New("the reason is kept: it must not name the customer")

type unknown struct{ table, key string }

func (f forget) say(format string, args ...any) { fmt.Fprintf(f.out, format+"\n", args...) }

// customer forgets one customer with all merged numbers. What others share with them comes first, their own items next, and the
// profile last: as long as it is there a run that was stopped finds all again. Nobody can sign in from the first write on.
func (f *forget) customer(ctx context.Context, number string) error {
	p, err := f.find(ctx, number)
	if errors.Is(err, customer.ErrNotFound) {
		return f.again(ctx, number)
	}
	if err != nil {
		return err
	}
	if p.named(f.reason) || p.typed(f.reason) || strings.Contains(f.reason, "@") {
		return errReason
	}
	if n := p.running(f.now()); n > 0 {
		f.say("%d packages still run; what your administration holds of their contracts is not touched.", n)
	}
	look := *f // first without a change, so that what is not known stops it while all is there
	look.act, look.counts = false, map[string]int{}
	if err := look.tables(ctx, p); err != nil {
		return err
	}
	if len(look.left) > 0 {
		return fmt.Errorf("items of %s name the customer in a way that is not known: %s. Nothing was changed; report this", look.left[0].table, look.left[0].key)
	}
	if !f.act {
		f.counts = look.counts
	} else if err := f.shut(ctx, p); err != nil {
		return err
	} else if err := f.mayForget(ctx, p); err != nil { // an order that was submitted before the customer was shut
		return fmt.Errorf("%w. The customer cannot sign in any more; run it again then", err)
	} else if err := f.tables(ctx, p); err != nil {
		return err
	}
	if err := f.profiles(ctx, p); err != nil {
		return err
	}
	f.summary()
	if !f.act {
		f.say("Dry run, nothing was changed. --yes does it.")
		return nil
	}
	f.say("%s and %d merged numbers are forgotten. Imports leave them alone. What was written meanwhile goes with another run: tomorrow, once for each of %s.",
		p.Number, len(p.Members), strings.Join(p.Numbers(), ", "))
	return nil
}

// again looks once more for what names a number that was forgotten: a mail that was on its way is noted after it.
func (f *forget) again(ctx context.Context, number string) error {
	at, err := forgotten.At(ctx, f.store, number)
	if err != nil {
		return err
	}
	if at.IsZero() {
		return fmt.Errorf("there is no customer %s, and none was forgotten", number)
	}
	f.say("%s was forgotten on %s; this run looks for what came since.", number, at.Format(time.DateOnly))
	p := person{Profile: customer.Profile{Number: number}, orders: map[string]bool{}}
	if err := f.query(ctx, f.store.Names.Customers, table.Customer(number), p.take); err != nil { // of an import that ran at the same moment
		return err
	}
	if err := f.tables(ctx, p); err != nil {
		return err
	}
	if err := f.belongings(ctx, p); err != nil {
		return err
	}
	f.summary()
	if !f.act {
		f.say("Dry run, nothing was changed. --yes does it.")
	}
	if len(f.left) > 0 {
		return fmt.Errorf("an item of %s still names the number: %s; report this", f.left[0].table, f.left[0].key)
	}
	return nil
}

func (f *forget) summary() {
	for _, what := range slices.Sorted(maps.Keys(f.counts)) {
		f.say("  %6d  %s", f.counts[what], what)
	}
}

// do counts a step, and takes it unless this is a dry run.
func (f *forget) do(what string, step func() error) error {
	f.counts[what]++
	if !f.act {
		return nil
	}
	if err := step(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// shut ends all sessions, retires the password and keeps the numbers from being merged.
func (f *forget) shut(ctx context.Context, p person) error {
	if !f.act {
		return nil
	}
	_, err := f.store.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &f.store.Names.Customers, Key: table.Profile(p.Number),
		UpdateExpression: aws.String("SET locked = :true, epoch = epoch + :one, version = version + :one"), ConditionExpression: aws.String("attribute_exists(pk) AND version = :version"),
		ExpressionAttributeValues: table.Item{":true": table.B(true), ":one": table.N(1), ":version": table.N(p.Version)}})
	if _, changed := table.ConditionFailed(err); changed {
		return errors.New("the customer was changed at this moment; run it again")
	}
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return f.store.Transact(ctx, []types.TransactWriteItem{credential.Retire(f.store.Names, table.Customer(p.Number))}, "")
}

// tables goes through all tables for what names the person.
func (f *forget) tables(ctx context.Context, p person) error {
	n := f.store.Names
	for _, t := range []struct {
		id, name string
		item     func(context.Context, person, table.Item) error
	}{
		{"MergeOrders", n.MergeOrders, f.mergeItem}, {"Audit", n.Audit, f.event}, {"Outbox", n.Outbox, f.effect}, {"Tokens", n.Tokens, f.link},
		{"Throttle", n.Throttle, f.plain("counters", n.Throttle)}, {"Sessions", n.Sessions, f.plain("sessions", n.Sessions)},
		{"StaffSessions", n.StaffSessions, f.plain("staff sessions", n.StaffSessions)}, {"Customers", n.Customers, f.other}, {"Credentials", n.Credentials, f.secret},
	} {
		if err := f.scan(ctx, t.name, func(item table.Item) error { return t.item(ctx, p, item) }); err != nil {
			return err
		}
	}
	for _, step := range f.orders {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (f *forget) delete(ctx context.Context, what, name string, item table.Item) error {
	return f.do(what, func() error {
		key := table.Key{table.AttrPK: item[table.AttrPK]}
		if item[table.AttrSK] != nil && (name == f.store.Names.Customers || name == f.store.Names.MergeOrders || name == f.store.Names.Audit) {
			key[table.AttrSK] = item[table.AttrSK]
		}
		_, err := f.store.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &name, Key: key})
		return err
	})
}

// plain deletes whatever names the person.
func (f *forget) plain(what, name string) func(context.Context, person, table.Item) error {
	return func(ctx context.Context, p person, item table.Item) error {
		if !p.in(item) {
			return nil
		}
		return f.delete(ctx, what, name, item)
	}
}

// mergeItem deletes drafts, locks, bars and notes of mails, and orders that are the person's alone. Of an order with somebody else the
// person's side is taken out.
func (f *forget) mergeItem(ctx context.Context, p person, item table.Item) error {
	name := f.store.Names.MergeOrders
	pk := table.String(item, table.AttrPK)
	if strings.HasPrefix(pk, table.String(table.Declared(""), table.AttrPK)) {
		return f.declared(ctx, p, item)
	}
	if !strings.HasPrefix(pk, "ORDER#") {
		kind, _, _ := strings.Cut(pk, "#")
		return f.plain("drafts, locks, bars, notes of mails: "+kind, name)(ctx, p, item)
	}
	if !p.in(item) {
		return nil
	}
	var o order.Order
	if err := table.Unmarshal(item, &o); err != nil {
		return err
	}
	if !p.in(table.MustMarshal(o.WithoutTexts(func(string) bool { return true }))) { // an order of others, in which somebody wrote of the person
		f.orders = append(f.orders, func() error {
			return f.rewrite(ctx, "orders of others, without texts about the customer", o.WithoutTexts(p.named), o.Rev, item)
		})
		return nil
	}
	p.orders[o.ID] = true
	if !slices.ContainsFunc(o.AllNumbers(), func(n string) bool { return !p.own(n) && n != order.Nobody }) {
		f.orders = append(f.orders, func() error { return f.delete(ctx, "orders", name, item) })
		return nil
	}
	if o.State.Open() {
		return fmt.Errorf("%w: order %s runs", errMayNot, o.ID)
	}
	if o.State == merge.Executed && (o.Objected() || o.MayObject(f.now())) { // of others, with the number as one that was part of it
		return fmt.Errorf("%w: the merge %s, of which the number was a part, can be objected to and undone until %s", errMayNot, o.ID, o.ExecutedAt.Add(order.UndoPeriod).UTC().Format(time.DateOnly))
	}
	f.orders = append(f.orders, func() error { return f.redact(ctx, p, o, item) })
	return nil
}

// redact takes the person's side out of an order.
func (f *forget) redact(ctx context.Context, p person, o order.Order, item table.Item) error {
	return f.rewrite(ctx, "orders with somebody else, without the customer's side", o.Without(p.Numbers()), o.Rev, item)
}

// rewrite puts an order in the place of its item, on condition that nobody else changed it.
func (f *forget) rewrite(ctx context.Context, what string, left order.Order, rev int64, item table.Item) error {
	name := f.store.Names.MergeOrders
	return f.do(what, func() error {
		next := table.MustMarshal(left)
		for _, attr := range []string{table.AttrPK, table.AttrSK, "statePk", "submittedAt"} { // an order of others may lie on a desk
			if item[attr] != nil {
				next[attr] = item[attr]
			}
		}
		_, err := f.store.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &name, Item: next, ConditionExpression: aws.String("rev = :rev"),
			ExpressionAttributeValues: table.Item{":rev": table.N(rev)}})
		if _, changed := table.ConditionFailed(err); changed {
			return fmt.Errorf("order %s was changed at this moment; run it again", left.ID)
		}
		return err
	})
}

// event deletes the person's audit. Events of others that name the person, or an order with them, lose their values; that they happened
// stays.
func (f *forget) event(ctx context.Context, p person, item table.Item) error {
	name, number := f.store.Names.Audit, strings.TrimPrefix(table.String(item, table.AttrPK), table.Customer(""))
	if p.own(number) {
		return f.delete(ctx, "audit events", name, item)
	}
	if table.String(item, "action") == audit.Forgotten {
		return nil
	}
	var e audit.Event
	if err := table.Unmarshal(item, &e); err != nil {
		return err
	}
	values := len(e.Old)+len(e.New) > 0
	named := p.in(item) || strings.HasPrefix(number, "staff-") && p.typed(e.New[audit.KeySearch])
	if !named && !(values && p.orders[e.Order]) {
		return nil
	}
	return f.do("events of others, without their values", func() error {
		next := table.With(nil, item)
		next["old"], next["new"] = &types.AttributeValueMemberM{Value: table.Item{}}, &types.AttributeValueMemberM{Value: table.Item{}}
		if p.named(e.Actor) {
			next["actor"] = table.S(order.Nobody)
		}
		_, err := f.store.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &name, Item: next, ConditionExpression: aws.String("attribute_exists(pk)")})
		return err
	})
}

// effect deletes mails and other effects about the person, sent or not. One of an order stays while it waits, since it may tell somebody
// else: also in a run that does not know which orders the person had. So does a cancellation that nobody has read.
func (f *forget) effect(ctx context.Context, p person, item table.Item) error {
	if !p.in(item) && !p.orders[table.String(item, "order")] {
		return nil
	}
	if table.String(item, "order") != "" && strings.HasPrefix(table.String(item, "due"), "DUE#") {
		f.counts["mails about orders that still wait: run it again when they are sent"]++
		return nil
	}
	if table.String(item, "event") == outbox.CancellationDeclared && table.String(item, "due") != "" {
		f.counts["cancellations that still wait to be read: run it again when the service team is done with them"]++
		return nil
	}
	return f.delete(ctx, "mails and other effects", f.store.Names.Outbox, item)
}

// link deletes mailed links of the person, and those of common orders that went to their addresses.
func (f *forget) link(ctx context.Context, p person, item table.Item) error {
	ofOrder := p.orders[table.String(item, "subject")] && slices.Contains(p.addresses, strings.ToLower(table.String(item, "address")))
	if !p.in(item) && !ofOrder {
		return nil
	}
	return f.delete(ctx, "mailed links", f.store.Names.Tokens, item)
}

// other takes the person out of the counts of other profiles: whose wrong proofs they were, and out of cancellations that they gave for a
// package which went back to its number by an undo. Own items come last, with the profile.
func (f *forget) other(ctx context.Context, p person, item table.Item) error {
	pk := table.String(item, table.AttrPK)
	if _, id, _ := strings.Cut(pk, "#"); p.own(id) || !p.in(item) {
		return nil
	}
	rest := table.With(nil, item)
	for name := range item {
		if by, counts := strings.CutPrefix(name, "failedBy."); counts && p.own(by) {
			delete(rest, name)
		}
	}
	given, err := p.without(item)
	if err != nil {
		return err
	}
	if given != nil {
		rest["cancellation"] = given
	}
	if p.in(rest) {
		f.left = append(f.left, unknown{"Customers", pk})
		return nil
	}
	name, key := f.store.Names.Customers, table.Key{table.AttrPK: item[table.AttrPK], table.AttrSK: item[table.AttrSK]}
	for counter := range item {
		if rest[counter] != nil {
			continue
		}
		if err := f.do("counts at other numbers", func() error {
			_, err := f.store.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &name, Key: key,
				UpdateExpression: aws.String("REMOVE #by"), ExpressionAttributeNames: map[string]string{"#by": counter}})
			return err
		}); err != nil {
			return err
		}
	}
	if given == nil {
		return nil
	}
	return f.do("cancellations of others, without who gave them", func() error {
		_, err := f.store.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &name, Key: key, UpdateExpression: aws.String("SET cancellation = :new"),
			ConditionExpression: aws.String("cancellation = :old"), ExpressionAttributeValues: table.Item{":new": given, ":old": item["cancellation"]}})
		if _, changed := table.ConditionFailed(err); changed {
			return fmt.Errorf("the cancellation of package %s was changed at this moment; run it again", table.String(item, "id"))
		}
		return err
	})
}

// secret deletes passwords, second factors and passkeys' handles.
func (f *forget) secret(ctx context.Context, p person, item table.Item) error {
	_, id, _ := strings.Cut(table.String(item, table.AttrPK), "#")
	if !p.own(id) && !p.own(table.String(item, "number")) {
		if p.in(item) {
			f.left = append(f.left, unknown{"Credentials", table.String(item, table.AttrPK)})
		}
		return nil
	}
	return f.delete(ctx, "passwords and second factors", f.store.Names.Credentials, item)
}

// profiles deletes packages and profiles, the surviving number last, in one transaction with the line that stays.
func (f *forget) profiles(ctx context.Context, p person) error {
	names := f.store.Names
	if err := f.belongings(ctx, p); err != nil {
		return err
	}
	numbers := append(slices.Clone(p.Members), p.Number)
	for _, n := range numbers {
		items := []types.TransactWriteItem{{Delete: &types.Delete{TableName: &names.Customers, Key: table.Profile(n)}}, forgotten.Put(names, n, f.now())}
		if n == p.Number {
			items = append(items, audit.Put(names, f.line(audit.Forgotten, len(numbers)), rand.Reader))
		}
		if err := f.do("profiles", func() error { return f.store.Transact(ctx, items, "") }); err != nil {
			return err
		}
	}
	return nil
}

// belongings deletes packages, domains and entries of the search of all numbers.
func (f *forget) belongings(ctx context.Context, p person) error {
	names := f.store.Names
	for _, q := range p.packages {
		if err := f.delete(ctx, "packages", names.Customers, table.Owner(q.ID)); err != nil {
			return err
		}
	}
	for _, n := range p.Numbers() {
		partitions := []string{table.Customer(n)}
		for _, shelf := range table.Shelves {
			partitions = append(partitions, shelf.Of(n))
		}
		for _, pk := range partitions {
			if err := f.query(ctx, names.Customers, pk, func(item table.Item) error {
				if table.String(item, table.AttrSK) == table.SKProfile {
					return nil
				}
				return f.delete(ctx, "packages, domains and what finds them", names.Customers, item)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// line is what stays: who did it, when and why, and nothing of the customer.
func (f *forget) line(action string, numbers int) audit.Event {
	return audit.Event{Number: audit.StaffLog(f.now()), Action: action, Actor: f.by, At: f.now(),
		New: map[string]string{audit.KeyReason: f.reason, "numbers": strconv.Itoa(numbers)}}
}

// readmit lets an import bring a number again.
func (f *forget) readmit(ctx context.Context, number string) error {
	at, err := forgotten.At(ctx, f.store, number)
	if err == nil && at.IsZero() {
		err = fmt.Errorf("%s was not forgotten", number)
	}
	if p := (person{Profile: customer.Profile{Number: number}}); err == nil && (p.named(f.reason) || strings.Contains(f.reason, "@")) {
		err = errReason
	}
	if err != nil {
		return err
	}
	if err := f.do("numbers that an import may bring again", func() error {
		return f.store.Transact(ctx, []types.TransactWriteItem{forgotten.Lift(f.store.Names, number), audit.Put(f.store.Names, f.line(audit.Readmitted, 1), rand.Reader)}, "")
	}); err != nil {
		return err
	}
	f.summary()
	if !f.act {
		f.say("Dry run, nothing was changed. --yes --reason does it.")
	}
	return nil
}
