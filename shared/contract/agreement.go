package contract

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Renewal is how a contract goes on after its first term, as the operator says it: a number of months, Indefinite, or ""
// when the operator does not say. In JSON a number of months is a number.
type Renewal string

// Indefinite is the renewal of a contract that can be ended at any time after its first term.
const Indefinite Renewal = "indefinite"

// MostMonths is the longest term, renewal or notice period that is reckoned with.
const MostMonths = 120

// renewalOf is a renewal by a number of months.
func renewalOf(months int) Renewal { return Renewal(strconv.Itoa(months)) }

// Months is the length of each later term; ok is false where the renewal names none that can be.
func (r Renewal) Months() (months int, ok bool) {
	months, err := strconv.Atoi(string(r))
	return months, err == nil && months > 0 && months <= MostMonths
}

// Valid says whether a renewal can be reckoned with.
func (r Renewal) Valid() bool {
	_, months := r.Months()
	return r == "" || r == Indefinite || months
}

// MarshalJSON writes a number of months as a number.
func (r Renewal) MarshalJSON() ([]byte, error) {
	if months, ok := r.Months(); ok {
		return strconv.AppendInt(nil, int64(months), 10), nil
	}
	return json.Marshal(string(r))
}

// UnmarshalJSON reads a number of months or "indefinite". Whether the number can be is Valid's to say.
func (r *Renewal) UnmarshalJSON(b []byte) error {
	var months int
	var word Renewal
	switch {
	case json.Unmarshal(b, &months) == nil && string(b) != "null":
		*r = renewalOf(months)
	case json.Unmarshal(b, (*string)(&word)) == nil && word == Indefinite:
		*r = Indefinite
	default:
		return fmt.Errorf(`renewal must be a number of months or %q`, Indefinite)
	}
	return nil
}

// Agreement is what the operator's administration says of a contract.
type Agreement struct {
	Start        time.Time // first day; zero when it is not known
	Months       int       // length of the first term; 0: none
	NoticeMonths int
	Renewal      Renewal
	Consumer     bool // no business (BGB section 13); a business may agree on anything
}

// fairContracts is the day from which on a consumer's contract renews itself for an indefinite time only (BGB section
// 309, number 9, since the Gesetz für faire Verbraucherverträge). What came about before goes by the version before
// (EGBGB article 229, section 60). We know the day it began, not the day it was made: the first day of the contract counts.
var fairContracts = time.Date(2022, time.March, 1, 0, 0, 0, 0, time.UTC)

// limits are what general terms can bind a consumer to (BGB section 309, number 9), in months. renewal 0 is: indefinite only.
type limits struct{ first, renewal, notice int }

var (
	limitsBefore = limits{first: 24, renewal: 12, notice: 3}
	limitsSince  = limits{first: 24, renewal: 0, notice: 1}
)

func limitsOf(start time.Time) limits {
	if start.Before(fairContracts) {
		return limitsBefore
	}
	return limitsSince
}

// Terms are what holds. A renewal that is not said is a term as long as the first. A consumer is never held longer than the
// law allows, whatever the operator's administration says: what goes beyond it in general terms is void, and nobody should
// read a later end on our pages than the one that can be had. The limit of the notice period is applied to a contract
// without a first term, too, whose customer cannot be worse off than after one.
func (a Agreement) Terms() Terms {
	t := Terms{Start: a.Start, Months: within(a.Months), NoticeMonths: within(a.NoticeMonths), RenewalMonths: within(a.Months)}
	if months, ok := a.Renewal.Months(); ok {
		t.RenewalMonths = months
	}
	if a.Renewal == Indefinite || t.Months == 0 {
		t.RenewalMonths = 0
	}
	if a.Consumer && !a.Start.IsZero() {
		most := limitsOf(a.Start)
		t.Months, t.RenewalMonths, t.NoticeMonths = min(t.Months, most.first), min(t.RenewalMonths, most.renewal), min(t.NoticeMonths, most.notice)
	}
	return t
}

// Beyond names what of an agreement goes beyond what a consumer can be bound to, by the names of the import. A renewal that is
// not said is none.
func (a Agreement) Beyond() (fields []string) {
	if !a.Consumer || a.Start.IsZero() {
		return nil
	}
	most := limitsOf(a.Start)
	renewal, _ := a.Renewal.Months()
	for _, f := range []struct {
		name      string
		has, most int
	}{{"termMonths", a.Months, most.first}, {"renewal", renewal, most.renewal}, {"noticePeriodMonths", a.NoticeMonths, most.notice}} {
		if f.has > f.most {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// within is a number of months that can be reckoned with, whatever is stored.
func within(months int) int { return max(0, min(months, MostMonths)) }
