package audit_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/table"
)

// pagesOf reads the events of several numbers page by page, as far as they hold a note.
func pagesOf(t testing.TB, s audit.Store, numbers []string, size int) (notes []string) {
	t.Helper()
	last, after := time.Time{}, ""
	for range 200 {
		events, next, err := s.ChooseOf(t.Context(), numbers, after, size, audit.NotMail)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if !last.IsZero() && e.At.After(last) {
				t.Fatalf("%v comes after %v", e.At, last)
			}
			last = e.At
			notes = append(notes, e.New["note"])
		}
		if next == "" {
			return notes
		}
		if after == next {
			t.Fatal("the pages stand still")
		}
		after = next
	}
	t.Fatal("too many pages")
	return nil
}

func TestEventsOfSeveralNumbersComeInOneOrderAndNoneIsLostOrTwice(t *testing.T) {
	numbers := []string{"10000017", "10000023", "10000031"}
	rapid.Check(t, func(r *rapid.T) {
		s := audit.Store{Store: table.Store{DB: tablefake.New().Client(nil), Names: table.Names{Audit: "audit"}}}
		var want []string
		for i := range rapid.IntRange(0, 25).Draw(r, "events") {
			e := audit.Event{Action: audit.MasterDataChanged, Actor: "system", At: noon.Add(time.Duration(rapid.IntRange(0, 8).Draw(r, "at")) * time.Minute),
				New: map[string]string{"note": fmt.Sprint(i)}}
			if rapid.IntRange(0, 9).Draw(r, "mail") == 0 {
				e.Action = audit.MailSent
			} else {
				want = append(want, fmt.Sprint(i))
			}
			e.Number = rapid.SampledFrom(numbers).Draw(r, "number")
			if err := s.Transact(t.Context(), []types.TransactWriteItem{audit.Put(s.Names, e, rand.Reader)}, ""); err != nil {
				r.Fatal(err)
			}
		}
		got := pagesOf(t, s, numbers, rapid.IntRange(1, 7).Draw(r, "size"))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			r.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestWhatHappenedToSeveralNumbersAtOnceIsToldOnce(t *testing.T) {
	own, member := localtest.Number(t), localtest.Number(t)
	for i := range 3 {
		for _, n := range []string{member, own} {
			for _, action := range []string{audit.MergeApproved, audit.MergeExecuted} {
				localtest.Put(t, audit.Put(localtest.Names(t), audit.Event{Number: n, Action: action, Actor: "system", Order: fmt.Sprint("A", i),
					At: noon.Add(time.Duration(i) * time.Minute), New: map[string]string{"note": n}}, rand.Reader))
			}
		}
	}
	for size := 1; size < 8; size++ {
		if got := pagesOf(t, audit.Store{Store: localtest.Store(t)}, []string{own, member}, size); len(got) != 6 || slices.Contains(got, member) {
			t.Errorf("pages of %d: %v", size, got)
		}
	}
}
