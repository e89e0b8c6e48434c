package customer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
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
}

// Orders of packages. By number a page is read; by all others the packages of all numbers are, and sorted here. By end is
// by the end of a cancelled contract and the next possible end of any other, those that are over last.
const (
	SortNumber  = "number"
	SortName    = "name"
	SortProduct = "product"
	SortEnd     = "end"
)

// Sorts are the orders there are.
var Sorts = []string{SortNumber, SortName, SortProduct, SortEnd}

// PackagePage is a page of packages in the order asked for. Next is "" on the last page. Total counts all that match.
type PackagePage struct {
	Packages []Package `json:"packages"`
	Next     string    `json:"next,omitempty"`
	Total    int       `json:"total"`
}

// Packages reads one page of the packages of the numbers: one round of parallel queries, two a number (the page and the
// count), so that 1,000 packages cost no more CPU than a page (figure of the design). Numbers are the own one and its
// members, at most 50.
func (s Store) Packages(ctx context.Context, numbers []string, q PackageQuery) (PackagePage, error) {
	if q.Limit <= 0 {
		q.Limit = 25
	}
	if q.Sort != "" && q.Sort != SortNumber {
		return s.sortedPackages(ctx, numbers, q)
	}
	group, ctx := errgroup.WithContext(ctx)
	found, counts := make([][]Package, len(numbers)), make([]int, len(numbers))
	for i, number := range numbers {
		group.Go(func() (err error) { found[i], err = s.packagesOf(ctx, number, q); return err })
		group.Go(func() (err error) { counts[i], err = s.countPackages(ctx, number, q); return err })
	}
	if err := group.Wait(); err != nil {
		return PackagePage{}, fmt.Errorf("packages: %w", err)
	}
	page := PackagePage{Packages: slices.Concat(found...)}
	slices.SortFunc(page.Packages, func(a, b Package) int { return cmp.Compare(a.ID, b.ID) })
	if len(page.Packages) > q.Limit {
		page.Packages = page.Packages[:q.Limit]
		page.Next = page.Packages[q.Limit-1].ID
	}
	for _, n := range counts {
		page.Total += n
	}
	return page, nil
}

// packagesOf reads the first q.Limit+1 packages of a number after the cursor, one more than shown to know that there is
// a next page.
func (s Store) packagesOf(ctx context.Context, number string, q PackageQuery) ([]Package, error) {
	in := s.packageInput(number, q)
	if q.Search == "" && q.Product == "" {
		in.Limit = aws.Int32(int32(q.Limit + 1))
	}
	var found []Package
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
			if found = append(found, p); len(found) > q.Limit {
				return found, nil
			}
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return found, nil
		}
	}
}

func (s Store) countPackages(ctx context.Context, number string, q PackageQuery) (int, error) {
	q.After = ""
	in := s.packageInput(number, q)
	in.Select = types.SelectCount
	total := 0
	for {
		out, err := s.DB.Query(ctx, in)
		if err != nil {
			return 0, fmt.Errorf("count packages: %w", err)
		}
		total += int(out.Count)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return total, nil
		}
	}
}

// packageInput asks for the packages of a number after the cursor. A blank sorts before and a tilde after every
// character of a package id.
func (s Store) packageInput(number string, q PackageQuery) *dynamodb.QueryInput {
	from := table.PrefixPackage
	if ValidPackageID(q.After) { // a made-up cursor begins at the start
		from += q.After + " "
	}
	values := table.Item{
		":pk": table.S(table.Customer(number)), ":from": table.S(from), ":to": table.S(table.PrefixPackage + "~"),
	}
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Customers, ConsistentRead: aws.Bool(true), ExpressionAttributeValues: values,
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
	}
	var filters []string
	aliases := map[string]string{}
	if q.Search != "" {
		values[":search"], aliases["#search"], aliases["#name"] = table.S(foldSearch(q.Search)), "search", attrSearchName
		filters = append(filters, "(contains(#search, :search) OR contains(#name, :search))")
	}
	if q.Product != "" {
		values[":product"], aliases["#product"] = table.S(q.Product), "product"
		filters = append(filters, "#product = :product")
	}
	if len(filters) > 0 {
		in.FilterExpression, in.ExpressionAttributeNames = aws.String(strings.Join(filters, " AND ")), aliases
	}
	return in
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
