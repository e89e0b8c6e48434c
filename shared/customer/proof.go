package customer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/table"
)

// Found is a package that a proof names, and the number that it belongs to, which says what package passwords are void.
type Found struct {
	Package, Number string
	Owner           Profile
}

// FindProof finds the package that a merge proof names by one of its domains or by its package id, under any of the
// numbers. It reads the same number of keys whatever exists, filled up with keys that nothing can have, so that neither
// time nor cost tells whether a number is known or has members (S1). ErrNotFound when there is none; a package that has
// ended by today, a day of package contract, proves nothing. What a look-up says is held against the package itself: it
// stays until the first import after the package's last day, and an import that was stopped may have left one behind.
func (s Store) FindProof(ctx context.Context, numbers []string, field string, today time.Time) (Found, error) {
	items, err := s.Batch(ctx, s.Names.Customers, proofKeys(numbers, field))
	if err != nil {
		return Found{}, fmt.Errorf("find proof: %w", err)
	}
	found, best, byDomain := Found{}, -1, false
	for _, item := range items {
		if contract.Ended(table.String(item, "endedAt"), today) {
			continue
		}
		for rank, n := range numbers {
			if table.String(item, table.AttrPK) == table.Customer(n) && (best < 0 || rank < best) {
				best, found.Number = rank, n
				found.Package = table.String(item, "packageId") + table.String(item, "id")
				byDomain = table.String(item, "packageId") != ""
			}
		}
	}
	p, owner, err := s.owned(ctx, found)
	if err != nil {
		return Found{}, fmt.Errorf("find proof: %w", err)
	}
	domain, _ := FoldDomain(field)
	if best < 0 || p.ID == "" || p.Ended(today) || byDomain && !slices.Contains(FoldDomains(p.Domains), domain) {
		return Found{}, ErrNotFound
	}
	found.Owner = owner
	return found, nil
}

// Owners finds the profiles of the numbers that packages belong to, by package id. One that nobody ordered is not there.
func (s Store) Owners(ctx context.Context, packages []string) (map[string]Profile, error) {
	var keys []table.Key
	for _, id := range slices.Compact(slices.Sorted(slices.Values(packages))) {
		if ValidPackageID(id) {
			keys = append(keys, table.Owner(id))
		}
	}
	items, err := s.Batch(ctx, s.Names.Customers, keys)
	if err != nil {
		return nil, fmt.Errorf("owners of packages: %w", err)
	}
	numbers, owner := []string{}, map[string]string{}
	for _, item := range items {
		n := table.String(item, "number")
		owner[table.String(item, table.AttrPK)] = n
		numbers = append(numbers, n)
	}
	profiles, err := s.Profiles(ctx, slices.Compact(slices.Sorted(slices.Values(numbers))))
	if err != nil {
		return nil, fmt.Errorf("owners of packages: %w", err)
	}
	found := map[string]Profile{}
	for _, id := range packages {
		if p, known := profiles[owner[table.PackageSubject(id)]]; known {
			found[id] = p
		}
	}
	return found, nil
}

// owned reads the package that was found and the number it belongs to, or two keys that nothing has.
func (s Store) owned(ctx context.Context, f Found) (p Package, owner Profile, err error) {
	if f.Package == "" {
		f.Number, f.Package = "-", "-"
	}
	items, err := s.Batch(ctx, s.Names.Customers, []table.Key{table.Package(f.Number, f.Package), table.Profile(f.Number)})
	for _, item := range items {
		if err != nil {
			break
		}
		if table.String(item, table.AttrSK) == table.SKProfile {
			err = table.Unmarshal(item, &owner)
		} else {
			err = table.Unmarshal(item, &p)
		}
	}
	return p, owner, err
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
	for i := 0; len(keys)%table.BatchKeys != 0 || len(keys) == 0; i++ {
		keys = append(keys, table.Domain(fmt.Sprintf("-%d", i), domain))
	}
	return keys
}
