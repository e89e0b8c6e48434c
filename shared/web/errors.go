package web

import (
	"fmt"
	"net/http"
	"time"

	"kundenkonto/shared/lang"
)

// Error is what a visitor is told when a request is refused or fails. It is an
// error, so a handler just returns it; the App turns it into a page or into
// problem+json (RFC 9457). Code is stable and part of the interface.
type Error struct {
	Status     int
	Code       string
	Message    lang.Text // a sentence that says what is wrong and what to do
	Fields     []FieldError
	RetryAfter time.Duration // rounded up to seconds in the Retry-After header
	Allow      string        // methods, with 405 only
	Cause      error         // logged, never shown
	Alarm      string        // logged, where somebody of ours must look
}

// FieldError is what is wrong with one field of a form.
type FieldError struct {
	Field   string
	Code    string
	Message lang.Text
}

// Error implements error for logs; visitors never see it.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%d %s: %v", e.Status, e.Code, e.Cause)
	}
	return fmt.Sprintf("%d %s", e.Status, e.Code)
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// Because returns a copy of e with a cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Invalid makes a field error.
func Invalid(field, code string, msg lang.Text) FieldError {
	return FieldError{Field: field, Code: code, Message: msg}
}

// BadRequest is 400: the request itself is malformed.
func BadRequest(code string, msg lang.Text, fields ...FieldError) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code, Message: msg, Fields: fields}
}

// Unauthorized is 401, for JSON clients without a session; browsers are sent to
// the sign-in instead.
func Unauthorized() *Error {
	return &Error{Status: http.StatusUnauthorized, Code: "unauthorized",
		Message: lang.T("Bitte melden Sie sich an.")}
}

// Forbidden is 403.
func Forbidden(code string, msg lang.Text) *Error {
	return &Error{Status: http.StatusForbidden, Code: code, Message: msg}
}

// NotFound is 404, also for what exists but belongs to somebody else (S11).
func NotFound() *Error {
	return &Error{Status: http.StatusNotFound, Code: "not_found", Message: lang.T("Diese Seite gibt es nicht. Vielleicht ist die Adresse unvollständig oder veraltet.")}
}

// Conflict is 409: somebody or something changed the data meanwhile.
func Conflict(code string, msg lang.Text) *Error {
	return &Error{Status: http.StatusConflict, Code: code, Message: msg}
}

// Unprocessable is 422: the form was read, its content is refused.
func Unprocessable(code string, msg lang.Text, fields ...FieldError) *Error {
	return &Error{Status: http.StatusUnprocessableEntity, Code: code, Message: msg, Fields: fields}
}

// TooMany is 429; after is told in the Retry-After header.
func TooMany(after time.Duration, msg lang.Text) *Error {
	return &Error{Status: http.StatusTooManyRequests, Code: "too_many_requests", Message: msg, RetryAfter: after}
}

// TooManyTries begins most refusals of a pause.
var TooManyTries = lang.T("Zu viele Versuche.")

// Paused is 429 that tells when to try again: what were too many, then when. It stands at the named fields, too.
func Paused(tooMany lang.Text, after time.Duration, now time.Time, fields ...string) *Error {
	when := again(after, now)
	err := TooMany(after, lang.T("%s %s können Sie es wieder versuchen.", tooMany, when))
	for _, name := range fields {
		err.Fields = append(err.Fields, Invalid(name, err.Code, err.Message))
	}
	return err
}

// Unavailable is 503: a part we need did not answer; asking again helps (L1).
func Unavailable(cause error) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Code: "unavailable", Message: lang.T("Das hat gerade nicht geklappt. Bitte versuchen Sie es in einer Minute noch einmal."),
		RetryAfter: 10 * time.Second, Cause: cause}
}

// internal is 500: our own mistake.
func internal(cause error) *Error {
	return &Error{Status: http.StatusInternalServerError, Code: "internal", Message: lang.T("Bei uns ist ein Fehler aufgetreten. Wir sehen ihn und kümmern uns darum. Bitte versuchen Sie es später noch einmal."),
		Cause: cause}
}

func methodNotAllowed(allow string) *Error {
	return &Error{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Allow: allow, Message: lang.T("So lässt sich diese Adresse nicht aufrufen. Bitte beginnen Sie auf der Startseite.")}
}

func tooLarge() *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: lang.T("Das ist zu viel Text auf einmal. Bitte kürzen Sie Ihre Eingaben.")}
}
