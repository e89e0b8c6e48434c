package browser

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Click clicks a button that leads to no other page.
func (v *Visitor) Click(button Text) {
	v.t.Helper()
	v.must("click "+v.T(button), v.click("button", button, Text{}))
}

// Waits looks at the page, without loading it again, until it says the text, or no longer says it.
func (v *Visitor) Waits(text Text, there bool, limit time.Duration) {
	v.t.Helper()
	for end := time.Now().Add(limit); strings.Contains(v.text(), v.T(text)) != there; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			v.fail("%q on the page: still not %v after %s", v.T(text), there, limit)
		}
	}
}

// Back goes back in the browser's history and waits for the page. The browser may ask for it again, or show it as it
// was left, which is no loading of a page: then there is no status either.
func (v *Visitor) Back() {
	v.t.Helper()
	v.settle()
	before := v.place()
	_, err := evaluate[any](v, "void history.back()")
	v.must("go back", err)
	for end := time.Now().Add(stepTime); v.place() != before-1 || !v.complete(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			v.fail("going back led nowhere within %s", stepTime)
		}
	}
	v.arrive(nil)
	v.expected = true
}

// place is where in its history the browser is.
func (v *Visitor) place() int64 {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepTime)
	defer cancel()
	where, err := chromedp.Call(ctx, page.GetNavigationHistory, cdp.Empty{})
	v.must("look at the browser's history", err)
	return where.CurrentIndex
}

// complete is false, too, while one page takes the place of another.
func (v *Visitor) complete() bool {
	is, err := evaluate[bool](v, `document.readyState == "complete"`)
	return err == nil && is
}
