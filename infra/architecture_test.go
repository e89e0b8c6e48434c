package infra

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "kundenkonto"

// pure packages import the standard library only: they say what is right, and know nothing of AWS or the web.
var pure = []string{"shared/merge", "shared/product"}

// Names that say nothing about what is inside.
var vague = []string{"util", "utils", "common", "helpers", "types", "misc", "base"}

// bootstrapLines is the most a main of a function may have: it only wires.
const bootstrapLines = 30

// goPackage is what `go list` tells of a package.
type goPackage struct {
	ImportPath, Name, Doc, Dir string
	GoFiles, Imports           []string
	TestImports, XTestImports  []string
}

// path is the folder of the package, as "functions/login".
func (p goPackage) path() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// slice is the folder of functions/ that a package belongs to, or "".
func slice(path string) string {
	rest, found := strings.CutPrefix(path, "functions/")
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")
	list.Dir = ".."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p goPackage
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestASliceImportsSharedPackagesOnlyAndNeverAnotherSlice(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			imported, ours := strings.CutPrefix(i, module+"/")
			if own := slice(p.path()); ours && own != "" && slice(imported) != own && !strings.HasPrefix(imported, "shared/") {
				t.Errorf("%s imports %s", p.path(), imported)
			}
			if ours && strings.HasPrefix(p.path(), "shared/") && !strings.HasPrefix(imported, "shared/") {
				t.Errorf("%s imports %s", p.path(), imported)
			}
		}
	}
}

func TestNothingImportsInfraExceptTestsTheirCloud(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.path(), "infra") {
			continue
		}
		for _, i := range p.Imports {
			if strings.HasPrefix(i, module+"/infra") {
				t.Errorf("%s imports %s", p.path(), i)
			}
		}
		for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
			if strings.HasPrefix(i, module+"/infra") && !strings.HasPrefix(i, module+"/infra/localtest") {
				t.Errorf("a test of %s imports %s", p.path(), i)
			}
		}
	}
}

// The domain is pure Go; what it says to people it says in the words of shared/lang.
func TestPurePackagesImportTheStandardLibraryOnly(t *testing.T) {
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.path()) {
			continue
		}
		for _, i := range p.Imports {
			if first, _, _ := strings.Cut(i, "/"); i != module+"/shared/lang" && (strings.Contains(first, ".") || first == module) {
				t.Errorf("%s imports %s", p.path(), i)
			}
		}
	}
}

// Tests replace what calls AWS and nothing else, so that they meet the conditions that a store really makes. An interface of a
// slice with a method that takes or gives something of ours would be there for a fake of our own.
func TestSlicesHoldTheStoresThemselves(t *testing.T) {
	for _, p := range packages(t) {
		if slice(p.path()) == "" {
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				declared, is := n.(*ast.InterfaceType)
				if is && slices.ContainsFunc(declared.Methods.List, func(m *ast.Field) bool { return !callsAWS(m) }) {
					t.Errorf("%s/%s: an interface that is no client of AWS", p.path(), name)
				}
				return true
			})
		}
	}
}

// callsAWS says whether a method is a call of a client of AWS: each takes options of its package.
func callsAWS(method *ast.Field) bool {
	f, is := method.Type.(*ast.FuncType)
	if !is || len(f.Params.List) == 0 {
		return false
	}
	_, options := f.Params.List[len(f.Params.List)-1].Type.(*ast.Ellipsis)
	return options
}

func TestPackagesAreNamedAndDescribedAfterAConcept(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains(vague, p.Name) {
			t.Errorf("%s says nothing about what is inside", p.path())
		}
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no comment on the package", p.path())
		}
	}
}

func TestAFunctionsMainOnlyWires(t *testing.T) {
	for _, p := range packages(t) {
		if slice(p.path()) == "" || p.Name != "main" {
			continue
		}
		if want := "functions/" + slice(p.path()) + "/bootstrap"; p.path() != want {
			t.Errorf("%s is a main outside %s", p.path(), want)
		}
		for _, f := range p.GoFiles {
			content, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if lines := strings.Count(string(content), "\n"); lines > bootstrapLines {
				t.Errorf("%s/%s has %d lines, more than %d", p.path(), f, lines, bootstrapLines)
			}
		}
	}
}

// Rows of ARCHITECTURE.md that name packages first.
var (
	codemapRow = regexp.MustCompile("(?m)^\\| `(?:functions|shared|infra)/[^|]*\\|")
	codemapDir = regexp.MustCompile("`((?:functions|shared|infra)/[a-z0-9/]+)`")
)

// ARCHITECTURE.md names every package that a newcomer may look for, each once, and the shared ones from the ground up.
func TestTheCodemapNamesEveryPackageInItsPlace(t *testing.T) {
	text, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("## Where the code is"))
	text, _, _ = bytes.Cut(text, []byte("\n## "))
	rows := map[string]int{}
	for i, row := range codemapRow.FindAllString(string(text), -1) {
		for _, m := range codemapDir.FindAllStringSubmatch(row, -1) {
			if _, twice := rows[m[1]]; twice {
				t.Errorf("%s is named twice", m[1])
			}
			rows[m[1]] = i
		}
	}
	found := map[string]bool{}
	for _, p := range packages(t) {
		path := p.path()
		parts := strings.Split(path, "/")
		if path == "infra" || parts[len(parts)-1] == "bootstrap" {
			continue
		}
		if parts[0] == "infra" {
			path = strings.Join(parts[:2], "/") // what lies below belongs to it
		}
		found[path] = true
		row, named := rows[path]
		if !named {
			t.Errorf("%s is not named", path)
		}
		for _, imported := range p.Imports {
			imported = strings.TrimPrefix(imported, module+"/")
			if other, shared := rows[imported]; shared && parts[0] == "shared" && other > row {
				t.Errorf("%s imports %s, which is named below it", path, imported)
			}
		}
	}
	for path := range rows {
		if !found[path] {
			t.Errorf("%s is named and not there", path)
		}
	}
}
