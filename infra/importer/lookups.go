package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// lookups reads the look-ups of domains that a number has: the package of each folded domain.
func (im Importer) lookups(ctx context.Context, number string) (map[string]string, error) {
	found := map[string]string{}
	items, err := im.items(ctx, number, table.PrefixDomain)
	if err != nil {
		return nil, fmt.Errorf("read look-ups of domains: %w", err)
	}
	for _, item := range items {
		found[strings.TrimPrefix(table.String(item, "sk"), table.PrefixDomain)] = table.String(item, "packageId")
	}
	return found, nil
}

// lookupsOf are the look-ups that should exist: the package of each folded domain, without packages that have ended.
// When two packages have the same domain, since it moves from a cancelled one to its successor, it is the one that
// continues.
func lookupsOf(packages []customer.Package, today time.Time) map[string]string {
	wants, cancelled := map[string]string{}, map[string]bool{}
	for _, p := range packages {
		if p.Ended(today) {
			continue
		}
		for _, d := range customer.FoldDomains(p.Domains) {
			if wants[d] == "" || cancelled[d] && !p.Cancelled() {
				wants[d], cancelled[d] = p.ID, p.Cancelled()
			}
		}
	}
	return wants
}

// foundBy are the domains by which a package should be found.
func foundBy(p customer.Package, wants map[string]string) (domains []string) {
	for _, d := range customer.FoldDomains(p.Domains) {
		if wants[d] == p.ID {
			domains = append(domains, d)
		}
	}
	return domains
}

// complete says whether all look-ups of a package are there.
func complete(p customer.Package, found, wants map[string]string) bool {
	return !slices.ContainsFunc(foundBy(p, wants), func(d string) bool { return found[d] != p.ID })
}

// dropLookups removes the look-ups of domains that have left a package or whose package has ended.
func (im Importer) dropLookups(ctx context.Context, number string, found, wants map[string]string) (dropped bool, err error) {
	for d, id := range found {
		if wants[d] == id {
			continue
		}
		gone := customer.RemoveDomain(im.Tables.Names, customer.Package{ID: id, Number: number}, d)
		if err := im.Tables.Transact(ctx, []types.TransactWriteItem{gone}, ""); err != nil && !errors.Is(err, table.ErrCondition) {
			return dropped, fmt.Errorf("remove a domain: %w", err)
		}
		dropped = true
	}
	return dropped, nil
}
