package order

import (
	"context"
	"maps"
	"slices"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
)

// RecordOf takes from a profile what a merge compares.
func RecordOf(p customer.Profile) merge.Record {
	return merge.Record{
		Number: p.Number, Company: p.Company, FirstName: p.FirstName, LastName: p.LastName,
		Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country,
		Phone: p.Phone, Mobile: p.Mobile, Email: p.Email,
		AccountNumber: p.AccountNumber, BankCode: p.BankCode, IBAN: p.IBAN, BIC: p.BIC,
	}
}

// Profiles are profiles as they are now, by number, together with those merged into them.
type Profiles map[string]customer.Profile

// Facts collects from the profiles what decides whether a merge of a number is blocked.
func (all Profiles) Facts(number string) merge.Facts {
	p := all[number]
	return merge.Facts{
		Record: RecordOf(p), MergedInto: p.MergedInto, Members: p.Members,
		BalanceCents: p.BalanceCents, MemberOwes: all.memberOwes(p), Locked: p.Locked,
	}
}

// memberOwes reports whether an amount is due for a number that was merged into this one: each keeps a balance of its
// own, which imports go on updating.
func (all Profiles) memberOwes(p customer.Profile) bool {
	return slices.ContainsFunc(p.Members, func(n string) bool { return all[n].Owes() })
}

// Balances are those of a number and its members that are not zero, the number's own first.
func (all Profiles) Balances(number string) []merge.Balance {
	var list []merge.Balance
	for _, n := range append([]string{number}, slices.Sorted(slices.Values(all[number].Members))...) {
		if cents := all[n].BalanceCents; cents != 0 {
			list = append(list, merge.Balance{Number: n, Cents: cents})
		}
	}
	return list
}

// ReadProfiles reads the numbers, and what was merged into them: in one round when it is among the numbers, as far as it is known.
func ReadProfiles(ctx context.Context, customers customer.Store, numbers ...string) (Profiles, error) {
	found, err := customers.Profiles(ctx, numbers)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(Profiles(found))
	return all, all.ReadMembers(ctx, customers, numbers...)
}

// WithMembers is a profile that was read already, together with what was merged into it.
func WithMembers(ctx context.Context, customers customer.Store, p customer.Profile) (Profiles, error) {
	all := Profiles{p.Number: p}
	return all, all.ReadMembers(ctx, customers, p.Number)
}

// ReadMembers adds what was merged into the numbers; it asks for nothing where nothing was.
func (all Profiles) ReadMembers(ctx context.Context, customers customer.Store, numbers ...string) error {
	var missing []string
	for _, n := range numbers {
		for _, member := range all[n].Members {
			if _, known := all[member]; !known {
				missing = append(missing, member)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	more, err := customers.Profiles(ctx, missing)
	maps.Copy(all, more)
	return err
}

// of are the profiles of numbers in their order.
func (all Profiles) of(numbers []string) []customer.Profile {
	list := make([]customer.Profile, len(numbers))
	for i, n := range numbers {
		list[i] = all[n]
	}
	return list
}

// Party is a snapshot of a number for an order.
func (all Profiles) Party(number string) Party {
	p := partyOf(all[number])
	p.Balances = all.Balances(number)
	return p
}

// partyOf is Party without the balances.
func partyOf(p customer.Profile) Party {
	members := slices.Clone(p.Members)
	slices.Sort(members)
	return Party{
		Record: RecordOf(p), Version: p.Version, Members: members,
		EmailChanged: p.EmailChangedAt, Language: p.Language, CustomerSince: p.CreatedAt,
	}
}

// DigestOf is the digest of a draft over the profiles as they are now; the page
// carries it, and submission compares it with its own (M5).
func DigestOf(own customer.Profile, d Draft, sources map[string]customer.Profile) string {
	list := make([]merge.Source, len(d.Sources))
	for i, s := range d.Sources {
		list[i] = merge.Source{Record: RecordOf(sources[s.Number]), Choices: s.Choices}
	}
	return merge.Digest(d.Salt, RecordOf(own), list)
}

// setField writes one compared field of a profile; RecordOf reads them.
func setField(p *customer.Profile, f merge.Field, v string) {
	fields := map[merge.Field]*string{
		merge.Street: &p.Street, merge.PostalCode: &p.PostalCode, merge.City: &p.City, merge.Country: &p.Country,
		merge.Phone: &p.Phone, merge.Mobile: &p.Mobile, merge.Email: &p.Email,
		merge.IBAN: &p.IBAN, merge.BIC: &p.BIC, merge.AccountNumber: &p.AccountNumber, merge.BankCode: &p.BankCode,
	}
	if at := fields[f]; at != nil {
		*at = v
	}
}
