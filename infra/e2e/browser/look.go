package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// Status says which status the page is expected to have; without it anything from 400 on fails the test.
func (v *Visitor) Status(want int, or ...int) {
	v.t.Helper()
	v.expected = true
	if v.status != want && !slices.Contains(or, v.status) {
		v.fail("status %d, want %d", v.status, append([]int{want}, or...))
	}
}

// Address is where the visitor is.
func (v *Visitor) Address() string {
	v.t.Helper()
	address, err := evaluate[string](v, "location.href")
	v.must("read the address", err)
	return address
}

// At says on which path the visitor is expected to be; a trailing * stands for anything.
func (v *Visitor) At(path string) {
	v.t.Helper()
	begin, open := strings.CutSuffix(v.URL+path, "*")
	if now := v.Address(); now != begin && !(open && strings.HasPrefix(now, begin)) {
		v.fail("is at %s, not at %s", now, path)
	}
}

// See expects texts on the page.
func (v *Visitor) See(texts ...Text) {
	v.t.Helper()
	page := v.text()
	for _, text := range texts {
		if !strings.Contains(page, folded(v.T(text))) {
			v.fail("does not see %q", v.T(text))
		}
	}
}

// Shows tells whether a text is on the page.
func (v *Visitor) Shows(text Text) bool {
	v.t.Helper()
	return strings.Contains(v.text(), folded(v.T(text)))
}

// Sees expects what reads the same in each language: names, numbers, domains.
func (v *Visitor) Sees(texts ...string) {
	v.t.Helper()
	for _, text := range texts {
		v.See(T(text, text))
	}
}

// SeesNot expects that none of the texts is on the page or in its source.
func (v *Visitor) SeesNot(texts ...string) {
	v.t.Helper()
	source, err := evaluate[string](v, "document.documentElement.outerHTML")
	v.must("read the source", err)
	page := v.text() + source
	for _, text := range texts {
		if strings.Contains(page, text) {
			v.fail("sees %q and should not", text)
		}
	}
}

// Title expects the title of the page to begin with a text.
func (v *Visitor) Title(want Text) {
	v.t.Helper()
	f, err := v.ask("title", "", "")
	v.must("read the title", err)
	if !strings.HasPrefix(f.Text, v.T(want)) {
		v.fail("the title is %q, not %q", f.Text, v.T(want))
	}
}

// Links are the own paths that links on the page lead to.
func (v *Visitor) Links() []string {
	v.t.Helper()
	f, err := v.ask("links", "", "")
	v.must("read the links", err)
	return strings.Fields(f.Text)
}

// Until asks for the page again and again until it says the text.
func (v *Visitor) Until(text Text, limit time.Duration) {
	v.t.Helper()
	for end := time.Now().Add(limit); !strings.Contains(v.text(), folded(v.T(text))); v.Reload() {
		if time.Now().After(end) {
			v.fail("has not seen %q after %s", v.T(text), limit)
		}
	}
}

// Within expects a button to end within so many screens of a window from the top of the page: nobody has to look for it.
func (v *Visitor) Within(screens float64, width, height int64, button Text) {
	v.t.Helper()
	v.must("resize the window", v.do(chromedp.EmulateViewport(width, height)))
	f, err := v.ask("bottom", v.T(button), "")
	v.must(fmt.Sprintf("measure %q", v.T(button)), err)
	if limit := screens * float64(height); f.Y > limit {
		v.t.Errorf("%s (%s): %q ends at %.0f px of a window of %d x %d, not within %.0f", v.where(), v.Lang, v.T(button), f.Y, width, height, limit)
	}
	v.look(deskWidth, "light")
}

// text is what can be read on the page, blanks folded.
func (v *Visitor) text() string {
	v.t.Helper()
	f, err := v.ask("text", "", "")
	v.must("read the page", err)
	return folded(f.Text)
}

// folded is a text with one blank between its words: an amount has one that does not break.
func folded(text string) string { return strings.Join(strings.Fields(text), " ") }

// where is the address for messages; it must not fail.
func (v *Visitor) where() string {
	address, err := evaluate[string](v, "location.pathname")
	if err != nil {
		return "a closed page"
	}
	return address
}

func (v *Visitor) must(what string, err error) {
	v.t.Helper()
	if err != nil {
		v.fail("%s: %v", what, err)
	}
}

// fail ends the test and leaves a picture of the page.
func (v *Visitor) fail(format string, args ...any) {
	v.t.Helper()
	f, _ := v.ask("text", "", "")
	text := []rune(strings.Join(strings.Fields(f.Text), " "))
	file := filepath.Join(running.root, "build", "screenshots", "failed", strings.ReplaceAll(v.t.Name(), "/", "-")+".png")
	if picture, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100)); err == nil && os.MkdirAll(filepath.Dir(file), 0o755) == nil {
		os.WriteFile(file, picture, 0o644) // only a help: the failure is told in any case
	}
	v.t.Fatalf("%s\n  at %s (status %d, %s)\n  the page says: %s", fmt.Sprintf(format, args...), v.where(), v.status, file, string(text[:min(len(text), 1500)]))
}
