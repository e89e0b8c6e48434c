package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/marks"
)

// Form is the body of a request, sent as a form or as a flat JSON object with
// the same names.
type Form struct{ values map[string]string }

type formResult struct {
	form Form
	err  error
}

// Get returns a field as it was sent, "" if it was not.
func (f Form) Get(name string) string { return f.values[name] }

// Has tells whether a field was sent, empty or not.
func (f Form) Has(name string) bool { _, ok := f.values[name]; return ok }

// Text returns a field with the blanks around it removed and those within it
// folded to one: what people mean by a name, a street, a number. Not for passwords.
func (f Form) Text(name string) string { return strings.Join(strings.Fields(f.values[name]), " ") }

// Form reads the body once and checks it (S17): unknown kinds of body, broken
// encodings, repeated fields, control characters and too long values are
// refused with a 4xx that names the field. Characters that nobody sees are
// dropped: telephones copy numbers between marks of direction. Where a value is
// refused with a 422, the form is there all the same, without what was refused
// in it, so that a page can keep what was typed.
func (r *Request) Form() (Form, error) {
	if r.formResult == nil {
		f, err := r.readForm()
		r.formResult = &formResult{f, err}
	}
	return r.formResult.form, r.formResult.err
}

func (r *Request) readForm() (Form, error) {
	pairs, err := parseBody(r.Header.Get("Content-Type"), r.body)
	if err != nil {
		return Form{}, err
	}
	f := Form{values: make(map[string]string, len(pairs))}
	if len(pairs) > maxFields {
		return Form{}, BadRequest("too_many_fields", malformed)
	}
	var refused *Error
	for _, p := range pairs {
		if _, twice := f.values[p.name]; twice {
			return Form{}, fieldProblem(http.StatusBadRequest, p.name, "repeated_field",
				lang.T("Diese Angabe wurde zweimal gesendet."))
		}
		if textProblem(p.name, false) != "" || len(p.name) > maxField {
			return Form{}, BadRequest("invalid_field_name", malformed)
		}
		value := r.asMeant(p.name, p.value)
		if err := r.checkField(p.name, value); err != nil {
			value = readable(value, r.route.multiline(p.name))
			if refused == nil {
				refused = err
			} else {
				refused.Fields = append(refused.Fields, err.Fields...)
			}
		}
		f.values[p.name] = value
	}
	if refused != nil {
		return f, refused
	}
	return f, nil
}

// asMeant is a value without the characters that nobody sees and no line of a
// form needs. In a password and in a text of several lines only marks of
// direction are dropped.
func (r *Request) asMeant(name, value string) string {
	if !utf8.ValidString(value) {
		return value // refused
	}
	if r.route.multiline(name) || strings.Contains(strings.ToLower(name), "password") {
		return marks.DropDirections(value)
	}
	return strings.ReplaceAll(marks.Drop(value), "\t", " ") // as a table's cell is copied
}

// readable is a refused value as it can be shown again.
func readable(value string, multiline bool) string {
	return strings.Map(func(c rune) rune {
		switch {
		case multiline && inLines(c):
			return c
		case unicode.IsControl(c):
			return ' '
		}
		return c
	}, marks.DropDirections(strings.ToValidUTF8(value, "")))
}

func (r *Request) checkField(name, value string) *Error {
	if p := textProblem(value, r.route.multiline(name)); p != "" {
		return fieldProblem(http.StatusUnprocessableEntity, name, p, textProblems[p])
	}
	if limit := r.route.limit(name); len(value) > limit {
		return tooLong(name, limit)
	}
	return nil
}

func tooLong(name string, limit int) *Error {
	return fieldProblem(http.StatusUnprocessableEntity, name, "too_long", lang.T("Diese Eingabe ist zu lang. Erlaubt sind höchstens %d Zeichen.", limit))
}

var malformed = lang.T("Die Eingaben kamen beschädigt an. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.")

func fieldProblem(status int, field, code string, msg lang.Text) *Error {
	return &Error{Status: status, Code: code, Message: lang.T("Eine Ihrer Eingaben können wir so nicht annehmen."),
		Fields: []FieldError{Invalid(field, code, msg)}}
}

type pair struct{ name, value string }

func parseBody(contentType string, body []byte) ([]pair, error) {
	if len(body) == 0 {
		return nil, nil
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = ""
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		return parsePairs(string(body))
	case "application/json":
		if !utf8.Valid(body) { // the decoder would put a replacement character there
			return nil, BadRequest("invalid_encoding", malformed)
		}
		return parseObject(body)
	}
	return nil, &Error{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type", Message: malformed}
}

func parsePairs(body string) ([]pair, error) {
	var pairs []pair
	for part := range strings.SplitSeq(body, "&") {
		if part == "" {
			continue
		}
		k, v, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(k)
		value, err2 := url.QueryUnescape(v)
		if err = errors.Join(err, err2); err != nil {
			return nil, BadRequest("invalid_encoding", malformed).Because(err)
		}
		pairs = append(pairs, pair{name, value})
	}
	return pairs, nil
}

// parseObject reads a flat JSON object token by token, since a decoder into a
// map would silently keep the last of two equal names.
func parseObject(body []byte) ([]pair, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	bad := func(err error) ([]pair, error) { return nil, BadRequest("invalid_json", malformed).Because(err) }
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return bad(err)
	}
	var pairs []pair
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return bad(err)
		}
		v, err := d.Token()
		if err != nil {
			return bad(err)
		}
		value, ok := scalar(v)
		if !ok {
			return bad(errors.New("a value is not a string, number or bool"))
		}
		pairs = append(pairs, pair{k.(string), value})
	}
	if _, err := d.Token(); err != nil {
		return bad(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return bad(errors.New("something follows the object"))
	}
	return pairs, nil
}

func scalar(t json.Token) (string, bool) {
	switch v := t.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	case nil:
		return "", true
	}
	return "", false
}
