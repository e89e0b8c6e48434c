package review

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func ids(doc *goquery.Document) []string {
	return doc.Find("[data-row]").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
}

func variant(id string, state merge.State, waiting time.Duration) order.Order {
	o := anna()
	o.ID, o.State, o.SubmittedAt, o.EscalateAt = id, state, start.Add(-waiting), start.Add(48*time.Hour-waiting)
	return o
}

func TestTheQueueShowsTheOldestFirstAndCountsItsTabs(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(variant("AAAA-2222", merge.InReview, 2*time.Hour))
	s.put(variant("AAAA-3333", merge.InReview, 51*time.Hour))
	s.put(variant("AAAA-4444", merge.Submitted, time.Minute))
	s.put(variant("AAAA-5555", merge.Approved, 60*time.Hour))
	s.put(variant("AAAA-6666", merge.Executed, 90*time.Hour))
	failed := variant("AAAA-7777", merge.Failed, 10*time.Hour)
	failed.Failure = "States.TaskFailed"
	s.put(failed)

	doc := s.page(s.get("/service"), http.StatusOK)
	if got := ids(doc); !slices.Equal(got, []string{"AAAA-3333", "AAAA-2222", "AAAA-4444"}) {
		t.Errorf("order %v", got)
	}
	if got := words(doc.Find(".tabs")); got != "Wartend 3 Eskaliert 1 Einsprüche 0 Fehlgeschlagen 1 Widerspruchsfrist 1 Beim Kunden 0" {
		t.Errorf("tabs %q", got)
	}
	if got := words(doc.Find("tbody tr").First().Find("td").First()); got != "2 Tage 3 Std. überfällig zugesagt bis 23.11.2026 um 10:00 Uhr" {
		t.Errorf("waiting %q", got)
	}
	for tab, want := range map[string]string{"escalated": "AAAA-3333", "failed": "AAAA-7777", "approved": "AAAA-5555"} {
		if got := ids(s.page(s.get("/service?tab="+tab), http.StatusOK)); !slices.Equal(got, []string{want}) {
			t.Errorf("tab %s shows %v", tab, got)
		}
	}
	if got := words(s.page(s.get("/service?tab=failed"), http.StatusOK).Find("tbody td").Last()); got != "States.TaskFailed" {
		t.Errorf("the failed order says %q", got)
	}
	if doc := s.page(s.get("/service?tab=stale"), http.StatusOK); doc.Find(".empty").Length() != 1 || doc.Find("table").Length() != 0 {
		t.Error("an empty tab does not say so")
	}
}

func TestAnOrderIsFoundByItsNumberAsPeopleWriteIt(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(anna())
	for _, q := range []string{"K7QX-2M4D", "k7qx2m4d", "k7qx%202m4d", "K7QX-ZM4D"} {
		s.redirected(s.get("/service?q="+q), "/service/orders/K7QX-2M4D")
	}
	s.redirected(s.get("/service?q=anna%40schaefer.example"), "/service/customers?q=anna%40schaefer.example")
	doc := s.page(s.get("/service/customers?q=K7QX-2M4E"), http.StatusNotFound)
	if doc.Find(".error-summary a[href='#f-q']").Length() != 1 || doc.Find("#f-q[aria-invalid]").Length() != 1 {
		t.Error("the unknown number is not told at the field")
	}
}

func TestALongQueueIsPaged(t *testing.T) {
	s := newSite(t)
	s.signIn()
	for i := range 120 {
		s.put(variant(fmt.Sprintf("AAAA-%04d", i), merge.InReview, time.Duration(1000-i)*time.Minute))
	}
	var all []string
	path := "/service"
	for path != "" {
		doc := s.page(s.get(path), http.StatusOK)
		all = append(all, ids(doc)...)
		path = doc.Find("a[rel=next]").AttrOr("href", "")
	}
	if len(all) != 120 || !slices.IsSorted(all) {
		t.Errorf("%d orders, sorted: %v", len(all), slices.IsSorted(all))
	}
}

func TestTheQueueIsJSONWhenAskedFor(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(anna())
	var got struct {
		Tab    string
		Orders []struct {
			ID      string
			Sources []string
			Signs   []struct{ Code string }
		}
	}
	resp := s.get("/service", "Accept", "application/json")
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Tab != "waiting" || len(got.Orders) != 1 || got.Orders[0].ID != "K7QX-2M4D" || got.Orders[0].Signs[0].Code != "email_domains_differ" {
		t.Errorf("%+v", got)
	}
}

func TestObjectionsStandOnTopOfTheQueue(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(variant("AAAA-2222", merge.InReview, 50*time.Hour))
	objected := variant("AAAA-3333", merge.Executed, 30*time.Hour)
	objected.ObjectedAt = start.Add(-time.Hour)
	s.put(objected)
	doc := s.page(s.get("/service"), http.StatusOK)
	if got := ids(doc); !slices.Equal(got, []string{"AAAA-3333", "AAAA-2222"}) || !strings.Contains(words(doc.Find("tbody tr").First()), "Einspruch") {
		t.Errorf("the queue shows %v: %s", got, words(doc.Find("tbody")))
	}
	if got := words(doc.Find(".tabs")); !strings.HasPrefix(got, "Wartend 1 Eskaliert") || !strings.Contains(got, "Einsprüche 1") {
		t.Errorf("the counts are %s", got)
	}
}
