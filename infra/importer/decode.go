package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"kundenkonto/shared/contract"
)

// reader reads one line token by token. Decoding into a struct would silently accept a key that is there twice or in
// another case, take a missing field for an empty one, and replace broken letters by U+FFFD.
type reader struct {
	line  []byte
	d     *json.Decoder
	found findings
	stop  bool // the rest of the line cannot be understood
}

// parse reads one line that is not broken. What it finds wrong names the key or the byte, and never a value (S20).
func parse(line []byte) (Line, findings) {
	r := &reader{line: line, d: json.NewDecoder(bytes.NewReader(line))}
	r.d.UseNumber()
	l := object[Line](r, "", lineFields)
	if _, err := r.d.Token(); !r.stop && !errors.Is(err, io.EOF) {
		r.found = append(r.found, "more than one JSON object on the line: write one customer a line")
	}
	if l.missing["country"] {
		l.Country = defaultCountry
	}
	if l.missing["language"] {
		l.Language = defaultLanguage
	}
	return l, r.found
}

// What a new customer has for a missing field.
const (
	defaultCountry  = "DE"
	defaultLanguage = "de"
)

// broken says what a line is if it is no JSON that can be read safely, "" if it is. skipped bytes stand before it.
func broken(line []byte, skipped int) string {
	if at := badByte(line); at >= 0 {
		return fmt.Sprintf("not valid UTF-8 (byte %d%s): is the file in Latin-1 or Windows-1252? Convert it to UTF-8", skipped+at+1, inField(line[:at]))
	}
	if line[0] != '{' {
		return "not a JSON object: a line is one customer and begins with { (no table of tabs or semicolons, no [ around all customers)"
	}
	var raw json.RawMessage
	d := json.NewDecoder(bytes.NewReader(line))
	if err := d.Decode(&raw); err != nil {
		return plain(err)
	}
	return ""
}

