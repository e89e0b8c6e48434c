package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/lang"
)

// funcs are the template functions in one language. Pages use t for every
// sentence and n for one that counts, by its German words.
func funcs(l lang.Lang) template.FuncMap {
	stamp := func(said func(time.Time) string) func(any) (string, error) {
		return func(v any) (string, error) {
			t, err := toTime(v)
			switch {
			case errors.Is(err, errNoTime):
				return unknownTime.In(l), nil
			case err != nil || t.IsZero():
				return "", err
			}
			return said(t), nil
		}
	}
	return template.FuncMap{
		"t":          func(key string, args ...any) any { return said(l, lang.T(key, args...), args) },
		"n":          func(n int, one, many string, args ...any) any { return said(l, lang.N(n, one, many, args...), args) },
		"strong":     func(v any) template.HTML { return element("strong", v) },
		"sentences":  sentences,
		"text":       func(t lang.Text) string { return t.In(l) },
		"markup":     func(t lang.Text) template.HTML { return Markup(l, t) },
		"langs":      lang.All,
		"lang":       func() lang.Lang { return l },
		"date":       stamp(func(t time.Time) string { return lang.Day(t).In(l) }),
		"time":       stamp(func(t time.Time) string { return lang.Hour(t).In(l) }),
		"datetime":   stamp(func(t time.Time) string { return lang.Moment(t).In(l) }),
		"iso":        isoTime,
		"when":       stampHTML(func(t time.Time) string { return lang.Moment(t).In(l) }),
		"whenDay":    stampHTML(func(t time.Time) string { return lang.Day(t).In(l) }),
		"hour":       func(t time.Time) template.HTML { return element("time", lang.Hour(t).In(l)) },
		"money":      func(cents int64) string { return lang.Cents(cents).In(l) },
		"balance":    func(cents int64) string { return lang.Balance(cents).In(l) },
		"number":     NumberHTML,
		"numbers":    NumbersHTML,
		"numbersAnd": func(numbers []string) template.HTML { return numbersAnd(l, numbers) },
		"unbroken":   unbroken,
		"grouped":    grouped,
		"country":    func(code string) string { return Country(l, code) },
		"email":      Email,
		"breakable":  Breakable,
		"flow":       newFlow,
		"contact":    contactHTML,
		"mask":       MaskNumber,
		"path":       joinPath,
		"field":      newField,
		"option":     func(value, label string, hint ...string) Option { return Option{value, label, strings.Join(hint, " ")} },
		"options":    func(o ...Option) []Option { return o },
		"button":     newButton,
		"fieldID":    FieldID,
		"notice":     func(tone string, text any) noticeView { return noticeView{tone, text} },
		"dict":       dict,
	}
}

// said is a sentence for a page, as text or, with args that are HTML such as a customer number, as HTML.
func said(l lang.Lang, t lang.Text, args []any) any {
	if slices.ContainsFunc(args, func(a any) bool { _, isHTML := a.(template.HTML); return isHTML }) {
		return Markup(l, t)
	}
	return t.In(l)
}

// Markup is a sentence as HTML. Of its args those that are HTML stay as they are; all else is escaped, the words of the
// catalogues too.
func Markup(l lang.Lang, t lang.Text) template.HTML {
	const mark = '\ue000' // of private use, so in no sentence
	var html []string
	text := t.Map(func(a any) any {
		h, isHTML := a.(template.HTML)
		if !isHTML {
			return a
		}
		place := string(mark + rune(len(html)))
		html = append(html, place, string(h))
		return place
	}).In(l)
	return template.HTML(strings.NewReplacer(html...).Replace(template.HTMLEscapeString(text))) //nolint:gosec // escaped but for what is HTML
}

// Strong stands out of its sentence.
func Strong(s string) template.HTML { return element("strong", s) }

// element puts a text, or what is HTML already, between the tags of an element.
func element(tag string, v any) template.HTML {
	inner, isHTML := v.(template.HTML)
	if !isHTML {
		inner = template.HTML(template.HTMLEscapeString(fmt.Sprint(v))) //nolint:gosec // escaped
	}
	name, _, _ := strings.Cut(tag, " ")
	return template.HTML("<"+tag+">") + inner + template.HTML("</"+name+">") //nolint:gosec // tags of ours
}

// sentences says one sentence after the other. Each is what t gives.
func sentences(list ...any) any {
	text, html := make([]string, len(list)), false
	for i, s := range list {
		_, isHTML := s.(template.HTML)
		text[i], html = fmt.Sprint(s), html || isHTML
	}
	if !html {
		return strings.Join(text, " ")
	}
	for i, s := range list {
		if _, isHTML := s.(template.HTML); !isHTML {
			text[i] = template.HTMLEscapeString(text[i])
		}
	}
	return template.HTML(strings.Join(text, " ")) //nolint:gosec // escaped but for what is HTML
}

// joinPath builds a path of ours from parts, each escaped.
func joinPath(base string, parts ...string) string {
	for _, p := range parts {
		base += "/" + url.PathEscape(p)
	}
	return base
}

// stampHTML is a time as an element that programs can read, too; nothing for no time.
func stampHTML(said func(time.Time) string) func(time.Time) template.HTML {
	return func(t time.Time) template.HTML {
		if t.IsZero() {
			return ""
		}
		return template.HTML(`<time datetime="` + t.UTC().Format(time.RFC3339) + `">` + template.HTMLEscapeString(said(t)) + `</time>`) //nolint:gosec // escaped
	}
}

// unbroken stays on one line.
func unbroken(s string) template.HTML { return element(`span class="nowrap"`, s) }

func isoTime(v any) (string, error) {
	t, err := toTime(v)
	if errors.Is(err, errNoTime) || err == nil && t.IsZero() {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return t.UTC().Format(time.RFC3339), nil
}

func dict(kv ...any) (map[string]any, error) {
	m := map[string]any{}
	if len(kv)%2 != 0 {
		return nil, fmt.Errorf("dict needs pairs, got %d values", len(kv))
	}
	for i := 0; i < len(kv); i += 2 {
		k, ok := kv[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict key %v is no string", kv[i])
		}
		m[k] = kv[i+1]
	}
	return m, nil
}

// noticeView is what the partial notice shows.
type noticeView struct {
	Tone string // info, success or warning
	Text any    // string, or template.HTML for what holds a customer number
}

// Role is what a screen reader takes the notice for.
func (n noticeView) Role() string {
	if n.Tone == "warning" {
		return "alert"
	}
	return "status"
}

// Word says the same as the colour.
func (n noticeView) Word() lang.Text {
	switch n.Tone {
	case "success":
		return lang.T("Erledigt")
	case "warning":
		return lang.T("Achtung")
	}
	return lang.T("Hinweis")
}
