package contract

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRenewalIsAFigureOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		name             string
		start            string
		months, notice   int
		renewal          Renewal
		consumer         bool
		today            string
		until, next, due string // "" where the contract runs for an indefinite time
	}{
		{"two years, then a year", "2021-01-01", 24, 1, "12", true, "2025-06-01", "2025-12-31", "2025-12-31", "2025-11-30"},
		{"the same for a company", "2021-01-01", 24, 1, "12", false, "2025-06-01", "2025-12-31", "2025-12-31", "2025-11-30"},
		{"an old consumer's two years renew by a year at most", "2021-01-01", 24, 1, "", true, "2025-06-01", "2025-12-31", "2025-12-31", "2025-11-30"},
		{"and not longer if the import says so", "2021-01-01", 24, 1, "24", true, "2025-06-01", "2025-12-31", "2025-12-31", "2025-11-30"},
		{"a company's two years renew by two years", "2021-01-01", 24, 1, "", false, "2025-06-01", "2026-12-31", "2026-12-31", "2026-11-30"},
		{"a consumer since March 2022, renewed", "2023-05-01", 12, 1, "", true, "2026-11-23", "", "2026-12-23", "2026-11-23"},
		{"a consumer since March 2022, in the first term", "2023-05-01", 12, 1, "", true, "2024-03-31", "2024-04-30", "2024-04-30", "2024-03-31"},
		{"a consumer since March 2022, a day too late for the first term", "2023-05-01", 12, 1, "", true, "2024-04-01", "2024-04-30", "2024-05-01", "2024-04-01"},
		{"the import cannot renew it by a year", "2023-05-01", 12, 1, "12", true, "2026-11-23", "", "2026-12-23", "2026-11-23"},
		{"nor ask for three months' notice", "2023-05-01", 12, 3, "indefinite", true, "2026-11-23", "", "2026-12-23", "2026-11-23"},
		{"a company may agree on both", "2023-05-01", 12, 3, "12", false, "2026-11-23", "2027-04-30", "2027-04-30", "2027-01-31"},
		{"a company says nothing of the renewal", "2023-05-01", 12, 1, "", false, "2026-11-23", "2027-04-30", "2027-04-30", "2027-03-31"},
		{"a company may renew for an indefinite time", "2019-05-01", 12, 3, "indefinite", false, "2026-11-23", "", "2027-02-23", "2026-11-23"},
		{"the last day of the old law", "2022-02-28", 12, 1, "", true, "2026-11-23", "2027-02-27", "2027-02-27", "2027-01-27"},
		{"the first day of the new law", "2022-03-01", 12, 1, "", true, "2026-11-23", "", "2026-12-23", "2026-11-23"},
		{"an old consumer's notice period is three months at most", "2019-05-01", 12, 6, "", true, "2026-11-23", "2027-04-30", "2027-04-30", "2027-01-31"},
		{"a consumer's first term is two years at most", "2025-01-01", 36, 1, "", true, "2026-01-01", "2026-12-31", "2026-12-31", "2026-11-30"},
		{"a company's is not", "2025-01-01", 36, 1, "", false, "2026-01-01", "2027-12-31", "2027-12-31", "2027-11-30"},
		{"no first term", "2024-02-29", 0, 1, "12", true, "2026-11-23", "", "2026-12-23", "2026-11-23"},
		{"no first term, and a notice period that no consumer has since March 2022", "2024-02-29", 0, 3, "", true, "2026-11-23", "", "2026-12-23", "2026-11-23"},
		{"a month at a time since 1990", "1990-01-31", 1, 0, "1", false, "2026-11-23", "2026-11-30", "2026-11-30", "2026-11-30"},
		{"the 31st renewed by months", "2025-08-31", 6, 0, "1", false, "2026-03-01", "2026-03-30", "2026-03-30", "2026-03-30"},
		{"29 February, then a year each", "2020-02-29", 24, 1, "12", true, "2024-02-01", "2024-02-28", "2025-02-28", "2025-01-31"},
		{"not begun", "2027-01-01", 12, 1, "", true, "2026-11-23", "2027-12-31", "2027-12-31", "2027-11-30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			terms := Agreement{Start: day(c.start), Months: c.months, NoticeMonths: c.notice, Renewal: c.renewal, Consumer: c.consumer}.Terms()
			until, ok := terms.Until(day(c.today))
			if ok != (c.until != "") || until != day(c.until) {
				t.Errorf("until %v %v, want %q", until, ok, c.until)
			}
			next, ok := terms.NextEnd(day(c.today))
			if !ok || next != day(c.next) {
				t.Fatalf("next end %v %v, want %s", next, ok, c.next)
			}
			if due := terms.NoticeBy(next); due != day(c.due) {
				t.Errorf("notice by %v, want %s", due, c.due)
			}
		})
	}
}

