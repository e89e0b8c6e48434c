package review

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// executed is an order that was carried out some time ago.
func executed(s *site, ago time.Duration, more ...order.Source) order.Order {
	s.T.Helper()
	o := anna()
	o.State, o.AnnouncedAt, o.Sources = merge.Approved, start.Add(-ago-80*time.Hour), append(o.Sources, more...)
	s.put(o)
	s.at(start.Add(-ago), func() {
		var err error
		if o, err = s.Orders().Execute(s.T.Context(), o.ID, o.Run); err != nil || o.State != merge.Executed {
			s.T.Fatalf("%s, %v", o.State, err)
		}
	})
	return o
}

// object lets the owner of a number say no some time ago.
func (s *site) object(o order.Order, ago time.Duration, number string) {
	s.T.Helper()
	s.at(start.Add(-ago), func() {
		if _, err := s.Orders().Veto(s.T.Context(), o.ID, []string{number}); err != nil {
			s.T.Fatal(err)
		}
	})
}

// objected lets Anna's merge be one that somebody objects to.
func objected(s *site) {
	s.T.Helper()
	o := s.Order("K7QX-2M4D")
	o.State, o.ExecutedAt, o.ObjectedAt = merge.Executed, start.Add(-48*time.Hour), start.Add(-3*time.Hour)
	s.SaveOrder(o)
}

