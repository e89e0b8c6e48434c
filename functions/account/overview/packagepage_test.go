package overview_test

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
)

func TestPackagePageShowsTheContract(t *testing.T) {
	a := visitor.Anna(t).Get("/account/packages/P-1001")
	if a.Status != http.StatusOK {
		t.Fatalf("status %d\n%s", a.Status, a.Body)
	}
	got := a.Text("main")
	for _, want := range []string{"schaefer.example", "Server, Root Server M", "01.05.2019", "Laufzeit 12 Monate, danach jeweils 12 Monate", "Vertrag bis 30.04.2027", "1 Monat zum Ende der Laufzeit",
		"Kündbar zum 30.04.2027, wenn uns die Kündigung bis 31.03.2027 erreicht", "P-1001", "10000017", "2 Domains", "a-schaefer.example"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not say %q:\n%s", want, got)
		}
	}
	if title := a.Text("title"); title != "Paket schaefer.example – Kundenkonto" {
		t.Errorf("title is %q", title)
	}
}

func TestPackagePageOfAnEarlierNumberWithoutDomainAndTerm(t *testing.T) {
	got := visitor.Anna(t).Get("/account/packages/P-1002").Text("main")
	for _, want := range []string{"Laufzeit ohne Mindestlaufzeit", "Vertrag bis unbefristet", "Kündbar zum 23.12.2026, wenn Sie heute kündigen", "10000023 gehört jetzt zu 10000017", "geben Sie statt einer Domain die Paketnummer an"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not say %q:\n%s", want, got)
		}
	}
}

func TestPackagePageOfAnEndedContractPromisesNothing(t *testing.T) {
	got := visitor.Anna(t).Get("/account/packages/P-1003").Text("main")
	if !strings.Contains(got, "Vertragsende 31.03.2025 beendet") || strings.Contains(got, "Kündbar zum") || strings.Contains(got, "Vertrag bis") {
		t.Errorf("the page says:\n%s", got)
	}
}

func TestAnotherCustomersPackageIsNotThere(t *testing.T) {
	w := visitor.Anna(t)
	w.GiveAway("P-1001", "10000099")
	for _, id := range []string{"P-1001", "P-none", "..%2F", "%3Cscript%3E"} {
		a := w.Get("/account/packages/" + id)
		if a.Status != http.StatusNotFound {
			t.Errorf("%s answered %d, want 404 (S11)", id, a.Status)
		}
		if strings.Contains(a.Body, "schaefer.example") {
			t.Errorf("%s tells of another customer's package", id)
		}
	}
}

func TestPackagePageAsJSON(t *testing.T) {
	got := visitor.Anna(t).Get("/account/packages/P-1001", "Accept", "application/json").Body
	for _, want := range []string{`"nextPossibleEnd":"2027-04-30"`, `"noticeBy":"2027-03-31"`, `"contractUntil":"2027-04-30"`, `"orderedUnder":"10000017"`, `"termMonths":12`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}
