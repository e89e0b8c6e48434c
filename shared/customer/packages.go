package customer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/table"
)

// PackageQuery chooses packages. Search is a part of a domain, package id or display name, Product one of Products; "" is all. After
// is the Next of the page before. Limit is the size of a page, 25 when 0.
type PackageQuery struct {
	Search, Product, After string
	Sort                   string    // one of Sorts; "" is SortNumber
	Today                  time.Time // a day of package contract, for SortEnd
	Consumer               bool      // whose contracts they are, for SortEnd
	Limit                  int
	Uncounted              bool // no Total, by number
}

// Orders of packages. By end is by the end of a cancelled contract and the next possible end of any other, those that are
// over last; of many packages that is as the last import reckoned it.
const (
	SortNumber  = "number"
	SortName    = "name"
	SortProduct = "product"
	SortEnd     = "end"
)

// Sorts are the orders there are.
var Sorts = []string{SortNumber, SortName, SortProduct, SortEnd}

// PackagePage is a page of packages in the order asked for. Next is "" on the last page. Total counts all that match; with More
// a search has found others beside those, which are too many to sort.
type PackagePage struct {
	Packages []Package `json:"packages"`
	Next     string    `json:"next,omitempty"`
	Total    int       `json:"total"`
	More     bool      `json:"more,omitempty"`
}

// Packages reads one page of the packages of the numbers, the own one and its members, at most 50. What it costs does not
// grow with the packages (figure of the design): by number, a page of each number and the counts off the profiles are read in
// one round; in any other order, or with a search or product, all packages while they are few, and beyond that out of orders that are kept with them.
func (s Store) Packages(ctx context.Context, numbers []string, q PackageQuery) (PackagePage, error) {
	if q.Limit <= 0 {
		q.Limit = 25
	}
	if q.Search = foldSearch(q.Search); q.Search == "" && q.Product == "" && (q.Sort == "" || q.Sort == SortNumber) {
		return s.packagesByNumber(ctx, numbers, q)
	}
	counts, placed, err := s.counts(ctx, numbers)
	switch {
	case err != nil:
		return PackagePage{}, err
	case !placed || counts.total(numbers, "") <= few:
		return s.fewPackages(ctx, numbers, q)
	case q.Search != "":
		return s.searchPackages(ctx, numbers, counts, q)
	}
	return s.manyPackages(ctx, numbers, counts, q)
}

// packagesByNumber reads a page of each number, and how many there are, in one round of parallel queries.
func (s Store) packagesByNumber(ctx context.Context, numbers []string, q PackageQuery) (PackagePage, error) {
	group, ctx := errgroup.WithContext(ctx)
	found, counts := make([][]Package, len(numbers)), packageCounts{}
	for i, number := range numbers {
		group.Go(func() (err error) { found[i], err = s.packagesOf(ctx, number, q.After, q.Limit+1); return err })
	}
	if !q.Uncounted {
		group.Go(func() (err error) { counts, _, err = s.counts(ctx, numbers); return err })
	}
	if err := group.Wait(); err != nil {
		return PackagePage{}, fmt.Errorf("packages: %w", err)
	}
	page := PackagePage{Packages: slices.Concat(found...), Total: counts.total(numbers, "")}
	slices.SortFunc(page.Packages, func(a, b Package) int { return cmp.Compare(a.ID, b.ID) })
	if len(page.Packages) > q.Limit {
		page.Packages = page.Packages[:q.Limit]
		page.Next = page.Packages[q.Limit-1].ID
	}
	return page, nil
}

// PackagesOf reads packages of one number by their ids: the first most after a cursor; next is the cursor of further ones, "" at
// the end.
func (s Store) PackagesOf(ctx context.Context, number, after string, most int) (found []Package, next string, err error) {
	found, err = s.packagesOf(ctx, number, after, most+1)
	if err != nil || len(found) <= most {
		return found, "", err
	}
	return found[:most], found[most-1].ID, nil
}

// packagesOf reads the packages of a number after a cursor: the first most, or all when most is 0. A blank sorts before and a
// tilde after every character of a package id.
func (s Store) packagesOf(ctx context.Context, number, after string, most int) (found []Package, err error) {
	from := table.PrefixPackage
	if ValidPackageID(after) { // a made-up cursor begins at the start
		from += after + " "
	}
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Customers, ConsistentRead: aws.Bool(true),
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: table.Item{
			":pk": table.S(table.Customer(number)), ":from": table.S(from), ":to": table.S(table.PrefixPackage + "~"),
		},
	}
	if most > 0 {
		in.Limit = aws.Int32(int32(most))
	}
	for {
		out, err := s.DB.Query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("query packages: %w", err)
		}
		for _, item := range out.Items {
			var p Package
			if err := table.Unmarshal(item, &p); err != nil {
				return nil, err
			}
			found = append(found, p)
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil || most > 0 && len(found) >= most {
			return found, nil
		}
	}
}

// Package reads a package by its id, whatever number it stands under.
func (s Store) Package(ctx context.Context, id string) (Package, error) {
	if !ValidPackageID(id) {
		return Package{}, ErrNotFound
	}
	owner, err := s.Get(ctx, s.Names.Customers, table.Owner(id))
	if err != nil {
		return Package{}, fmt.Errorf("package owner: %w", err)
	}
	item, err := s.Get(ctx, s.Names.Customers, table.Package(table.String(owner, "number"), id))
	if err != nil {
		return Package{}, fmt.Errorf("package: %w", err)
	}
	if item == nil {
		return Package{}, ErrNotFound
	}
	var p Package
	return p, table.Unmarshal(item, &p)
}
