package lang

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Text is something said to people: a German sentence, which is also the key of its translations, with what it speaks of. The
// zero Text says nothing.
type Text struct {
	key  string
	many string // for counts that are not one; empty for a sentence that counts nothing
	n    int
	args []any
	rest []Text // what is said after it
}

// T is a sentence. It holds the verbs of package fmt for its args; an arg that has a language, such as a Text or a Day, is said
// in that of the reader. What follows the last "|" of a key tells sentences apart that are the same in German and different in
// another language; nobody sees it. Keys are constants, so that all of them can be found in the code.
func T(key string, args ...any) Text { return Text{key: key, args: args} }

// N is a sentence that counts: one for a single thing, many for none or several. Both may hold %d for n, and more for args. The
// key of its translations is many; each language has its own forms of it (Unicode's plural rules).
func N(n int, one, many string, args ...any) Text {
	return Text{key: one, many: many, n: n, args: append([]any{n}, args...)}
}

// Raw is a name, a number or another word that is the same in each language.
func Raw(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{key: "%s", args: []any{s}}
}

// And says more after a text, with a blank between.
func (t Text) And(more ...Text) Text {
	for _, m := range more {
		switch {
		case m.Empty():
		case t.Empty():
			t = m
		default:
			t.rest = append(slices.Clip(t.rest), m)
		}
	}
	return t
}

// Empty tells whether the text says nothing.
func (t Text) Empty() bool { return t.key == "" && len(t.rest) == 0 }

// Key is the German sentence as it stands in the code. Tests tell texts apart by it.
func (t Text) Key() string { return cmp.Or(t.many, t.key) }

// In says the text in a language.
func (t Text) In(l Lang) string {
	if t.Empty() {
		return ""
	}
	said := t.format(l)
	args := t.args
	if t.many != "" && !strings.Contains(said, "%d") && !strings.Contains(said, "%[") {
		args = args[1:] // a form that leaves the number out: "once"
	}
	if len(args) > 0 {
		said = fmt.Sprintf(said, inLang(l, args)...)
	}
	for _, m := range t.rest {
		said += " " + m.In(l)
	}
	return said
}

// format is the sentence before its args.
func (t Text) format(l Lang) string {
	if t.many != "" {
		return counted(l, t.key, t.many, t.n)
	}
	return Lookup(l, t.key)
}

// Map is the text with what f makes of each of its args.
func (t Text) Map(f func(arg any) any) Text {
	t.args = slices.Clone(t.args)
	for i, a := range t.args {
		t.args[i] = f(a)
	}
	return t
}

// spoken is what differs by language: texts, days, amounts.
type spoken interface{ In(Lang) string }

func inLang(l Lang, args []any) []any {
	said := slices.Clone(args)
	for i, a := range said {
		if a, ok := a.(spoken); ok {
			said[i] = a.In(l)
		}
	}
	return said
}

// Join is a list of texts in one, with sep between them.
func Join(list []Text, sep string) Text {
	args := make([]any, len(list))
	for i, t := range list {
		args[i] = t
	}
	return Text{key: strings.Join(slices.Repeat([]string{"%s"}, len(list)), strings.ReplaceAll(sep, "%", "%%")), args: args}
}

// MarshalJSON writes the sentence in German and English, as programs read it.
func (t Text) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		DE string `json:"de"`
		EN string `json:"en"`
	}{t.In(DE), t.In(EN)})
}
