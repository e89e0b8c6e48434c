package cancellation

import (
	"fmt"
	"strings"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
)

// Fact is a line of a declaration: what it is, and what was said.
type Fact struct{ Label, Value string }

// Declaration is a cancellation as the customer keeps it.
type Declaration struct {
	customer.Cancellation
	To      string    // the company
	About   []Fact    // whose contract it is, and which
	GivenAt time.Time // when the button was pressed
}

// Facts are its lines in a language.
func (d Declaration) Facts(l lang.Lang) []Fact {
	facts := []Fact{
		{lang.T("Kündigung").In(l), d.ID},
		{lang.T("Abgegeben und eingegangen").In(l), lang.ZonedMoment(d.GivenAt).In(l)},
	}
	facts = append(facts, d.About...)
	facts = append(facts, Fact{lang.T("Art").In(l), KindWords(d.Kind).In(l)})
	if d.Reason != "" {
		facts = append(facts, Fact{lang.T("Kündigungsgrund").In(l), strings.Join(strings.Fields(d.Reason), " ")})
	}
	facts = append(facts, Fact{lang.T("Gewünschtes Vertragsende").In(l), WishWords(d.Wished).In(l)})
	if day, ok := dayOf(d.EndsOn); ok {
		facts = append(facts, Fact{lang.T("Vertragsende").In(l), lang.Day(day).In(l)})
	}
	return facts
}

// WishWords say when the contract shall end.
func WishWords(wished string) lang.Text {
	if day, ok := dayOf(wished); ok {
		return lang.T("zum %s", lang.Day(day))
	}
	return lang.T("zum frühestmöglichen Zeitpunkt")
}

func dayOf(s string) (time.Time, bool) {
	day, err := contract.ParseDay(s)
	return day, err == nil && !day.IsZero()
}

// File is the declaration as a text to be stored. It says that it was given by the button.
func (d Declaration) File(l lang.Lang) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\r\n\r\n", lang.T("Kündigung an %s", d.To).In(l))
	for _, f := range d.Facts(l) {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Label, f.Value)
	}
	fmt.Fprintf(&b, "\r\n%s\r\n", lang.T("Die Kündigung wurde mit dem Knopf „jetzt kündigen“ abgegeben.").In(l))
	return []byte(b.String())
}
