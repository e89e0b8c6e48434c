package world

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Page is an answer with its document.
type Page struct {
	T        testing.TB
	Status   int
	Location string // of a redirect
	Header   http.Header
	Body     string
	*goquery.Document
}

// JSON is the header of a request that wants JSON.
var JSON = []string{"Accept", "application/json"}

// Get visits a page. Headers are given as pairs.
func (w *World) Get(path string, headers ...string) Page {
	w.T.Helper()
	return w.Send(httptest.NewRequest(http.MethodGet, path, nil), headers...)
}

// Post sends a form as its page does.
func (w *World) Post(path string, form url.Values, headers ...string) Page {
	w.T.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.Send(r, headers...)
}

// Send sends a request with the browser's cookies, and keeps what it is given.
func (w *World) Send(r *http.Request, headers ...string) Page {
	w.T.Helper()
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for name, value := range w.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	w.Site.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		w.Cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(w.Cookies, c.Name)
		}
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(rec.Body.String()))
	if err != nil {
		w.T.Fatal(err)
	}
	return Page{w.T, rec.Code, rec.Header().Get("Location"), rec.Header(), rec.Body.String(), doc}
}

// Form is a form of names and values in turn.
func Form(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// Text is the text at a selector with its blanks folded.
func (p Page) Text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

// Value is what the first field of a selector is filled with.
func (p Page) Value(selector string) string { return p.Find(selector).AttrOr("value", "") }

// Has demands a text at a selector.
func (p Page) Has(selector, want string) {
	p.T.Helper()
	if got := p.Text(selector); !strings.Contains(got, want) {
		p.T.Errorf("%s reads %q, want %q in it", selector, got, want)
	}
}

// Count demands a number of elements.
func (p Page) Count(selector string, want int) {
	p.T.Helper()
	if got := p.Find(selector).Length(); got != want {
		p.T.Errorf("%d of %s, want %d", got, selector, want)
	}
}

// Is demands a status.
func (p Page) Is(status int) Page {
	p.T.Helper()
	if p.Status != status {
		p.T.Errorf("status %d, want %d: %s", p.Status, status, p.Text("main"))
	}
	return p
}

// LeadsTo demands a redirect.
func (p Page) LeadsTo(path string) {
	p.T.Helper()
	if p.Status != http.StatusSeeOther || p.Location != path {
		p.T.Errorf("status %d to %q, want 303 to %q: %s", p.Status, p.Location, path, p.Text(".error-summary"))
	}
}
