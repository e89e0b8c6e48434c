package site

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
)

// visitor sends requests through the edge of the local cloud, from an address of its own.
type visitor struct{ client *http.Client }

func newVisitor(t *testing.T) visitor { return visitor{localtest.Client(t)} }

// answer is a response with its body, and the code of a problem.
type answer struct {
	*http.Response
	body, code string
}

// do sends a form, or asks for JSON with one.
func (v visitor) do(t *testing.T, method, path, form string, wantJSON bool, cookies ...*http.Cookie) answer {
	t.Helper()
	var body io.Reader
	if method != http.MethodGet {
		body = strings.NewReader(form)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, localtest.Cloud(t).URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if wantJSON {
		r.Header.Set("Accept", "application/json")
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	res, err := v.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Response: res, body: string(text)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		var p struct{ Code string }
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		a.code = p.Code
	}
	return a
}
