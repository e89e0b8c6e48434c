package importer

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/table"
)

// S21: what an import writes into the audit, of new numbers and of changed ones, ends after AuditDays as all else there.
func TestWhatAnImportAuditsEndsAfterItsTime(t *testing.T) {
	fake, noon := tablefake.New(), time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	store := fake.Store()
	store.Names.Kept = table.Retention{Audit: table.Days("400")}
	im := Importer{Tables: store, Now: func() time.Time { return noon }, Rand: rand.Reader, Overwrite: Overwrite{"street": true, "email": true}}
	for _, street := range []string{"Hauptstr. 1", "Lindenweg 9"} {
		l := Line{CustomerNumber: "10000017", FirstName: "Anna", LastName: "Schäfer", Street: street, Email: "anna@" + street[:4] + ".example"}
		if _, err := im.attempt(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		noon = noon.Add(time.Hour)
	}
	events := 0
	fake.Items(store.Names.Audit, func(item tablefake.Item) {
		at, err := time.Parse(time.RFC3339, fmt.Sprint(item["at"]["S"]))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := item[table.AttrTTL]["N"], fmt.Sprint(at.AddDate(0, 0, 400).Unix()); got != want {
			t.Errorf("%v ends at %v, want %s", item["action"], got, want)
		}
		events++
	})
	if events != 2 {
		t.Errorf("%d events", events)
	}
}

// The import learns the days from the stack, as the functions learn them from their environment.
func TestOnTheCloudAnImportKnowsHowLongTheAuditIsKept(t *testing.T) {
	if kept := localtest.Names(t).Kept; kept.Audit != 3650*24*time.Hour || kept.Outbox <= 0 || kept.Drafts <= 0 {
		t.Errorf("%+v", kept)
	}
}