func TestWhatAConsumerCannotBeBoundToIsNamed(t *testing.T) {
	for _, c := range []struct {
		start          string
		months, notice int
		renewal        Renewal
		consumer       string // what is named of a consumer's
	}{
		{"2023-05-01", 12, 1, "indefinite", ""},
		{"2023-05-01", 12, 1, "", ""},
		{"2023-05-01", 12, 1, "1", "renewal"},
		{"2023-05-01", 36, 3, "12", "termMonths renewal noticePeriodMonths"},
		{"2021-05-01", 24, 3, "12", ""},
		{"2021-05-01", 25, 4, "13", "termMonths renewal noticePeriodMonths"},
		{"", 36, 12, "24", ""},
	} {
		a := Agreement{Start: day(c.start), Months: c.months, NoticeMonths: c.notice, Renewal: c.renewal, Consumer: true}
		if got := strings.Join(a.Beyond(), " "); got != c.consumer {
			t.Errorf("%+v: %q, want %q", a, got, c.consumer)
		}
		if a.Consumer = false; len(a.Beyond()) != 0 {
			t.Errorf("%+v: a company may agree on anything", a)
		}
	}
}

func TestARenewalInJSONIsANumberOrTheWord(t *testing.T) {
	for text, want := range map[string]Renewal{"12": "12", "1": "1", `"indefinite"`: Indefinite} {
		var got Renewal
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want || !got.Valid() {
			t.Errorf("%s is read as %q, %v", text, got, err)
		}
		if back, err := json.Marshal(got); err != nil || string(back) != text {
			t.Errorf("%s is written as %s, %v", text, back, err)
		}
	}
	for _, text := range []string{`"12"`, `""`, "null", "1.5", "true", "[]", "{}", `"Indefinite"`, "1e99"} {
		var got Renewal
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %q", text, got)
		}
	}
	for _, none := range []Renewal{"0", "-1", "121", "soon"} {
		if none.Valid() {
			t.Errorf("%q is a renewal", none)
		}
	}
}

func TestDatesThatNoContractHasAreRefused(t *testing.T) {
	for _, s := range []string{"9999-12-31", "0001-01-01", "1899-12-31", "2200-01-01", "2023-02-29", "01.05.2019", "2019-05-01T00:00:00Z", " ", "0000-00-00"} {
		if d, err := ParseDay(s); err == nil {
			t.Errorf("%q is read as %v", s, d)
		}
	}
}

func TestAContractHasEndedWhenItsLastDayIsPast(t *testing.T) {
	for last, want := range map[string]bool{"": false, "2026-11-22": true, "2026-11-23": false, "2026-11-24": false, "2027-12-31": false,
		"9999-12-31": false, "0001-01-01": true, "gestern": true} {
		if got := Ended(last, day("2026-11-23")); got != want {
			t.Errorf("%q has ended: %v", last, got)
		}
	}
}

// Whatever is stored, reckoning ends and gives days that can be shown.
func TestNoAgreementIsTooOddToReckonWith(t *testing.T) {
	figure := rapid.OneOf(rapid.IntRange(-3, 200), rapid.Int(), rapid.SampledFrom([]int{math.MinInt, math.MaxInt}))
	rapid.Check(t, func(t *rapid.T) {
		start, _ := ParseDay(rapid.StringMatching(`[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]`).Draw(t, "start"))
		today := day("1999-12-31").AddDate(0, 0, rapid.IntRange(0, 20000).Draw(t, "today"))
		terms := Agreement{start, figure.Draw(t, "months"), figure.Draw(t, "notice"), Renewal(rapid.String().Draw(t, "renewal")), rapid.Bool().Draw(t, "consumer")}.Terms()
		until, bound := terms.Until(today)
		end, known := terms.NextEnd(today)
		if known != !start.IsZero() || bound && !known {
			t.Fatalf("%+v: %v %v", terms, known, bound)
		}
		if !known {
			return
		}
		for _, d := range []time.Time{until, end, terms.NoticeBy(end)} {
			if len(d.Format(time.DateOnly)) != len(time.DateOnly) {
				t.Fatalf("%+v gives %v", terms, d)
			}
		}
	})
}

// A customer who wishes a later end gets the first one that is possible from then on, and never one before the earliest.
func TestAWishedEndIsTheFirstPossibleFromThenOn(t *testing.T) {
	for name, c := range map[string]struct {
		start        string
		months       int
		consumer     bool
		wished, want string
		today        string
	}{
		"none":                      {start: "2025-05-01", months: 12, consumer: true, today: "2026-01-10", want: "2026-04-30"},
		"before the earliest":       {start: "2025-05-01", months: 12, consumer: true, today: "2026-01-10", wished: "2026-02-01", want: "2026-04-30"},
		"on it":                     {start: "2025-05-01", months: 12, consumer: true, today: "2026-01-10", wished: "2026-04-30", want: "2026-04-30"},
		"when it runs on":           {start: "2025-05-01", months: 12, consumer: true, today: "2026-01-10", wished: "2026-06-15", want: "2026-06-15"},
		"within a company's term":   {start: "2025-05-01", months: 12, today: "2026-01-10", wished: "2026-06-15", want: "2027-04-30"},
		"of a contract of no start": {months: 12, consumer: true, today: "2026-01-10", wished: "2026-06-15"},
	} {
		terms := Agreement{Start: day(c.start), Months: c.months, NoticeMonths: 1, Consumer: c.consumer}.Terms()
		if end, ok := terms.EndFor(day(c.today), day(c.wished)); ok != (c.want != "") || end != day(c.want) {
			t.Errorf("%s: %v %v, want %s", name, end, ok, c.want)
		}
	}
}
