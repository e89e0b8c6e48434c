package masterdata

import (
	"strings"
	"testing"

	"kundenkonto/shared/merge"
)

func TestChangesMaskBankDataAndNothingElse(t *testing.T) {
	next, changed := Apply(good, with("street", "Neue Straße 1", "iban", "DE02120300000000202051", "accountNumber", "0000202051", "bankCode", "12030000"))
	changes := Changes(good, next, changed)
	if !ChangesBank(changed) || len(changes) != 4 {
		t.Fatalf("changes are %v", changes)
	}
	if changes[0] != (Change{merge.Street, "Hauptstraße 5", "Neue Straße 1"}) {
		t.Errorf("street is %v", changes[0])
	}
	all := strings.Join(flat(changes), " ")
	for _, secret := range []string{"37040044", "0532013000", "DE89", "12030000", "202051"} {
		if strings.Contains(all, secret) {
			t.Errorf("%s is told in %s", secret, all)
		}
	}
}

func flat(changes []Change) []string {
	var list []string
	for _, c := range changes {
		list = append(list, c.Old, c.New)
	}
	return list
}

func TestSidesHoldTheValuesBeforeAndAfter(t *testing.T) {
	before, after := Sides([]Change{{merge.Street, "", "Neue Straße 1"}, {merge.Phone, "030 1234567", ""}})
	if before["phone"] != "030 1234567" || after["street"] != "Neue Straße 1" {
		t.Errorf("sides are %v and %v", before, after)
	}
}

func TestAPhoneChangeIsNoBankChange(t *testing.T) {
	if ChangesBank([]merge.Field{merge.Phone, merge.Street}) {
		t.Error("a phone number counts as bank data")
	}
}
