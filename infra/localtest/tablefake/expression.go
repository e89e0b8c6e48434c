package tablefake

import (
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
)

var token = regexp.MustCompile(`\s*(<=|>=|<>|[=<>(),+-]|[#:]?[A-Za-z_][A-Za-z0-9_]*(?:\.#?[A-Za-z_][A-Za-z0-9_]*)*)`)

// parser reads one expression against an item.
type parser struct {
	tokens []string
	item   Item
	w      write
	err    error
}

func newParser(expression string, item Item, w write) *parser {
	return &parser{item: item, w: w, tokens: tokensOf(expression)}
}

// split are the tokens of each expression that was met: a query asks the same of every item.
var split sync.Map

func tokensOf(expression string) []string {
	if known, ok := split.Load(expression); ok {
		return known.([]string)
	}
	var tokens []string
	for _, m := range token.FindAllStringSubmatch(expression, -1) {
		tokens = append(tokens, m[1])
	}
	split.Store(expression, tokens)
	return tokens
}

// holds evaluates a condition. The empty one holds always.
func holds(expression string, item Item, w write) (bool, error) {
	if expression == "" {
		return true, nil
	}
	p := newParser(expression, item, w)
	ok := p.or()
	if p.err == nil && len(p.tokens) > 0 {
		p.fail("rest %v", p.tokens)
	}
	if p.err != nil {
		return false, fmt.Errorf("condition %q: %w", expression, p.err)
	}
	return ok, nil
}

func (p *parser) fail(format string, a ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, a...)
	}
}

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	t := p.peek()
	if t != "" {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) expect(t string) {
	if got := p.next(); got != t {
		p.fail("%q where %q should be", got, t)
	}
}

func (p *parser) or() bool {
	ok := p.and()
	for p.peek() == "OR" {
		p.next()
		right := p.and()
		ok = ok || right
	}
	return ok
}

func (p *parser) and() bool {
	ok := p.term()
	for p.peek() == "AND" {
		p.next()
		right := p.term()
		ok = ok && right
	}
	return ok
}

func (p *parser) term() bool {
	switch p.peek() {
	case "(":
		p.next()
		ok := p.or()
		p.expect(")")
		return ok
	case "NOT":
		p.next()
		return !p.term()
	case "attribute_exists", "attribute_not_exists":
		wanted := p.next() == "attribute_exists"
		p.expect("(")
		exists := p.read(p.next()) != nil
		p.expect(")")
		return exists == wanted
	case "contains", "begins_with":
		function := p.next()
		p.expect("(")
		a := p.operand()
		p.expect(",")
		b := p.operand()
		p.expect(")")
		text, part := fmt.Sprint(a["S"]), fmt.Sprint(b["S"])
		if function == "begins_with" {
			return a != nil && strings.HasPrefix(text, part)
		}
		if set, is := a["SS"].([]any); is {
			return slices.ContainsFunc(set, func(v any) bool { return fmt.Sprint(v) == part })
		}
		return a != nil && strings.Contains(text, part)
	}
	return p.comparison()
}

func (p *parser) comparison() bool {
	a, operator := p.operand(), p.next()
	b := p.operand()
	if operator == "BETWEEN" {
		p.expect("AND")
		c := p.operand()
		return a != nil && compare(a, b) >= 0 && compare(a, c) <= 0
	}
	if a == nil || b == nil {
		return operator == "<>"
	}
	switch operator {
	case "=":
		return same(a, b)
	case "<>":
		return !same(a, b)
	case "<":
		return compare(a, b) < 0
	case "<=":
		return compare(a, b) <= 0
	case ">":
		return compare(a, b) > 0
	case ">=":
		return compare(a, b) >= 0
	}
	p.fail("operator %q", operator)
	return false
}

func (p *parser) name(t string) string {
	if strings.HasPrefix(t, "#") {
		full, known := p.w.ExpressionAttributeNames[t]
		if !known {
			p.fail("name %s", t)
		}
		return full
	}
	return t
}

// read is the attribute of a path such as recovery.id; nil for one that is missing.
func (p *parser) read(path string) Value {
	item := p.item
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		item = inner(item[p.name(step)])
	}
	return item[p.name(steps[len(steps)-1])]
}

