package contract

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(s string) time.Time {
	d, err := ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestUntilIsTheLastDayOfTheRunningTerm(t *testing.T) {
	for _, c := range []struct {
		name, start string
		months      int
		today, want string
	}{
		{"a year from the first of a month ends with a month", "2019-05-01", 12, "2026-11-23", "2027-04-30"},
		{"a year from the middle ends the day before", "2019-05-15", 12, "2026-11-23", "2027-05-14"},
		{"the last day still belongs to the term", "2019-05-15", 12, "2027-05-14", "2027-05-14"},
		{"the day after begins the next term", "2019-05-15", 12, "2027-05-15", "2028-05-14"},
		{"before the start the first term counts", "2027-01-01", 12, "2026-11-23", "2027-12-31"},
		{"a month from the 31st ends with April", "2026-03-31", 1, "2026-04-01", "2026-04-30"},
		{"a month from the 31st ends with February", "2026-01-31", 1, "2026-02-01", "2026-02-28"},
		{"a month from the 31st ends with the 29th in a leap year", "2028-01-31", 1, "2028-02-01", "2028-02-29"},
		{"the 31st does not slide after February", "2026-01-31", 1, "2026-03-01", "2026-03-30"},
		{"a year from 29 February ends on the 28th", "2024-02-29", 12, "2024-03-01", "2025-02-28"},
		{"four years from 29 February end on the 28th", "2024-02-29", 48, "2024-03-01", "2028-02-28"},
		{"a year from 1 March of a leap year's eve ends on the 29th", "2023-03-01", 12, "2023-06-01", "2024-02-29"},
		{"two years from new year end on new year's eve", "2025-01-01", 24, "2026-11-23", "2026-12-31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := Terms{Start: day(c.start), Months: c.months, RenewalMonths: c.months}.Until(day(c.today))
			if !ok || got != day(c.want) {
				t.Errorf("got %v %v, want %s", got, ok, c.want)
			}
		})
	}
}

func TestNextEndKeepsTheNoticePeriod(t *testing.T) {
	for _, c := range []struct {
		name, start    string
		months, notice int
		today          string
		end, by        string
	}{
		{"in time for this term", "2019-05-01", 12, 1, "2026-11-23", "2027-04-30", "2027-03-31"},
		{"on the last day for this term", "2019-05-01", 12, 1, "2027-03-31", "2027-04-30", "2027-03-31"},
		{"a day too late: the next term", "2019-05-01", 12, 1, "2027-04-01", "2028-04-30", "2028-03-31"},
		{"to the end of February", "2025-03-01", 12, 1, "2026-01-31", "2026-02-28", "2026-01-31"},
		{"to the end of February, too late", "2025-03-01", 12, 1, "2026-02-01", "2027-02-28", "2027-01-31"},
		{"to 29 February", "2027-03-01", 12, 3, "2027-11-30", "2028-02-29", "2027-11-30"},
		{"without notice period until the last day", "2019-05-01", 12, 0, "2027-04-30", "2027-04-30", "2027-04-30"},
		{"a notice period longer than the term", "2026-01-01", 1, 3, "2026-01-15", "2026-04-30", "2026-01-31"},
		{"before the start the first term can be the last", "2027-01-01", 12, 1, "2026-11-23", "2027-12-31", "2027-11-30"},
		{"without a fixed term a month from now", "2020-01-01", 0, 1, "2026-01-31", "2026-02-28", "2026-01-31"},
		{"without term and notice today", "2020-01-01", 0, 0, "2026-11-23", "2026-11-23", "2026-11-23"},
		{"without term and notice not before the start", "2027-01-01", 0, 0, "2026-11-23", "2027-01-01", "2027-01-01"},
		{"a last day for the notice that is a Sunday stays one", "2026-05-01", 1, 1, "2026-05-31", "2026-06-30", "2026-05-31"},
		{"the day after a Sunday is too late", "2026-05-01", 1, 1, "2026-06-01", "2026-07-31", "2026-06-30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			terms := Terms{Start: day(c.start), Months: c.months, RenewalMonths: c.months, NoticeMonths: c.notice}
			end, ok := terms.NextEnd(day(c.today))
			if !ok || end != day(c.end) {
				t.Fatalf("end is %v %v, want %s", end, ok, c.end)
			}
			if by := terms.NoticeBy(end); by != day(c.by) {
				t.Errorf("notice by %v, want %s", by, c.by)
			}
		})
	}
}

