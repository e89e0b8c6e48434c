package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"kundenkonto/infra/site"
	"kundenkonto/shared/web"
)

func TestTheDocumentIsWhatTheRoutesSay(t *testing.T) {
	want, err := document()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../" + file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("functions/login/openapi.json is out of date: run go run ./infra/openapi")
	}
}

func TestEveryRouteStandsInTheDocumentOnce(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(doc, &parsed); err != nil {
		t.Fatal(err)
	}
	seen, ids, found := map[string]bool{}, map[string]bool{}, 0
	for _, r := range site.Routes() {
		key := r.Method + " " + r.Pattern
		if seen[key] {
			t.Errorf("%s belongs to two slices", key)
		}
		seen[key] = true
	}
	for path, operations := range parsed.Paths {
		for method, op := range operations {
			found++
			if ids[op.OperationID] {
				t.Errorf("%s %s: the operation id %s is taken", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
		}
	}
	if found != len(seen) {
		t.Errorf("%d operations, %d routes", found, len(seen))
	}
}

var placeholder = regexp.MustCompile(`\{([a-z]+)(?:\.\.\.)?\}`)

// What a route says about itself must be complete: a summary, every path
// parameter, passwords and tokens marked as secrets.
func TestRoutesDescribeThemselves(t *testing.T) {
	for _, r := range site.Routes() {
		name := r.Method + " " + r.Pattern
		if r.Summary == "" {
			t.Errorf("%s has no summary", name)
		}
		for _, m := range placeholder.FindAllStringSubmatch(r.Pattern, -1) {
			if !has(r.Fields, m[1], web.InPath) {
				t.Errorf("%s does not describe {%s}", name, m[1])
			}
		}
		for _, f := range r.Fields {
			lower := strings.ToLower(f.Name)
			if (strings.Contains(lower, "password") || lower == "token") && !f.Secret {
				t.Errorf("%s: %s is no secret", name, f.Name)
			}
		}
		mailed := strings.HasPrefix(r.Pattern, "/account/email/") // opened by a mailed link, also on a device without a sign-in
		if r.Access == web.Anonymous && strings.HasPrefix(r.Pattern, "/account") && !mailed || r.Access != web.Staff && strings.HasPrefix(r.Pattern, "/service/orders") {
			t.Errorf("%s is open to %s", name, r.Access)
		}
	}
}

func has(fields []web.Field, name, in string) bool {
	for _, f := range fields {
		if f.Name == name && f.In == in {
			return true
		}
	}
	return false
}
