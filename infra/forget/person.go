package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// person is a customer with all numbers that were merged into theirs, and what their items are known by.
type person struct {
	customer.Profile
	packages  []customer.Package
	addresses []string        // e-mail, lower case, of today and before
	orders    map[string]bool // ids of orders that name a number of theirs
}

// errMayNot is a customer that must not be forgotten now.
var errMayNot = errors.New("not now")

// find reads the customer. customer.ErrNotFound is one that is not there (any more).
func (f forget) find(ctx context.Context, number string) (person, error) {
	profile, err := customer.Store{Store: f.store}.Profile(ctx, number)
	if err != nil {
		return person{}, err
	}
	p := person{Profile: profile, orders: map[string]bool{}}
	if p.MergedInto != "" {
		return p, fmt.Errorf("%w: %s was merged into %s, which has everything; forget that one, or have the merge undone first", errMayNot, number, p.MergedInto)
	}
	for _, n := range p.Numbers() {
		if err := f.query(ctx, f.store.Names.Customers, table.Customer(n), func(item table.Item) error { return p.take(item) }); err != nil {
			return p, err
		}
	}
	return p, f.mayForget(ctx, p)
}

// take notes what items of other tables know the person by.
func (p *person) take(item table.Item) error {
	sk := table.String(item, table.AttrSK)
	switch {
	case sk == table.SKProfile:
		var q customer.Profile
		if err := table.Unmarshal(item, &q); err != nil {
			return err
		}
		p.addresses = append(p.addresses, strings.ToLower(q.Email))
		for _, e := range q.EarlierEmails {
			p.addresses = append(p.addresses, strings.ToLower(e.Address))
		}
		if q.Pending != nil {
			p.addresses = append(p.addresses, strings.ToLower(q.Pending.Address))
		}
	case strings.HasPrefix(sk, table.PrefixPackage):
		var q customer.Package
		if err := table.Unmarshal(item, &q); err != nil {
			return err
		}
		p.packages = append(p.packages, q)
	}
	return nil
}

// mayForget refuses while a merge of one of the numbers runs, or can still be objected to or undone: both sides have a right to that,
// and it needs the data. It refuses while a cancellation waits, too: nobody would hear of it.
func (f forget) mayForget(ctx context.Context, p person) error {
	orders := order.Store{Store: f.store, Now: f.now}
	for _, n := range p.Numbers() {
		if err := f.query(ctx, f.store.Names.Customers, table.Customer(n), waitsForTheTeam); err != nil {
			return err
		}
		id, err := orders.OpenOrder(ctx, n)
		if err != nil {
			return err
		}
		if id != "" {
			return fmt.Errorf("%w: order %s of %s runs or waits for a decision; end it at /service first", errMayNot, id, n)
		}
		member, err := customer.Store{Store: f.store}.Profile(ctx, n)
		if errors.Is(err, customer.ErrNotFound) {
			continue // of a run that was stopped
		}
		if err != nil {
			return err
		}
		if member.MergedBy == "" {
			continue
		}
		o, err := orders.Get(ctx, member.MergedBy)
		if errors.Is(err, order.ErrNotFound) {
			continue // deleted by a run that was stopped
		}
		if err != nil {
			return err
		}
		if end := o.ExecutedAt.Add(order.UndoPeriod); o.State == merge.Executed && f.now().Before(end) {
			return fmt.Errorf("%w: the merge %s of %s can be objected to and undone until %s", errMayNot, o.ID, n, end.UTC().Format(time.DateOnly))
		}
	}
	return nil
}

// running are the packages whose contract has not ended.
func (p person) running(now time.Time) (n int) {
	for _, q := range p.packages {
		if !q.Ended(contract.Day(now)) {
			n++
		}
	}
	return n
}

// own says whether a key or value is a number or a package of the person.
func (p person) own(text string) bool {
	return slices.Contains(p.Numbers(), text) || slices.ContainsFunc(p.packages, func(q customer.Package) bool { return q.ID == text })
}

// named says whether a text has a number or a package of the person as a part by itself, as keys and lists do.
func (p person) named(text string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("#,; ()", r) }), p.own) ||
		slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("#,; ()./?&=:\n", r) }), func(part string) bool { return slices.Contains(p.Numbers(), part) })
}

// in says whether any key or value of an item names the person. Master data name nobody: part of a telephone number, a bank code or an
// amount of another customer may have the same digits.
func (p person) in(item table.Item) bool {
	for name, v := range item {
		if p.named(name) || !masterData(name) && p.inValue(v) {
			return true
		}
	}
	return false
}

// masterData says whether an attribute, or a key of values ("old.phone"), is of the master data or an amount.
func masterData(name string) bool {
	field := name[strings.LastIndex(name, ".")+1:]
	is := func(f merge.Field) bool { return strings.EqualFold(field, string(f)) } // a record in an order is written with capitals
	return slices.ContainsFunc(merge.Fields(), is) || is("balanceCents") || strings.HasPrefix(name, order.ValueBalance)
}

func (p person) inValue(v types.AttributeValue) bool {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return p.named(v.Value)
	case *types.AttributeValueMemberSS:
		return slices.ContainsFunc(v.Value, p.named)
	case *types.AttributeValueMemberL:
		return slices.ContainsFunc(v.Value, p.inValue)
	case *types.AttributeValueMemberM:
		return p.in(v.Value)
	}
	return false
}

// typed says whether somebody of the service team typed an address or the name of the person.
func (p person) typed(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return text != "" && (slices.Contains(p.addresses, text) || text == strings.ToLower(p.DisplayName()))
}

func (f forget) query(ctx context.Context, name, pk string, each func(table.Item) error) error {
	pages := dynamodb.NewQueryPaginator(f.store.DB, &dynamodb.QueryInput{TableName: &name, ConsistentRead: aws.Bool(true),
		KeyConditionExpression: aws.String("pk = :pk"), ExpressionAttributeValues: table.Item{":pk": table.S(pk)}})
	return eachOf(pages.HasMorePages, func() ([]table.Item, error) {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read a customer's items: %w", err)
		}
		return page.Items, nil
	}, each)
}

func (f forget) scan(ctx context.Context, name string, each func(table.Item) error) error {
	in := &dynamodb.ScanInput{TableName: &name, ConsistentRead: aws.Bool(true)}
	if name == f.store.Names.Credentials { // their keys say whose they are: nobody who forgets reads a hash
		in.Select, in.ProjectionExpression = types.SelectSpecificAttributes, aws.String("pk, #number")
		in.ExpressionAttributeNames = map[string]string{"#number": "number"}
	}
	pages := dynamodb.NewScanPaginator(f.scans, in)
	return eachOf(pages.HasMorePages, func() ([]table.Item, error) {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		return page.Items, nil
	}, each)
}

func eachOf(more func() bool, next func() ([]table.Item, error), each func(table.Item) error) error {
	for more() {
		items, err := next()
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := each(item); err != nil {
				return err
			}
		}
	}
	return nil
}
