package importer

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// stops lets a number of transactions through and no more.
type stops struct {
	table.DB
	after int
}

var errStopped = errors.New("stopped")

func (s *stops) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	if s.after--; s.after < 0 {
		return nil, errStopped
	}
	return s.DB.TransactWriteItems(ctx, in, o...)
}

// An import that was stopped anywhere proves nothing by a package that has ended, and the next one makes it good.
func TestAnImportThatWasStoppedIsMadeGoodByTheNext(t *testing.T) {
	const number = "10000017"
	first := Line{CustomerNumber: number, FirstName: "Anna", Packages: []Package{
		{ID: "A", Product: "server", Domains: []string{"bleibt.example", "geht.example"}}, {ID: "B", Product: "shop", Domains: []string{"endet.example", "zieht-um.example"}},
		{ID: "C", Product: "shop", Domains: []string{"laeuft-aus.example"}}}}
	next := first
	next.Packages = []Package{{ID: "A", Product: "server", Domains: []string{"bleibt.example", "zieht-um.example", "kommt.example"}},
		{ID: "C", Product: "shop", Domains: []string{"laeuft-aus.example"}, EndedAt: "2026-01-31"}}
	for after := 0; ; after++ {
		store := tablefake.New().Store()
		faulty := &stops{DB: store.DB, after: 100}
		im := Importer{Tables: table.Store{DB: faulty, Names: store.Names}, Now: time.Now, Rand: rand.Reader, Overwrite: Overwrite{}}
		if _, err := im.attempt(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		faulty.after = after
		_, err := im.attempt(t.Context(), next)
		if err != nil && !errors.Is(err, errStopped) {
			t.Fatal(err)
		}
		stored, err2 := im.stored(t.Context(), number)
		if err2 != nil {
			t.Fatal(err2)
		}
		for _, domain := range []string{"bleibt.example", "geht.example", "endet.example", "laeuft-aus.example", "zieht-um.example", "kommt.example"} {
			found, err := customer.Store{Store: store}.FindProof(t.Context(), []string{number}, domain, contract.Day(time.Now()))
			if p := stored[found.Package]; err == nil && (p.EndedAt != "" || !slices.Contains(p.Domains, domain)) {
				t.Errorf("stopped after %d writes, %s proves %s, which has ended or has it no more", after, domain, found.Package)
			}
		}
		faulty.after = 100
		if _, err := im.attempt(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		found, err2 := im.lookups(t.Context(), number)
		if want := map[string]string{"bleibt.example": "A", "zieht-um.example": "A", "kommt.example": "A"}; err2 != nil || !maps.Equal(found, want) {
			t.Errorf("stopped after %d writes, after the next run there are %v, %v", after, found, err2)
		}
		if result, err := im.attempt(t.Context(), next); err != nil || result.Outcome != Unchanged {
			t.Errorf("a third run: %v, %v", result, err)
		}
		if err == nil {
			if after < 3 {
				t.Errorf("only %d places to stop at were tried", after)
			}
			return
		}
	}
}

// A look-up that was left behind proves nothing.
func TestALeftLookUpProvesNothing(t *testing.T) {
	store := tablefake.New().Store()
	p := customer.Package{ID: "A", Number: "10000017", Product: "shop", Domains: []string{"a.example", "b.example"}}
	for _, changed := range []customer.Package{p, {ID: "A", Number: p.Number, Product: "shop", Domains: []string{"b.example"}},
		{ID: "A", Number: p.Number, Product: "shop", Domains: p.Domains, EndedAt: "2026-01-31"}} {
		if err := store.Transact(t.Context(), customer.PutPackage(store.Names, changed), ""); err != nil {
			t.Fatal(err)
		}
		wantB := changed.EndedAt == ""
		wantA := wantB && len(changed.Domains) == 2
		for domain, want := range map[string]bool{"a.example": wantA, "B.example.": wantB} {
			found, err := customer.Store{Store: store}.FindProof(t.Context(), []string{p.Number}, domain, contract.Day(time.Now()))
			if (err == nil) != want || want && found.Package != "A" {
				t.Errorf("%+v: %s proves %q, %v", changed, domain, found.Package, err)
			}
		}
	}
}

// A package whose contract ends later runs on until that day is past: found by its domains, proven by its password.
func TestACancelledPackageProvesUntilItsLastDay(t *testing.T) {
	const number = "10000017"
	day := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)
	store := tablefake.New().Store()
	im := Importer{Tables: store, Now: func() time.Time { return day }, Rand: rand.Reader, Overwrite: Overwrite{}}
	l := Line{CustomerNumber: number, FirstName: "Anna", Packages: []Package{
		{ID: "A", Product: "shop", Domains: []string{"a.example", "beide.example"}, EndedAt: "2026-11-24"},
		{ID: "B", Product: "shop", Domains: []string{"beide.example"}}}}
	for _, c := range []struct {
		now                time.Time
		proven, both, byID string // what a.example, beide.example and the package's id prove
	}{
		{day, "A", "B", "A"},
		{time.Date(2026, 11, 24, 22, 59, 0, 0, time.UTC), "A", "B", "A"}, // a minute before midnight in Berlin
		{time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC), "", "B", ""},    // without an import since
	} {
		if c.now == day {
			for range 2 {
				if _, err := im.attempt(t.Context(), l); err != nil {
					t.Fatal(err)
				}
			}
			if result, err := im.attempt(t.Context(), l); err != nil || result.Outcome != Unchanged {
				t.Errorf("the same line again: %v, %v", result, err)
			}
		}
		for field, want := range map[string]string{"a.example": c.proven, "beide.example": c.both, "A": c.byID} {
			found, err := customer.Store{Store: store}.FindProof(t.Context(), []string{number}, field, contract.Day(c.now))
			if found.Package != want || (err == nil) != (want != "") {
				t.Errorf("at %s %s proves %q, %v; want %q", c.now, field, found.Package, err, want)
			}
		}
	}
	day = day.AddDate(0, 0, 2)
	if _, err := im.attempt(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if found, err := im.lookups(t.Context(), number); err != nil || !maps.Equal(found, map[string]string{"beide.example": "B"}) {
		t.Errorf("after the last day the look-ups are %v, %v", found, err)
	}
}

// What is no longer in the file has ended, whether it was cancelled or not, and proves nothing from then on.
func TestAPackageThatIsLeftOutHasEnded(t *testing.T) {
	const number = "10000017"
	day := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC) // half past midnight in Berlin: the 24th
	store := tablefake.New().Store()
	im := Importer{Tables: store, Now: func() time.Time { return day }, Rand: rand.Reader, Overwrite: Overwrite{}}
	l := Line{CustomerNumber: number, FirstName: "Anna", Packages: []Package{
		{ID: "A", Product: "shop", Domains: []string{"a.example"}, EndedAt: "2027-12-31"}, {ID: "B", Product: "shop", Domains: []string{"b.example"}, Renewal: contract.Indefinite}, {ID: "C", Product: "shop"}}}
	if _, err := im.attempt(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	l.Packages = l.Packages[2:]
	if _, err := im.attempt(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	stored, err := im.stored(t.Context(), number)
	if err != nil || stored["A"].EndedAt != "2026-11-23" || stored["B"].EndedAt != "2026-11-23" || stored["B"].Renewal != contract.Indefinite || stored["C"].EndedAt != "" {
		t.Errorf("%+v, %v", stored, err)
	}
	for _, field := range []string{"a.example", "b.example", "A", "B"} {
		if found, err := (customer.Store{Store: store}).FindProof(t.Context(), []string{number}, field, contract.Day(day)); err == nil {
			t.Errorf("%s proves %+v", field, found)
		}
	}
}
