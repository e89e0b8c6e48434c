package mergesubmit

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// stale is an order whose records changed after the submission: the own street, and of the other number the e-mail
// address and one hidden digit of the phone number.
func stale() *store {
	o := inReview()
	o.State = merge.Stale
	o.Survivor.Record.Street, o.Sources[0].Record.Phone = "Hauptstr. 5", "030 1234567"
	o.History = append(o.History, order.Step{At: noon, State: merge.Stale})
	renewed := o
	renewed.Digest, renewed.Sources = "digest-now", slices.Clone(o.Sources)
	renewed.Survivor.Record.Street = "Lindenweg 9"
	renewed.Sources[0].Record.Email, renewed.Sources[0].Record.Phone = "verborgen@neu.example", "030 9234567"
	return &store{order: o, renewed: renewed}
}

const orderPath = "/merge/orders/K7QX-2M4D"

func TestAStaleOrderShowsWhatChangedAndAsksToConfirm(t *testing.T) { // M5
	w, doc := get(t, site(t, stale(), "10000017"), orderPath)
	row := func(field string) string {
		return strings.Join(strings.Fields(doc.Find(`tr[data-field=`+field+`]`).Text()), " ")
	}
	if got := row("street"); got != "Straßevon 10000017 Hauptstr. 5 Lindenweg 9" {
		t.Errorf("the own street reads %q", got)
	}
	if got := row("email"); !strings.Contains(got, "g•••@alt.example v•••@neu.example") {
		t.Errorf("the other e-mail address reads %q", got)
	}
	if got := row("phone"); !strings.Contains(got, "an verdeckter Stelle geändert") {
		t.Errorf("the other phone number reads %q", got)
	}
	for _, secret := range []string{"geheim@", "verborgen@", "9234567", "1234567"} { // M3
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("%q is shown in full", secret)
		}
	}
	form := doc.Find(`form[action="` + orderPath + `/confirm"]`)
	if digest, _ := form.Find(`input[name=digest]`).Attr("value"); digest != "digest-now" || form.Find(`input[name=currentPassword]`).Length() != 1 {
		t.Errorf("the form has digest %q, and a password field %d times", digest, form.Find(`input[name=currentPassword]`).Length())
	}
	if doc.Find("button.primary, .button:not(.secondary):not(.danger)").Length() > 1 {
		t.Error("more than one primary button")
	}
	if !strings.Contains(doc.Find("#result").Parent().Text(), "Lindenweg 9") {
		t.Error("the result is not that of the new data")
	}
}

func TestAStaleOrderTellsNothingNewOnceItsProofWent(t *testing.T) { // M3
	s := stale()
	s.lost = true
	s.renewed.Sources[0].Record.Street = "Ulmenweg 4"
	w, doc := get(t, site(t, s, "10000017"), orderPath)
	for _, new := range []string{"Ulmenweg", "neu.example", "digest-now", "Lindenweg"} {
		if strings.Contains(w.Body.String(), new) {
			t.Errorf("%q is told", new)
		}
	}
	if doc.Find(`form[action="`+orderPath+`/confirm"]`).Length() != 0 || !strings.Contains(doc.Find(".notice").Text(), "gilt nicht mehr") {
		t.Errorf("the page says %q", doc.Find(".notice").Text())
	}
	if doc.Find(`form[action="`+orderPath+`/withdraw"]`).Length() != 1 {
		t.Error("the order cannot be withdrawn")
	}
}

func TestOwnDataChangedDuringAnOrderAreNotComparedForTheCustomer(t *testing.T) { // M3
	s := stale()
	told := func() string {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, orderPath, nil)
		r.Header.Set("Accept", "application/json")
		site(t, s, "10000017").ServeHTTP(w, r)
		_, outcome, _ := strings.Cut(w.Body.String(), `"lapses":`)
		lapses, _, _ := strings.Cut(outcome, "]}]")
		return lapses
	}
	s.renewed.Survivor.Record.Phone = "030 1111111"
	wrong := told()
	s.renewed.Survivor.Record.Phone = s.renewed.Sources[0].Record.Phone
	if right := told(); wrong == "" || right != wrong {
		t.Errorf("a right guess reads %q, a wrong one %q", right, wrong)
	}
}

func TestAnOrderThatEndedShowsTheOtherNumbersDataNoMore(t *testing.T) { // M3
	for _, state := range []merge.State{merge.Vetoed, merge.Rejected, merge.Withdrawn, merge.Expired, merge.Undone} {
		o := inReview()
		o.State, o.Sources[0].Choices = state, merge.Choices{merge.Address: merge.Other}
		o.Sources[0].Record.Street, o.Sources[0].Record.PostalCode, o.Sources[0].Record.City = "Ulmenweg 4", "20095", "Hamburg"
		w, doc := get(t, site(t, &store{order: o}, "10000017"), orderPath)
		if strings.Contains(w.Body.String(), "Ulmenweg") || !strings.Contains(doc.Find("#result").Parent().Text(), "wird nicht mehr angezeigt") {
			t.Errorf("%s: %s", state, doc.Find("#result").Parent().Text())
		}
	}
}

