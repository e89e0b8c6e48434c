package mergesubmit

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

func TestOrderPageTellsWhatHappenedAndWhatComesNext(t *testing.T) {
	p := with(t, inReview()).Get(orderPath).Is(http.StatusOK)
	p.Count(".timeline .done", 1)
	p.Count(".timeline .now", 1)
	p.Count(".timeline .open", 2)
	p.Has(".timeline .now", "25.11.2026") // until when
	if strings.Contains(p.Body, "geheim@") {
		t.Error("the other number's e-mail address is shown unmasked (M3)")
	}
	p.Count(`form[action="`+orderPath+`/withdraw"]`, 1)
}

func TestTheListLeadsToTheOrders(t *testing.T) {
	w := with(t, inReview())
	w.Get("/merge/orders").Has(`a[href="`+orderPath+`"]`, orderID)
	by(w, stranger)
	w.Get("/merge/orders").Is(http.StatusOK).Count(`a[href="`+orderPath+`"]`, 0) // S11
}

func TestAnOrderIsWithdrawnOnceAndNotTooLate(t *testing.T) {
	w := with(t, inReview())
	for range 2 { // M9
		w.Post(orderPath+"/withdraw", nil).LeadsTo(orderPath)
	}
	if o := w.Order(orderID); o.State != merge.Withdrawn || len(o.History) != 3 {
		t.Errorf("%s after %+v", o.State, o.History)
	}
	o := inReview()
	o.State = merge.Rejected
	w.SaveOrder(o)
	w.Post(orderPath+"/withdraw", nil).Is(http.StatusConflict)
}

func TestAnotherCustomersOrderIsNotThere(t *testing.T) {
	w := with(t, inReview())
	by(w, stranger)
	for _, path := range []string{orderPath, "/merge/orders/K7QX-2M4E", "/merge/orders/nonsense!"} {
		w.Get(path).Is(http.StatusNotFound) // S11
	}
	for _, action := range []string{"/withdraw", "/again", "/confirm"} {
		w.Post(orderPath+action, world.Form("digest", "d")).Is(http.StatusNotFound)
	}
	if o := w.Order(orderID); o.State != merge.InReview || len(o.History) != 2 {
		t.Errorf("a stranger changed it: %s, %+v", o.State, o.History)
	}
}

// M6: mails of an order lead to it, also after the number that ordered it was merged into another one. Whoever has that
// reads it, and changes nothing; while somebody objects to a merge, it may be somebody else's past.
func TestAnOrderOfAnEarlierNumberIsReadByItsSuccessor(t *testing.T) {
	o := inReview()
	o.State = merge.Withdrawn
	w := with(t, o)
	by(w, stranger, own)
	for path, want := range map[string]string{orderPath + "?lang=de": "sie gehört jetzt zu 10000099", orderPath + "?lang=en": "it now belongs to 10000099"} {
		p := w.Get(path).Is(http.StatusOK)
		p.Has(".lead", want)
		p.Count("main form", 0)
	}
	for _, action := range []string{"/withdraw", "/again", "/confirm"} {
		w.Post(orderPath+action, world.Form("digest", "d")).Is(http.StatusNotFound) // S11
	}
	objected := running(stranger, third)
	objected.State, objected.ObjectedAt = merge.Executed, noon
	w.SaveOrder(objected)
	w.Get(orderPath).Is(http.StatusNotFound)
}

func TestAnOrderThatEndedShowsTheOtherNumbersDataNoMore(t *testing.T) { // M3
	for _, state := range []merge.State{merge.Vetoed, merge.Rejected, merge.Withdrawn, merge.Expired, merge.Undone} {
		o := inReview()
		o.State, o.Sources[0].Choices = state, merge.Choices{merge.Address: merge.Other}
		o.Sources[0].Record.Street, o.Sources[0].Record.PostalCode, o.Sources[0].Record.City = "Ulmenweg 4", "20095", "Hamburg"
		p := with(t, o).Get(orderPath)
		if got := p.Find("#result").Parent().Text(); strings.Contains(p.Body, "Ulmenweg") || !strings.Contains(got, "wird nicht mehr angezeigt") {
			t.Errorf("%s: %s", state, got)
		}
	}
}

func TestWhatComesNextIsSaidInEveryStateAndLanguage(t *testing.T) {
	for _, s := range merge.States() {
		if s == merge.Draft {
			continue
		}
		o := inReview()
		o.State = s
		next := whatNext(o, noon)
		if next == nil || next.In(lang.DE) == "" || next.In(lang.EN) == "" || strings.Contains(next.In(lang.DE), "!") {
			t.Errorf("%s: %+v", s, next)
		}
	}
}

func TestAnEndedOrderLeadsToADraftWithItsNumbers(t *testing.T) {
	o := inReview()
	o.State = merge.Expired
	o.History = append(o.History, step(merge.Expired))
	w := with(t, o)
	p := w.Get(orderPath)
	p.Count(`form[action="`+orderPath+`/again"] button`, 1)
	p.Has(".timeline", "Das lag an uns")
	for range 2 { // M9
		w.Post(orderPath+"/again", nil).LeadsTo("/merge/draft")
	}
	if d := w.Draft(own); len(d.Sources) != 1 || d.Sources[0].Number != other || d.Sources[0].Proven() ||
		d.Sources[0].Choices[merge.EmailGroup] != merge.Other {
		t.Errorf("the draft is %+v", d)
	}
	w = with(t, inReview())
	w.Post(orderPath+"/again", nil).Is(http.StatusConflict)
	if d := w.Draft(own); len(d.Sources) != 0 {
		t.Errorf("a running order is begun anew: %+v", d)
	}
}
