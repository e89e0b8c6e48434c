package customer

import (
	"context"
	"fmt"
	"slices"

	"kundenkonto/shared/table"
)

// FindProof finds the package that a merge proof names by one of its domains or by its package id, under any of the
// numbers. It reads the same number of keys whatever exists, filled up with keys that nothing can have, so that neither
// time nor cost tells whether a number is known or has members (S1). ErrNotFound when there is none; a package that has
// ended proves nothing. What a look-up says is held against the package itself: an import that was stopped may have left
// one behind.
func (s Store) FindProof(ctx context.Context, numbers []string, field string) (packageID, number string, err error) {
	items, err := s.batch(ctx, proofKeys(numbers, field))
	if err != nil {
		return "", "", fmt.Errorf("find proof: %w", err)
	}
	best, byDomain := -1, false
	for _, item := range items {
		if table.String(item, "endedAt") != "" {
			continue
		}
		for rank, n := range numbers {
			if table.String(item, table.AttrPK) == table.Customer(n) && (best < 0 || rank < best) {
				best, number = rank, n
				packageID = table.String(item, "packageId") + table.String(item, "id")
				byDomain = table.String(item, "packageId") != ""
			}
		}
	}
	holds, err := s.proves(ctx, number, packageID, field, byDomain)
	if err != nil {
		return "", "", fmt.Errorf("find proof: %w", err)
	}
	if best < 0 || !holds {
		return "", "", ErrNotFound
	}
	return packageID, number, nil
}

// proves reads the package that was found, or a key that nothing has.
func (s Store) proves(ctx context.Context, number, id, field string, byDomain bool) (bool, error) {
	if id == "" {
		number, id = "-", "-"
	}
	items, err := s.batch(ctx, []table.Key{table.Package(number, id)})
	if err != nil || len(items) == 0 {
		return false, err
	}
	var p Package
	if err := table.Unmarshal(items[0], &p); err != nil {
		return false, err
	}
	domain, _ := FoldDomain(field)
	return p.EndedAt == "" && (!byDomain || slices.Contains(FoldDomains(p.Domains), domain)), nil
}

// proofKeys are two keys a number, filled up to a multiple of the batch size.
func proofKeys(numbers []string, field string) []table.Key {
	domain, err := FoldDomain(field)
	if err != nil {
		domain = "-" // nothing is stored under it
	}
	id := field
	if !ValidPackageID(id) {
		id = "-"
	}
	var keys []table.Key
	for _, number := range numbers {
		keys = append(keys, table.Domain(number, domain), table.Package(number, id))
	}
	for i := 0; len(keys)%batchLimit != 0 || len(keys) == 0; i++ {
		keys = append(keys, table.Domain(fmt.Sprintf("-%d", i), domain))
	}
	return keys
}
