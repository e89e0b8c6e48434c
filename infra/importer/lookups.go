package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// lookupsOf are the look-ups that there should be: the packages of each folded domain, ended ones left out.
func lookupsOf(packages []customer.Package) map[string][]string {
	wants := map[string][]string{}
	for _, p := range packages {
		if p.EndedAt != "" {
			continue
		}
		for _, d := range customer.FoldDomains(p.Domains) {
			wants[d] = append(wants[d], p.ID)
		}
	}
	return wants
}

// complete says whether all look-ups of a package are there.
func complete(p customer.Package, found map[string]string, wants map[string][]string) bool {
	for _, d := range customer.FoldDomains(p.Domains) {
		if p.EndedAt == "" && !slices.Contains(wants[d], found[d]) {
			return false
		}
	}
	return true
}

// dropLookups removes the look-ups of domains that have left a package or whose package has ended.
func (im Importer) dropLookups(ctx context.Context, number string, found map[string]string, wants map[string][]string) (dropped bool, err error) {
	for d, id := range found {
		if slices.Contains(wants[d], id) {
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
