package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/shared/lang"
)

// noPage are routes by GET whose answer is no page of ours: files, data and ways to somewhere else.
var noPage = []string{"/", "/health", "/openapi.json", "/schemas/{file}", "/assets/{path}", "/account/export", "/account/packages/{id}/cancel/file",
	"/account/calendar", "/account/domains/file", "/account/packages/{id}/calendar", "/account/sessions/current",
	"/account/second-factor/qr", "/service/login", "/service/session", "/login/passkey"}

// notLookedAt names the pages of the real routes (openapi.json, which a test holds to them) that no journey looked at in
// both languages. Every page that a journey opens is checked by axe-core, light and dark, and by the rules of infra/e2e/browser/rules.js.
func notLookedAt(root string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(root, "functions", "login", "openapi.json"))
	if err != nil {
		return nil, err
	}
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(b, &document); err != nil {
		return nil, err
	}
	var missing []string
	for path, methods := range document.Paths {
		if methods["get"] == nil || slices.Contains(noPage, path) {
			continue
		}
		for _, l := range []lang.Lang{lang.DE, lang.EN} {
			if !lookedAt(string(l), path) {
				missing = append(missing, fmt.Sprintf("%s (%s)", path, l))
			}
		}
	}
	slices.Sort(missing)
	return missing, nil
}

var parameter = regexp.MustCompile(`\\\{[^/]+\\\}`)

func lookedAt(l, path string) bool {
	pattern := regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`) + "$")
	return slices.ContainsFunc(browser.Visited(), func(s browser.Seen) bool {
		return s.Lang == l && s.Method == http.MethodGet && pattern.MatchString(s.Path) && s.Status < 500
	})
}

// states prints how often which page was answered how, for those who look for a state that no journey reaches.
func states() string {
	count := map[string]int{}
	for _, s := range browser.Visited() {
		count[fmt.Sprintf("%s %-4s %s %d", s.Lang, s.Method, variable.ReplaceAllString(s.Path, "/one"), s.Status)]++
	}
	var lines []string
	for state := range count {
		lines = append(lines, state)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
