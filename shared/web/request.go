package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kundenkonto/shared/lang"
)

// Request is an HTTP request that passed the checks for all routes. The method
// Form replaces the field of net/http; Lang is the language to answer in.
type Request struct {
	*http.Request
	Lang     lang.Lang
	Now      time.Time
	ClientIP netip.Addr // the visitor's address, from the edge if its secret was right
	ID       string     // request id, for the log and the error page
	Config   Config

	route      *Route
	chosen     bool // the language comes from the switch or its cookie
	account    *AccountHeader
	body       []byte
	event      *event
	getExists  func(path string) bool
	formResult *formResult
	kept       map[string]string
}

// AccountHeader is who is signed in, as the frame of every page shows it.
type AccountHeader struct {
	Number      string // customer number; empty for staff
	Name        string
	Staff       bool
	SessionEnds time.Time // the script warns before it (S9); zero: no warning
}

// SignedIn puts who is signed in into the frame of whatever page answers this
// request, error pages included.
func (r *Request) SignedIn(a AccountHeader) { r.account = &a }

// PreferLang sets the language of the signed-in customer unless the visitor
// chose one by the switch.
func (r *Request) PreferLang(language string) {
	if l, ok := lang.Parse(language); ok && !r.chosen {
		r.Lang = l
	}
}

// FormPage is the page that shows the form of this POST, "" if there is none.
func (r *Request) FormPage() string {
	if r.route == nil || r.Method != http.MethodPost || r.route.FormPage == "" {
		return ""
	}
	page := r.route.FormPage
	for _, f := range r.route.Fields {
		if f.In == InPath {
			page = strings.ReplaceAll(page, "{"+f.Name+"}", url.PathEscape(r.PathValue(f.Name)))
		}
	}
	return page
}

// Keepable is what was sent in the fields that the route knows, without passwords and codes; nil if the form is refused.
func (r *Request) Keepable() map[string]string {
	if r.route == nil {
		return nil
	}
	f, err := r.Form()
	if err != nil {
		return nil
	}
	fields := map[string]string{}
	for _, one := range r.route.Fields {
		if (one.In == "" || one.In == InBody) && !one.Secret && f.Has(one.Name) {
			fields[one.Name] = f.Get(one.Name)
		}
	}
	return fields
}

// Restore lets the fields of the page's forms show these values instead of the stored ones.
func (r *Request) Restore(fields map[string]string) { r.kept = fields }

// Route is the pattern the request was matched by, for example "POST /login".
func (r *Request) Route() string {
	if r.route == nil {
		return ""
	}
	return r.route.Method + " " + r.route.Pattern
}

// Note adds a value to the one structured event of this request (S20). Numbers
// of customers go in masked (see MaskNumber); keys that name a secret are
// dropped, whatever they hold.
func (r *Request) Note(k string, v any) { r.event.note(k, v) }

// WantsJSON tells whether the client prefers JSON to HTML.
func (r *Request) WantsJSON() bool { return wantsJSON(r.Header.Get("Accept")) }

func wantsJSON(accept string) bool {
	json, html := -1.0, -1.0
	for part := range strings.SplitSeq(accept, ",") {
		kind, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := quality(params)
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "application/json", "application/problem+json":
			json = max(json, q)
		case "text/html", "application/xhtml+xml":
			html = max(html, q)
		}
	}
	return json > 0 && json > html
}

func quality(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
			if q, err := strconv.ParseFloat(v, 64); err == nil {
				return q
			}
		}
	}
	return 1
}
