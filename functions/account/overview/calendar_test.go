package overview_test

import (
	"fmt"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/customer"
)

func TestNoticeDatesGoIntoACalendar(t *testing.T) {
	w := visitor.Anna(t) // of her contracts one goes on by a year, one can end at any time, and one has ended
	for path, name := range map[string]string{"/account/calendar": "kuendigungsfristen.ics", "/account/packages/P-1001/calendar": "kuendigungsfrist-P-1001.ics"} {
		a := w.Get(path).Is(200)
		if got := a.Header.Get("Content-Type") + a.Header.Get("Content-Disposition"); got != `text/calendar; charset=utf-8attachment; filename="`+name+`"` {
			t.Errorf("%s comes as %s", path, got)
		}
		text := strings.ReplaceAll(a.Body, "\r\n ", "")
		for _, line := range []string{"BEGIN:VCALENDAR", "UID:notice-P-1001@konto.example", "DTSTART;VALUE=DATE:20270331", "SUMMARY:Kündigen bis heute: schaefer.example",
			`DESCRIPTION:Damit der Vertrag am 30.04.2027 endet\, muss uns die Kündigung heute erreichen. Sonst läuft er weiter. Paketnummer: P-1001`,
			"URL:https://konto.example/account/packages/P-1001", "DTSTAMP:20261123T"} {
			if !strings.Contains(text, line) {
				t.Errorf("%s has no %s:\n%s", path, line, a.Body)
			}
		}
		if n := strings.Count(a.Body, "BEGIN:VEVENT"); n != 1 {
			t.Errorf("%s has %d days", path, n)
		}
	}
	if a := w.Get("/account/calendar?lang=en"); !strings.Contains(a.Body, "SUMMARY:Cancel by today: schaefer.example") {
		t.Errorf("in English: %s", a.Body)
	}
	for _, id := range []string{"P-1002", "P-1003", "P-9999"} {
		w.Get("/account/packages/" + id + "/calendar").Is(404)
	}
	w.Only(customer.Package{ID: "P-1", Number: visitor.Number, Product: "shop", ContractStart: "2026-05-01"})
	w.Get("/account/calendar?lang=de").Is(404).Has("main", "keinen Tag, bis zu dem Sie kündigen müssten")
}

func TestACalendarIsLinkedWhereThereIsADayToRemember(t *testing.T) {
	w := visitor.Anna(t)
	for path, want := range map[string]int{"/account": 1, "/account?q=alt.example": 0, "/account/packages/P-1001": 1, "/account/packages/P-1002": 0, "/account/packages/P-1003": 0} {
		w.Get(path).Count(`main a[href$="/calendar"]`, want)
	}
	stranger := customer.Package{ID: "P-2", Number: "10000099", Product: "shop", ContractStart: "2019-05-01", TermMonths: 12}
	w.Save(customer.Profile{Number: "10000099", Version: 1})
	w.Hold(stranger)
	w.Get("/account/packages/P-2/calendar").Is(404)
}

// A file has the packages of all numbers, read by parts, and at most so many as an answer has room for.
func TestACalendarOfManyPackagesIsBounded(t *testing.T) {
	w := visitor.Anna(t)
	var many []customer.Package
	for i := range 5200 {
		many = append(many, customer.Package{ID: fmt.Sprintf("P-%05d", i), Number: []string{visitor.Number, visitor.Earlier}[i%2], Product: "shop", ContractStart: "2019-05-01",
			TermMonths: 12, NoticePeriodMonths: 1, Domains: []string{strings.Repeat("ä", 60) + fmt.Sprint(i) + ".example"}})
	}
	w.Only(many...)
	w.Calls()
	a := w.Get("/account/calendar").Is(200)
	if n := strings.Count(a.Body, "BEGIN:VEVENT"); n != 5000 || len(a.Body) > 4<<20 {
		t.Errorf("%d days in %d bytes", n, len(a.Body))
	}
	if n := len(w.Calls()); n > 12 {
		t.Errorf("%d requests", n)
	}
}
