package site

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// A program that was written by the OpenAPI document gets on with every route: its requests are taken as the document says,
// and every answer is one of those that the document names.
func TestRequestsAndAnswersAreAsTheDocumentSays(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile("../../functions/login/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		seen := map[int]bool{}
		for _, q := range c.requests() {
			for _, accept := range []string{"text/html", "application/json"} {
				for _, who := range []string{q.who, "nobody"} {
					w.again()
					one := q
					one.who = who
					var sent *http.Request
					a := w.send(t.Context(), c, one, func(r *http.Request) {
						r.Header.Set("Accept", accept)
						sent = r.Clone(t.Context())
						sent.Body = io.NopCloser(strings.NewReader(q.form.Encode()))
					})
					seen[a.Code] = true
					documented(t, doc, q.route, sent, a)
				}
			}
		}
		for _, status := range []int{200, 303, 401, 404, 422} {
			if !seen[status] {
				t.Errorf("no answer was a %d", status)
			}
		}
	})
}

// documented holds a request and its answer against the operation of their route.
func documented(t *testing.T, doc *openapi3.T, route string, sent *http.Request, a *httptest.ResponseRecorder) {
	t.Helper()
	method, pattern, _ := strings.Cut(route, " ")
	path := strings.ReplaceAll(strings.TrimSuffix(pattern, "{$}"), "...}", "}")
	item := doc.Paths.Value(path)
	if item == nil || item.GetOperation(method) == nil {
		t.Errorf("%s is not in the document", route)
		return
	}
	values := map[string]string{}
	mux := http.NewServeMux()
	mux.HandleFunc(route, func(_ http.ResponseWriter, r *http.Request) {
		for _, p := range item.GetOperation(method).Parameters {
			if p.Value.In == openapi3.ParameterInPath {
				values[p.Value.Name] = r.PathValue(p.Value.Name)
			}
		}
	})
	mux.ServeHTTP(httptest.NewRecorder(), sent)
	request := &openapi3filter.RequestValidationInput{Request: sent, PathParams: values, Route: &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: item.GetOperation(method)},
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}}
	if err := openapi3filter.ValidateRequest(t.Context(), request); err != nil {
		t.Errorf("%s: the document refuses a good request: %v", route, err)
	}
	answer := &openapi3filter.ResponseValidationInput{RequestValidationInput: request, Status: a.Code, Header: a.Header(), Options: request.Options}
	if err := openapi3filter.ValidateResponse(t.Context(), answer.SetBodyBytes(a.Body.Bytes())); err != nil {
		t.Errorf("%s: an answer that the document does not know: %v", route, err)
	}
}
