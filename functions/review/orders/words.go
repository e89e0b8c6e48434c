package orders

import (
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// tone is the badge class of a state.
func tone(s merge.State) string {
	switch s {
	case merge.Approved, merge.Executed:
		return "success"
	case merge.Failed:
		return "danger"
	case merge.Stale, merge.Expired, merge.Vetoed:
		return "warning"
	case merge.InReview, merge.Submitted:
		return "info"
	}
	return ""
}

// span is a time that passed, in its two largest units; nobody plans a day by minutes of last week.
func span(d time.Duration) lang.Text {
	minutes := int(max(d, 0) / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case days > 0 && hours > 0 && days < 7:
		return lang.N(days, "%d Tag %d Std.", "%d Tage %d Std.", hours)
	case days > 0:
		return lang.N(days, "%d Tag", "%d Tage")
	case hours >= 6 || hours > 0 && minutes%60 == 0:
		return lang.T("%d Std.", hours)
	case hours > 0:
		return lang.T("%d Std. %d Min.", hours, minutes%60)
	}
	return lang.T("%d Min.", minutes)
}
