package lang

import (
	"fmt"
	"strings"
	"time"

	"kundenkonto/shared/berlin"
)

// Day is a date in Berlin: 23.11.2026 or 23 November 2026.
type Day time.Time

// Hour is a time of day in Berlin: 14:02 Uhr or 14:02.
type Hour time.Time

// Moment is a date with its time.
type Moment time.Time

// ZonedMoment is a Moment for mails, whose readers may sit in another time zone: 23.11.2026 um 14:02 Uhr or
// 23 November 2026 at 14:02 CET.
type ZonedMoment time.Time

// Cents is an amount in euro: 1.019,99 € or €1,019.99.
type Cents int64

// In says the date.
func (d Day) In(l Lang) string { return stamp(l, time.Time(d), Lookup(l, "02.01.2006|Datum")) }

// In says the time.
func (h Hour) In(l Lang) string { return stamp(l, time.Time(h), Lookup(l, "15:04 Uhr|Uhrzeit")) }

// In says date and time.
func (m Moment) In(l Lang) string {
	return fmt.Sprintf(Lookup(l, "%s um %s|Datum, Uhrzeit"), Day(m).In(l), Hour(m).In(l))
}

// In says date, time and zone.
func (m ZonedMoment) In(l Lang) string {
	hour := stamp(l, time.Time(m), Lookup(l, "15:04 Uhr|Uhrzeit in E-Mails, mit Zeitzone"))
	return fmt.Sprintf(Lookup(l, "%s um %s|Datum, Uhrzeit"), Day(m).In(l), hour)
}

// stamp writes a time by a layout of package time, with the month's name in the language.
func stamp(l Lang, t time.Time, layout string) string {
	t = t.In(berlin.Zone)
	before, after, named := strings.Cut(layout, "January")
	if !named {
		return t.Format(layout)
	}
	return t.Format(before) + months[t.Month()-1].In(l) + t.Format(after)
}

var months = [12]Text{
	T("Januar"), T("Februar"), T("März"), T("April"), T("Mai"), T("Juni"), T("Juli"), T("August"), T("September"),
	T("Oktober"), T("November"), T("Dezember"),
}

// In says the amount. A language shows by the sample of its catalogue how it writes one: the marks between the digits of
// 1.234,56 and where the sign of the euro stands.
func (c Cents) In(l Lang) string {
	sign, amount := "", int64(c)
	if amount < 0 {
		sign, amount = "−", -amount
	}
	sample := Lookup(l, "1.234,56\u00a0€|Betrag")
	start, end := strings.IndexByte(sample, '1'), strings.IndexByte(sample, '6')+1
	digits := sample[start:end]
	thousands, decimal := between(digits, "1", "234"), between(digits, "234", "56")
	return sign + sample[:start] + grouped(amount/100, thousands) + decimal + fmt.Sprintf("%02d", amount%100) + sample[end:]
}

func between(s, left, right string) string {
	_, s, _ = strings.Cut(s, left)
	s, _, _ = strings.Cut(s, right)
	return s
}

// grouped parts the thousands of a number.
func grouped(n int64, sep string) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return digits
}

// Balance says what is owed for a customer number (more than 0) or left to its customer (less than 0).
func Balance(cents int64) Text {
	switch {
	case cents > 0:
		return T("%s offen", Cents(cents))
	case cents < 0:
		return T("Guthaben %s", Cents(-cents))
	}
	return T("nichts offen")
}

// List says names or numbers as people do: "a", "a und b", "a, b und c".
func List(of []string) Text {
	if len(of) < 2 {
		return Raw(strings.Join(of, ""))
	}
	return T("%s und %s", strings.Join(of[:len(of)-1], ", "), of[len(of)-1])
}
