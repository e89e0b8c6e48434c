// Package cancellation reads the form by which a customer ends a contract, and writes what the customer keeps of it. The law
// asks for both (BGB section 312k): a confirmation page with these fields and one button, and a declaration that can be
// stored with date and time.
package cancellation

import (
	"embed"
	"strings"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/web"
)

// Partials hold the fields that both forms have, for web.ParsePages.
//
//go:embed partials
var Partials embed.FS

// Names of the form's fields.
const (
	FieldKind   = "kind"
	FieldReason = "reason"
	FieldWished = "endDate"
)

// MaxReason is the longest reason, in bytes.
const MaxReason = 2000

// mostYears is how far away a wished end may be: a typing error in the year is asked about.
const mostYears = 5

// Fields are the fields of the form, for the description of a route.
func Fields() []web.Field {
	return []web.Field{
		{Name: FieldKind, Required: true, Enum: customer.CancellationKinds, Summary: "with the notice period, or without it for an important reason"},
		{Name: FieldReason, Multiline: true, Max: MaxReason, Summary: "of an extraordinary cancellation, which needs one"},
		{Name: FieldWished, Max: 30, Summary: "day on which the contract shall end, YYYY-MM-DD, DD.MM.YYYY or 31 December 2027; as early as possible without it"},
	}
}

// Wish is what a form asks for. Wished is zero for: as early as possible.
type Wish struct {
	Kind, Reason string
	Wished       time.Time
}

// Day is the wished day as it is stored, "" for none.
func (w Wish) Day() string {
	if w.Wished.IsZero() {
		return ""
	}
	return w.Wished.Format(time.DateOnly)
}

// Read reads the form on a day of package contract, with what is wrong in it.
func Read(f web.Form, today time.Time) (w Wish, wrong []web.FieldError) {
	w.Kind, w.Reason = f.Text(FieldKind), strings.TrimSpace(strings.ReplaceAll(f.Get(FieldReason), "\r\n", "\n"))
	switch w.Kind {
	case customer.Ordinary:
		w.Reason = "" // asked for with an extraordinary one only
	case customer.Extraordinary:
		if w.Reason == "" {
			wrong = append(wrong, web.Invalid(FieldReason, "reason_missing", lang.T("Nennen Sie den wichtigen Grund, aus dem Sie außerordentlich kündigen.")))
		}
	default:
		wrong = append(wrong, web.Invalid(FieldKind, "kind_missing", lang.T("Wählen Sie, wie Sie kündigen möchten.")))
	}
	entered := f.Text(FieldWished)
	if entered == "" {
		return w, wrong
	}
	day, ok := readDay(entered)
	switch {
	case !ok:
		wrong = append(wrong, web.Invalid(FieldWished, "invalid_date", lang.T("Geben Sie den Tag so ein: 31.12.2027. Oder lassen Sie das Feld leer, dann endet der Vertrag so früh wie möglich.")))
	case day.Before(today):
		wrong = append(wrong, web.Invalid(FieldWished, "date_past", lang.T("Dieser Tag ist vorbei. Ein Vertrag kann frühestens heute enden.")))
	case day.After(today.AddDate(mostYears, 0, 0)):
		wrong = append(wrong, web.Invalid(FieldWished, "date_far", lang.T("Dieser Tag liegt mehr als fünf Jahre in der Zukunft. Prüfen Sie das Jahr.")))
	default:
		w.Wished = day
	}
	return w, wrong
}

// readDay reads a day as browsers send it and as people type it.
func readDay(s string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2January2006"} {
		if d, err := time.Parse(layout, strings.ReplaceAll(s, " ", "")); err == nil {
			d, err = contract.ParseDay(d.Format(time.DateOnly))
			return d, err == nil
		}
	}
	return time.Time{}, false
}

// KindWords say how somebody cancels.
func KindWords(kind string) lang.Text {
	if kind == customer.Extraordinary {
		return lang.T("außerordentliche Kündigung aus wichtigem Grund")
	}
	return lang.T("ordentliche Kündigung mit der Kündigungsfrist")
}
