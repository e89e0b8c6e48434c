package form

import (
	"testing"

	"kundenkonto/shared/customer"
)

func TestCountriesAreNamedAndTheStoredOneStays(t *testing.T) {
	list := Of(customer.Profile{Country: "ZZ"}).CountryOptions("de")
	if list[0].Label != "Deutschland" || list[1].Label != "Österreich" || list[3].Label != "Afghanistan" || list[4].Label != "Ägypten" || list[len(list)-1].Value != "ZZ" {
		t.Errorf("the list is %v", list)
	}
	for _, o := range list[:len(list)-1] {
		if o.Label == o.Value {
			t.Errorf("%s has no name", o.Value)
		}
	}
	for _, code := range []string{"UA", "TR", "XK"} {
		n := 0
		for _, o := range Of(customer.Profile{Country: code}).CountryOptions("de") {
			if o.Value == code {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is %d times in the list", code, n)
		}
	}
	if list := Of(customer.Profile{}).CountryOptions("en"); list[0].Label != "Germany" || list[0].Value != "DE" {
		t.Errorf("an address without a country begins with %v", list[0])
	}
}

func TestPuttingDataIntoAProfileChangesNothingElse(t *testing.T) {
	p := customer.Profile{Number: "10000017", FirstName: "Anna", Street: "Alt 1", Email: "a@a.example", BalanceCents: 5}
	d := DataOf(p)
	d.Street, d.IBAN = "Neu 2", "DE89"
	want := p
	want.Street, want.IBAN = "Neu 2", "DE89"
	if got := Into(p, d); got.Street != want.Street || got.IBAN != want.IBAN || got.Email != want.Email || DataOf(got) != d || got.BalanceCents != 5 {
		t.Errorf("got %+v", got)
	}
}

func TestNameIsPersonAndCompany(t *testing.T) {
	for want, f := range map[string]Form{
		"Anna Schäfer": {FirstName: "Anna", LastName: "Schäfer"}, "Schäfer GmbH": {Company: "Schäfer GmbH"},
		"Schäfer GmbH, Anna Schäfer": {Company: "Schäfer GmbH", FirstName: "Anna", LastName: "Schäfer"}, "": {},
	} {
		if got := f.Name(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
