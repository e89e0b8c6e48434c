package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path"
	"runtime/debug"
	"time"
)

// AppConfig is what an App needs beside its routes.
type AppConfig struct {
	Config
	Now         func() time.Time // the system's clock if nil
	Logger      *slog.Logger     // JSON to stdout if nil
	FormActions []string         // origins a form may lead to beside our own (the staff sign-in)
}

// Clock is Now, or the system's clock without it.
func (cfg AppConfig) Clock() func() time.Time {
	if cfg.Now == nil {
		return time.Now
	}
	return cfg.Now
}

// answerReserve is the time kept before Lambda's own deadline to still render
// an answer (L4).
const answerReserve = time.Second

type app struct {
	cfg    AppConfig
	policy string
	pages  *Pages
	mux    *http.ServeMux
}

// NewApp puts the routes of a slice behind the checks that hold for all of them.
// It panics on a pattern that net/http refuses, which a test of the slice finds.
func NewApp(cfg AppConfig, pages *Pages, routes []Route) http.Handler {
	cfg.Now = cfg.Clock()
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.NewJSONHandler(os.Stdout, nil))
	}
	if pages == nil {
		pages = builtin()
	}
	a := &app{cfg: cfg, policy: csp(cfg.FormActions), pages: pages, mux: http.NewServeMux()}
	for i := range routes {
		route := &routes[i]
		a.mux.Handle(route.Method+" "+route.Pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			x := r.Context().Value(exchangeKey{}).(*exchange)
			x.req.Request, x.req.route = r, route
			if err := x.req.checkAddress(); err != nil {
				x.fail(err)
				return
			}
			x.handle(route.Handle)
		}))
	}
	return a
}

type exchangeKey struct{}

// ServeHTTP runs one request from the first check to the log line.
func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-answerReserve))
		defer cancel()
	}
	now := a.cfg.Now()
	req := &Request{Now: now, Config: a.cfg.Config, ID: requestID(ctx), event: &event{started: now}, getExists: a.getExists}
	x := &exchange{app: a, w: w, req: req}
	req.Request = r.WithContext(context.WithValue(ctx, exchangeKey{}, x))
	req.Lang, req.chosen = negotiate(r)
	setSecurityHeaders(w.Header(), a.policy)
	w.Header().Set("X-Request-Id", req.ID)
	w.Header().Set("Content-Language", string(req.Lang))
	defer func() { req.event.log(a.cfg.Logger, a.cfg.Meter, req, a.cfg.Now()) }()
	defer x.recover()
	if err := x.admit(); err != nil {
		x.fail(err)
		return
	}
	if c := switchCookie(r); c != nil {
		http.SetCookie(w, c)
	}
	a.mux.ServeHTTP(w, req.Request)
}

// admit runs the checks that come before any route.
func (x *exchange) admit() *Error {
	r := x.req.Request
	addr, err := checkEdge(r, x.app.cfg.EdgeSecrets)
	if err != nil {
		return err
	}
	x.req.ClientIP = addr
	if err := checkRequest(r); err != nil {
		return err
	}
	if err := x.app.find(r); err != nil {
		return err
	}
	if err := checkCrossSite(r, x.app.cfg.Origin()); err != nil {
		x.req.Note(securityEvent, crossSite)
		return err
	}
	return x.readBody()
}

// find answers 404 and 405 in our own words. A path that net/http would clean
// up by a redirect is no address of ours.
func (a *app) find(r *http.Request) *Error {
	if p := r.URL.Path; p == "" || p[0] != '/' || path.Clean(p) != p && path.Clean(p)+"/" != p {
		return NotFound()
	}
	h, pattern := a.mux.Handler(r)
	if pattern != "" {
		return nil
	}
	probe := &headerProbe{header: http.Header{}}
	h.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		return methodNotAllowed(probe.header.Get("Allow"))
	}
	return NotFound()
}

func (a *app) getExists(p string) bool {
	r, err := http.NewRequest(http.MethodGet, p, nil)
	if err != nil {
		return false
	}
	_, pattern := a.mux.Handler(r)
	return pattern != ""
}

// headerProbe takes the mux's own answer to learn the allowed methods from it.
type headerProbe struct {
	header http.Header
	status int
}

func (p *headerProbe) Header() http.Header         { return p.header }
func (p *headerProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *headerProbe) WriteHeader(status int)      { p.status = status }

func (x *exchange) readBody() *Error {
	body := x.req.Request.Body
	if body == nil || x.req.Method == http.MethodGet || x.req.Method == http.MethodHead {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return BadRequest("unreadable_body", malformed).Because(err)
	}
	if len(b) > maxBody {
		return tooLarge()
	}
	x.req.body = b
	return nil
}

func (x *exchange) handle(h HandlerFunc) {
	resp, err := h(x.req)
	if err != nil && !nilError(err) {
		x.fail(asError(err))
		return
	}
	if resp == nil {
		x.fail(internal(errors.New("the handler returned neither response nor error")))
		return
	}
	if err := resp.write(x); err != nil {
		x.fail(internal(err))
	}
}

// nilError tells a nil *Error in an error, an easy slip of a handler that
// passes a checking function's result on.
func nilError(err error) bool {
	e, ok := err.(*Error) //nolint:errorlint // the wrapped case has its own text
	return ok && e == nil
}

// fail answers with the error page or the problem.
func (x *exchange) fail(e *Error) {
	p := newReply(e.Status, nil)
	var err error
	if x.req.WantsJSON() {
		err = x.problem(e, p)
	} else {
		p.err = e
		err = x.page("error", newErrorView(e), p)
	}
	if err != nil {
		x.req.event.note("render_error", err.Error())
		_ = x.send("text/plain; charset=utf-8", []byte(e.Message.In(x.req.Lang)+"\n"), p)
	}
}

func (x *exchange) recover() {
	if v := recover(); v != nil {
		x.fail(internal(fmt.Errorf("panic: %v\n%s", v, debug.Stack())))
	}
}

type requestIDKey struct{}

// WithRequestID gives a request the id that API Gateway logs it by.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// requestID is API Gateway's, or a random one outside of it.
func requestID(ctx context.Context) string {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok && id != "" {
		return id
	}
	return rand.Text()
}
