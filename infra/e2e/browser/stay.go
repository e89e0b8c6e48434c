package browser

import (
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"kundenkonto/shared/web"
)

// Click clicks a button that leads to no other page.
func (v *Visitor) Click(button web.Text) {
	v.t.Helper()
	v.must("click "+v.T(button), v.click("button", button, web.Text{}))
}

// Waits looks at the page, without loading it again, until it says the text, or no longer says it.
func (v *Visitor) Waits(text web.Text, there bool, limit time.Duration) {
	v.t.Helper()
	for end := time.Now().Add(limit); strings.Contains(v.text(), v.T(text)) != there; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			v.fail("%q on the page: still not %v after %s", v.T(text), there, limit)
		}
	}
}

// Back goes back in the browser's history and waits for the page.
func (v *Visitor) Back() {
	v.t.Helper()
	v.load("go back", chromedp.NavigateBack())
}
