package mail

import (
	"strings"
	"text/template"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

// functions are what templates of one language may call.
func functions(l string, zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"clean": clean,
		"and":   func(list []string) string { return join(l, list) },
		"date":  func(t time.Time) string { return date(l, t.In(zone)) },
		"at":    func(t time.Time) string { return moment(l, t.In(zone)) },
		"field": func(name string) string { return fieldName(lang.Lang(l), name) },
		"what":  func(w What) string { return whatWord(l, w) },
		"many":  func(list []string) bool { return len(list) > 1 },
	}
}

// join writes a list as people do: "a", "a und b", "a, b und c".
func join(lang string, list []string) string {
	and := map[string]string{"de": " und ", "en": " and "}[lang]
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + and + list[len(list)-1]
}

const englishDate = "2 January 2006"

// date writes 23.11.2026 or 23 November 2026.
func date(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format(englishDate)
	}
	return t.Format("02.01.2006")
}

// moment writes a date with its time; English names the zone, since its readers may sit in another one.
func moment(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format(englishDate + ", 15:04 MST")
	}
	return t.Format("02.01.2006, 15:04") + " Uhr"
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
