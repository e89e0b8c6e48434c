package cloud

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// The local cloud refuses what AWS would not take in or hand on.
func TestTheEdgeHoldsToTheQuotasOfTheAPI(t *testing.T) {
	long := strings.Repeat("x", mostHeaders)
	for name, tt := range map[string]struct {
		path, header     string // of the request
		location, length string // of the function's answer
		want             int
	}{
		"as ever":                   {"/account", "x", "/login", "5", 303},
		"a long address":            {"/account?" + long, "x", "/login", "5", 431},
		"a long header":             {"/account", long, "/login", "5", 431},
		"an answer to a far place":  {"/account", "x", "/login?" + long, "5", 503},
		"an answer of seven MB":     {"/account", "x", "/login", strconv.Itoa(7 << 20), 503},
		"a long address that fits":  {"/account?" + long[:8000], "x", "/login", "5", 303},
		"a large answer that fits":  {"/account", "x", "/login", strconv.Itoa(5 << 20), 303},
		"a far place that is known": {"/account", "x", "/login?" + long[:8000], "5", 303},
	} {
		t.Run(name, func(t *testing.T) {
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", tt.location)
				w.Header().Set("Content-Length", tt.length)
				w.WriteHeader(http.StatusSeeOther)
				n, _ := strconv.Atoi(tt.length)
				_, _ = w.Write(make([]byte, n))
			}))
			defer api.Close()
			r := httptest.NewRequest(http.MethodGet, tt.path, nil)
			r.Header.Set("X-Some", tt.header)
			edge := httptest.NewRecorder()
			newEdge(&engine{url: api.URL}, "abc123", "s").ServeHTTP(edge, r)
			if edge.Code != tt.want {
				t.Errorf("%d %.200s, want %d", edge.Code, edge.Body, tt.want)
			}
		})
	}
}
