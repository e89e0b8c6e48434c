package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// program is a client of the JSON routes, through the edge, with an address and cookies of its own.
type program struct {
	*http.Client
	t *testing.T
	l lang.Lang
}

func newProgram(t *testing.T) program {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := localtest.Client(t)
	c.Jar = secureJar{jar}
	return program{c, t, lang.DE}
}

// secureJar keeps cookies marked Secure for http://localhost, as browsers do.
type secureJar struct{ http.CookieJar }

func (j secureJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.CookieJar.SetCookies(secure(u), cookies)
}
func (j secureJar) Cookies(u *url.URL) []*http.Cookie { return j.CookieJar.Cookies(secure(u)) }

func secure(u *url.URL) *url.URL {
	s := *u
	s.Scheme = "https"
	return &s
}

// answer is what a JSON route answered.
type answer struct {
	status   int
	location string
	kind     string // content type
	retry    string // Retry-After
	body     map[string]any
}

// get asks for a page as JSON.
func (p program) get(path string) answer {
	p.t.Helper()
	return p.send(http.MethodGet, path, nil, nil)
}

// post sends a JSON body.
func (p program) post(path string, body map[string]string, headers ...string) answer {
	p.t.Helper()
	return p.send(http.MethodPost, path, body, headers)
}

func (p program) send(method, path string, body map[string]string, headers []string) answer {
	p.t.Helper()
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		content = strings.NewReader(string(encoded))
	}
	c := localtest.Cloud(p.t)
	req, err := http.NewRequestWithContext(p.t.Context(), method, c.URL+path, content)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Language", string(p.l))
	req.Header.Set("Origin", c.URL) // S16
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := p.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	a := answer{status: res.StatusCode, location: res.Header.Get("Location"), kind: res.Header.Get("Content-Type"), retry: res.Header.Get("Retry-After")}
	if strings.Contains(a.kind, "json") {
		if err := json.Unmarshal(text, &a.body); err != nil {
			p.t.Fatalf("%s %s: %v\n%s", method, path, err, text)
		}
	}
	return a
}

// is expects a status, and for errors a problem document with this code (RFC 9457).
func (a answer) is(t *testing.T, status int, code string) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %v", a.status, status, a.body)
	}
	if status >= 400 {
		if !strings.HasPrefix(a.kind, "application/problem+json") {
			t.Errorf("an error is of type %s, want application/problem+json", a.kind)
		}
		if a.body["code"] != code {
			t.Errorf("code %v, want %s: %v", a.body["code"], code, a.body)
		}
	}
	return a
}

// at walks down the body.
func (a answer) at(t *testing.T, path ...string) any {
	t.Helper()
	var here any = a.body
	for _, name := range path {
		m, ok := here.(map[string]any)
		if !ok || m[name] == nil {
			t.Fatalf("the answer has no %s: %v", strings.Join(path, "."), a.body)
		}
		here = m[name]
	}
	return here
}

// without is the whole answer as text, without the number that was sent and the request's own reference.
func (a answer) without(number string) string {
	delete(a.body, "instance")
	delete(a.body, "requestId")
	text, _ := json.Marshal(a.body) // it was made of JSON
	return strings.ReplaceAll(strings.Join([]string{http.StatusText(a.status), a.kind, a.location, a.retry, string(text)}, "\n"), number, "NUMBER")
}
