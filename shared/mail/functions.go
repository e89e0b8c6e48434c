package mail

import (
	"text/template"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// functions are what the templates may call; what they return is said in a language.
func functions(l lang.Lang) template.FuncMap {
	return template.FuncMap{
		"clean": clean,
		"and":   func(list []string) string { return lang.List(list).In(l) },
		"date":  func(t time.Time) string { return lang.Day(t).In(l) },
		"at":    func(t time.Time) string { return lang.ZonedMoment(t).In(l) },
		"field": func(name string) string { return fieldName(l, name) },
		"what":  func(w What) string { return whatWords[w].In(l) },
		"hours": func(n int) string { return lang.N(n, "%d Stunde", "%d Stunden").In(l) },
		"n":     func(n int, one, many string, args ...any) string { return lang.N(n, one, many, args...).In(l) },
		"many":  func(list []string) bool { return len(list) > 1 },
	}
}

// fieldName is what the pages call a field of the master data.
func fieldName(l lang.Lang, name string) string {
	if name == "language" {
		return lang.T("Sprache").In(l)
	}
	if label := merge.Field(name).Words().In(l); label != "" {
		return label
	}
	return name
}