// shown are the fields of the page's form, as a browser would send them.
func shown(doc *goquery.Document, more url.Values) url.Values {
	form := url.Values{}
	doc.Find(".decision form input[type=hidden]").Each(func(_ int, in *goquery.Selection) { form.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	maps.Copy(form, more)
	return form
}

func reason(text string) url.Values { return url.Values{"reason": {text}} }

func TestAnObjectionStandsInTheQueueAndIsDecided(t *testing.T) {
	for button, want := range map[string]merge.State{"dismiss": merge.Executed, "undo": merge.Undone} {
		s := newSite(t)
		s.signIn()
		o := executed(s, 48*time.Hour)
		s.object(o, 3*time.Hour, o.SourceNumbers()[0])
		doc := s.page(s.get("/service?tab=objections"), http.StatusOK)
		if got := ids(doc); !slices.Equal(got, []string{o.ID}) || words(doc.Find("tbody td").First()) != "3 Std." {
			t.Errorf("queue %v, waiting %q", got, words(doc.Find("tbody td").First()))
		}
		doc = s.page(s.get(orderPath), http.StatusOK)
		if got := words(doc.Find(".timeline")); !strings.Contains(got, "Einspruch der anderen Seite") {
			t.Errorf("history %q", got)
		}
		s.page(s.post(orderPath+"/"+button, shown(doc, reason(" "))), http.StatusUnprocessableEntity)
		resp := s.post(orderPath+"/"+button, shown(doc, reason("Der Inhaber hat zugestimmt.")))
		if got := s.page(s.get(resp.Header.Get("Location")), http.StatusOK).Find(".notice.success"); got.Length() != 1 {
			t.Errorf("%s: no notice at %s", button, resp.Header.Get("Location"))
		}
		if now := s.Order(o.ID); now.State != want || now.Objected() || now.Reason != "Der Inhaber hat zugestimmt." {
			t.Errorf("%s leaves the order %s, objected: %v", button, now.State, now.Objected())
		}
		s.page(s.post(orderPath+"/dismiss", shown(doc, reason("noch einmal"))), http.StatusConflict)
	}
}

// M4: a dismissal decides for those whom the reviewer's page showed. An owner who objects after the page was opened is
// not dismissed unheard.
func TestAnObjectionThatCameAfterThePageIsNotDismissed(t *testing.T) {
	s := newSite(t)
	s.signIn()
	later := anna().Sources[0]
	later.Record.Number, later.Choices = "10000399", nil
	o := executed(s, 48*time.Hour, later)
	s.object(o, 3*time.Hour, o.SourceNumbers()[0])
	opened := s.page(s.get(orderPath), http.StatusOK)
	if got := words(opened.Find(".decision")); !strings.Contains(got, "für "+o.SourceNumbers()[0]+".") {
		t.Errorf("the page does not name who objects: %q", got)
	}
	s.object(o, time.Minute, later.Record.Number)
	for name, form := range map[string]url.Values{"the page from before": shown(opened, reason("Der Inhaber hat zugestimmt.")), "no objectors": reason("Der Inhaber hat zugestimmt.")} {
		doc := s.page(s.post(orderPath+"/dismiss", form), http.StatusConflict)
		if got := words(doc.Find("#difference").Parent()); !strings.Contains(got, "Einspruch eingegangen") || !strings.Contains(got, "10000399") {
			t.Errorf("%s: the new objection is not shown: %q", name, got)
		}
		if !strings.Contains(words(doc.Find(".error-summary")), "weiterer Einspruch") || doc.Find("#f-reason").Text() != "Der Inhaber hat zugestimmt." {
			t.Errorf("%s: %q", name, words(doc.Find("main")))
		}
		if !s.Order(o.ID).Objected() {
			t.Fatalf("%s dismissed it", name)
		}
		opened = doc
	}
	s.redirected(s.post(orderPath+"/dismiss", shown(opened, reason("Beide haben zugestimmt."))), orderPath+"?decided=dismissed")
}

func TestLaterMergesInTheWayAreNamedAndUndoneAsOneDecision(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := executed(s, 48*time.Hour)
	on := anna() // the survivor was merged on since
	on.ID, on.Customer, on.Survivor.Record.Number, on.Sources[0].Party = "AAAA-9999", "10000005", "10000005", o.Survivor
	on.State, on.AnnouncedAt, on.Sources[0].Choices = merge.Approved, start.Add(-80*time.Hour), nil
	on.Sources[0].Version, on.Sources[0].Members = s.Profile("10000017").Version, []string{"10000023"}
	s.add(on)
	s.Save(sampleorder.Profiles(on)["10000005"])
	if on, err := s.Orders().Execute(t.Context(), on.ID, on.Run); err != nil || on.State != merge.Executed {
		t.Fatalf("%s, %v", on.State, err)
	}
	doc := s.page(s.post(orderPath+"/undo", reason("Betrug")), http.StatusConflict)
	if !strings.Contains(words(doc.Find(".error-summary")), "AAAA-9999") || doc.Find("input[name=later]").Length() != 1 || doc.Find("#f-reason").Text() != "Betrug" {
		t.Errorf("page %q", words(doc.Find("main")))
	}
	s.redirected(s.post(orderPath+"/undo", url.Values{"reason": {"Betrug"}, "later": {"yes"}}), orderPath+"?decided=undone")
	for _, id := range []string{"AAAA-9999", o.ID} {
		if undone := s.Order(id); undone.State != merge.Undone || undone.Reason != "Betrug" {
			t.Errorf("%s is %s: %q", id, undone.State, undone.Reason)
		}
	}
	for _, n := range []string{"10000017", "10000023"} {
		if into := s.Profile(n).MergedInto; into != "" {
			t.Errorf("%s is still merged into %s", n, into)
		}
	}
}

func TestAfterThirtyDaysOnlyAnObjectionInTimeIsDecided(t *testing.T) {
	buttons := func(s *site) []string {
		return s.page(s.get(orderPath), http.StatusOK).Find(".decision button").Map(func(_ int, b *goquery.Selection) string { return words(b) })
	}
	s := newSite(t)
	s.signIn()
	o := executed(s, 31*24*time.Hour)
	if got := buttons(s); len(got) != 0 {
		t.Errorf("offered %v", got)
	}
	s.object(o, 30*time.Hour, o.SourceNumbers()[0])
	if got := buttons(s); !slices.Equal(got, []string{"Zurückweisen", "Rückgängig machen"}) {
		t.Errorf("offered %v", got)
	}
	if got := words(s.page(s.get(orderPath), http.StatusOK).Find(".decision")); !strings.Contains(got, "solange der Einspruch nicht entschieden ist") {
		t.Errorf("the page says %q", got)
	}
}

// The service team may say that a merge was abuse, where nobody has objected; where somebody has, the page says what follows.
func TestAnUndoMayBeForAbuse(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := executed(s, 48*time.Hour)
	box := s.page(s.get(orderPath), http.StatusOK).Find("input[name=abuse]")
	if box.Length() != 1 || box.Is("[checked]") {
		t.Errorf("%d boxes, ticked: %v", box.Length(), box.Is("[checked]"))
	}
	refused := s.page(s.post(orderPath+"/undo", url.Values{"abuse": {"yes"}}), http.StatusUnprocessableEntity)
	if !refused.Find("input[name=abuse]").Is("[checked]") {
		t.Error("a refused form forgets it")
	}
	s.redirected(s.post(orderPath+"/undo", url.Values{"abuse": {"yes"}, "reason": {"Betrug"}}), orderPath+"?decided=undone")
	if undone := s.Order(o.ID); undone.State != merge.Undone || !undone.Abuse {
		t.Errorf("%s, abuse: %v", undone.State, undone.Abuse)
	}

	plain := newSite(t)
	plain.signIn()
	executed(plain, 48*time.Hour)
	plain.redirected(plain.post(orderPath+"/undo", reason("Irrtum")), orderPath+"?decided=undone")
	if plain.Order(o.ID).Abuse {
		t.Error("an undo without the tick is one after abuse")
	}

	decided := newSite(t)
	decided.signIn()
	decided.object(executed(decided, 48*time.Hour), 3*time.Hour, "10000023")
	page := decided.page(decided.get(orderPath), http.StatusOK)
	if got := words(page.Find(".decision")); page.Find("input[name=abuse]").Length() != 0 || !strings.Contains(got, "muss die Nummern erst freigeben") {
		t.Errorf("after an objection the page says %q", got)
	}
}
