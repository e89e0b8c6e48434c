package mergesubmit

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func postJSON(t *testing.T, h http.Handler, path string, form url.Values) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}

// atLink is an order as the reader of a link meets it.
func atLink(state merge.State, change func(*order.Order)) *store {
	o := inReview()
	o.State = state
	o.Sources = append(o.Sources, order.Source{Party: order.Party{Record: merge.Record{Number: "10000031"}}})
	if state == merge.Executed || state == merge.Undone {
		o.ExecutedAt = noon
	}
	if change != nil {
		change(&o)
	}
	return &store{order: o, values: map[string]string{"numbers": "10000023"}}
}

func TestTheLinkSaysInEveryStateWhatItDoesInBothLanguages(t *testing.T) {
	objected := func(o *order.Order) { o.ObjectedAt, o.Opposed = noon, []string{"10000023"} }
	dismissed := func(o *order.Order) { objected(o); o.ObjectionEnded = noon }
	other := func(o *order.Order) { objected(o); o.Opposed = []string{"10000031"} }
	stopped := func(o *order.Order) { o.Opposed = []string{"10000023"} }
	long := func(o *order.Order) { o.ExecutedAt = noon.Add(-31 * 24 * time.Hour) }
	for _, c := range []struct {
		name           string
		store          *store
		de, en, button string
	}{
		{"in review", atLink(merge.InReview, nil), "gilt nicht mehr. Das Paket läuft weiter", "is no longer valid. The package keeps running", "Zusammenfassung stoppen"},
		{"approved", atLink(merge.Approved, nil), "erst wieder zusammenfassen, wenn unser Serviceteam", "once our service team allows it", "Zusammenfassung stoppen"},
		{"stopped by another owner", atLink(merge.Vetoed, func(o *order.Order) { o.Opposed = []string{"10000031"} }), "gilt nicht mehr. Das Paket läuft weiter", "is no longer valid. The package keeps running", "Zusammenfassung stoppen"},
		{"objected to by another owner", atLink(merge.Executed, other), "Einspruch geht bis 23.12.2026", "You can object until 23 December 2026", "Einspruch einlegen"},
		{"stopped", atLink(merge.Vetoed, stopped), "Legen Sie beim Paket unter „Paketpasswort“ ein neues fest", "Set a new one at the package under “Package password”", ""},
		{"executed", atLink(merge.Executed, nil), "Einspruch geht bis 23.12.2026", "You can object until 23 December 2026", "Einspruch einlegen"},
		{"objected", atLink(merge.Executed, objected), "die E-Mail-Adresse nicht geändert", "nor can its e-mail address be changed", ""},
		{"dismissed", atLink(merge.Executed, dismissed), "Die Zusammenfassung bleibt", "the merge stays", ""},
		{"executed long ago", atLink(merge.Executed, long), "nichts mehr zu stoppen", "nothing left to stop", ""},
		{"withdrawn", atLink(merge.Withdrawn, nil), "nichts mehr zu stoppen", "nothing left to stop", ""},
		{"undone", atLink(merge.Undone, nil), "nichts mehr zu stoppen", "nothing left to stop", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := site(t, c.store, "10000017")
			_, doc := get(t, h, "/merge/veto?token=good")
			main := strings.Join(strings.Fields(doc.Find("main").Text()), " ")
			if !strings.Contains(main, c.de) || strings.TrimSpace(doc.Find(`form[action="/merge/veto"] button`).Text()) != c.button {
				t.Errorf("the page reads %q", main)
			}
			if strings.Contains(main, "10000031") || strings.Contains(main, "@") {
				t.Errorf("the page names what is not the reader's: %q", main)
			}
			_, doc = get(t, h, "/merge/veto?token=good&lang=en")
			if main := strings.Join(strings.Fields(doc.Find("main").Text()), " "); !strings.Contains(main, c.en) || strings.Contains(main, "Kundennummer") {
				t.Errorf("the English page reads %q", main)
			}
		})
	}
}

// M4, S6: the address that the mail went to was somebody else's, and its owner took it back.
func TestALinkThatWentToAStoppedAddressSpeaksForNobody(t *testing.T) {
	for name, c := range map[string]struct {
		stopped customer.StoppedEmail
		status  int
	}{
		"stopped since":                {customer.StoppedEmail{Address: "Geheim@alt.example", At: noon}, http.StatusNotFound},
		"stopped before it was mailed": {customer.StoppedEmail{Address: "geheim@alt.example", At: noon.Add(-2 * time.Hour)}, http.StatusOK},
		"another address was stopped":  {customer.StoppedEmail{Address: "t@dieb.example", At: noon}, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			s := atLink(merge.InReview, nil)
			s.stopped = []customer.StoppedEmail{c.stopped}
			h := site(t, s, "10000017")
			if w, _ := get(t, h, "/merge/veto?token=good"); w.Code != c.status {
				t.Errorf("looking: %d", w.Code)
			}
			if w, _ := post(t, h, "/merge/veto", url.Values{"token": {"good"}}); w.Code != c.status || (len(s.vetoed) > 0) != (c.status == http.StatusOK) {
				t.Errorf("saying no: %d, for %v", w.Code, s.vetoed)
			}
		})
	}
}

func TestALinkSpeaksForItsReadersNumbersOnly(t *testing.T) { // M4
	s := atLink(merge.Vetoed, nil)
	h := site(t, s, "10000017")
	if w, _ := post(t, h, "/merge/veto", url.Values{"token": {"good"}}); w.Code != http.StatusOK || !slices.Equal(s.vetoed, []string{"10000023"}) {
		t.Errorf("status %d, vetoed for %v", w.Code, s.vetoed)
	}
	s.values = nil
	post(t, h, "/merge/veto", url.Values{"token": {"good"}})
	if s.vetoed != nil {
		t.Errorf("a link without numbers spoke for %v", s.vetoed)
	}
}

func TestTheOrderTellsOfAnObjectionAndItsEnd(t *testing.T) {
	o := inReview()
	o.State, o.ExecutedAt, o.ObjectedAt = merge.Executed, noon, noon.Add(time.Hour)
	o.History = append(o.History, order.Step{At: noon, State: merge.Executed}, order.Step{At: noon.Add(time.Hour), State: merge.Executed, Event: order.Objection})
	_, doc := get(t, site(t, &store{order: o}, "10000017"), orderPath)
	if last := doc.Find(".timeline li").Last(); !last.HasClass("now") || !strings.Contains(last.Text(), "Einspruch") || !strings.Contains(last.Text(), "die E-Mail-Adresse nicht ändern") {
		t.Errorf("the objection reads %q", last.Text())
	}
	o.ObjectionEnded, o.Reason = noon.Add(2*time.Hour), "Die Prüfung hat nichts ergeben."
	o.History = append(o.History, order.Step{At: noon.Add(2 * time.Hour), State: merge.Executed, Event: order.ObjectionDismissed})
	_, doc = get(t, site(t, &store{order: o}, "10000017"), orderPath+"?lang=en")
	if last := doc.Find(".timeline li").Last(); !last.HasClass("done") || !strings.Contains(last.Text(), "the merge stays") || !strings.Contains(doc.Find("main").Text(), o.Reason) {
		t.Errorf("the end of the objection reads %q", last.Text())
	}
}
