package browser

import (
	"context"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// Options say who visits, and how.
type Options struct {
	URL      string    // of the site, where Open begins
	Lang     lang.Lang // what the browser prefers; German when empty
	NoScript bool      // JavaScript is switched off
	Shots    string    // prefix of the names of pictures (flag -shots); Shot takes none when empty
	Patient  bool      // a page that asks to try again (503) is loaded again, as people do; barriers are for calm journeys to look for
}

// Visitor is a person at a browser of their own: no cookie and no client address in common with another.
type Visitor struct {
	Options
	t        testing.TB
	ctx      context.Context
	origin   string
	mu       sync.Mutex // guards problems: they come from the connection's goroutine
	problems []string
	method   string // of the request that the page answered; guarded by mu
	status   int    // of the page
	expected bool   // the test looked at the status
}

// stepTime is how long a step may take: far above what any page needs, also beside other tests on two processors.
const stepTime = 30 * time.Second

// desk is the size of a usual window.
const deskWidth, deskHeight = 1280, 900

// Visit opens a browser that is closed at the end of the test.
func Visit(t testing.TB, o Options) *Visitor {
	t.Helper()
	if err := start(); err != nil {
		t.Fatal(err)
	}
	if o.Lang == "" {
		o.Lang = lang.DE
	}
	site, err := url.Parse(o.URL)
	if err != nil {
		t.Fatal(err)
	}
	v := &Visitor{Options: o, t: t, origin: site.Scheme + "://" + site.Host}
	proxy := httptest.NewServer(ownAddress(localtest.Client(t).Transport))
	t.Cleanup(proxy.Close)
	ctx, closeTab := chromedp.NewContext(running.ctx, chromedp.WithListener(v.watch), chromedp.WithNewBrowserContext(
		func(p *target.CreateBrowserContextParams) {
			p.ProxyServer, p.ProxyBypassList = proxy.URL, "<-loopback>"
		}))
	v.ctx = ctx
	t.Cleanup(closeTab)
	t.Cleanup(v.settle)
	v.must("open a browser", chromedp.Do(ctx))
	languages := map[lang.Lang]string{lang.DE: "de-DE,de,en", lang.EN: "en-GB,en"}
	_, err = chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36", AcceptLanguage: languages[o.Lang]})
	v.must("choose the language", err)
	v.look(deskWidth, "light")
	v.script(!o.NoScript)
	return v
}

// script switches JavaScript on or off.
func (v *Visitor) script(on bool) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	v.must("switch JavaScript", err)
}

// Begin lets every page that is opened from now on begin with a script, before its own.
func (v *Visitor) Begin(script string) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	v.must("begin with a script", err)
}

// look sets the width of the window and the colour scheme.
func (v *Visitor) look(width int64, scheme string) {
	v.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, media)
	v.must("choose "+scheme, err)
	v.must("resize the window", v.do(chromedp.EmulateViewport(width, deskHeight)))
}

// T is the text in the visitor's language.
func (v *Visitor) T(text Text) string { return text.In(v.Lang) }

// do runs actions within the time of a step.
func (v *Visitor) do(actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(v.ctx, stepTime)
	defer cancel()
	return chromedp.Do(ctx, actions...)
}

// evaluate runs an expression in the page through the debugger, which neither the page's policy nor switched-off
// JavaScript hinders.
func evaluate[T any](v *Visitor, expression string, options ...chromedp.EvaluateOption) (T, error) {
	ctx, cancel := context.WithTimeout(v.ctx, stepTime)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
}
