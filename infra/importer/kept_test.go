package importer

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
)

// M1: what a customer edits on the page of the master data, no night's import takes back; only the operator who says so
// overwrites it, and that field alone.
func TestANightsImportKeepsEveryFieldThatTheCustomerEdits(t *testing.T) {
	for name := range fields {
		for _, overwrite := range []bool{false, true} {
			im := Importer{Tables: tablefake.New().Store(), Now: time.Now, Rand: rand.Reader, Overwrite: Overwrite{}}
			l := Line{CustomerNumber: "10000017", FirstName: "Anna", LastName: "Schäfer"}
			if _, err := im.attempt(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			profile := func() customer.Profile {
				p, err := customer.Store{Store: im.Tables}.Profile(t.Context(), l.CustomerNumber)
				if err != nil {
					t.Fatal(err)
				}
				return p
			}
			was := profile()
			edited := was
			for field, f := range fields {
				*f.profile(&edited) = "edited " + field
			}
			if err := im.Tables.Transact(t.Context(), []types.TransactWriteItem{customer.UpdateMasterData(im.Tables.Names, was, edited)}, ""); err != nil {
				t.Fatal(err)
			}
			edited = profile()
			l.Street, l.PostalCode, l.City, l.Country, l.Phone, l.Mobile, l.Email = "file", "file", "file", "file", "file", "file", "file"
			l.IBAN, l.BIC, l.AccountNumber, l.BankCode, l.Language = "file", "file", "file", "file", "file"
			l.LastName = "Schäfer-Berg" // by which the import writes at all
			if overwrite {
				im.Overwrite[name] = true
			}
			if _, err := im.attempt(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			after := profile()
			for field, f := range fields {
				want := *f.profile(&edited)
				if overwrite && field == name {
					want = "file"
				}
				if got := *f.profile(&after); got != want {
					t.Errorf("overwriting %s: %v; %s is %q, want %q", name, overwrite, field, got, want)
				}
			}
			if after.LastName != l.LastName {
				t.Error("the import did not write")
			}
		}
	}
}
