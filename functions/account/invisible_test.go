package account

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/shared/customer"
)

// A telephone copies its number between marks of direction. They are dropped, and the number is saved.
func TestANumberIsSavedAsATelephoneCopiesIt(t *testing.T) {
	for _, phone := range []string{"\u202a+49 30 7654321\u202c", "\u200e+49 30 7654321", "\ufeff+49 30\u00ad 7654321\u200b", "+49 30 7654321\t"} {
		w := anna(t)
		a := w.post(t, sent(t, w, "phone", phone))
		if a.Code != http.StatusSeeOther || w.writes() != 1 || w.own().Phone != "+49 30 7654321" {
			t.Errorf("%+q: %d, %d writes", phone, a.Code, w.writes())
		}
	}
}

// Whatever is refused, the form comes back with everything that was typed, and the field is named.
func TestARefusedFieldKeepsTheForm(t *testing.T) {
	for name, phone := range map[string]string{"wrong": "\u202a030 12\u202c", "NUL": "030\x00 7654321", "line break": "030\r\n7654321", "broken UTF-8": "030\xff 7654321", "5,000 digits": strings.Repeat("0", 5000)} {
		w := anna(t)
		a := w.post(t, sent(t, w, "phone", phone, "street", "Neue Straße 7", "city", "Potsdam"))
		if a.Code != http.StatusUnprocessableEntity || w.writes() != 0 {
			t.Errorf("%s: %d, %d writes", name, a.Code, w.writes())
		}
		if street, _ := a.doc.Find("#f-street").Attr("value"); street != "Neue Straße 7" {
			t.Errorf("%s: the street is %q", name, street)
		}
		if city, _ := a.doc.Find("#f-city").Attr("value"); city != "Potsdam" {
			t.Errorf("%s: the town is %q", name, city)
		}
		if a.doc.Find("#f-phone[aria-invalid=true]").Length() != 1 || !strings.Contains(a.doc.Find(".error-summary a").AttrOr("href", ""), "#f-phone") {
			t.Errorf("%s: the field is not named: %s", name, a.text(".error-summary"))
		}
	}
}

// Values that an import of before stored with such marks keep nobody from saving another field, and no page turns around by them.
func TestStoredMarksBlockNothingAndReachNoPage(t *testing.T) {
	w := anna(t)
	w.is(func(p *customer.Profile) {
		p.Street, p.Phone, p.City = "\u202eHauptstr. 5", "\u200e030 1234567", "Ber\u200blin"
	})
	w.is(func(p *customer.Profile) { p.FirstName, p.Country = "A\u202enna", "UA" })
	for _, path := range []string{"/account/master-data", "/account"} {
		if body := w.get(t, path).Body.String(); strings.ContainsAny(body, "\u202e\u200e\u202a\u2066") {
			t.Errorf("%s has a mark of direction in it", path)
		}
	}
	a := w.post(t, sent(t, w, "mobile", "+49 171 7654321"))
	if a.Code != http.StatusSeeOther || w.writes() != 1 || w.own().Street != "\u202eHauptstr. 5" {
		t.Errorf("%d, %d writes: %s", a.Code, w.writes(), a.text(".error-summary"))
	}
	a = w.post(t, sent(t, w, "street", "Neue Straße 7"))
	if a.Code != http.StatusSeeOther || w.writes() != 2 {
		t.Errorf("%d, %d writes: %s", a.Code, w.writes(), a.text(".error-summary"))
	}
}

func TestAnAddressIsShownWithItsUmlaut(t *testing.T) {
	w := anna(t)
	w.is(func(p *customer.Profile) { p.Email = "anna@xn--mller-post-9db.example" })
	if got := w.get(t, "/account").text("main"); !strings.Contains(got, "anna@müller-post.example") {
		t.Error("the overview shows it in ASCII")
	}
	a := w.get(t, "/account/master-data")
	shown, _ := a.doc.Find("#f-email").Attr("value")
	if shown != "anna@müller-post.example" {
		t.Errorf("the form shows %q", shown)
	}
	if a := w.post(t, sent(t, w, "email", shown)); a.Code != http.StatusSeeOther || w.writes() != 0 { // no new address
		t.Errorf("%d, %d writes", a.Code, w.writes())
	}
}
