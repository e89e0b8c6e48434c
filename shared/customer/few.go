package customer

import (
	"context"
	"fmt"
	"kundenkonto/shared/product"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// few is how many packages are read whole, to sort and search them here: as they are at this moment, and any part of a name.
// Who has more gets them out of orders that are kept.
const few = 200

// fewPackages reads all packages of the numbers in one round of parallel queries, one a number, and cuts the page out of them.
func (s Store) fewPackages(ctx context.Context, numbers []string, q PackageQuery) (PackagePage, error) {
	group, ctx := errgroup.WithContext(ctx)
	found := make([][]Package, len(numbers))
	for i, number := range numbers {
		group.Go(func() (err error) { found[i], err = s.packagesOf(ctx, number, "", 0); return err })
	}
	if err := group.Wait(); err != nil {
		return PackagePage{}, fmt.Errorf("packages: %w", err)
	}
	all := slices.Concat(found...)
	after := slices.IndexFunc(all, func(p Package) bool { return p.ID == q.After })
	var from place
	if after >= 0 {
		from = q.placeOf(all[after])
	}
	return q.cut(slices.DeleteFunc(all, func(p Package) bool { return !q.matches(p) }), from), nil
}

// matches says whether a package is of the product and has the text asked for.
func (q PackageQuery) matches(p Package) bool {
	if q.Product != "" && p.Product != q.Product {
		return false
	}
	if q.Search == "" {
		return true
	}
	search := foldSearch(q.Search)
	return slices.ContainsFunc(append(p.searched(), p.Settings[product.DisplayName]), func(text string) bool {
		return strings.Contains(foldSearch(text), search)
	})
}

// cut is the page behind a place, of all packages that match. A place stays good when its package has left the list
// meanwhile, since it got another name, say.
func (q PackageQuery) cut(all []Package, after place) PackagePage {
	slices.SortFunc(all, func(a, b Package) int { return q.placeOf(a).compare(q.placeOf(b)) })
	page := PackagePage{Packages: []Package{}, Total: len(all)}
	if after.id != "" {
		all = slices.DeleteFunc(all, func(p Package) bool { return q.placeOf(p).compare(after) <= 0 })
	}
	page.Packages = append(page.Packages, all[:min(q.Limit, len(all))]...)
	if len(all) > q.Limit {
		page.Next = page.Packages[q.Limit-1].ID
	}
	return page
}
