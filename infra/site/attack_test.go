package site

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// generated is about how many requests are made up.
var generated = flag.Int("generated", 300, "requests that schemathesis makes up (make attack)")

// attackers send the requests: nobody in particular, a customer and somebody of the service team.
var attackers = []string{"", anna, "staff"}

// S17, L1: whatever schemathesis makes up from openapi.json, fitting it or not, is answered by no error of ours, and as the
// document says. Each request meets the same people anew, so that none is refused for what another one did.
func TestGeneratedRequestsAreAnsweredAsDescribed(t *testing.T) {
	if out, err := exec.Command("make", "--no-print-directory", "-C", "../..", "build/.attack/done").CombinedOutput(); err != nil {
		t.Fatalf("install schemathesis: %v\n%s", err, out)
	}
	document, tool := absolute(t, "../../functions/login/openapi.json"), absolute(t, "../../build/.attack/bin/schemathesis")
	each := max(1, *generated/operations(t, document)/len(attackers))
	for _, who := range attackers {
		t.Run("as "+who, func(t *testing.T) {
			s := newTarget(t, who)
			cmd := exec.Command(tool, "--config-file", os.DevNull, "run", document, "--url", s.URL, "--no-color", "--workers", "2",
				"--max-examples", fmt.Sprint(each), "--phases", "fuzzing", "--checks",
				"not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance",
				"--continue-on-failure", "--generation-database", "none", "--exclude-path", "/service/login", // the identity provider is none here
				"--suppress-health-check", "all", "--warnings", "off",
				"-H", "Sec-Fetch-Site: same-origin", "-H", "Accept: application/json")
			cmd.Dir = t.TempDir() // it leaves files behind
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			err := cmd.Run()
			t.Logf("%d requests, answers %v", s.requests, s.statuses)
			for _, what := range slices.Sorted(maps.Keys(s.broken)) {
				t.Errorf("%s (%d times)", what, s.broken[what])
			}
			if err != nil {
				t.Errorf("%v\n%s", err, out.String())
			}
			if s.requests < each*20 {
				t.Errorf("only %d requests were made", s.requests)
			}
		})
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func operations(t *testing.T, document string) (n int) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range doc.Paths.Map() {
		n += len(item.Operations())
	}
	return n
}

// target is the site for one attacker, which goes back to how it was after each request.
type target struct {
	*httptest.Server
	mu       sync.Mutex
	requests int
	statuses map[int]int
	broken   map[string]int
}

func newTarget(t *testing.T, who string) *target {
	t.Helper()
	w := newWorld(t)
	c := w.populate()
	s := &target{statuses: map[int]int{}, broken: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		w.again()
		if who != "" {
			r.Header.Del("Cookie") // which is made up, too
		}
		for _, cookie := range c.cookies[who] {
			r.AddCookie(cookie)
		}
		rec := httptest.NewRecorder()
		w.site.ServeHTTP(rec, r)
		s.requests++
		s.statuses[rec.Code]++
		if rec.Code >= http.StatusInternalServerError || strings.Contains(w.log.String(), `"panic"`) {
			s.broken[fmt.Sprintf("%s %s answers %d", r.Method, r.URL.Path, rec.Code)]++
		}
		maps.Copy(out.Header(), rec.Header())
		out.WriteHeader(rec.Code)
		_, _ = out.Write(rec.Body.Bytes())
	}))
	t.Cleanup(s.Close)
	return s
}
