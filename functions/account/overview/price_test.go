package overview

import (
	"strings"
	"testing"

	"kundenkonto/shared/lang"
)

func TestAPriceIsSaidByItsPeriod(t *testing.T) {
	for _, c := range []struct {
		cents      int64
		months     int
		de, en, nl string
	}{
		{1200, 3, "12,00 € alle 3 Monate", "€12.00 every 3 months", "€ 12,00 per 3 maanden"},
		{499, 1, "4,99 € im Monat", "€4.99 per month", "€ 4,99 per maand"},
		{123456, 12, "1.234,56 € im Jahr", "€1,234.56 per year", "€ 1.234,56 per jaar"},
		{100, 24, "1,00 € alle 2 Jahre", "€1.00 every 2 years", "€ 1,00 per 2 jaar"},
		{0, 12, "kostenlos", "free of charge", "free of charge"},
		{100, 0, "1,00 € je Abrechnungszeitraum", "€1.00 per billing period", "€ 1,00 per billing period"},
	} {
		row := packageRow{Cents: &c.cents, Billed: c.months}
		for l, want := range map[lang.Lang]string{lang.DE: c.de, lang.EN: c.en, "nl": c.nl} {
			if got := strings.ReplaceAll(row.Price().In(l), "\u00a0", " "); got != want {
				t.Errorf("%d every %d months in %s is %q, want %q", c.cents, c.months, l, got, want)
			}
		}
	}
	if got := (packageRow{Billed: 3}).Price(); !got.Empty() {
		t.Errorf("without a price it says %q", got.In(lang.DE))
	}
}
