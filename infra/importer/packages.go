package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// packages updates the packages of a number: new ones, changed ones, and those that are missing in the line, which
// have ended. They stay under the number that they were ordered with, even after a merge. Look-ups of domains that no
// longer prove a merge are removed first, and all of them are compared with what should be there, so that the next
// run repairs one that was stopped anywhere. changed reports only what an operator would call a change, not that a
// contract's dates moved on.
func (im Importer) packages(ctx context.Context, number string, stored map[string]customer.Package, wanted []customer.Package) (changed bool, err error) {
	found, err := im.lookups(ctx, number)
	if err != nil {
		return false, err
	}
	wants := lookupsOf(wanted, contract.Day(im.Now()))
	if changed, err = im.dropLookups(ctx, number, found, wants); err != nil {
		return false, err
	}
	var writes []types.TransactWriteItem
	var groups [][]types.TransactWriteItem
	for _, p := range wanted {
		old, known := stored[p.ID]
		asItWas := known && same(old, p) && complete(p, found, wants)
		if asItWas && old.Places == p.Places {
			continue
		}
		items := customer.PutPackageFound(im.Tables.Names, old, p, foundBy(p, wants))
		if len(items) > table.MaxItems { // a package with very many domains: it comes with the last of them
			groups = append(groups, chunks(items, table.MaxItems)...)
		} else if len(writes)+len(items) > table.MaxItems {
			groups, writes = append(groups, writes), items
		} else {
			writes = append(writes, items...)
		}
		changed = changed || !asItWas
	}
	if len(writes) > 0 {
		groups = append(groups, writes)
	}
	for _, g := range groups {
		if err := im.writePackages(ctx, g); err != nil {
			return false, err
		}
	}
	return changed, nil
}

func chunks(items []types.TransactWriteItem, n int) [][]types.TransactWriteItem {
	return slices.Collect(slices.Chunk(items, n))
}

// errOwner is a package id that another number has.
var errOwner = errors.New("a package id of this customer belongs to another customer number already")

func (im Importer) writePackages(ctx context.Context, items []types.TransactWriteItem) error {
	err := im.Tables.Transact(ctx, items, "")
	var cancelled *table.Cancelled
	if !errors.As(err, &cancelled) {
		return err
	}
	for i, one := range items {
		if one.Put != nil && one.Put.ConditionExpression != nil && cancelled.Failed(i) { // that of whose the package is
			return errOwner
		}
	}
	return err // the customer saved settings meanwhile
}

// stored reads all packages of a number.
func (im Importer) stored(ctx context.Context, number string) (map[string]customer.Package, error) {
	found := map[string]customer.Package{}
	items, err := im.items(ctx, number, table.PrefixPackage)
	if err != nil {
		return nil, fmt.Errorf("read packages: %w", err)
	}
	for _, item := range items {
		var p customer.Package
		if err := table.Unmarshal(item, &p); err != nil {
			return nil, err
		}
		found[p.ID] = p
	}
	return found, nil
}

// items reads all items of one kind that a number has.
func (im Importer) items(ctx context.Context, number, prefix string) ([]table.Item, error) {
	var items []table.Item
	pages := dynamodb.NewQueryPaginator(im.Tables.DB, &dynamodb.QueryInput{
		TableName: &im.Tables.Names.Customers, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :prefix)"),
		ExpressionAttributeValues: table.Item{":pk": table.S(table.Customer(number)), ":prefix": table.S(prefix)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
	}
	return items, nil
}

// wanted is what the packages of a number should be: those of the line, and those that have ended. A package that is
// missing in the line had its last day yesterday, and proves nothing from now on. A line without any package ends
// none unless that is asked for: it is usually a mistake of the export.
func (im Importer) wanted(l Line, stored map[string]customer.Package) []customer.Package {
	var all []customer.Package
	inLine := map[string]bool{}
	for _, p := range l.Packages {
		inLine[p.ID] = true
		next := p.over(stored[p.ID], l.CustomerNumber)
		if next.EndedAt != "" {
			next.Cancellation = nil // the operator has named the end that the customer's notice waited for
		}
		all = append(all, next)
	}
	if len(l.Packages) == 0 && !im.EndMissing {
		return append(all, slices.Collect(maps.Values(stored))...)
	}
	today := contract.Day(im.Now())
	for _, p := range stored {
		if !inLine[p.ID] && !p.Ended(today) {
			p.EndedAt, p.LeftOut = today.AddDate(0, 0, -1).Format(time.DateOnly), true
			all = append(all, p)
		}
	}
	return all
}

// placed are the wanted packages and all others of a number, each with its places of today: the place of one by its end moves
// on when a term is over, in the line or not.
func (im Importer) placed(stored map[string]customer.Package, wanted []customer.Package) []customer.Package {
	all := maps.Clone(stored)
	for _, p := range wanted {
		all[p.ID] = p
	}
	today := contract.Day(im.Now())
	var placed []customer.Package
	for _, id := range slices.Sorted(maps.Keys(all)) {
		placed = append(placed, all[id].Placed(today))
	}
	return placed
}

// over is the stored package with the values of the line. What only the pages write is kept, and so is what the line
// does not say. A package that had ended because it was missing in the input runs again once it is back.
func (p Package) over(next customer.Package, number string) customer.Package {
	next.ID, next.Number, next.Product, next.Tariff, next.Domains = p.ID, number, p.Product, p.Tariff, p.Domains
	next.ContractStart, next.NoticePeriodMonths = p.ContractStart, p.NoticePeriodMonths
	if !p.missing["termMonths"] {
		next.TermMonths = p.TermMonths
	}
	if !p.missing["priceCents"] {
		next.PriceCents = p.PriceCents
	}
	if !p.missing["billingMonths"] {
		next.BillingMonths = p.BillingMonths
	}
	if !p.missing["renewal"] {
		next.Renewal = p.Renewal
	}
	if !p.missing["endedAt"] || next.LeftOut {
		next.EndedAt, next.LeftOut = p.EndedAt, false
	}
	return next
}

// same says whether a line says nothing new of a package.
func same(a, b customer.Package) bool {
	a.Settings, a.SettingsVersion, a.Places = b.Settings, b.SettingsVersion, b.Places // not from the line
	if len(a.Domains) == 0 && len(b.Domains) == 0 {
		a.Domains, b.Domains = nil, nil
	}
	return reflect.DeepEqual(a, b)
}
