package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watch notes what a visitor would find in the console. It runs on the goroutine of the connection.
func (v *Visitor) watch(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		v.note("script error: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.URL)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			v.note("console.%s", e.Type)
		}
	case *log.EventEntryAdded:
		v.watchLog(e.Entry)
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			v.mu.Lock()
			v.method = e.Request.Method
			v.mu.Unlock()
		}
	case *network.EventResponseReceived:
		// The form of the user pool is not ours; it has no icon.
		if e.Type != network.ResourceTypeDocument && e.Response.Status >= 400 && strings.HasPrefix(e.Response.URL, v.origin) {
			v.note("%s answered %d", e.Response.URL, e.Response.Status)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			v.note("a %s could not be loaded: %s %s", e.Type, e.ErrorText, e.BlockedReason)
		}
	case *page.EventJavascriptDialogOpening:
		v.note("a dialog asks: %s %q", e.Type, e.Message)
		go chromedp.Call(context.WithoutCancel(v.ctx), page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	}
}

// watchLog leaves out that a page answered with an error status: that is for the test to look at (Status).
func (v *Visitor) watchLog(e *log.Entry) {
	if e.Source == log.EntrySourceNetwork && strings.HasPrefix(e.Text, "Failed to load resource") {
		return
	}
	if e.Level == log.EntryLevelError || e.Level == log.EntryLevelWarning {
		v.note("%s %s: %s", e.Source, e.Level, e.Text)
	}
}

func (v *Visitor) note(format string, args ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// settle reports what was noted so far, and a page that answered with an error nobody expected.
func (v *Visitor) settle() {
	v.t.Helper()
	v.mu.Lock()
	problems := v.problems
	v.problems = nil
	v.mu.Unlock()
	for _, p := range problems {
		v.t.Errorf("in the browser, at %s: %s", v.where(), p)
	}
	if v.status >= 400 && !v.expected && !v.t.Failed() {
		v.t.Errorf("%s answered %d: %s", v.where(), v.status, v.text())
	}
}
