package audit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

func TestEachActionHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "audit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if text, ok := spec.Values[0].(*ast.BasicLit); ok && text.Kind == token.STRING {
			found++
			if action, _ := strconv.Unquote(text.Value); words[action].text.Empty() {
				t.Errorf("%s (%s) has no words in words.go", spec.Names[0], action)
			}
		}
		return true
	})
	if found < 20 {
		t.Errorf("only %d actions were found", found)
	}
}
