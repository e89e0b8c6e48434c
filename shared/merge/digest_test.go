package merge_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kundenkonto/shared/merge"
)

// The digest stands in stored orders: a change of it would make every order under way stale. Change this value only with a new version in the digest's first part.
func TestDigestStaysTheSameOverReleases(t *testing.T) { // M5
	const want = "45ce5fab038f8c3ca83a54555c14751c29f773e145f88cf942d424c93c296ade"
	if got := merge.Digest("salt", anna, []merge.Source{{Record: oldAnna, Choices: merge.Choices{merge.BankGroup: merge.Other}}}); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

func TestDigestChangesWithEveryValueOfEitherSide(t *testing.T) {
	fields := []merge.Field{merge.Street, merge.PostalCode, merge.City, merge.Country, merge.Phone, merge.Mobile, merge.Email, merge.AccountNumber, merge.BankCode,
		merge.IBAN, merge.BIC, merge.Company, merge.FirstName, merge.LastName}
	before := merge.Digest("salt", anna, []merge.Source{{Record: oldAnna}})
	for _, f := range fields {
		if merge.Digest("salt", with(anna, f, "x"), []merge.Source{{Record: oldAnna}}) == before || merge.Digest("salt", anna, []merge.Source{{Record: with(oldAnna, f, "x")}}) == before {
			t.Errorf("%s is not covered on both sides", f)
		}
	}
	for _, g := range merge.Groups() {
		if merge.Digest("salt", anna, []merge.Source{{Record: oldAnna, Choices: merge.Choices{g: merge.Other}}}) == before {
			t.Errorf("the choice of %s is not covered", g)
		}
	}
}

func TestDigestIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sources []merge.Source
		for i, n := range []string{"1", "2", "3", "4"} {
			r := oldAnna
			r.Number, r.Street = n, rapid.String().Draw(t, "street")
			sources = append(sources, merge.Source{Record: r, Choices: merge.Choices{merge.Groups()[i]: merge.Other}})
		}
		before := merge.Digest("salt", anna, sources)
		for i := range sources {
			sources[i].Choices[merge.BankGroup] = merge.Own // says the same as leaving it out
		}
		if got := merge.Digest("salt", anna, rapid.Permutation(sources).Draw(t, "order")); got != before {
			t.Fatal("the order of the sources or a choice that says nothing changes the digest")
		}
	})
}

func TestDigestDoesNotRunValuesTogether(t *testing.T) {
	a, b := anna, anna
	a.Street, a.PostalCode = "Hauptstr. 51", "0115"
	b.Street, b.PostalCode = "Hauptstr. 5", "10115"
	if merge.Digest("salt", a, nil) == merge.Digest("salt", b, nil) {
		t.Error("a digit moved between fields and the digest did not notice")
	}
	if merge.Digest("salt", anna, []merge.Source{{Record: oldAnna}}) == merge.Digest("salt", oldAnna, []merge.Source{{Record: anna}}) {
		t.Error("the sides can be turned round")
	}
}

func with(r merge.Record, f merge.Field, v string) merge.Record {
	fields := map[merge.Field]*string{merge.Street: &r.Street, merge.PostalCode: &r.PostalCode, merge.City: &r.City, merge.Country: &r.Country, merge.Phone: &r.Phone,
		merge.Mobile: &r.Mobile, merge.Email: &r.Email, merge.AccountNumber: &r.AccountNumber, merge.BankCode: &r.BankCode, merge.IBAN: &r.IBAN, merge.BIC: &r.BIC,
		merge.Company: &r.Company, merge.FirstName: &r.FirstName, merge.LastName: &r.LastName}
	*fields[f] = v
	return r
}

func TestDigestCannotBeTriedOutWithoutItsSalt(t *testing.T) { // M3
	if merge.Digest("salt", anna, []merge.Source{{Record: oldAnna}}) == merge.Digest("other", anna, []merge.Source{{Record: oldAnna}}) {
		t.Error("the same values have the same digest in every draft")
	}
}

func TestEveryFieldIsAComparedOneOrAName(t *testing.T) {
	if got := merge.GroupOf(merge.Company); got != "" {
		t.Errorf("the company is in group %s", got)
	}
	if !slices.Contains(merge.Address.Fields(), merge.Country) {
		t.Error("an address without its country")
	}
}