func TestConfirmingAsksForThePassword(t *testing.T) { // S7
	s := stale()
	h := site(t, s, "10000017")
	for _, wrong := range []url.Values{{"digest": {"digest-now"}}, {"digest": {"digest-now"}, "currentPassword": {"falsch"}}} {
		w, doc := post(t, h, orderPath+"/confirm", wrong)
		if w.Code != http.StatusUnprocessableEntity || doc.Find(`input[name=currentPassword][aria-invalid=true]`).Length() != 1 || len(s.confirmed) != 0 {
			t.Fatalf("%v: status %d, confirmed %v", wrong, w.Code, s.confirmed)
		}
	}
	w, _ := post(t, h, orderPath+"/confirm", url.Values{"digest": {"digest-now"}, "currentPassword": {"richtiges Passwort"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != orderPath || !slices.Equal(s.confirmed, []string{"digest-now"}) {
		t.Errorf("status %d to %q, confirmed %v", w.Code, w.Header().Get("Location"), s.confirmed)
	}
}

func TestWhatStandsInTheWayOfAConfirmationIsSaidOnTheOrder(t *testing.T) {
	for name, tt := range map[string]struct {
		err    error
		status int
		says   string
	}{
		"data that changed once more":     {order.ErrDigest, 409, "noch einmal geändert"},
		"many confirmations today":        {&order.TooMany{After: time.Hour}, 429, "heute schon mehrmals mit geänderten Daten bestätigt"},
		"an order that was decided":       {order.ErrState, 409, "keine Bestätigung mehr"},
		"another name by now":             {&order.Blocked{Number: "10000023", Reason: merge.NameDiffers}, 422, "anderen Namen"},
		"an amount that became due":       {&order.Blocked{Number: "10000023", Reason: merge.OpenBalanceOther}, 422, "Betrag offen"},
		"another customer's order (S11)":  {order.ErrNotFound, 500, ""},
		"somebody wrote at the same time": {order.ErrBusy, 503, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := stale()
			s.err = tt.err
			w, doc := post(t, site(t, s, "10000017"), orderPath+"/confirm", url.Values{"digest": {"x"}, "currentPassword": {"richtiges Passwort"}})
			if tt.says != "" && (w.Code != tt.status || !strings.Contains(doc.Find(".error-summary").Text(), tt.says)) {
				t.Errorf("status %d: %s", w.Code, doc.Find(".error-summary").Text())
			}
			if w.Code < 400 {
				t.Errorf("status %d", w.Code)
			}
		})
	}
	if w, _ := post(t, site(t, stale(), "10000099"), orderPath+"/confirm", url.Values{"digest": {"x"}}); w.Code != http.StatusNotFound {
		t.Errorf("another customer's order: %d (S11)", w.Code)
	}
}

func TestAnExpiredOrderLeadsToADraftWithItsNumbers(t *testing.T) {
	o := inReview()
	o.State = merge.Expired
	o.History = append(o.History, order.Step{At: noon, State: merge.Expired})
	h := site(t, &store{order: o}, "10000017")
	_, doc := get(t, h, orderPath)
	if doc.Find(`form[action="`+orderPath+`/again"] button`).Length() != 1 || !strings.Contains(doc.Find(".timeline").Text(), "Das lag an uns") {
		t.Errorf("the page of an expired order reads %s", doc.Find("main").Text())
	}
	if w, _ := post(t, h, orderPath+"/again", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/merge/draft" {
		t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w, _ := post(t, site(t, &store{order: inReview(), err: order.ErrState}, "10000017"), orderPath+"/again", nil); w.Code != http.StatusConflict {
		t.Errorf("a running order begun anew: %d", w.Code)
	}
}

func TestReasonsOfASubmissionAreToldAsPageAndJSONInBothLanguages(t *testing.T) {
	for _, reason := range []merge.Reason{merge.NotAdopted, merge.ProofExpired, merge.OpenMergeOther, merge.OpenMergeOwn, merge.Barred, merge.NameDiffers,
		merge.AlreadyMerged, merge.OpenBalanceOther, merge.LockedOther, merge.LimitOrder, merge.LimitCustomer} {
		for _, l := range []lang.Lang{lang.DE, lang.EN} {
			h := site(t, &store{order: inReview(), err: &order.Blocked{Number: "10000023", Reason: reason}}, "10000017")
			w, doc := post(t, h, "/merge/submit?lang="+string(l), submission())
			if w.Code != 422 || !strings.Contains(doc.Find("main").Text(), reason.Text.In(l)) {
				t.Errorf("%s in %s as a page: %d, %s", reason.Code, l, w.Code, doc.Find("main").Text())
			}
			if body := postJSON(t, h, "/merge/submit?lang="+string(l), submission()); !strings.Contains(body, `"`+reason.Code+`"`) || !strings.Contains(body, reason.Text.In(l)) {
				t.Errorf("%s in %s as JSON: %s", reason.Code, l, body)
			}
		}
	}
}
