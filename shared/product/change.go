package product

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kundenkonto/shared/lang"
)

// Problem is what is wrong with a value: a stable code and a sentence that says what to do.
type Problem struct {
	Setting string
	Code    string
	Words   lang.Text
}

// Apply puts what was entered into the stored settings of a package. changed are the names of those that have another
// value now, in the order of the page; what is wrong is not put in. Names that the product does not have are left out
// (S11), and a setting that was not entered stays as it is.
func (t Table) Apply(product string, stored, entered map[string]string) (next map[string]string, changed []string, problems []Problem) {
	next = maps.Clone(stored)
	if next == nil {
		next = map[string]string{}
	}
	for _, s := range t.Of(product) {
		value, sent := entered[s.Name]
		if !sent {
			continue
		}
		value = strings.Join(strings.Fields(value), " ")
		if p := s.check(value); p != nil {
			p.Setting = s.Name
			problems = append(problems, *p)
			continue
		}
		if value != s.Of(stored) {
			next[s.Name] = value
			changed = append(changed, s.Name)
		}
	}
	return next, changed, problems
}

func (s Setting) check(value string) *Problem {
	switch {
	case len(s.Choices) > 0:
		if !slices.Contains(s.Values(), value) {
			return &Problem{Code: "unknown_value", Words: lang.T("Wählen Sie einen der angebotenen Werte.")}
		}
	case utf8.RuneCountInString(value) > s.Max:
		return &Problem{Code: "too_long", Words: lang.T("Diese Angabe ist zu lang. Höchstens %d Zeichen sind möglich.", s.Max)}
	case s.Check != nil && value != "":
		return s.Check(value)
	}
	return nil
}

// hostForm is a host name with a domain (RFC 1123, 2.1): labels of letters, digits and inner hyphens, the last one no number.
var hostForm = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$`)

func hostName(value string) *Problem {
	if hostForm.MatchString(value) {
		return nil
	}
	return &Problem{Code: "host_name_form", Words: lang.T("Das ist kein vollständiger Rechnername. Er besteht aus Buchstaben, Ziffern, Bindestrichen und Punkten, zum Beispiel server1.beispiel.example.")}
}
