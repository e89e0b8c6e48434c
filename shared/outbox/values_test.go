package outbox

import (
	"slices"
	"testing"
)

func TestChangesComeBackFromTheValues(t *testing.T) {
	want := []Change{{"street", "", "Neue Straße 1"}, {"phone", "030 1234567", ""}, {"iban", "DE•• ••• 3000", "DE•• ••• 2051"}}
	values := map[string]string{ValueNumber: "10000017"}
	for _, c := range want {
		SetChange(values, c)
	}
	if got := Changes(values, "street", "city", "phone", "iban"); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if got := ChangedFields(values, "iban", "street"); !slices.Equal(got, []string{"iban", "street"}) {
		t.Errorf("the names are %v", got)
	}
}
