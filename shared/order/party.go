package order

import (
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

// FactsOf takes from a profile what may block a merge.
func FactsOf(p customer.Profile) merge.Facts {
	return merge.Facts{
		Record: RecordOf(p), MergedInto: p.MergedInto, Members: p.Members,
		BalanceCents: p.BalanceCents, Locked: p.Locked,
	}
}

// PartyOf takes a snapshot of a profile for an order.
func PartyOf(p customer.Profile) Party {
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