func TestADebitIsTheFirstDayOfABillingPeriod(t *testing.T) {
	for _, c := range []struct {
		name, start string
		months      int
		today, last string
		want        string // "" for none
	}{
		{"today", "2019-05-01", 3, "2026-11-01", "", "2026-11-01"},
		{"a day later: the next period", "2019-05-01", 3, "2026-11-02", "", "2027-02-01"},
		{"every month", "2019-05-15", 1, "2026-11-23", "", "2026-12-15"},
		{"before the start: the start", "2027-01-10", 1, "2026-11-23", "", "2027-01-10"},
		{"the 31st in a shorter month", "2026-01-31", 1, "2026-02-01", "", "2026-02-28"},
		{"the 31st in a leap year", "2028-01-31", 1, "2028-02-01", "", "2028-02-29"},
		{"the 31st does not slide after February", "2026-01-31", 1, "2026-03-01", "", "2026-03-31"},
		{"the 31st, every three months", "2025-08-31", 3, "2025-12-01", "", "2026-02-28"},
		{"29 February in another year", "2024-02-29", 12, "2025-01-01", "", "2025-02-28"},
		{"29 February in the next leap year", "2024-02-29", 12, "2027-03-01", "", "2028-02-29"},
		{"on the last day of the contract", "2020-01-01", 1, "2026-11-23", "2026-12-01", "2026-12-01"},
		{"past the last day of the contract", "2020-01-01", 1, "2026-11-23", "2026-11-30", ""},
		{"no start", "", 1, "2026-11-23", "", ""},
		{"no period", "2020-01-01", 0, "2026-11-23", "", ""},
		{"a period below nothing", "2020-01-01", -1, "2026-11-23", "", ""},
		{"a period that nobody meant", "2020-01-01", 1 << 40, "2026-11-23", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			debit, ok := NextDebit(day(c.start), c.months, day(c.today), day(c.last))
			if ok != (c.want != "") || ok && debit != day(c.want) {
				t.Errorf("got %v %v, want %s", debit, ok, c.want)
			}
		})
	}
}

func TestDebitsHoldForAnyPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := day("1990-01-01").AddDate(0, 0, rapid.IntRange(0, 15000).Draw(t, "start"))
		today := start.AddDate(0, 0, rapid.IntRange(-100, 15000).Draw(t, "today"))
		months := rapid.IntRange(1, 120).Draw(t, "months")
		got, ok := NextDebit(start, months, today, time.Time{})
		want := start // reckoned one by one
		for n := 1; want.Before(today); n++ {
			want = AddMonths(start, n*months)
		}
		if !ok || !got.Equal(want) {
			t.Fatalf("%v %v, want %v", got, ok, want)
		}
	})
}

func TestWithoutAStartNothingIsKnown(t *testing.T) {
	if _, ok := (Terms{Months: 12}).Until(day("2026-11-23")); ok {
		t.Error("there is an end without a start")
	}
	if _, ok := (Terms{Months: 12}).NextEnd(day("2026-11-23")); ok {
		t.Error("there is a next end without a start")
	}
	if _, ok := (Terms{Start: day("2020-01-01")}).Until(day("2026-11-23")); ok {
		t.Error("there is an end without a term")
	}
}

func TestDayIsTheOneInGermany(t *testing.T) {
	late := time.Date(2026, 7, 31, 22, 30, 0, 0, time.UTC) // half past midnight in Berlin
	if got := Day(late); got != day("2026-08-01") {
		t.Errorf("got %v", got)
	}
}

func TestEndsHoldForAnyContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := day("1990-01-01").AddDate(0, 0, rapid.IntRange(0, 15000).Draw(t, "start"))
		today := start.AddDate(0, 0, rapid.IntRange(-100, 15000).Draw(t, "today"))
		terms := Terms{start, rapid.IntRange(0, 36).Draw(t, "months"), rapid.IntRange(0, 24).Draw(t, "renewal"), rapid.IntRange(0, 12).Draw(t, "notice")}
		if terms.Months == 0 {
			terms.RenewalMonths = 0
		}
		ends := ends(terms, today.AddDate(10, 0, 0)) // of all terms, reckoned one by one
		first := func(day time.Time) (time.Time, bool) {
			for _, end := range ends {
				if !end.Before(day) {
					return end, true
				}
			}
			return time.Time{}, false
		}
		if got, ok := terms.Until(today); !got.Equal(at(first(today))) || ok != (!got.IsZero()) {
			t.Fatalf("until %v %v, want the first of %v", got, ok, ends)
		}
		end, ok := terms.NextEnd(today)
		if !ok || end.Before(today) && end.Before(start) {
			t.Fatalf("next end %v %v", end, ok)
		}
		by := terms.NoticeBy(end)
		if AddMonths(by, terms.NoticeMonths).After(end) || !AddMonths(by.AddDate(0, 0, 1), terms.NoticeMonths).After(end) {
			t.Fatalf("notice by %v does not fit the end %v", by, end)
		}
		if !today.Before(start) && today.After(by) {
			t.Fatalf("today %v is after the last day %v for the notice", today, by)
		}
		if term, ok := first(end); terms.AnyTime(end) == (ok && term.Equal(end)) {
			t.Fatalf("%v is the end of a term: %v, and of any time: %v", end, ok, terms.AnyTime(end))
		}
	})
}

// ends are the ends of all terms of a contract until a day, and one more.
func ends(t Terms, until time.Time) (all []time.Time) {
	for months := t.Months; months > 0; months += t.RenewalMonths {
		end := termEnd(t.Start, months)
		if all = append(all, end); t.RenewalMonths == 0 || end.After(until) {
			break
		}
	}
	return all
}

func at(t time.Time, _ bool) time.Time { return t }
