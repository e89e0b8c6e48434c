package web

import (
	"net/http"

	"kundenkonto/shared/lang"
)

// Response is what a handler answers with. The methods return the same response
// for chaining; those that make no sense for a kind of response do nothing.
type Response interface {
	// Status sets the HTTP status of a page, 200 if not called.
	Status(code int) Response
	// Title replaces the title of a page.
	Title(t lang.Text) Response
	// WithError shows err as the error summary and beside its fields, and takes
	// its status; a JSON client gets it as problem+json. nil changes nothing.
	WithError(err *Error) Response
	// WithNotice shows a sentence above the content; tone is "success", "info" or "warning".
	WithNotice(tone string, t lang.Text) Response
	WithCookie(c *http.Cookie) Response
	WithHeader(name, value string) Response
	// Signed puts who is signed in into the frame.
	Signed(a AccountHeader) Response

	write(x *exchange) error
}

// reply holds what all kinds of response share.
type reply struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	title   *lang.Text
	err     *Error
	notices []Notice
	account *AccountHeader
	body    func(x *exchange, p *reply) error
}

// Notice is one sentence above the content of a page.
type Notice struct {
	Tone string // success, info, warning
	Text lang.Text
}

func newReply(status int, body func(*exchange, *reply) error) *reply {
	return &reply{status: status, header: http.Header{}, body: body}
}

// Page renders pages/<name>.html with view, or view itself as JSON for a client
// that asks for JSON.
func Page(name string, view any) Response {
	return newReply(http.StatusOK, func(x *exchange, p *reply) error { return x.page(name, view, p) })
}

// LinkUsed is a page that explains why a mailed link is no longer good. 410 tells programs that asking again does not help;
// they get a problem with the code link_used.
func LinkUsed(name string, view any) Response {
	return newReply(http.StatusGone, func(x *exchange, p *reply) error {
		if x.req.WantsJSON() {
			return x.problem(&Error{Status: http.StatusGone, Code: "link_used", Message: lang.T("Dieser Link gilt nicht mehr.")}, p)
		}
		x.req.Note("outcome", "link_used")
		return x.page(name, view, p)
	})
}

// SeeOther answers 303. path is one of our own paths. Anything else leads to its page
// without the query, or to the start: an open redirect must be impossible (S18), and what was done must not end in an error.
func SeeOther(path string) Response {
	return newReply(http.StatusSeeOther, func(x *exchange, p *reply) error { return x.redirect(path, true, p) })
}

// SeeOutside answers 303 to another origin. target must come from our
// configuration (the issuer of the staff sign-in), never from a request.
func SeeOutside(target string) Response {
	return newReply(http.StatusSeeOther, func(x *exchange, p *reply) error { return x.redirect(target, false, p) })
}

// JSON answers v as JSON whatever the client asked for.
func JSON(status int, v any) Response {
	return newReply(status, func(x *exchange, p *reply) error { return x.json("application/json", v, p) })
}

// Raw answers bytes as they are.
func Raw(status int, contentType string, body []byte) Response {
	return newReply(status, func(x *exchange, p *reply) error { return x.send(contentType, body, p) })
}

func (p *reply) Status(code int) Response   { p.status = code; return p }
func (p *reply) Title(t lang.Text) Response { p.title = &t; return p }

func (p *reply) WithError(err *Error) Response {
	if err != nil {
		p.err, p.status = err, err.Status
	}
	return p
}

func (p *reply) WithNotice(tone string, t lang.Text) Response {
	p.notices = append(p.notices, Notice{tone, t})
	return p
}

func (p *reply) WithCookie(c *http.Cookie) Response { p.cookies = append(p.cookies, c); return p }

func (p *reply) WithHeader(name, value string) Response { p.header.Set(name, value); return p }

func (p *reply) Signed(a AccountHeader) Response { p.account = &a; return p }

func (p *reply) write(x *exchange) error { return p.body(x, p) }
