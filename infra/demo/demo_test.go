package demo

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kundenkonto/infra/importer"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/spelling"
)

func TestDemoCustomersAreGoodInput(t *testing.T) {
	for _, p := range importer.Check(Source()).Problems {
		t.Error(p)
	}
	all, err := Customers()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 12 {
		t.Errorf("%d customers, want at least 12", len(all))
	}
}

func TestNothingOfTheDemoCouldBelongToSomebody(t *testing.T) {
	all, err := Customers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		if l.Email != "" && !strings.HasSuffix(l.Email, ".example") {
			t.Errorf("%s: %s", l.CustomerNumber, l.Email)
		}
		for _, p := range l.Packages {
			for _, d := range p.Domains {
				if !strings.HasSuffix(d, ".example") {
					t.Errorf("%s: %s", l.CustomerNumber, d)
				}
			}
		}
	}
}

func TestEveryDemoCustomerButAnnaCanSignInWithAGoodPassword(t *testing.T) {
	logins, err := Logins()
	if err != nil {
		t.Fatal(err)
	}
	all, _ := Customers()
	for i, l := range logins {
		if l.Note == "" {
			t.Errorf("%s has no note", l.CustomerNumber)
		}
		if l.CustomerNumber == "10000017" {
			if l.Password != "" {
				t.Error("the walk begins without a password")
			}
			continue
		}
		if utf8.RuneCountInString(l.Password) < credential.MinLength {
			t.Errorf("%s: password %q", l.CustomerNumber, l.Password)
		}
		if hash := all[i].PasswordHash; hash != "" {
			if ok, rehash, err := credential.Verify(hash, l.Password); !ok || !rehash || err != nil {
				t.Errorf("%s: %v %v %v", l.CustomerNumber, ok, rehash, err)
			}
		}
	}
}

func TestDemoHasEveryKindOfCustomer(t *testing.T) {
	all, _ := Customers()
	var packages, owing, locked, companies, english int
	products := map[string]bool{}
	for _, l := range all {
		packages = max(packages, len(l.Packages))
		if l.BalanceCents > 0 {
			owing++
		}
		if l.Locked {
			locked++
		}
		if l.Company != "" {
			companies++
		}
		if l.Language == "en" {
			english++
		}
		for _, p := range l.Packages {
			products[p.Product] = true
		}
	}
	if packages < 300 || owing == 0 || locked == 0 || companies < 3 || english == 0 || len(products) != 3 {
		t.Errorf("packages %d, owing %d, locked %d, companies %d, english %d, products %v", packages, owing, locked, companies, english, products)
	}
}

func TestTheWalkMeetsTheSameDataTwiceAndOtherDataOnce(t *testing.T) {
	all, err := Customers()
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]merge.Record{}
	for _, l := range all {
		records[l.CustomerNumber] = merge.Record{Number: l.CustomerNumber, Company: l.Company, FirstName: l.FirstName, LastName: l.LastName,
			Street: l.Street, PostalCode: l.PostalCode, City: l.City, Country: l.Country, Phone: l.Phone, Mobile: l.Mobile, Email: l.Email,
			AccountNumber: l.AccountNumber, BankCode: l.BankCode, IBAN: l.IBAN, BIC: l.BIC}
	}
	for _, c := range []struct {
		own, other            string
		sameNames, sameInData bool
	}{
		{"10000017", "10000023", true, true}, {"10000017", "10000031", true, true}, {"10000017", "10000048", true, false},
		{"10000102", "10000110", true, false}, {"10000102", "10000129", false, false},
	} {
		got := merge.Compare(spelling.Speller{}, records[c.own], records[c.other])
		if got.SameNames != c.sameNames || got.Identical() != c.sameInData {
			t.Errorf("%s and %s: names %v, data %v: %+v", c.own, c.other, got.SameNames, got.Identical(), got.Rows)
		}
	}
}
