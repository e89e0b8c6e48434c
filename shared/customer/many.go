package customer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/table"
)

// stream is a part of an order: the keys of one number from one to another, both included.
type stream struct{ number, from, to string }

// manyPackages reads a page out of the order that is kept: its beginning of each number and product in one round of parallel
// queries, merged, and then the packages themselves, as they are at this moment. What it costs does not grow with the packages.
func (s Store) manyPackages(ctx context.Context, numbers []string, counts packageCounts, q PackageQuery) (PackagePage, error) {
	cursor, err := s.cursor(ctx, numbers, q)
	if err != nil {
		return PackagePage{}, err
	}
	after := place{}
	if cursor.ID != "" {
		after = q.placed(cursor.Number, q.order().place(cursor))
	}
	var streams []stream
	for _, number := range numbers {
		streams = append(streams, q.streams(number, counts[number], after)...)
	}
	group, inGroup := errgroup.WithContext(ctx)
	found := make([][]place, len(streams))
	for i, one := range streams {
		group.Go(func() (err error) { found[i], err = s.places(inGroup, one, q); return err })
	}
	if err := group.Wait(); err != nil {
		return PackagePage{}, fmt.Errorf("packages: %w", err)
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, place.compare)
	page := PackagePage{Packages: []Package{}, Total: counts.total(numbers, q.Product)}
	if len(all) > q.Limit {
		all = all[:q.Limit]
		page.Next = all[q.Limit-1].id
	}
	at := map[string]int{}
	for i, one := range all {
		at[one.id] = i
	}
	if page.Packages, err = s.byPlace(ctx, all); err != nil {
		return PackagePage{}, err
	}
	slices.SortFunc(page.Packages, func(a, b Package) int { return at[a.ID] - at[b.ID] })
	return page, nil
}

// cursor is the last package of the page before; none is the zero one. A package of somebody else is none.
func (s Store) cursor(ctx context.Context, numbers []string, q PackageQuery) (Package, error) {
	if q.After == "" {
		return Package{}, nil
	}
	p, err := s.Package(ctx, q.After)
	if errors.Is(err, ErrNotFound) || err == nil && !slices.Contains(numbers, p.Number) {
		return Package{}, nil
	}
	return p, err
}

// streams are the parts of the order that a page is merged from, behind a place: one for each product that the number has.
func (q PackageQuery) streams(number string, count map[string]int, after place) (all []stream) {
	if q.Sort == SortProduct {
		from, to := " ", "~"
		if after.id != "" {
			from = after.key + tab + after.id + " "
		}
		if q.Product != "" {
			from, to = max(from, q.Product+tab), q.Product+"\n"
		}
		return []stream{{number, from, to}}
	}
	for _, product := range Products {
		if count[product] == 0 || q.Product != "" && q.Product != product {
			continue
		}
		begin, end := product+tab, product+"\n" // the first character behind a tab
		switch {
		case q.Sort == SortEnd:
			dated, open := q.endsFrom(after)
			all = append(all, stream{number, begin + dated, begin + endsAfter}, stream{number, begin + open, end})
		case after.id == "":
			all = append(all, stream{number, begin, end})
		case q.Sort == SortName:
			all = append(all, stream{number, begin + after.key + tab + after.id + " ", end})
		default:
			all = append(all, stream{number, begin + after.id + " ", end})
		}
	}
	return all
}

// endsFrom is where the list by end goes on, in the part of the order with days and in the part behind it. That begins with
// contracts that can be ended at any time. They are sorted by their notice period, and so by the day it would end.
func (q PackageQuery) endsFrom(after place) (dated, open string) {
	if after.id == "" {
		return endsOn, endsAfter
	}
	behind := after.key + tab + after.id + " "
	if !strings.HasPrefix(after.key, endsOn) {
		return endsAfter, behind
	}
	for months := range contract.MostMonths + 1 {
		stored := fmt.Sprintf("%s%03d", endsAfter, months)
		switch due := dueKey(stored, q.Today); {
		case due == after.key:
			return behind, stored + tab + after.id + " "
		case due > after.key:
			return behind, stored
		}
	}
	return behind, endsEver
}

// places reads the beginning of a stream: one more than a page, to know that there is a next one.
func (s Store) places(ctx context.Context, one stream, q PackageQuery) (found []place, err error) {
	if one.from > one.to {
		return nil, nil
	}
	kept := q.order()
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Customers, Limit: aws.Int32(int32(q.Limit + 1)),
		KeyConditionExpression:   aws.String("pk = :pk AND #key BETWEEN :from AND :to"),
		ExpressionAttributeNames: map[string]string{"#key": kept.attribute},
		ExpressionAttributeValues: table.Item{
			":pk": table.S(table.Customer(one.number)), ":from": table.S(one.from), ":to": table.S(one.to),
		},
	}
	if in.IndexName = &kept.index; kept.index == "" {
		in.IndexName, in.ConsistentRead = nil, aws.Bool(true)
		in.ExpressionAttributeValues[":pk"] = table.S(kept.shelf.Of(one.number))
	}
	for {
		out, err := s.DB.Query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("query an order of packages: %w", err)
		}
		for _, item := range out.Items {
			found = append(found, q.placed(one.number, table.String(item, kept.attribute)))
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil || len(found) > q.Limit {
			return found, nil
		}
	}
}

// byPlace reads packages whole, in no order. One that is gone is left out.
func (s Store) byPlace(ctx context.Context, places []place) ([]Package, error) {
	keys := make([]table.Key, len(places))
	for i, one := range places {
		keys[i] = table.Package(one.number, one.id)
	}
	items, err := s.Batch(ctx, s.Names.Customers, keys)
	if err != nil {
		return nil, fmt.Errorf("packages: %w", err)
	}
	found := make([]Package, len(items))
	for i, item := range items {
		if err := table.Unmarshal(item, &found[i]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// packageCounts are how many packages of each product each number has.
type packageCounts map[string]map[string]int

// total counts the packages of the numbers, of one product or, with "", of all.
func (c packageCounts) total(numbers []string, product string) (n int) {
	for _, number := range numbers {
		for name, count := range c[number] {
			if product == "" || product == name {
				n += count
			}
		}
	}
	return n
}

// counts reads how many packages the numbers have, off their profiles. Packages of a number that no import has written since
// counts are kept are counted; placed says that there is none such, so that every order has all packages.
func (s Store) counts(ctx context.Context, numbers []string) (counts packageCounts, placed bool, err error) {
	profiles, err := s.Profiles(ctx, numbers)
	if err != nil {
		return nil, false, err
	}
	counts, placed = packageCounts{}, true
	for _, number := range numbers {
		if counts[number] = profiles[number].PackageCounts; counts[number] != nil {
			continue
		}
		packages, err := s.packagesOf(ctx, number, "", 0)
		if err != nil {
			return nil, false, err
		}
		counts[number] = CountPackages(packages)
		placed = placed && len(packages) == 0
	}
	return counts, placed, nil
}

// CountPackages counts packages by product.
func CountPackages(packages []Package) map[string]int {
	counts := map[string]int{}
	for _, p := range packages {
		counts[p.Product]++
	}
	return counts
}
