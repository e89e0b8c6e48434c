// Package proven gives tests drafts whose numbers are proven, as a good proof leaves them.
package proven

import (
	"context"
	"testing"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/product"
	"kundenkonto/shared/table"
)

// In puts a number into a draft, proven by the password of its package "P-" and the number; who has none gets one.
func In(t testing.TB, s table.Store, d *order.Draft, own, other customer.Profile, at time.Time) {
	t.Helper()
	By(t, s, d, own, other, "P-"+other.Number, at)
}

// By is In with another package.
func By(t testing.TB, s table.Store, d *order.Draft, own, other customer.Profile, packageID string, at time.Time) {
	t.Helper()
	ctx := context.Background()
	if _, err := (customer.Store{Store: s}).FindProof(ctx, other.Numbers(), packageID, contract.Day(at)); err != nil {
		items := customer.PutPackage(s.Names, customer.Package{ID: packageID, Number: other.Number, Product: product.Shop})
		items = append(items, credential.SetPassword(s.Names, credential.Credential{Subject: table.PackageSubject(packageID)}, "unused", false, at))
		if err := s.Transact(ctx, items, ""); err != nil {
			t.Fatal(err)
		}
	}
	d.Prove(Of(t, s, own, other.Number, packageID), at)
}

// Of is the proof of a number by a package of it that is stored.
func Of(t testing.TB, s table.Store, own customer.Profile, number, packageID string) order.Proof {
	t.Helper()
	c, err := credential.Store{Store: s}.Get(context.Background(), table.PackageSubject(packageID))
	if err != nil {
		t.Fatal(err)
	}
	return order.Proof{Number: number, Package: packageID, Domain: packageID, Version: c.Version,
		Fingerprint: merge.Fingerprint(order.RecordOf(own))}
}
