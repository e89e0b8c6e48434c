package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
)

// funcs are the template functions in one language. Pages use t for every
// sentence, so that both versions stand side by side.
func funcs(l Lang) template.FuncMap {
	stamp := func(format func(Lang, time.Time) string) func(any) (string, error) {
		return func(v any) (string, error) {
			t, err := toTime(v)
			switch {
			case errors.Is(err, errNoTime):
				return unknownTime.In(l), nil
			case err != nil || t.IsZero():
				return "", err
			}
			return format(l, t), nil
		}
	}
	return template.FuncMap{
		"t": func(de, en string, args ...any) string {
			s := T(de, en).In(l)
			if len(args) > 0 {
				return fmt.Sprintf(s, args...)
			}
			return s
		},
		"text":     func(t Text) string { return t.In(l) },
		"lang":     func() string { return string(l) },
		"date":     stamp(Date),
		"time":     stamp(Clock),
		"datetime": stamp(DateTime),
		"iso":      isoTime,
		"money":    func(cents int64) string { return Money(l, cents) },
		"balance":  func(cents int64) string { return Balance(l, cents) },
		"number":   NumberHTML,
		"grouped":  grouped,
		"country":  func(code string) string { return Country(l, code) },
		"email":    Email,
		"contact":  contactHTML,
		"mask":     MaskNumber,
		"plural":   func(n int, de1, deN, en1, enN string) string { return plural(l, n, de1, deN, en1, enN) },
		"path":     joinPath,
		"field":    newField,
		"option":   func(value, label string, hint ...string) Option { return Option{value, label, strings.Join(hint, " ")} },
		"options":  func(o ...Option) []Option { return o },
		"button":   newButton,
		"fieldID":  FieldID,
		"notice":   func(tone string, text any) noticeView { return noticeView{tone, text} },
		"dict":     dict,
	}
}

// plural prints a count with its word: 1 Paket, 7 Pakete.
func plural(l Lang, n int, de1, deN, en1, enN string) string {
	one, many := T(de1, en1).In(l), T(deN, enN).In(l)
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// joinPath builds a path of ours from parts, each escaped.
func joinPath(base string, parts ...string) string {
	for _, p := range parts {
		base += "/" + url.PathEscape(p)
	}
	return base
}

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

type noticeView struct {
	Tone string
	Text any // string, or template.HTML for what holds a customer number
}
