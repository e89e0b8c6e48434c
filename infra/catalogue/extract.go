package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"

	"kundenkonto/shared/mail/wording"
)

// use is a key where it stands in a page, a mail or Go code.
type use struct {
	key   string
	count bool   // its translations have plural forms
	at    string // file and line
}

// uses finds every key under the root of the repository. A key that is no constant is an error: nobody could find it to
// translate it.
func uses(root string) ([]use, error) {
	var found []use
	for _, folder := range []string{"functions", "shared", "infra"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "testdata" {
				return filepath.SkipDir
			}
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			more, err := inFile(path, filepath.ToSlash(name))
			found = append(found, more...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func inFile(path, name string) ([]use, error) {
	page := strings.HasSuffix(name, ".html")
	mail := strings.HasPrefix(name, "shared/mail/templates/")
	if !page && !mail && (!strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go")) {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	switch {
	case page:
		return inPage(name, string(text))
	case mail:
		return inMail(name, string(text))
	}
	return inCode(name, text)
}

// inPage finds the keys of a page: the first argument of t and th, the last two of n.
func inPage(name, text string) ([]use, error) {
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, "", "", trees); err != nil {
		return nil, err
	}
	var found []use
	var wrong error
	for _, t := range trees {
		walk(reflect.ValueOf(t.Root), func(c *parse.CommandNode) {
			f, ok := c.Args[0].(*parse.IdentifierNode)
			if !ok || f.Ident != "t" && f.Ident != "th" && f.Ident != "n" {
				return
			}
			at, _ := t.ErrorContext(c)
			key, ok := "", false
			if s, is := arg(c, map[string]int{"t": 1, "th": 1, "n": 3}[f.Ident]).(*parse.StringNode); is {
				key, ok = s.Text, true
			}
			if !ok {
				wrong = fmt.Errorf("%s: the sentence of %s is no constant: %s", at, f.Ident, c)
				return
			}
			found = append(found, use{key, f.Ident == "n", at})
		})
	}
	return found, wrong
}

// inMail finds the keys of a mail: its sentences, and those that it counts by n.
func inMail(name, text string) ([]use, error) {
	found, err := inPage(name, text)
	if err != nil {
		return nil, err
	}
	sentences, err := wording.Keys(name, text)
	for _, s := range sentences {
		found = append(found, use{s.Text, false, s.At})
	}
	return found, err
}

func arg(c *parse.CommandNode, i int) parse.Node {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return nil
}

// walk calls look for each command below a node, whatever kinds of nodes there are.
func walk(v reflect.Value, look func(*parse.CommandNode)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		if c, ok := v.Interface().(*parse.CommandNode); ok {
			look(c)
		}
		if _, ok := v.Interface().(*parse.Tree); !ok {
			walk(v.Elem(), look)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), look)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), look)
		}
	}
}

// keyed are the functions of package lang that take a key, and which argument it is.
var keyed = map[string]int{"T": 0, "N": 2, "Lookup": 1}

// inCode finds the keys of a Go file.
func inCode(name string, text []byte) ([]use, error) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, text, 0)
	if err != nil {
		return nil, err
	}
	var found []use
	var wrong error
	ast.Inspect(f, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		called := ""
		switch fun := c.Fun.(type) {
		case *ast.SelectorExpr:
			if x, ok := fun.X.(*ast.Ident); ok && x.Name == "lang" {
				called = fun.Sel.Name
			}
		case *ast.Ident:
			if f.Name.Name == "lang" {
				called = fun.Name
			}
		}
		i, ok := keyed[called]
		if !ok || i >= len(c.Args) {
			return true
		}
		key, ok := constant(c.Args[i])
		if !ok {
			if !passesOn(name) {
				wrong = fmt.Errorf("%s: the sentence of lang.%s is no constant", files.Position(c.Pos()), called)
			}
			return true
		}
		found = append(found, use{key, called == "N", files.Position(c.Pos()).String()})
		return true
	})
	return found, wrong
}

// passesOn tells the files that hand keys from pages and mails to package lang.
func passesOn(name string) bool {
	return strings.HasPrefix(name, "shared/lang/") || name == "shared/web/funcs.go" || name == "shared/mail/functions.go" || name == "shared/mail/words.go"
}

func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		x, okX := constant(e.X)
		y, okY := constant(e.Y)
		return x + y, okX && okY && e.Op == token.ADD
	}
	return "", false
}
