package world

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Browser visits a site, and holds the cookies that it is given.
type Browser struct {
	T       testing.TB
	Site    http.Handler
	Cookies map[string]string

	mu sync.Mutex // of the cookies: a browser may send several requests at once
}

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
func (b *Browser) Get(path string, headers ...string) Page {
	b.T.Helper()
	return b.Send(httptest.NewRequest(http.MethodGet, path, nil), headers...)
}

// Post sends a form as its page does.
func (b *Browser) Post(path string, form url.Values, headers ...string) Page {
	b.T.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Send(r, headers...)
}

// PostJSON sends a JSON body as a program does.
func (b *Browser) PostJSON(path, body string, headers ...string) Page {
	b.T.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return b.Send(r, headers...)
}

// Send sends a request with the browser's cookies, and keeps what it is given.
func (b *Browser) Send(r *http.Request, headers ...string) Page {
	b.T.Helper()
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	b.addCookies(r)
	rec := httptest.NewRecorder()
	b.Site.ServeHTTP(rec, r)
	b.keepCookies(rec.Result().Cookies())
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(rec.Body.String()))
	if err != nil {
		b.T.Fatal(err)
	}
	return Page{b.T, rec.Code, rec.Header().Get("Location"), rec.Header(), rec.Body.String(), doc}
}

func (b *Browser) addCookies(r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, value := range b.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
}

func (b *Browser) keepCookies(given []*http.Cookie) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range given {
		b.Cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.Cookies, c.Name)
		}
	}
}

// Form is a form of names and values in turn.
func Form(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// Given are the cookies that the browser is told to hold.
func (p Page) Given() []*http.Cookie { return (&http.Response{Header: p.Header}).Cookies() }

// Lines are the texts of all elements of a selector, each with its blanks folded.
func (p Page) Lines(selector string) []string {
	return p.Find(selector).Map(func(_ int, s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") })
}

// Text is the text at a selector with its blanks folded.
func (p Page) Text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

// Value is what the first field of a selector is filled with.
func (p Page) Value(selector string) string { return p.Find(selector).AttrOr("value", "") }

// Filled is what a browser sends of a form as it stands, with some fields replaced, given as names and values in turn.
func (p Page) Filled(form string, replaced ...string) url.Values {
	p.T.Helper()
	found := p.Find(form)
	if found.Length() != 1 {
		p.T.Fatalf("the page has %d of %s", found.Length(), form)
	}
	fields := url.Values{}
	for _, field := range found.Find("input[name], select[name], textarea[name]").EachIter() {
		name := field.AttrOr("name", "")
		switch {
		case field.Is("select"):
			fields.Set(name, field.Find("option[selected]").AttrOr("value", ""))
		case field.Is("textarea"):
			fields.Set(name, field.Text())
		case !field.Is("[type=radio], [type=checkbox]") || field.Is("[checked]"):
			fields.Add(name, field.AttrOr("value", ""))
		}
	}
	for i := 0; i < len(replaced); i += 2 {
		fields.Set(replaced[i], replaced[i+1])
	}
	return fields
}

// Has demands a text at a selector.
func (p Page) Has(selector, want string) {
	p.T.Helper()
	if got := p.Text(selector); !strings.Contains(got, strings.Join(strings.Fields(want), " ")) {
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
