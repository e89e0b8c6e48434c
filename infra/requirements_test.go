package infra

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lines are the requirements that tests name: S for security, M for merging, L for load and faults.
var lines = strings.Fields(`S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12 S13 S14 S15 S16 S17 S18 S19 S20 S21
	M1 M2 M3 M4 M5 M6 M7 M8 M9 M10 L1 L2 L3 L4`)

var mention = regexp.MustCompile(`\b[SML][0-9]{1,2}\b`)

// Whoever looks for what holds a requirement finds a test by its name above the function or beside it.
func TestEachRequirementIsNamedByATest(t *testing.T) {
	named := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() && !strings.HasSuffix(path, "_test.go") {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "build" || len(n) > 2 && strings.HasPrefix(n, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		for test, text := range said(t, path) {
			for _, line := range mention.FindAllString(text, -1) {
				named[line] = append(named[line], test)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if len(named[line]) == 0 {
			t.Errorf("no test names %s", line)
		}
		t.Logf("%s: %s", line, strings.Join(named[line], ", "))
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
