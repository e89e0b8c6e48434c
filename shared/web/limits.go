package web

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"unicode"
	"unicode/utf8"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/marks"
)

// The limits of S17.
const (
	maxBody        = 64 << 10
	maxField       = 4 << 10
	maxValue       = 1000 // of what may become a key: DynamoDB takes 1,024 bytes of a sort key, a prefix of ours among them
	maxFields      = 100
	maxHeaders     = 100
	maxHeaderBytes = 10_240 // with the request line, as API Gateway counts; it refuses more itself
)

// What API Gateway and Lambda hand on of an answer. Line and headers are counted like a request's.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxAnswerHeaders = 10_240
	maxAnswer        = 6<<20 - 64<<10 // the body as a JSON text, beside the headers
)

// textProblem says why a text is refused, "" if it is fine. Bidirectional marks
// can make a text read differently from what it says; a form drops them, and
// nothing else needs them.
func textProblem(s string, multiline bool) string {
	if !utf8.ValidString(s) {
		return "invalid_encoding"
	}
	for _, c := range s {
		switch {
		case multiline && inLines(c):
		case unicode.IsControl(c):
			return "control_character"
		case unicode.Is(unicode.Bidi_Control, c):
			return "bidi_character"
		}
	}
	return ""
}

// inLines are the control characters that a text of several lines may have.
func inLines(c rune) bool { return c == '\n' || c == '\r' || c == '\t' }

var textProblems = map[string]lang.Text{
	"invalid_encoding":  lang.T("Diese Eingabe enthält beschädigte Zeichen. Bitte tippen Sie sie neu ein."),
	"control_character": lang.T("Diese Eingabe enthält unsichtbare Steuerzeichen. Bitte tippen Sie sie neu ein."),
}

// checkRequest refuses odd paths, queries and headers before any handler runs.
func checkRequest(r *http.Request) *Error {
	if n, size := headerSize(r.Header); n > maxHeaders || size+len(r.Method)+len(r.URL.RequestURI()) > maxHeaderBytes {
		return &Error{Status: http.StatusRequestHeaderFieldsTooLarge, Code: "headers_too_large", Message: lang.T("Ihr Browser hat zu viele Angaben mitgeschickt. Bitte löschen Sie die Cookies dieser Seite und versuchen Sie es noch einmal.")}
	}
	for _, values := range r.Header {
		for _, v := range values {
			if hasControl(v) {
				return badAddress("control_character")
			}
		}
	}
	if p := textProblem(r.URL.Path, false); p != "" {
		return badAddress(p)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return badAddress("invalid_encoding")
	}
	for name, values := range query { // a search is pasted, too
		if bare := marks.DropDirections(values[0]); bare != values[0] && utf8.ValidString(values[0]) {
			query[name][0] = bare
			r.URL.RawQuery = query.Encode()
		}
	}
	return checkQuery(query)
}

func checkQuery(query url.Values) *Error {
	for name, values := range query {
		if len(values) > 1 {
			return badAddress("repeated_field")
		}
		for _, s := range []string{name, values[0]} {
			if p := textProblem(s, false); p != "" {
				return badAddress(p)
			}
			if len(s) > maxField {
				return badAddress("too_long")
			}
		}
	}
	return nil
}

// checkAddress refuses values of the path and the query that are longer than their field takes. A path names a thing, and
// there is none of so long a name.
func (r *Request) checkAddress() *Error {
	for _, f := range r.route.Fields {
		if f.In == InPath && len(r.PathValue(f.Name)) > r.route.limit(f.Name) {
			return NotFound()
		}
	}
	for name, values := range r.URL.Query() {
		if limit := max(r.route.limit(name), maxValue); len(values[0]) > limit {
			return tooLong(name, limit)
		}
	}
	return nil
}

func badAddress(code string) *Error {
	return BadRequest(code, lang.T("Diese Adresse ist beschädigt. Bitte prüfen Sie den Link oder beginnen Sie auf der Startseite."))
}

func headerSize(h http.Header) (n, size int) {
	for name, values := range h {
		for _, v := range values {
			n++
			size += len(name) + len(v)
		}
	}
	return n, size
}

// AnswerSize is how many bytes of an answer's 6 MB a body takes: Lambda hands it on as a JSON text, in which quotes and angle
// brackets grow.
func AnswerSize(body []byte) int {
	if !utf8.Valid(body) {
		return base64.StdEncoding.EncodedLen(len(body))
	}
	text, _ := json.Marshal(string(body)) // a text always has a form in JSON
	return len(text)
}

// handedOn says that API Gateway and Lambda take an answer.
func handedOn(h http.Header, cookies []*http.Cookie, body []byte) error {
	_, size := headerSize(h)
	for _, c := range cookies {
		size += len("Set-Cookie") + len(c.String())
	}
	if size > maxAnswerHeaders {
		return fmt.Errorf("an answer with %d bytes of headers, more than the %d of API Gateway", size, maxAnswerHeaders)
	}
	if len(body) > maxAnswer/6 && AnswerSize(body) > maxAnswer { // a byte becomes six at most
		return fmt.Errorf("an answer of %d bytes, more than Lambda's 6 MB", len(body))
	}
	return nil
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return true
		}
	}
	return false
}
