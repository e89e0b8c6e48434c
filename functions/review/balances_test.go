package review

import (
	"net/http"
	"strings"
	"testing"
)

func (s *site) book(number string, cents int64, members ...string) {
	p := s.Profile(number)
	p.Number, p.BalanceCents, p.Members = number, cents, members
	s.Save(p)
}

func TestAReviewerReadsTheBalancesOfAllNumbersOfAnOrder(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(anna())
	s.book("10000023", -2500, "10000031", "10000049")
	s.book("10000031", 700)
	s.book("10000049", 0)
	doc := s.page(s.get("/service/orders/K7QX-2M4D"), http.StatusOK)
	if got := strings.ReplaceAll(words(doc.Find("#balances").Parent()), "\u00a0", " "); !strings.Contains(got, "10000017 nichts offen") ||
		!strings.Contains(got, "10000023 Guthaben 25,00 €") || !strings.Contains(got, "10000031 gehört zu 10000023 7,00 € offen") || strings.Contains(got, "10000049") {
		t.Errorf("balances %q", got)
	}
	if got := words(doc.Find(".risks")); !strings.Contains(got, "Offener Betrag") {
		t.Errorf("signs %q", got)
	}
	if got := words(doc.Find("#changes").Parent()); !strings.Contains(got, "Kontostand (10000031)") {
		t.Errorf("changes %q", got) // an approval hands the order back to its customer (M5)
	}
	got := strings.ReplaceAll(words(s.page(s.get("/service/orders/K7QX-2M4D?lang=en"), http.StatusOK).Find("#balances").Parent()), "\u00a0", " ")
	if !strings.Contains(got, "credit of €25.00") || !strings.Contains(got, "€7.00 due") {
		t.Errorf("in English %q", got)
	}
}

func TestACustomersPageTellsACreditFromNothing(t *testing.T) {
	for cents, want := range map[int64]string{-2500: "Guthaben 25,00 €", 0: "nichts offen", 1999: "19,99 € offen"} {
		s := knownSite(t)
		s.book("10000017", cents)
		if got := strings.ReplaceAll(words(s.page(s.get(annaPath), http.StatusOK).Find("#account").Parent()), "\u00a0", " "); !strings.Contains(got, "Kontostand "+want) {
			t.Errorf("%d: %q", cents, got)
		}
	}
}
