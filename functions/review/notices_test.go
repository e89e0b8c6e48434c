package review

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// cancels holds packages of anna's whose contracts she cancelled, a minute apart.
func (s *site) cancels(ids ...string) {
	s.T.Helper()
	for i, id := range ids {
		p := customer.Package{ID: id, Number: "10000017", Product: "hosting", Tariff: "M"}
		s.Hold(p)
		s.Put(customer.PutCancellation(tablefake.Names, p, customer.Cancellation{ID: "K7QX-" + id[2:6], Kind: customer.Extraordinary, Reason: "geheimer Grund",
			EndsOn: "2027-04-30", By: "10000017", ReceivedAt: start.Add(time.Duration(i) * time.Minute)}))
	}
}

func takeUp(id string) (string, url.Values) {
	return "/service/cancellations/" + id + "/take-up", url.Values{"cancellation": {"K7QX-" + id[2:6]}}
}

func TestACancellationIsTakenUpOnce(t *testing.T) { // S12
	s := knownSite(t)
	s.signIn()
	s.cancels("P-2001", "P-2002")
	list := s.page(s.get("/service/cancellations"), http.StatusOK)
	text := list.Find("main").Text()
	if !strings.Contains(text, "P-2001") || strings.Index(text, "P-2001") > strings.Index(text, "P-2002") || strings.Contains(text, "geheim") {
		t.Errorf("the list says %q", text)
	}
	path, form := takeUp("P-2001")
	s.redirected(s.post(path, form), "/service/cancellations?done=taken-up")
	s.page(s.post(path, form), http.StatusConflict)
	s.page(s.post("/service/cancellations/P-2002/take-up", form), http.StatusConflict) // of another one
	s.page(s.post("/service/cancellations/P-2999/take-up", form), http.StatusNotFound)
	p, err := customer.Store{Store: s.Store}.Package(t.Context(), "P-2001")
	if err != nil || p.Cancellation == nil || !p.Cancellation.TakenUp() {
		t.Fatalf("%+v, %v", p, err)
	}
	if text := s.page(s.get("/service/cancellations"), http.StatusOK).Find("main").Text(); strings.Contains(text, "P-2001") || !strings.Contains(text, "P-2002") {
		t.Errorf("then the list says %q", text)
	}
	var noted, told int
	for _, item := range s.Items(tablefake.Names.Audit) {
		var e audit.Event
		if err := table.Unmarshal(item, &e); err != nil {
			t.Fatal(err)
		}
		if e.Action == audit.NoticeTakenUp && e.Number == "10000017" && strings.HasPrefix(e.Actor, "staff:") {
			noted++
		}
	}
	for _, item := range s.Items(tablefake.Names.Outbox) {
		if m, err := outbox.FromImage(item); err == nil && m.Event == outbox.NoticeTakenUp && len(m.Recipients) == 1 {
			told++
		}
	}
	if noted != 1 || told != 1 {
		t.Errorf("noted %d, told %d", noted, told)
	}
}

func TestAllCancellationsAreComeToPageByPage(t *testing.T) { // L2
	s := knownSite(t)
	s.signIn()
	var ids []string
	for i := range 60 {
		ids = append(ids, "P-"+string(rune('A'+i/26))+string(rune('A'+i%26))+"00")
	}
	s.cancels(ids...)
	path, seen := "/service/cancellations", 0
	for range 4 {
		page := s.page(s.get(path), http.StatusOK)
		seen += page.Find("main section.card").Length()
		next, more := page.Find("a[rel=next]").Attr("href")
		if !more {
			break
		}
		path = next
	}
	if seen != len(ids) {
		t.Errorf("came to %d of %d", seen, len(ids))
	}
}

func TestACancellationWithoutASignInIsSettledOnceAndEachLookIsNoted(t *testing.T) { // S12, S13
	s := knownSite(t)
	s.signIn()
	key := strings.Repeat("0a", 16)
	lay := func(key, owner, pack string) {
		s.Put(cancellation.Lay(tablefake.Names, cancellation.Waiting{Key: key, ID: "K7QX-2M4D",
			Stated:     cancellation.Stated{Kind: customer.Ordinary, Name: "Anna Geheim", Contract: "P-2001", Email: "anna@geheim.example"},
			ReceivedAt: start, Owner: owner, Package: pack}))
	}
	lay(key, "10000017", "P-2001")
	lay(strings.Repeat("0b", 16), "", "")
	path := "/service/cancellations/declared"
	text := s.page(s.get(path), http.StatusOK).Find("main").Text()
	if !strings.Contains(text, "P-2001") || !strings.Contains(text, "nicht zugeordnet") || strings.Contains(strings.ToLower(text), "geheim") {
		t.Errorf("the list says %q", text)
	}
	if text := s.page(s.get(path+"/"+key), http.StatusOK).Find("main").Text(); !strings.Contains(text, "Anna Geheim") || !strings.Contains(text, "anna@geheim.example") {
		t.Errorf("the page says %q", text)
	}
	s.page(s.get(path+"/"+strings.Repeat("0b", 16)), http.StatusOK)
	s.page(s.get(path+"/"+strings.Repeat("0c", 16)), http.StatusNotFound)
	s.page(s.post(path+"/"+key+"/settle", url.Values{"reason": {" "}}), http.StatusUnprocessableEntity)
	s.redirected(s.post(path+"/"+key+"/settle", url.Values{"reason": {"In der Verwaltung beendet."}}), path+"?done=settled")
	s.page(s.post(path+"/"+key+"/settle", url.Values{"reason": {"noch einmal"}}), http.StatusConflict)
	if text := s.page(s.get(path), http.StatusOK).Find("main").Text(); strings.Contains(text, "P-2001") {
		t.Errorf("then the list says %q", text)
	}
	noted := map[string]int{}
	for _, item := range s.Items(tablefake.Names.Audit) {
		var e audit.Event
		if err := table.Unmarshal(item, &e); err != nil {
			t.Fatal(err)
		}
		if e.New[outbox.ValueCancellation] != "" {
			noted[e.Action+" "+e.Number]++
		}
	}
	if noted[audit.CancellationSettled+" 10000017"] != 1 || noted[audit.CustomerViewed+" 10000017"] != 3 || noted[audit.CustomerViewed+" "+audit.StaffLog(start)] != 1 {
		t.Errorf("noted %v", noted)
	}
	s.mute()
	if page := s.get(path + "/" + key); page.StatusCode < 500 {
		t.Errorf("without its event the page is shown: %d", page.StatusCode)
	}
}
