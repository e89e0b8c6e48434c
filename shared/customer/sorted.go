package customer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/product"
	"kundenkonto/shared/table"
)

// sortedPackages reads all packages that match, in one round of parallel queries, one a number, and cuts the page out of
// them. Only the packages of the page are read out in full: of the others the sort key is enough.
func (s Store) sortedPackages(ctx context.Context, numbers []string, q PackageQuery) (PackagePage, error) {
	group, inGroup := errgroup.WithContext(ctx)
	found := make([][]sortable, len(numbers))
	for i, number := range numbers {
		group.Go(func() (err error) { found[i], err = s.sortables(inGroup, number, q); return err })
	}
	if err := group.Wait(); err != nil {
		return PackagePage{}, fmt.Errorf("packages: %w", err)
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, sortable.compare)
	// A cursor is the id of the last package of the page before: it stays good when names change or packages are added.
	from := slices.IndexFunc(all, func(p sortable) bool { return p.id == q.After }) + 1
	if from == 0 && ValidPackageID(q.After) {
		var err error
		if from, err = s.after(ctx, numbers, q, all); err != nil {
			return PackagePage{}, err
		}
	}
	return cut(all, from, q.Limit)
}

// after is where the list goes on behind a package that it no longer has, since it got another name while a name was
// searched for, say. A package of somebody else is none.
func (s Store) after(ctx context.Context, numbers []string, q PackageQuery, all []sortable) (int, error) {
	p, err := s.Package(ctx, q.After)
	if errors.Is(err, ErrNotFound) || err == nil && !slices.Contains(numbers, p.Number) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	gone := sortable{id: p.ID, key: q.sortKey(table.MustMarshal(p))}
	if i := slices.IndexFunc(all, func(one sortable) bool { return one.compare(gone) > 0 }); i >= 0 {
		return i, nil
	}
	return len(all), nil
}

func cut(all []sortable, from, limit int) (PackagePage, error) {
	page := PackagePage{Packages: []Package{}, Total: len(all)}
	to := min(from+limit, len(all))
	for _, one := range all[from:to] {
		var p Package
		if err := table.Unmarshal(one.item, &p); err != nil {
			return PackagePage{}, err
		}
		page.Packages = append(page.Packages, p)
	}
	if to < len(all) {
		page.Next = all[to-1].id
	}
	return page, nil
}

// sortable is a package with what it is sorted by.
type sortable struct {
	id, key string
	item    table.Item
}

func (a sortable) compare(b sortable) int {
	return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
}

func (s Store) sortables(ctx context.Context, number string, q PackageQuery) ([]sortable, error) {
	q.After = ""
	in := s.packageInput(number, q)
	var found []sortable
	for {
		out, err := s.DB.Query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("query packages: %w", err)
		}
		for _, item := range out.Items {
			found = append(found, sortable{table.String(item, "id"), q.sortKey(item), item})
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return found, nil
		}
	}
}

// sortKey is what packages are sorted by, those of the same one by their ids.
func (q PackageQuery) sortKey(item table.Item) string {
	switch q.Sort {
	case SortProduct:
		return table.String(item, "product") + " " + nameKey(item)
	case SortEnd:
		return q.endKey(item) + " " + nameKey(item)
	}
	return nameKey(item)
}

// endKey sorts by the end, or the next possible one, then packages whose contract is not known, then ended ones.
func (q PackageQuery) endKey(item table.Item) string {
	p := Package{ContractStart: table.String(item, "contractStart"), TermMonths: int(table.Int(item, "termMonths")),
		NoticePeriodMonths: int(table.Int(item, "noticePeriodMonths")), Renewal: contract.Renewal(table.String(item, "renewal")), EndedAt: table.String(item, "endedAt")}
	if p.Ended(q.Today) {
		return "C" + p.EndedAt
	}
	if end, ok := p.End(q.Today, q.Consumer); ok {
		return "A" + end.Format(time.DateOnly)
	}
	return "B"
}

// nameKey is Package.DisplayName of an item, as people sort: without regard to case, umlauts beside their vowels.
func nameKey(item table.Item) string {
	name := table.String(item, "id")
	if domains, ok := item["domains"].(*types.AttributeValueMemberL); ok && len(domains.Value) > 0 {
		if first, ok := domains.Value[0].(*types.AttributeValueMemberS); ok {
			name = first.Value
		}
	}
	if settings, ok := item["settings"].(*types.AttributeValueMemberM); ok {
		name = cmp.Or(table.String(settings.Value, product.DisplayName), name)
	}
	return umlauts.Replace(strings.ToLower(name))
}

var umlauts = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss")