// badByte is the index of the first byte that is no UTF-8, -1 if there is none.
func badByte(line []byte) int {
	for at := 0; at < len(line); {
		r, size := utf8.DecodeRune(line[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

var anyKey = regexp.MustCompile(`"([A-Za-z]{1,40})"\s*:`)

// inField names the last key before a place in a line, for somebody who looks for it.
func inField(before []byte) string {
	keys := anyKey.FindAllSubmatch(before, -1)
	if len(keys) == 0 {
		return ""
	}
	return ", after " + string(keys[len(keys)-1][1])
}

// plain says what the JSON decoder found in words for the operator.
func plain(err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "not valid JSON: the line ends too early. Was the file cut off, or does a customer take several lines?"
	case errors.As(err, &syntax):
		return fmt.Sprintf("not valid JSON: %v (after %d bytes)", syntax, syntax.Offset)
	}
	return "not valid JSON"
}

func (r *reader) add(format string, args ...any) {
	r.found = append(r.found, fmt.Sprintf(format, args...))
}

// token is the next token; strings are looked at as they are written.
func (r *reader) token(name string) json.Token {
	before := r.d.InputOffset()
	t, err := r.d.Token()
	if err != nil {
		if !r.stop {
			r.add("%s", plain(err))
		}
		r.stop = true
		return nil
	}
	if _, text := t.(string); text {
		if at := loneSurrogate(r.line[before:r.d.InputOffset()]); at >= 0 {
			r.add("field %s has half a character in it (\\ud800 to \\udfff without its other half, byte %d): write the character itself", name, int(before)+at+1)
		}
	}
	return t
}

// loneSurrogate is the index of an escape that is half of a pair of UTF-16 only, -1 if there is none (RFC 8259, 8.2).
func loneSurrogate(raw []byte) int {
	for at := 0; at+1 < len(raw); at++ {
		if raw[at] != '\\' {
			continue
		}
		code, unit := escaped(raw[at:])
		switch {
		case !unit:
			at++ // another escape, such as \\ or \n
		case code >= 0xD800 && code < 0xDC00:
			if low, ok := escaped(raw[at+6:]); !ok || low < 0xDC00 || low > 0xDFFF {
				return at
			}
			at += 11
		case code >= 0xDC00 && code <= 0xDFFF:
			return at
		default:
			at += 5
		}
	}
	return -1
}

// escaped is the number of an escape \uXXXX at the beginning of raw.
func escaped(raw []byte) (code uint64, ok bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	code, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	return code, err == nil
}

// object reads an object with exactly these fields.
func object[T any, P interface {
	*T
	missingFields(missing)
}](r *reader, name string, fields []field[T]) T {
	var into T
	if !r.opens(name, '{') {
		return into
	}
	seen := map[string]bool{}
	for !r.stop && r.d.More() {
		key, _ := r.token(join(name, "a key")).(string)
		at := join(name, key)
		f := named(fields, key)
		switch {
		case f == nil:
			unknown := strconv.Quote(shortened(at))
			r.add("unknown field %s%s", unknown, meant(fields, key))
			r.skip(unknown)
		case seen[key]:
			r.add("field %s is there twice: which of the two counts?", at)
			r.skip(at)
		default:
			f.read(r, at, &into)
		}
		seen[key] = true
	}
	r.token(name) // the end of the object
	gone := missing{}
	var needed []string
	for _, f := range fields {
		gone[f.name] = !seen[f.name]
		if gone[f.name] && !f.optional {
			needed = append(needed, join(name, f.name))
		}
	}
	if len(needed) > 0 && !r.stop {
		r.add("field %s is missing: write it, empty if there is none", strings.Join(needed, ", "))
	}
	P(&into).missingFields(gone)
	return into
}

func join(name, key string) string {
	if name == "" {
		return key
	}
	return name + "." + key
}

func named[T any](fields []field[T], key string) *field[T] {
	for i := range fields {
		if fields[i].name == key {
			return &fields[i]
		}
	}
	return nil
}

// meant helps with a key that differs from a field in its case only.
func meant[T any](fields []field[T], key string) string {
	for _, f := range fields {
		if strings.EqualFold(f.name, key) {
			return ": it is written " + f.name
		}
	}
	return ""
}

const longestKey = 60

func shortened(key string) string {
	if runes := []rune(key); len(runes) > longestKey {
		return string(runes[:longestKey]) + "…"
	}
	return key
}

// list reads the elements of a list.
func (r *reader) list(name string, element func(name string)) {
	if !r.opens(name, '[') {
		return
	}
	for i := 0; !r.stop && r.d.More(); i++ {
		element(fmt.Sprintf("%s[%d]", name, i))
	}
	r.token(name)
}

// opens takes the beginning of an object or list. Anything else is refused and skipped.
func (r *reader) opens(name string, want json.Delim) bool {
	t := r.token(name)
	if t == want {
		return true
	}
	r.other(name, map[json.Delim]string{'{': "object", '[': "list"}[want], t)
	return false
}

func (r *reader) text(name string) string {
	t := r.token(name)
	s, ok := t.(string)
	if !ok {
		r.other(name, "string", t)
	}
	return s
}

func (r *reader) boolean(name string) bool {
	t := r.token(name)
	b, ok := t.(bool)
	if !ok {
		r.other(name, "true or false", t)
	}
	return b
}

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// number reads a whole number. 12.0 and 1e3 are refused: they come from a program that took cents for euros or lost digits.
func (r *reader) number(name string, least, most int64) int64 {
	t := r.token(name)
	literal, ok := t.(json.Number)
	if !ok {
		r.other(name, "number", t)
		return 0
	}
	if !wholeNumber.MatchString(string(literal)) {
		r.add("field %s must be a whole number, written without a point or an exponent", name)
		return 0
	}
	n, err := strconv.ParseInt(string(literal), 10, 64)
	if err != nil || len(literal) > longestNumber || n < least || n > most {
		r.add("%s: must be %d to %d", name, least, most)
		return 0
	}
	return n
}

// renewal reads a number of months or the word for none.
func (r *reader) renewal(name string) contract.Renewal {
	t := r.token(name)
	if t == string(contract.Indefinite) {
		return contract.Indefinite
	}
	want := fmt.Sprintf("number of 1 to %d months or %q", contract.MostMonths, contract.Indefinite)
	months, ok := t.(json.Number)
	renewal := contract.Renewal(months)
	switch {
	case !ok:
		r.other(name, want, t)
	case !wholeNumber.MatchString(string(months)) || !renewal.Valid():
		r.add("field %s must be a %s", name, want)
	default:
		return renewal
	}
	return ""
}

// other refuses a value of another kind, and skips it.
func (r *reader) other(name, want string, t json.Token) {
	if r.stop {
		return
	}
	hint := ""
	if t == nil {
		hint = ": write \"\" if there is none"
		if want != "string" {
			hint = ""
		}
	}
	r.add("field %s must be %s, not %s%s", nameOf(name), article(want), kind(t), hint)
	if d, ok := t.(json.Delim); ok && (d == '{' || d == '[') {
		r.leave(name)
	}
}

func nameOf(name string) string {
	if name == "" {
		return "(the whole line)"
	}
	return name
}

func article(want string) string {
	switch want {
	case "true or false":
		return want
	case "object":
		return "an object"
	}
	return "a " + want
}

func kind(t json.Token) string {
	switch t := t.(type) {
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "a list"
	}
	return "null"
}

// skip leaves out a value.
func (r *reader) skip(name string) {
	if d, ok := r.token(name).(json.Delim); ok && (d == '{' || d == '[') {
		r.leave(name)
	}
}

// leave goes to the end of the object or list that was just opened.
func (r *reader) leave(name string) {
	for depth := 1; depth > 0 && !r.stop; {
		if d, ok := r.token(name).(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else {
				depth--
			}
		}
	}
}
