package importer

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
)

// S7: the address that an import overwrites stays known for a while, for warnings.
func TestAnOverwrittenAddressStaysKnown(t *testing.T) {
	im := Importer{Tables: tablefake.New().Store(), Now: time.Now, Rand: rand.Reader, Overwrite: Overwrite{}}
	if err := im.Overwrite.Set("email"); err != nil {
		t.Fatal(err)
	}
	l := Line{CustomerNumber: "10000017", FirstName: "Anna", LastName: "Schäfer", Country: "DE", Language: "de", Email: "anna@schaefer.example"}
	profile := func() customer.Profile {
		p, err := customer.Store{Store: im.Tables}.Profile(t.Context(), l.CustomerNumber)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if err := im.create(t.Context(), l, nil); err != nil {
		t.Fatal(err)
	}
	l.Email = "anna@neu.example"
	if _, _, err := im.update(t.Context(), l, profile(), nil, passwordWork{}); err != nil {
		t.Fatal(err)
	}
	if got := profile().AddressesSince(time.Now().Add(-time.Hour)); !slices.Equal(got, []string{"anna@neu.example", "anna@schaefer.example"}) {
		t.Errorf("known are %v", got)
	}
}
