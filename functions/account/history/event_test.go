package history

import (
	"encoding/json"
	"strings"
	"testing"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/product"
)

// M3: the page, the JSON and the export are made of these rows.
func TestTheHistoryTellsOfAProofAndNotWhoGaveIt(t *testing.T) {
	p := customer.Profile{Number: "10000023"}
	row := RowOf(product.Settings, audit.Event{Number: p.Number, Action: audit.NumberProven, Actor: "unknown",
		New: map[string]string{audit.KeyAsker: "10000017", outbox.ValuePackage: "P-1002"}}, p)
	if row.What.In(lang.DE) != "Jemand hat diese Kundennummer mit Domain und Paketpasswort belegt" || row.By.In(lang.DE) != "nicht bekannt" || row.Package != "P-1002" {
		t.Errorf("%+v", row)
	}
	if all, err := json.Marshal(row); err != nil || strings.Contains(string(all), "10000017") {
		t.Errorf("who gave it is told: %s, %v", all, err)
	}
	given := audit.Event{Number: "10000017", Action: audit.ProofGiven, Actor: "10000017", New: map[string]string{audit.KeyProven: p.Number}}
	if row := RowOf(product.Settings, given, customer.Profile{Number: "10000017"}); row.What.In(lang.DE) != "Sie haben die Kundennummer 10000023 mit Domain und Paketpasswort belegt" {
		t.Errorf("to who gave it: %+v", row)
	}
	if row := RowOf(product.Settings, given, customer.Profile{Number: "10000088"}); !strings.HasPrefix(row.What.In(lang.DE), "Kundennummer 10000023 ") {
		t.Errorf("to the successor of who gave it: %+v", row)
	}
	for _, action := range []string{audit.NumberProven, audit.ProofGiven} {
		if audit.KindOf(action) != audit.Security {
			t.Errorf("%s is not on the page of security", action)
		}
	}
}
