package browser

import (
	"sync"

	"github.com/chromedp/chromedp"

	"kundenkonto/infra/e2e/axe"
)

// checked holds which kinds of page were checked in this test process.
var checked sync.Map

// checkBarriers runs axe-core on the page in both colour schemes, once for each kind of page: language, title and
// the kinds of element on it.
func (v *Visitor) checkBarriers() {
	v.t.Helper()
	skeleton, err := v.ask("skeleton", "", "")
	v.must("look at the page", err)
	title, err := v.ask("title", "", "")
	v.must("read the title", err)
	if _, done := checked.LoadOrStore(string(v.Lang)+"|"+title.Text+"|"+skeleton.Text, true); done {
		return
	}
	v.script(true) // axe-core waits with timers, which switched-off JavaScript has none of
	defer v.script(!v.NoScript)
	v.must("bring axe-core in", v.do(chromedp.Evaluate[chromedp.Void](running.axe+"\n;undefined")))
	for _, width := range []int64{320, deskWidth} {
		for _, scheme := range []string{"light", "dark"} {
			if width == 320 && scheme == "dark" {
				continue // colours do not depend on the width
			}
			v.look(width, scheme)
			v.checkNow(width, scheme)
		}
	}
	v.look(deskWidth, "light")
}

func (v *Visitor) checkNow(width int64, scheme string) {
	v.t.Helper()
	violations, err := evaluate[[]axe.Violation](v, axe.Run, chromedp.EvalAwaitPromise)
	v.must("run axe-core", err)
	for _, violation := range violations {
		v.t.Errorf("%s (%s, %s, %d px) has a barrier: %s", v.where(), v.Lang, scheme, width, violation)
	}
	over, err := v.ask("overflow", "", "")
	v.must("measure the page", err)
	if over.Text != "" {
		v.t.Errorf("%s sticks out sideways at %d px by %s", v.where(), width, over.Text)
	}
}