// inner are the attributes of a map.
func inner(v Value) Item {
	item := Item{}
	m, _ := v["M"].(map[string]any)
	for name, value := range m {
		item[name], _ = value.(map[string]any)
	}
	return item
}

// assign sets the attribute of a path, or removes it with nil. The maps on the way must be there and are copied.
func (p *parser) assign(item Item, path string, v Value) {
	first, rest, nested := strings.Cut(path, ".")
	name := p.name(first)
	switch {
	case nested && item[name] == nil:
		p.fail("no map %s", name)
	case nested:
		within := inner(item[name])
		p.assign(within, rest, v)
		m := map[string]any{}
		for key, value := range within {
			m[key] = value
		}
		item[name] = Value{"M": m}
	case v == nil:
		delete(item, name)
	default:
		item[name] = v
	}
}

// operand is a value, an attribute or nil for one that is missing.
func (p *parser) operand() Value {
	t := p.next()
	if strings.HasPrefix(t, ":") {
		v, known := p.w.ExpressionAttributeValues[t]
		if !known {
			p.fail("value %s", t)
		}
		return v
	}
	if t == "if_not_exists" {
		p.expect("(")
		v := p.read(p.next())
		p.expect(",")
		other := p.operand()
		p.expect(")")
		if v == nil {
			return other
		}
		return v
	}
	return p.read(t)
}

func same(a, b Value) bool {
	if x, y := number(a), number(b); x != nil && y != nil {
		return x.Cmp(y) == 0
	}
	return reflect.DeepEqual(a, b)
}

func number(v Value) *big.Float {
	text, ok := v["N"].(string)
	if !ok {
		return nil
	}
	n, ok := new(big.Float).SetString(text)
	if !ok {
		return nil
	}
	return n
}

func compare(a, b Value) int {
	if x, y := number(a), number(b); x != nil && y != nil {
		return x.Cmp(y)
	}
	x, _ := a["S"].(string)
	y, _ := b["S"].(string)
	return strings.Compare(x, y)
}

// update applies SET, REMOVE, ADD and DELETE; a new item starts with its key.
func update(old Item, w write) (Item, error) {
	next := Item{}
	maps.Copy(next, w.Key)
	maps.Copy(next, old)
	p := newParser(w.UpdateExpression, old, w)
	for clause := p.next(); clause != "" && p.err == nil; clause = p.next() {
		for more := true; more && p.err == nil; {
			p.change(clause, next)
			if more = p.peek() == ","; more {
				p.next()
			}
		}
	}
	if p.err != nil {
		return nil, fmt.Errorf("update %q: %w", w.UpdateExpression, p.err)
	}
	return next, nil
}

func (p *parser) change(clause string, next Item) {
	path := p.next()
	switch clause {
	case "REMOVE":
		p.assign(next, path, nil)
	case "ADD", "DELETE":
		v, name := p.operand(), p.name(path)
		switch {
		case v["SS"] != nil:
			setMembers(next, name, v, clause == "ADD")
		case clause == "ADD":
			next[name] = sum(next[name], v, 1)
		default:
			p.fail("DELETE of no set")
		}
	case "SET":
		p.expect("=")
		v := p.operand()
		for p.peek() == "+" || p.peek() == "-" {
			sign := int64(1)
			if p.next() == "-" {
				sign = -1
			}
			v = sum(v, p.operand(), sign)
		}
		p.assign(next, path, v)
	default:
		p.fail("clause %q", clause)
	}
}

func sum(a, b Value, sign int64) Value {
	x, y := number(a), number(b)
	if x == nil {
		x = new(big.Float)
	}
	if y == nil {
		y = new(big.Float)
	}
	y = new(big.Float).Mul(y, big.NewFloat(float64(sign)))
	return Value{"N": new(big.Float).Add(x, y).Text('f', -1)}
}

// setMembers puts strings into a set or takes them out; an empty set is no attribute.
func setMembers(item Item, name string, v Value, add bool) {
	given, _ := v["SS"].([]any)
	had, _ := item[name]["SS"].([]any)
	kept := slices.DeleteFunc(slices.Clone(had), func(m any) bool { return slices.Contains(given, m) })
	if add {
		kept = append(kept, given...)
	}
	if len(kept) == 0 {
		delete(item, name)
		return
	}
	item[name] = Value{"SS": kept}
}
