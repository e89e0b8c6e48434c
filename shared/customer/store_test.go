package customer_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

func admin(t *testing.T) customer.Store { return customer.Store{Store: localtest.Store(t)} }

func read(t *testing.T, number string) customer.Profile {
	t.Helper()
	p, err := admin(t).Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAProfileIsReadAsItWasWritten(t *testing.T) {
	p := localtest.Customer(t, "")
	p.Members = []string{localtest.Number(t), localtest.Number(t)}
	p.EmailChangedAt = time.Date(2026, 11, 1, 8, 0, 0, 123, time.UTC)
	p.BalanceCents, p.Locked, p.Mobile = -1999, true, "0171 1234567"
	old := read(t, p.Number)
	localtest.Put(t, customer.Update(localtest.Names(t), old, p))
	got := read(t, p.Number)
	slices.Sort(got.Members)
	slices.Sort(p.Members)
	p.Version++
	p.EmailKey = got.EmailKey
	if !got.Indexed() {
		t.Errorf("the index knows it by %q", got.EmailKey)
	}
	if fmt.Sprint(got) != fmt.Sprint(p) {
		t.Errorf("got  %+v\nwant %+v", got, p)
	}
	if _, err := admin(t).Profile(t.Context(), localtest.Number(t)); !errors.Is(err, customer.ErrNotFound) {
		t.Errorf("an unknown number: %v", err)
	}
}

func TestAChangeOfOldDataIsRefusedAndLosesNothing(t *testing.T) {
	p := localtest.Customer(t, "")
	names := localtest.Names(t)
	one, two := p, p
	one.Street, two.City = "Nebenweg 1", "Potsdam"
	localtest.Put(t, customer.Update(names, p, one))
	err := localtest.Store(t).Transact(t.Context(), []types.TransactWriteItem{customer.Update(names, p, two)}, "")
	if !errors.Is(err, table.ErrCondition) {
		t.Fatalf("the second change of the same version: %v", err)
	}
	if got := read(t, p.Number); got.Street != "Nebenweg 1" || got.City != p.City || got.Version != p.Version+1 {
		t.Errorf("%+v", got)
	}
}

func TestASignInBetweenIsNoChange(t *testing.T) {
	p := localtest.Customer(t, "")
	names := localtest.Names(t)
	localtest.Put(t, customer.SignedIn(names, p, time.Now()))
	changed := p
	changed.Street = "Nebenweg 1"
	localtest.Put(t, customer.Update(names, p, changed))
	if got := read(t, p.Number); got.LastLogin.IsZero() || got.Street != "Nebenweg 1" {
		t.Errorf("%+v", got)
	}
}

func TestMasterDataDoNotReachOtherFields(t *testing.T) {
	p := localtest.Customer(t, "")
	sent := p
	sent.City, sent.LastName, sent.BalanceCents, sent.Locked, sent.MergedInto = "Potsdam", "Fremd", -5, true, "1"
	localtest.Put(t, customer.UpdateMasterData(localtest.Names(t), p, sent))
	got := read(t, p.Number)
	if got.City != "Potsdam" || got.LastName != p.LastName || got.BalanceCents != 0 || got.Locked || got.MergedInto != "" {
		t.Errorf("%+v", got)
	}
}

func TestManyProfilesAreReadAtOnce(t *testing.T) {
	a, b := localtest.Customer(t, ""), localtest.Customer(t, "")
	got, err := admin(t).Profiles(t.Context(), []string{a.Number, b.Number, localtest.Number(t)})
	if err != nil || len(got) != 2 || got[a.Number].Email != a.Email {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAFailedProofIsKept(t *testing.T) {
	p := localtest.Customer(t, "")
	s := customer.Store{Store: localtest.StoreFor(t, "mergediff")}
	for range 2 {
		if err := s.CountFailedProof(t.Context(), p.Number, "10000017"); err != nil {
			t.Fatal(err)
		}
	}
	unknown := localtest.Number(t)
	if err := s.CountFailedProof(t.Context(), unknown, "10000017"); err != nil {
		t.Errorf("an unknown number: %v", err)
	}
	if got := read(t, p.Number); got.FailedProofs != 2 || got.Version != p.Version {
		t.Errorf("%+v", got)
	}
	if _, err := admin(t).Profile(t.Context(), unknown); !errors.Is(err, customer.ErrNotFound) {
		t.Error("counting made a customer")
	}
}

// order puts packages with ids of their own under a number.
func order(t *testing.T, number string, n int, product, domain string) []customer.Package {
	var list []customer.Package
	var items []types.TransactWriteItem
	for i := range n {
		p := customer.Package{ID: fmt.Sprintf("T-%s-%03d", number, i), Number: number, Product: product,
			Domains: []string{fmt.Sprintf("%s%d-%s.example", domain, i, number)}, ContractStart: "2019-05-01", TermMonths: 12}
		list = append(list, p)
		if items = append(items, customer.PutPackage(localtest.Names(t), p)...); len(items) > 90 || i == n-1 {
			localtest.Put(t, items...)
			items = nil
		}
	}
	return list
}

func TestPackagesOfAllNumbersArePagedInOneOrder(t *testing.T) {
	one, two := localtest.Customer(t, ""), localtest.Customer(t, "")
	var want []string
	for _, p := range append(order(t, one.Number, 31, "hosting", "blau"), order(t, two.Number, 12, "server", "rot")...) {
		want = append(want, p.ID)
	}
	slices.Sort(want)
	s := customer.Store{Store: localtest.StoreFor(t, "account")}
	var got []string
	for after := ""; ; {
		page, err := s.Packages(t.Context(), []string{one.Number, two.Number}, customer.PackageQuery{After: after, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if page.Total != 43 || len(page.Packages) > 10 {
			t.Fatalf("page after %q: total %d, %d packages", after, page.Total, len(page.Packages))
		}
		for _, p := range page.Packages {
			got = append(got, p.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %d packages %v\nwant %v", len(got), got, want)
	}
}

func TestPackagesAreFoundByPartOfADomainAndByProduct(t *testing.T) {
	p := localtest.Customer(t, "")
	order(t, p.Number, 12, "hosting", "gärtnerei")
	shop := customer.Package{ID: "S-" + p.Number, Number: p.Number, Product: "shop", Domains: []string{"laden-" + p.Number + ".example"}}
	localtest.Put(t, customer.PutPackage(localtest.Names(t), shop)...)
	s := customer.Store{Store: localtest.StoreFor(t, "account")}
	for name, c := range map[string]struct {
		query customer.PackageQuery
		total int
	}{
		"all":                          {customer.PackageQuery{}, 13},
		"a part of a domain":           {customer.PackageQuery{Search: "LADEN-"}, 1},
		"an umlaut as it is written":   {customer.PackageQuery{Search: "Gärtnerei1"}, 3},
		"an umlaut in two characters":  {customer.PackageQuery{Search: "Ga\u0308rtnerei1"}, 3},
		"a package id":                 {customer.PackageQuery{Search: "s-" + p.Number}, 1},
		"a product":                    {customer.PackageQuery{Product: "hosting"}, 12},
		"a product and a domain":       {customer.PackageQuery{Product: "shop", Search: "gärtnerei"}, 0},
		"nothing like it":              {customer.PackageQuery{Search: "%"}, 0},
		"more than a page that match":  {customer.PackageQuery{Search: "gärtnerei", Limit: 5}, 12},
		"a search begun after a page":  {customer.PackageQuery{Search: "gärtnerei", Limit: 5, After: "T-" + p.Number + "-004"}, 12},
		"a cursor that is not an id":   {customer.PackageQuery{After: "~~~"}, 13},
		"a search with odd characters": {customer.PackageQuery{Search: "\"; DROP"}, 0},
	} {
		page, err := s.Packages(t.Context(), []string{p.Number}, c.query)
		if err != nil || page.Total != c.total || len(page.Packages) > c.total {
			t.Errorf("%s: %d of %d, %v; want %d", name, len(page.Packages), page.Total, err, c.total)
		}
	}
}

func TestAPackageIsFoundByItsIDAndBelongsToOneNumber(t *testing.T) {
	p, other := localtest.Customer(t, ""), localtest.Customer(t, "")
	pkg := order(t, p.Number, 1, "server", "wolke")[0]
	s := customer.Store{Store: localtest.StoreFor(t, "account")}
	got, err := s.Package(t.Context(), pkg.ID)
	if err != nil || got.Number != p.Number || got.Domains[0] != pkg.Domains[0] || got.TermMonths != 12 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, id := range []string{"T-nobody", "", "../x", "a b"} {
		if _, err := s.Package(t.Context(), id); !errors.Is(err, customer.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	stolen := pkg
	stolen.Number = other.Number
	err = localtest.Store(t).Transact(t.Context(), customer.PutPackage(localtest.Names(t), stolen), "")
	if refused := (&table.Cancelled{}); !errors.As(err, &refused) || !refused.Failed(0) {
		t.Errorf("the same id under another number: %v", err)
	}
}

func TestAProofFindsAPackageByDomainOrID(t *testing.T) {
	p, member, other := localtest.Customer(t, ""), localtest.Customer(t, ""), localtest.Customer(t, "")
	own, merged, foreign := order(t, p.Number, 1, "server", "eigen")[0], order(t, member.Number, 1, "shop", "früher")[0], order(t, other.Number, 1, "shop", "fremd")[0]
	ended := customer.Package{ID: "E-" + p.Number, Number: p.Number, Product: "shop", Domains: []string{"vorbei-" + p.Number + ".example"}, EndedAt: "2026-01-31"}
	localtest.Put(t, customer.PutPackage(localtest.Names(t), ended)...)
	s := customer.Store{Store: localtest.StoreFor(t, "mergediff")}
	for name, c := range map[string]struct{ field, wantID, wantNumber string }{
		"its domain":                {own.Domains[0], own.ID, p.Number},
		"its domain, written oddly": {" EIGEN0-" + p.Number + ".Example.", own.ID, p.Number},
		"its id":                    {own.ID, own.ID, p.Number},
		"a member's domain":         {merged.Domains[0], merged.ID, member.Number},
		"a foreign domain":          {foreign.Domains[0], "", ""},
		"a foreign id":              {foreign.ID, "", ""},
		"nothing":                   {"", "", ""},
		"a package that ended":      {ended.ID, "", ""},
		"the domain of one":         {ended.Domains[0], "", ""},
	} {
		found, err := s.FindProof(t.Context(), []string{p.Number, member.Number}, c.field, contract.Day(time.Now()))
		if found.Package != c.wantID || found.Number != c.wantNumber || !found.Owner.PackagePasswordsVoidAt.IsZero() || (c.wantID == "") != errors.Is(err, customer.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	voided, at := member, time.Now().UTC().Truncate(time.Millisecond)
	voided.PackagePasswordsVoidAt = at
	localtest.Put(t, customer.Update(localtest.Names(t), member, voided))
	for field, want := range map[string]time.Time{merged.ID: at, merged.Domains[0]: at, own.ID: {}} {
		if found, err := s.FindProof(t.Context(), []string{p.Number, member.Number}, field, contract.Day(time.Now())); err != nil || !found.Owner.PackagePasswordsVoidAt.Equal(want) {
			t.Errorf("%s: void since %s, %v; want %s", field, found.Owner.PackagePasswordsVoidAt, err, want)
		}
	}
	localtest.Put(t, customer.RemoveDomain(localtest.Names(t), own, own.Domains[0]))
	if _, err := s.FindProof(t.Context(), []string{p.Number}, own.Domains[0], contract.Day(time.Now())); !errors.Is(err, customer.ErrNotFound) {
		t.Errorf("a domain that left: %v", err)
	}
}

func TestNumbersAreFoundByTheAddressInForce(t *testing.T) {
	admin, s := localtest.Store(t), customer.Store{Store: localtest.StoreFor(t, "mergediff")}
	p, twin := localtest.Customer(t, ""), localtest.Customer(t, "")
	find := func(address string, want ...string) {
		t.Helper()
		var got []string
		for range 20 { // the index follows the table
			var err error
			if got, err = s.NumbersByEmail(t.Context(), address, 25); err != nil {
				t.Fatal(err)
			}
			if len(got) == len(want) {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s belongs to %v, want %v", address, got, want)
		}
	}
	find(strings.ToUpper(p.Email), p.Number)
	changed := twin
	changed.Email = " " + strings.ToUpper(p.Email)
	localtest.Put(t, customer.Update(admin.Names, twin, changed))
	find(p.Email, p.Number, twin.Number)
	find(twin.Email)
	gone, err := s.Profile(t.Context(), p.Number)
	if err != nil {
		t.Fatal(err)
	}
	none := gone
	none.Email = ""
	localtest.Put(t, customer.Update(admin.Names, gone, none))
	find(p.Email, twin.Number)
	find("")
}
