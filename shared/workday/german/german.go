// Package german has the holidays of the German states.
package german

import (
	"fmt"
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"

	"kundenkonto/shared/workday"
)

// ofState are the holidays by the code of a state (ISO 3166-2 without the country); DE are those of all of Germany.
var ofState = map[string][]*cal.Holiday{
	"DE": de.Holidays, "BW": de.HolidaysBW, "BY": de.HolidaysBY, "BE": de.HolidaysBE, "BB": de.HolidaysBB, "HB": de.HolidaysHB, "HH": de.HolidaysHH, "HE": de.HolidaysHE,
	"MV": withWomensDay(de.HolidaysMV), "NI": de.HolidaysNI, "NW": de.HolidaysNW, "RP": de.HolidaysRP, "SL": de.HolidaysSL, "SN": de.HolidaysSN, "ST": de.HolidaysST, "SH": de.HolidaysSH, "TH": de.HolidaysTH,
}

// withWomensDay adds the 8th of March, a holiday of Mecklenburg-Vorpommern since 2023 (section 2 FTG M-V), which the library does not have.
func withWomensDay(all []*cal.Holiday) []*cal.Holiday {
	if slices.Contains(all, de.Frauentag) {
		return all
	}
	return append(slices.Clip(all), de.Frauentag)
}

// Of is the calendar of a state.
func Of(state string) (workday.Calendar, error) {
	holidays, ok := ofState[state]
	if !ok {
		return workday.Calendar{}, fmt.Errorf("HOLIDAYS: there is no German state %q; it is one like BY, or DE for the holidays that all have", state)
	}
	c := &cal.Calendar{}
	c.AddHoliday(holidays...)
	return workday.Calendar{Holiday: func(day time.Time) bool { is, _, _ := c.IsHoliday(day); return is }}, nil
}
