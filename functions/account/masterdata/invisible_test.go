package masterdata_test

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/customer"
)

// A telephone copies its number between marks of direction. They are dropped, and the number is saved.
func TestANumberIsSavedAsATelephoneCopiesIt(t *testing.T) {
	for _, phone := range []string{"\u202a+49 30 7654321\u202c", "\u200e+49 30 7654321", "\ufeff+49 30\u00ad 7654321\u200b", "+49 30 7654321\t"} {
		w := visitor.Anna(t)
		a := w.Post("/account/master-data", w.MasterData("phone", phone))
		if a.Status != http.StatusSeeOther || w.Writes() != 1 || w.Own().Phone != "+49 30 7654321" {
			t.Errorf("%+q: %d, %d writes", phone, a.Status, w.Writes())
		}
	}
}

// Whatever is refused, the form comes back with everything that was typed, and the field is named.
func TestARefusedFieldKeepsTheForm(t *testing.T) {
	for name, phone := range map[string]string{"wrong": "\u202a030 12\u202c", "NUL": "030\x00 7654321", "line break": "030\r\n7654321", "broken UTF-8": "030\xff 7654321", "5,000 digits": strings.Repeat("0", 5000)} {
		w := visitor.Anna(t)
		a := w.Post("/account/master-data", w.MasterData("phone", phone, "street", "Neue Straße 7", "city", "Potsdam"))
		if a.Status != http.StatusUnprocessableEntity || w.Writes() != 0 {
			t.Errorf("%s: %d, %d writes", name, a.Status, w.Writes())
		}
		if street, _ := a.Find("#f-street").Attr("value"); street != "Neue Straße 7" {
			t.Errorf("%s: the street is %q", name, street)
		}
		if city, _ := a.Find("#f-city").Attr("value"); city != "Potsdam" {
			t.Errorf("%s: the town is %q", name, city)
		}
		if a.Find("#f-phone[aria-invalid=true]").Length() != 1 || !strings.Contains(a.Find(".error-summary a").AttrOr("href", ""), "#f-phone") {
			t.Errorf("%s: the field is not named: %s", name, a.Text(".error-summary"))
		}
	}
}

// Values that an import of before stored with such marks keep nobody from saving another field, and no page turns around by them.
func TestStoredMarksBlockNothingAndReachNoPage(t *testing.T) {
	w := visitor.Anna(t)
	w.Is(func(p *customer.Profile) {
		p.Street, p.Phone, p.City = "\u202eHauptstr. 5", "\u200e030 1234567", "Ber\u200blin"
	})
	w.Is(func(p *customer.Profile) { p.FirstName, p.Country = "A\u202enna", "UA" })
	for _, path := range []string{"/account/master-data", "/account"} {
		if body := w.Get(path).Body; strings.ContainsAny(body, "\u202e\u200e\u202a\u2066") {
			t.Errorf("%s has a mark of direction in it", path)
		}
	}
	a := w.Post("/account/master-data", w.MasterData("mobile", "+49 171 7654321"))
	if a.Status != http.StatusSeeOther || w.Writes() != 1 || w.Own().Street != "\u202eHauptstr. 5" {
		t.Errorf("%d, %d writes: %s", a.Status, w.Writes(), a.Text(".error-summary"))
	}
	a = w.Post("/account/master-data", w.MasterData("street", "Neue Straße 7"))
	if a.Status != http.StatusSeeOther || w.Writes() != 2 {
		t.Errorf("%d, %d writes: %s", a.Status, w.Writes(), a.Text(".error-summary"))
	}
}

func TestAnAddressIsShownWithItsUmlaut(t *testing.T) {
	w := visitor.Anna(t)
	w.Is(func(p *customer.Profile) { p.Email = "anna@xn--mller-post-9db.example" })
	if got := w.Get("/account").Text("main"); !strings.Contains(got, "anna@müller-post.example") {
		t.Error("the overview shows it in ASCII")
	}
	a := w.Get("/account/master-data")
	shown, _ := a.Find("#f-email").Attr("value")
	if shown != "anna@müller-post.example" {
		t.Errorf("the form shows %q", shown)
	}
	if a := w.Post("/account/master-data", w.MasterData("email", shown)); a.Status != http.StatusSeeOther || w.Writes() != 0 { // no new address
		t.Errorf("%d, %d writes", a.Status, w.Writes())
	}
}
