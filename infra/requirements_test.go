package infra

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// requirements are the codes of docs/requirements.md: S for security, M for merging, C for contracts, L for load and faults.
func requirements(t *testing.T) (codes []string) {
	t.Helper()
	source, err := os.ReadFile("../docs/requirements.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?m)^- \*\*([SMLC][0-9]{1,2})\*\* `).FindAllSubmatch(source, -1) {
		codes = append(codes, string(found[1]))
	}
	if len(codes) < 35 {
		t.Fatalf("docs/requirements.md has %d lines: %q", len(codes), codes)
	}
	return codes
}

var mention = regexp.MustCompile(`\b[SMLC][0-9]{1,2}\b`)

// Whoever looks for what holds a requirement finds a test by its name above the function or beside it.
func TestEachRequirementIsNamedByATest(t *testing.T) {
	named := map[string][]string{}
	eachGoFile(t, func(path string) {
		if !strings.HasSuffix(path, "_test.go") {
			return
		}
		for test, text := range said(t, path) {
			for _, line := range mention.FindAllString(text, -1) {
				named[line] = append(named[line], test)
			}
		}
	})
	for _, line := range requirements(t) {
		if len(named[line]) == 0 {
			t.Errorf("no test names %s", line)
		}
		t.Logf("%s: %s", line, strings.Join(named[line], ", "))
	}
}

// Whoever meets a code in a comment finds what it means.
func TestEachRequirementThatACommentNamesStandsInTheList(t *testing.T) {
	known := requirements(t)
	eachGoFile(t, func(path string) {
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, comment := range parsed.Comments {
			for _, code := range mention.FindAllString(comment.Text(), -1) {
				if !slices.Contains(known, code) {
					t.Errorf("%s names %s, which docs/requirements.md does not have", path, code)
				}
			}
		}
	})
}

func eachGoFile(t *testing.T, do func(path string)) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			if strings.HasSuffix(path, ".go") {
				do(path)
			}
			return nil
		}
		if n := d.Name(); n == "build" || len(n) > 2 && strings.HasPrefix(n, ".") {
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// said are the comments above each test function of a file, and on the line where it begins.
func said(t *testing.T, path string) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Test") || f.Recv != nil {
			continue
		}
		test := filepath.Base(filepath.Dir(path)) + "." + f.Name.Name
		all[test] = f.Doc.Text()
		for _, c := range parsed.Comments {
			if files.Position(c.Pos()).Line == files.Position(f.Body.Pos()).Line {
				all[test] += c.Text()
			}
		}
	}
	return all
}
