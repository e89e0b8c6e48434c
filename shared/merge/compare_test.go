package merge_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
)

func TestCompareHasARowForEachOfTheEightFields(t *testing.T) {
	want := []merge.Field{merge.Street, merge.PostalCode, merge.City, merge.Phone, merge.Mobile, merge.Email, merge.AccountNumber, merge.BankCode}
	var got []merge.Field
	for _, r := range merge.Compare(plain{}, merge.Record{}, merge.Record{}).Rows {
		got = append(got, r.Field)
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}

func TestBankDataComparedAcrossNotations(t *testing.T) {
	iban := merge.Record{IBAN: "DE89370400440532013000"}
	account := merge.Record{AccountNumber: "0532013000", BankCode: "37040044"}
	type rows map[merge.Field]merge.ReasonCode
	for _, c := range []struct {
		name       string
		own, other merge.Record
		identical  bool
		want       rows
	}{
		{"an IBAN and the account it contains", iban, account, true, rows{merge.IBAN: merge.ReasonIBANHolds, merge.AccountNumber: merge.ReasonIBANHolds, merge.BankCode: merge.ReasonIBANHolds}},
		{"the account and the IBAN that contains it", account, iban, true, rows{merge.IBAN: merge.ReasonIBANHolds}},
		{"an IBAN and another account at the same bank", iban, merge.Record{AccountNumber: "0532013001", BankCode: "37040044"}, false,
			rows{merge.IBAN: merge.ReasonIBANDiffers, merge.AccountNumber: merge.ReasonIBANDiffers, merge.BankCode: merge.ReasonIBANHolds}},
		{"an IBAN and no bank data", iban, merge.Record{}, false, rows{merge.IBAN: merge.ReasonOnlyOwn, merge.AccountNumber: merge.ReasonEmpty}},
		{"no bank data and an account", merge.Record{}, account, false, rows{merge.AccountNumber: merge.ReasonOnlyOther, merge.BankCode: merge.ReasonOnlyOther}},
		{"an IBAN and an account number without its bank", iban, merge.Record{AccountNumber: "0532013000"}, false, rows{merge.IBAN: merge.ReasonIBANDiffers}},
		{"an Austrian IBAN contains no German account", merge.Record{IBAN: "AT611904300234573201"}, account, false, rows{merge.IBAN: merge.ReasonIBANDiffers}},
		{"a BIC on one side of the same IBAN", merge.Record{IBAN: iban.IBAN, BIC: "COBADEFF"}, iban, true, rows{merge.BIC: merge.ReasonBICFollows}},
		{"a BIC beside the account of the same bank", merge.Record{IBAN: iban.IBAN, BIC: "COBADEFF"}, account, true, rows{merge.BIC: merge.ReasonBICFollows}},
		{"a BIC and nothing", merge.Record{BIC: "COBADEFF"}, merge.Record{}, false, rows{merge.BIC: merge.ReasonOnlyOwn}},
		{"two BICs of one IBAN", merge.Record{IBAN: iban.IBAN, BIC: "COBADEFF"}, merge.Record{IBAN: iban.IBAN, BIC: "DEUTDEFF"}, false, rows{merge.BIC: merge.ReasonDifferent}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := merge.Compare(plain{}, c.own, c.other)
			if got.Identical() != c.identical {
				t.Errorf("identical is %v: %+v", got.Identical(), got.Rows)
			}
			for _, r := range got.Rows {
				if want, ok := c.want[r.Field]; ok && r.Reason != want {
					t.Errorf("%s: %s, want %s", r.Field, r.Reason, want)
				}
			}
		})
	}
}

func TestAnotherCountryMarksThePostalCode(t *testing.T) {
	swiss := anna
	swiss.Country = "CH"
	got := merge.Compare(plain{}, anna, swiss)
	if groups := got.GroupsDiffering(); !slices.Contains(groups, merge.Address) {
		t.Errorf("groups differing: %v", groups)
	}
	if got.Rows[1].Reason != merge.ReasonOtherCountry {
		t.Errorf("postal code: %s", got.Rows[1].Reason)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		name       string
		own, other merge.Record
		want       bool
	}{
		{"the same person", merge.Record{FirstName: "Anna", LastName: "Schäfer"}, merge.Record{FirstName: "ANNA", LastName: "Schäfer"}, true},
		{"swapped first and last name", merge.Record{FirstName: "Anna", LastName: "Schäfer"}, merge.Record{FirstName: "Schäfer", LastName: "Anna"}, true},
		{"swapped names of another company", merge.Record{Company: "A", FirstName: "Anna", LastName: "Schäfer"}, merge.Record{Company: "B", FirstName: "Schäfer", LastName: "Anna"}, false},
		{"the same last name", merge.Record{FirstName: "Anna", LastName: "Schäfer"}, merge.Record{FirstName: "Bernd", LastName: "Schäfer"}, false},
		{"a company on one side", merge.Record{Company: "A", FirstName: "Anna", LastName: "Schäfer"}, merge.Record{FirstName: "Anna", LastName: "Schäfer"}, false},
		{"one name moved to the other field", merge.Record{LastName: "Schäfer"}, merge.Record{FirstName: "Schäfer"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := merge.Compare(plain{}, c.own, c.other).SameNames; got != c.want {
				t.Errorf("same names: %v", got)
			}
		})
	}
}

func TestOnlyGivenValuesCanBeSelected(t *testing.T) {
	got := merge.Compare(plain{}, anna, oldAnna)
	if want := []merge.Group{merge.Address, merge.PhoneGroup, merge.EmailGroup, merge.BankGroup}; !slices.Equal(got.Selectable, want) {
		t.Errorf("selectable %v, want %v (the other has no mobile)", got.Selectable, want)
	}
	if len(got.GroupsDiffering()) != 5 {
		t.Errorf("differing %v", got.GroupsDiffering())
	}
}

func TestComparisonAsJSONHoldsNothingOfTheOtherInFull(t *testing.T) { // M3
	raw, err := json.Marshal(merge.Compare(plain{}, anna, oldAnna))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{oldAnna.Email, oldAnna.Phone, oldAnna.AccountNumber, oldAnna.BankCode, "7654321"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("%q can be read in %s", secret, raw)
		}
	}
}

func TestMaskOther(t *testing.T) {
	for _, c := range []struct {
		field    merge.Field
		in, want string
	}{
		{merge.Email, "anna@alt.example", "a•••@alt.example"},
		{merge.Email, "a@alt.example", "•••@alt.example"},
		{merge.Email, "öl@alt.example", "ö•••@alt.example"},
		{merge.Email, "broken", "•••"},
		{merge.Email, "", ""},
		{merge.Phone, "030 1234567", "••• ••• 4567"},
		{merge.Phone, "110", "••• ••• 0"},
		{merge.Phone, "keine", "••• •••"},
		{merge.IBAN, "DE89 3704 0044 0532 0130 00", "DE•• ••• 3000"},
		{merge.IBAN, "1234", "•••"},
		{merge.AccountNumber, "0532013000", "•••3000"},
		{merge.AccountNumber, "123", "•••3"},
		{merge.BankCode, "37040044", "•••44"},
		{merge.BIC, "COBADEFF", "•••"},
		{merge.Street, "Hauptstr. 5", "Hauptstr. 5"},
	} {
		if got := merge.MaskOther(c.field, c.in); got != c.want {
			t.Errorf("%s %q is shown as %q, want %q", c.field, c.in, got, c.want)
		}
	}
}
