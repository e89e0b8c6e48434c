package alarms

import (
	"fmt"
	"regexp"
	"strings"
)

// matcher says whether a line of the log is counted.
type matcher func(line map[string]any) bool

// token of a filter's pattern: a bracket, an operator, a field, or a text in quotes.
var token = regexp.MustCompile(`^\s*(\{|\}|\(|\)|&&|\|\||!=|=|\$\.[\w.]+|"[^"]*"|IS TRUE|IS FALSE)`)

// parsePattern reads the patterns for JSON that our filters use; anything else is an error.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
func parsePattern(pattern string) (matcher, error) {
	p := &parser{}
	for rest := strings.TrimSpace(pattern); rest != ""; {
		found := token.FindStringSubmatch(rest)
		if found == nil {
			return nil, fmt.Errorf("the filter has %q", rest)
		}
		p.tokens, rest = append(p.tokens, found[1]), strings.TrimSpace(rest[len(found[0]):])
	}
	if p.next() != "{" {
		return nil, fmt.Errorf("no pattern for JSON: %s", pattern)
	}
	m, err := p.any()
	if err != nil {
		return nil, err
	}
	if p.next() != "}" || len(p.tokens) > 0 {
		return nil, fmt.Errorf("the filter does not end: %s", pattern)
	}
	return m, nil
}

type parser struct{ tokens []string }

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	first := p.tokens[0]
	p.tokens = p.tokens[1:]
	return first
}

func (p *parser) peek(what string) bool { return len(p.tokens) > 0 && p.tokens[0] == what }

func (p *parser) any() (matcher, error) {
	m, err := p.all()
	for err == nil && p.peek("||") {
		p.next()
		var other matcher
		left := m
		if other, err = p.all(); err == nil {
			m = func(line map[string]any) bool { return left(line) || other(line) }
		}
	}
	return m, err
}

func (p *parser) all() (matcher, error) {
	m, err := p.one()
	for err == nil && p.peek("&&") {
		p.next()
		var other matcher
		left := m
		if other, err = p.one(); err == nil {
			m = func(line map[string]any) bool { return left(line) && other(line) }
		}
	}
	return m, err
}

func (p *parser) one() (matcher, error) {
	field := p.next()
	if field == "(" {
		m, err := p.any()
		if err == nil && p.next() != ")" {
			err = fmt.Errorf("a bracket is open")
		}
		return m, err
	}
	if !strings.HasPrefix(field, "$.") {
		return nil, fmt.Errorf("%q is no field", field)
	}
	path := strings.Split(field[2:], ".")
	switch operator := p.next(); operator {
	case "IS TRUE", "IS FALSE":
		return func(line map[string]any) bool {
			v, ok := at(line, path).(bool)
			return ok && v == (operator == "IS TRUE")
		}, nil
	case "=", "!=":
		quoted := p.next()
		if !strings.HasPrefix(quoted, `"`) {
			return nil, fmt.Errorf("%s is compared with %q", field, quoted)
		}
		// A star stands for any text.
		like := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(strings.Trim(quoted, `"`)), `\*`, ".*") + "$")
		return func(line map[string]any) bool {
			v, ok := at(line, path).(string)
			return ok && like.MatchString(v) == (operator == "=")
		}, nil
	default:
		return nil, fmt.Errorf("%s %q", field, operator)
	}
}

func at(line map[string]any, path []string) any {
	var v any = line
	for _, name := range path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}
