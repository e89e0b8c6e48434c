package cloud

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAFunctionThatDiedIsAPageThatSaysWhatToDo(t *testing.T) {
	tests := map[string]struct {
		accept   string
		status   int // and kind: of the API's answer
		kind     string
		code     int
		says, as string
	}{
		"a dead function in a browser":     {"text/html,*/*", 502, "application/json", 503, "Bitte versuchen Sie es noch einmal", "text/html; charset=utf-8"},
		"a dead function in a program":     {"application/json", 502, "application/json", 503, `"code":"unavailable"`, "application/problem+json"},
		"the API's limit of a route":       {"text/html", 429, "application/json", 503, "Bitte versuchen Sie es noch einmal", "text/html; charset=utf-8"},
		"a function's own limit":           {"text/html", 429, "text/html; charset=utf-8", 429, "as it is", "text/html; charset=utf-8"},
		"a function's own error":           {"text/html", 503, "text/html; charset=utf-8", 503, "as it is", "text/html; charset=utf-8"},
		"a function's own problem":         {"application/json", 500, "application/problem+json", 500, "as it is", "application/problem+json"},
		"a function's answer that is well": {"application/json", 200, "application/json", 200, "as it is", "application/json"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.kind)
				w.WriteHeader(tt.status)
				w.Write([]byte("as it is"))
			}))
			defer api.Close()
			r := httptest.NewRequest(http.MethodGet, "/account", nil)
			r.Header.Set("Accept", tt.accept)
			edge := httptest.NewRecorder()
			newEdge(&engine{url: api.URL}, "abc123", "s").ServeHTTP(edge, r)
			if edge.Code != tt.code || !strings.Contains(edge.Body.String(), tt.says) || edge.Header().Get("Content-Type") != tt.as {
				t.Errorf("%d %s %q", edge.Code, edge.Header().Get("Content-Type"), edge.Body)
			}
		})
	}
}
