package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// exchange is one request on its way to an answer.
type exchange struct {
	app *app
	w   http.ResponseWriter
	req *Request
}

// page renders into a buffer first, so that a template that fails halfway
// becomes a clean error page.
func (x *exchange) page(name string, view any, p *reply) error {
	if x.req.WantsJSON() {
		if p.err != nil {
			return x.problem(p.err, p)
		}
		return x.json("application/json", view, p)
	}
	if p.err != nil {
		x.retryAfter(p.err, p)
		x.req.event.refused(p.err)
	}
	var b bytes.Buffer
	if err := x.app.pages.render(&b, name, x.pageData(view, p)); err != nil {
		return err
	}
	return x.send("text/html; charset=utf-8", b.Bytes(), p)
}

func (x *exchange) pageData(view any, p *reply) *PageData {
	r := x.req
	account := r.account
	if p.account != nil {
		account = p.account
	}
	return &PageData{View: view, Lang: r.Lang, Path: r.URL.Path, Status: p.status, Error: p.err, Summary: p.err != nil && p.body != nil, Notices: p.notices,
		Account: account, Config: r.Config, Now: r.Now, RequestID: r.ID, title: p.title, switchPath: x.switchPath(), kept: r.kept}
}

// switchPath is where the language switch leads: this page if it can be got,
// otherwise the page the form stands on.
func (x *exchange) switchPath() string {
	r := x.req
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.getExists(r.URL.Path) {
		return r.URL.RequestURI()
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if r.getExists("/" + first) {
		return "/" + first
	}
	return "/"
}

func (x *exchange) redirect(target string, own bool, p *reply) error {
	if own && !OwnPath(target) {
		x.req.Note("redirect", "to another page: the target is no path of ours, or too long")
		target = withoutQuery(target)
	}
	p.header.Set("Location", target)
	return x.json("application/json", map[string]string{"location": target}, p)
}

// withoutQuery is the page of a target that cannot be gone to as it is, or the start page. What was done is done when its
// redirect is written: it must not end in an error.
func withoutQuery(target string) string {
	page, _, _ := strings.Cut(target, "?")
	if OwnPath(page) {
		return page
	}
	return "/"
}

// MaxPath is the longest own path, in bytes: API Gateway takes 10,240 bytes of all headers together ("Quotas for HTTP APIs").
const MaxPath = 2048

// OwnPath tells whether a return target is a path on this site (S18): browsers
// read "//host", "/\host" and control characters as another site's address.
func OwnPath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") &&
		!strings.ContainsAny(s, "\\") && textProblem(s, false) == "" && len(s) <= MaxPath
}

// problem is RFC 9457 with our stable code and the refused fields.
func (x *exchange) problem(e *Error, p *reply) error {
	x.retryAfter(e, p)
	x.req.event.refused(e)
	p.status = e.Status
	body := Problem{Type: "about:blank", Title: http.StatusText(e.Status), Status: e.Status, Code: e.Code,
		Detail: e.Message.In(x.req.Lang), RequestID: x.req.ID}
	for _, f := range e.Fields {
		body.Fields = append(body.Fields, ProblemField{f.Field, f.Code, f.Message.In(x.req.Lang)})
	}
	return x.json("application/problem+json", body, p)
}

// Problem is the body of an error for JSON clients.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      string         `json:"code"`
	Detail    string         `json:"detail"`
	Fields    []ProblemField `json:"fields,omitempty"`
	RequestID string         `json:"requestId,omitempty"`
}

// ProblemField is one refused field in a Problem.
type ProblemField struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (x *exchange) retryAfter(e *Error, p *reply) {
	if e.RetryAfter > 0 {
		seconds := int((e.RetryAfter + time.Second - 1) / time.Second)
		p.header.Set("Retry-After", strconv.Itoa(seconds))
	}
	if e.Allow != "" {
		p.header.Set("Allow", e.Allow)
	}
}

func (x *exchange) json(contentType string, v any, p *reply) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(true)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return x.send(contentType, b.Bytes(), p)
}

// send is the only place that writes an answer. Nothing is written of one that would not arrive.
func (x *exchange) send(contentType string, body []byte, p *reply) error {
	h := maps.Clone(x.w.Header())
	maps.Copy(h, p.header)
	if err := handedOn(h, p.cookies, body); err != nil {
		return err
	}
	h = x.w.Header()
	maps.Copy(h, p.header)
	for _, c := range p.cookies {
		http.SetCookie(x.w, c)
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	x.req.event.status = p.status
	x.nameRefusal(p.status)
	x.w.WriteHeader(p.status)
	if x.req.Method == http.MethodHead {
		return nil
	}
	_, err := x.w.Write(body)
	if err != nil {
		x.req.event.note("write_error", err.Error())
	}
	return nil
}
