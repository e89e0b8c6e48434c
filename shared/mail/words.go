package mail

import (
	"embed"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/mail/wording"
)

//go:embed templates/*.txt
var templateFiles embed.FS

// words is one mail in one language: a set of named pieces.
type words struct{ set *template.Template }

// letter is a mail with its values filled in, before a layout.
type letter struct {
	Subject, Lead string
	Blocks        []block
	Button, Stop  link
	Because       string
}

type link struct{ Label, URL string }

// pieces every template must have; button and stop may be empty for a reader who has nothing to do.
var pieces = []string{"subject", "lead", "body", "button", "why"}

// library is every mail: the German templates, and what was made of them so far.
type library struct {
	german map[string]map[string]*parse.Tree // by mail, by piece
	mu     sync.Mutex
	made   map[edition]words
}

// edition is a mail in a language.
type edition struct {
	mail string
	lang lang.Lang
}

// readTemplates parses all templates.
func readTemplates() (*library, error) {
	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("mail: templates: %w", err)
	}
	l := &library{german: map[string]map[string]*parse.Tree{}, made: map[edition]words{}}
	for _, f := range files {
		set, err := template.New(f.Name()).Funcs(functions(lang.DE)).ParseFS(templateFiles, "templates/"+f.Name())
		if err != nil {
			return nil, fmt.Errorf("mail: template %s: %w", f.Name(), err)
		}
		trees := map[string]*parse.Tree{}
		for _, t := range set.Templates() {
			trees[t.Name()] = t.Tree
		}
		for _, p := range pieces {
			if trees[p] == nil {
				return nil, fmt.Errorf("mail: template %s has no %q", f.Name(), p)
			}
		}
		l.german[strings.TrimSuffix(f.Name(), ".txt")] = trees
	}
	return l, nil
}

// words are those of a mail in a language, made when they are asked for the first time.
func (l *library) words(name string, in lang.Lang) (words, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w, ok := l.made[edition{name, in}]; ok {
		return w, nil
	}
	trees, ok := l.german[name]
	if !ok {
		return words{}, fmt.Errorf("mail: no template %s", name)
	}
	w, err := translate(trees, in, func(key string) string { return lang.Lookup(in, key) })
	if err != nil {
		return words{}, fmt.Errorf("mail: template %s in %s: %w", name, in, err)
	}
	l.made[edition{name, in}] = w
	return w, nil
}

// translate makes the words of a mail in a language out of its German trees.
func translate(trees map[string]*parse.Tree, in lang.Lang, say func(key string) string) (words, error) {
	set := template.New("").Option("missingkey=error").Funcs(functions(in))
	for name, german := range trees {
		t := german.Copy()
		if err := wording.Translate(t, say); err != nil {
			return words{}, err
		}
		cleanActions(t.Root)
		if _, err := set.AddParseTree(name, t); err != nil {
			return words{}, err
		}
	}
	return words{set}, nil
}

// cleanActions appends "clean" to every printed value, as html/template does with its escapers: a template cannot
// forget it, so no value can break out of its line (S19).
func cleanActions(n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			cleanActions(child)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			id := parse.NewIdentifier("clean").SetPos(n.Pos)
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{id}})
		}
	case *parse.IfNode:
		cleanActions(n.List)
		cleanActions(n.ElseList)
	case *parse.RangeNode:
		cleanActions(n.List)
		cleanActions(n.ElseList)
	case *parse.WithNode:
		cleanActions(n.List)
		cleanActions(n.ElseList)
	}
}

// letter fills the words with a payload's values.
func (w words) letter(m Mail) (letter, error) {
	got := map[string]string{}
	for _, p := range append([]string{"stop"}, pieces...) {
		t := w.set.Lookup(p)
		if t == nil {
			continue
		}
		var b strings.Builder
		if err := t.Execute(&b, m); err != nil {
			return letter{}, err
		}
		got[p] = b.String()
	}
	to := m.links()
	l := letter{Subject: oneLine(got["subject"]), Lead: oneLine(got["lead"]), Blocks: parseBlocks(got["body"]), Because: oneLine(got["why"])}
	if l.Subject == "" || l.Lead == "" {
		return letter{}, fmt.Errorf("no subject or lead for %s", reflect.TypeOf(m))
	}
	if label := oneLine(got["button"]); label != "" && to.Button != "" {
		l.Button = link{label, to.Button}
	}
	if label := oneLine(got["stop"]); label != "" && to.Stop != "" {
		l.Stop = link{label, to.Stop}
	}
	return l, nil
}
