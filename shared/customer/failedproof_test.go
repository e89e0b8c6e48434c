package customer_test

import (
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

func TestFailedProofsAreCountedByWhoMadeThem(t *testing.T) {
	fake := tablefake.New()
	s := customer.Store{Store: table.Store{DB: fake.Client(nil), Names: table.Names{Customers: "Customers"}}}
	ctx := t.Context()
	if err := s.Transact(ctx, []types.TransactWriteItem{customer.PutNew(s.Names, customer.Profile{Number: "10000023", Street: "Weg 1", Version: 1})}, ""); err != nil {
		t.Fatal(err)
	}
	for _, actor := range []string{"10000017", "10000031", "10000031"} {
		for _, number := range []string{"10000023", "10000098"} { // and one that does not exist
			if err := s.CountFailedProof(ctx, number, actor); err != nil {
				t.Fatal(err)
			}
		}
	}
	p, err := s.Profile(ctx, "10000023")
	if err != nil {
		t.Fatal(err)
	}
	changed := p
	changed.Street = "Weg 2"
	if err := s.Transact(ctx, []types.TransactWriteItem{customer.Update(s.Names, p, changed)}, ""); err != nil {
		t.Fatal(err)
	}
	profiles, err := s.Profiles(ctx, []string{"10000023", "10000098"})
	if err != nil || len(profiles) != 1 {
		t.Fatalf("%d profiles, %v", len(profiles), err)
	}
	p = profiles["10000023"]
	if want := map[string]int64{"10000017": 1, "10000031": 2}; p.FailedProofs != 3 || !maps.Equal(p.FailedBy, want) || p.Version != 2 || p.Street != "Weg 2" {
		t.Errorf("%+v", p)
	}
}
