package german

import (
	"testing"
	"time"

	"kundenkonto/shared/berlin"
	"kundenkonto/shared/workday"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, berlin.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestTwoWorkingDaysLater(t *testing.T) {
	for name, c := range map[string]struct{ state, from, due string }{
		"in the week":                         {"DE", "2026-11-30 15:07", "2026-12-02 15:07"},
		"over a weekend":                      {"DE", "2026-11-27 15:07", "2026-12-01 15:07"},
		"on a Saturday":                       {"DE", "2026-11-28 15:07", "2026-12-01 15:07"},
		"on a Sunday":                         {"DE", "2026-11-29 23:59", "2026-12-01 23:59"},
		"before Easter":                       {"DE", "2027-03-25 09:00", "2027-03-31 09:00"},
		"before Christmas":                    {"DE", "2026-12-24 09:00", "2026-12-29 09:00"},
		"Epiphany in Bavaria":                 {"BY", "2027-01-05 09:00", "2027-01-08 09:00"},
		"Epiphany elsewhere":                  {"HH", "2027-01-05 09:00", "2027-01-07 09:00"},
		"Women's Day in Berlin":               {"BE", "2027-03-05 09:00", "2027-03-10 09:00"},
		"Women's Day in Mecklenburg":          {"MV", "2027-03-05 09:00", "2027-03-10 09:00"},
		"Women's Day in Saxony":               {"SN", "2027-03-05 09:00", "2027-03-09 09:00"},
		"the day on which the clock moves":    {"DE", "2027-03-26 02:30", "2027-03-31 02:30"},
		"a time of day that there is not":     {"DE", "2027-03-28 01:30", "2027-03-31 01:30"},
		"by the day in Berlin, not in London": {"DE", "2026-11-30 00:30", "2026-12-02 00:30"},
	} {
		t.Run(name, func(t *testing.T) {
			days, err := Of(c.state)
			if err != nil {
				t.Fatal(err)
			}
			if got := days.After(at(c.from).UTC(), 2); !got.Equal(at(c.due)) || got.Location() != time.UTC {
				t.Errorf("%s, want %s", got.In(berlin.Zone), c.due)
			}
		})
	}
}

func TestEveryStateHasItsHolidays(t *testing.T) {
	if len(ofState) != 17 {
		t.Errorf("%d calendars", len(ofState))
	}
	for state := range ofState {
		days, err := Of(state)
		if err != nil || days.Is(at("2026-10-03 12:00")) || days.Is(at("2026-12-25 12:00")) || !days.Is(at("2026-12-24 12:00")) || days.Is(at("2026-11-29 12:00")) {
			t.Errorf("%s: %v", state, err)
		}
	}
	if _, err := Of("XX"); err == nil {
		t.Error("a state that there is not")
	}
	if got := (workday.Calendar{}).After(at("2026-12-24 09:00"), 1); !got.Equal(at("2026-12-25 09:00")) {
		t.Errorf("without holidays: %s", got)
	}
}
