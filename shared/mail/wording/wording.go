// Package wording finds the sentences in the templates of mails, and puts their translations in their place.
//
// A sentence is what stands in a template between two control actions ({{if}}, {{range}}, ...): a paragraph, an item after "- ",
// the label or the value of a line "label :: value". Its white space is folded; the values that it prints stay in it as
// actions: "Der Link gilt bis {{at .ValidTil}}." is a key of the catalogues. What has no letters besides its actions is none.
package wording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
	"unicode"
)

// FactMark parts the label of a line from its value.
const FactMark = "::"

// Key is a German sentence and where it stands: "orderUndone.txt:7:2".
type Key struct{ Text, At string }

// Parse reads a template; its trees are by the names of their definitions. Functions are not looked up.
func Parse(name, text string) (map[string]*parse.Tree, error) {
	t := parse.New(name)
	t.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	_, err := t.Parse(text, "", "", trees)
	return trees, err
}

// Keys are the sentences of a template.
func Keys(name, text string) ([]Key, error) {
	trees, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	var found []Key
	for _, t := range trees {
		err := each(t.Root, func(run []parse.Node) ([]parse.Node, error) {
			at, _ := t.ErrorContext(run[0])
			_, err := reword(source(run), func(key string) (string, error) {
				found = append(found, Key{key, at})
				return key, nil
			})
			return run, err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return found, nil
}

// Translate puts what say returns in the place of each sentence of a tree. An error is a translation that is more than text
// and the actions of its key.
func Translate(t *parse.Tree, say func(key string) string) error {
	return each(t.Root, func(run []parse.Node) ([]parse.Node, error) {
		german := source(run)
		text, err := reword(german, func(key string) (string, error) {
			said := fold(say(key))
			if said == key {
				return key, nil
			}
			return said, Check(key, said)
		})
		if err != nil || text == german {
			return run, err
		}
		trees, err := Parse(t.Name, text)
		if err != nil {
			return nil, err
		}
		return trees[t.Name].Root.Nodes, nil
	})
}

// each replaces every run of text and printed values in a list and those below it.
func each(list *parse.ListNode, replace func(run []parse.Node) ([]parse.Node, error)) error {
	if list == nil {
		return nil
	}
	var all []parse.Node
	for i := 0; i < len(list.Nodes); {
		end := i
		for end < len(list.Nodes) && prints(list.Nodes[end]) {
			end++
		}
		if end > i {
			run, err := replace(list.Nodes[i:end])
			if err != nil {
				return err
			}
			all, i = append(all, run...), end
			continue
		}
		for _, below := range lists(list.Nodes[i]) {
			if err := each(below, replace); err != nil {
				return err
			}
		}
		all, i = append(all, list.Nodes[i]), i+1
	}
	list.Nodes = all
	return nil
}

// prints tells text and printed values.
func prints(n parse.Node) bool {
	switch n := n.(type) {
	case *parse.TextNode:
		return true
	case *parse.ActionNode:
		return len(n.Pipe.Decl) == 0
	}
	return false
}

func lists(n parse.Node) []*parse.ListNode {
	switch n := n.(type) {
	case *parse.IfNode:
		return []*parse.ListNode{n.List, n.ElseList}
	case *parse.RangeNode:
		return []*parse.ListNode{n.List, n.ElseList}
	case *parse.WithNode:
		return []*parse.ListNode{n.List, n.ElseList}
	}
	return nil
}

func source(nodes []parse.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.String())
	}
	return b.String()
}

// reword replaces each sentence of a run; the white space around it and the marks of items and facts stay.
func reword(run string, say func(key string) (string, error)) (string, error) {
	var out []string
	var failed error
	sentence := func(text string) string {
		key := fold(text)
		if !worded(key) || failed != nil {
			return text
		}
		for _, a := range action.FindAllString(key, -1) {
			if strings.Contains(a, "|") {
				failed = fmt.Errorf("%s has a pipe, but what follows a | of a sentence only tells it apart", a)
			}
		}
		said, err := say(key)
		if err != nil {
			failed = err
		}
		if err != nil || said == key {
			return text
		}
		trimmed := strings.TrimSpace(text)
		start := strings.Index(text, trimmed)
		return text[:start] + said + text[start+len(trimmed):]
	}
	var prose []string
	flush := func() {
		if prose != nil {
			out, prose = append(out, sentence(strings.Join(prose, "\n"))), nil
		}
	}
	for _, line := range strings.Split(run, "\n") {
		mark, rest, isItem := strings.Cut(line, "- ")
		label, value, isFact := strings.Cut(line, FactMark)
		switch {
		case isItem && strings.TrimSpace(mark) == "":
			flush()
			out = append(out, mark+"- "+sentence(rest))
		case isFact:
			flush()
			out = append(out, sentence(label)+FactMark+sentence(value))
		case strings.TrimSpace(line) == "":
			flush()
			out = append(out, line)
		default:
			prose = append(prose, line)
		}
	}
	flush()
	return strings.Join(out, "\n"), failed
}

var action = regexp.MustCompile(`\{\{.*?\}\}`)

// plain is a text without its actions.
func plain(s string) string { return action.ReplaceAllString(s, "") }

func worded(key string) bool { return strings.ContainsFunc(plain(key), unicode.IsLetter) }

// Check finds what would give a mail another shape than its template has, or other values.
func Check(key, said string) error {
	for _, mark := range []string{FactMark, "{{", "}}"} {
		if strings.Contains(plain(said), mark) && !strings.Contains(plain(key), mark) {
			return fmt.Errorf("the translation of %q has a %q, a mark of templates, in its text", key, mark)
		}
	}
	if strings.HasPrefix(said, "- ") && !strings.HasPrefix(key, "- ") {
		return fmt.Errorf("the translation of %q starts as an item of a list does", key)
	}
	known := action.FindAllString(key, -1)
	for _, found := range action.FindAllString(said, -1) {
		if !slices.Contains(known, found) {
			return fmt.Errorf("the translation of %q prints %s, which its key does not", key, found)
		}
	}
	return nil
}

// fold makes single blanks of all white space.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
