package review

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func executed(s *site, ago time.Duration) order.Order {
	o := anna()
	o.State, o.ExecutedAt = merge.Executed, start.Add(-ago)
	return s.put(o)
}

func objected(s *site, ago time.Duration) order.Order {
	o := executed(s, ago)
	o.ObjectedAt = start.Add(-3 * time.Hour)
	o.History = append(o.History, order.Step{At: o.ObjectedAt, State: merge.Executed, Actor: "veto link", Event: order.Objection})
	return s.put(o)
}

func reason(text string) url.Values { return url.Values{"reason": {text}} }

func TestAnObjectionStandsInTheQueueAndIsDecided(t *testing.T) {
	for button, want := range map[string]merge.State{"dismiss": merge.Executed, "undo": merge.Undone} {
		s := newSite(t)
		s.signIn()
		o := objected(s, 48*time.Hour)
		doc := s.page(s.get("/service?tab=objections"), http.StatusOK)
		if got := ids(doc); !slices.Equal(got, []string{o.ID}) || words(doc.Find("tbody td").First()) != "3 Std." {
			t.Errorf("queue %v, waiting %q", got, words(doc.Find("tbody td").First()))
		}
		doc = s.page(s.get(orderPath), http.StatusOK)
		if got := words(doc.Find(".timeline")); !strings.Contains(got, "Einspruch der anderen Seite") {
			t.Errorf("history %q", got)
		}
		s.page(s.post(orderPath+"/"+button, reason(" ")), http.StatusUnprocessableEntity)
		resp := s.post(orderPath+"/"+button, reason("Der Inhaber hat zugestimmt."))
		if got := s.page(s.get(resp.Header.Get("Location")), http.StatusOK).Find(".notice.success"); got.Length() != 1 {
			t.Errorf("%s: no notice at %s", button, resp.Header.Get("Location"))
		}
		if now := s.orders.orders[o.ID]; now.State != want || now.Objected() || now.Reason != "Der Inhaber hat zugestimmt." {
			t.Errorf("%s leaves the order %s, objected: %v", button, now.State, now.Objected())
		}
		s.page(s.post(orderPath+"/dismiss", reason("noch einmal")), http.StatusConflict)
	}
}

func TestLaterMergesInTheWayAreNamedAndUndoneAsOneDecision(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := executed(s, 48*time.Hour)
	s.orders.later = []string{"AAAA-9999"}
	doc := s.page(s.post(orderPath+"/undo", reason("Betrug")), http.StatusConflict)
	if !strings.Contains(words(doc.Find(".error-summary")), "AAAA-9999") || doc.Find("input[name=later]").Length() != 1 || doc.Find("#f-reason").Text() != "Betrug" {
		t.Errorf("page %q", words(doc.Find("main")))
	}
	s.redirected(s.post(orderPath+"/undo", url.Values{"reason": {"Betrug"}, "later": {"yes"}}), orderPath+"?decided=undone")
	if s.orders.orders[o.ID].State != merge.Undone {
		t.Error("not undone")
	}
}

func TestAfterThirtyDaysNothingIsOfferedButAnObjectionStillIs(t *testing.T) {
	buttons := func(s *site) []string {
		return s.page(s.get(orderPath), http.StatusOK).Find(".decision button").Map(func(_ int, b *goquery.Selection) string { return words(b) })
	}
	s := newSite(t)
	s.signIn()
	executed(s, 31*24*time.Hour)
	if got := buttons(s); len(got) != 0 {
		t.Errorf("offered %v", got)
	}
	objected(s, 31*24*time.Hour)
	if got := buttons(s); !slices.Equal(got, []string{"Zurückweisen"}) {
		t.Errorf("offered %v", got)
	}
}
