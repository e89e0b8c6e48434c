package mail

import (
	"embed"
	"fmt"
	"path"
	"reflect"
	"strings"
	"text/template"
	"text/template/parse"
	"time"
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

// parseWords reads all templates, by "<name>.<language>".
func parseWords(zone *time.Location) (map[string]words, error) {
	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("mail: templates: %w", err)
	}
	all := map[string]words{}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".txt")
		lang := strings.TrimPrefix(path.Ext(name), ".")
		set, err := template.New(name).Option("missingkey=error").Funcs(functions(lang, zone)).
			ParseFS(templateFiles, "templates/"+f.Name())
		if err != nil {
			return nil, fmt.Errorf("mail: template %s: %w", f.Name(), err)
		}
		for _, p := range pieces {
			if set.Lookup(p) == nil {
				return nil, fmt.Errorf("mail: template %s has no %q", f.Name(), p)
			}
		}
		for _, t := range set.Templates() {
			cleanActions(t.Root)
		}
		all[name] = words{set}
	}
	return all, nil
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
