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
	"unicode/utf8"
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
// refused with a 4xx that names the field.
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
	for _, p := range pairs {
		if _, twice := f.values[p.name]; twice {
			return Form{}, fieldProblem(http.StatusBadRequest, p.name, "repeated_field",
				T("Diese Angabe kam zweimal.", "This entry was sent twice."))
		}
		if err := r.checkField(p.name, p.value); err != nil {
			return Form{}, err
		}
		f.values[p.name] = p.value
	}
	return f, nil
}

func (r *Request) checkField(name, value string) error {
	if textProblem(name, false) != "" || len(name) > maxField {
		return BadRequest("invalid_field_name", malformed)
	}
	if p := textProblem(value, r.route.multiline(name)); p != "" {
		return fieldProblem(http.StatusUnprocessableEntity, name, p, textProblems[p])
	}
	if limit := r.route.limit(name); len(value) > limit {
		return fieldProblem(http.StatusUnprocessableEntity, name, "too_long", T(
			fmt.Sprintf("Diese Eingabe ist zu lang. Erlaubt sind höchstens %d Zeichen.", limit),
			fmt.Sprintf("This entry is too long. At most %d characters are allowed.", limit)))
	}
	return nil
}

var malformed = T("Die Eingaben kamen beschädigt an. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.",
	"What you entered arrived damaged. Please reload the page and try again.")

func fieldProblem(status int, field, code string, msg Text) *Error {
	return &Error{Status: status, Code: code, Message: T(
		"Eine Ihrer Eingaben können wir so nicht annehmen.", "We cannot accept one of your entries as it is."),
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
