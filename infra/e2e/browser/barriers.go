package browser

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/chromedp/chromedp"

	"kundenkonto/infra/e2e/axe"
)

// rules are ours, beyond axe-core's.
//
//go:embed rules.js
var rules string

// checked holds which kinds of page were checked in this test process, and what was told of them.
var checked sync.Map

func known(something string) bool {
	_, done := checked.LoadOrStore(something, true)
	return done
}

// checkRules checks each page by our own rules.
func (v *Visitor) checkRules() {
	v.t.Helper()
	told, err := evaluate[[]string](v, "("+rules+")()")
	v.must("check the rules", err)
	for _, rule := range told {
		if said := fmt.Sprintf("%s (%s) breaks a rule: %s", variable.ReplaceAllString(v.where(), "/one"), v.Lang, rule); !known(said) {
			v.t.Error(said)
		}
	}
}

// look is a run of axe-core at a width and in a colour scheme.
type look struct {
	width  int64
	scheme string
	run    string
}

// checkBarriers checks a page by axe-core, once for each kind of page: its path and the kinds of element on it. What words may
// break is checked again for each title, and so in each language. Colours are the same wherever these elements stand.
func (v *Visitor) checkBarriers() {
	v.t.Helper()
	if v.Patient {
		return
	}
	skeleton, err := v.ask("skeleton", "", "")
	v.must("look at the page", err)
	title, err := v.ask("title", "", "")
	v.must("read the title", err)
	looks := []look{{320, "light", axe.RunStructure}, {deskWidth, "light", axe.RunStructure}}
	if known(variable.ReplaceAllString(v.where(), "/one") + "|" + skeleton.Text) {
		looks = []look{{320, "light", axe.RunWords}}
	} else if !known("colours|" + skeleton.Text) { // they do not depend on the width
		looks = []look{{320, "light", axe.RunStructure}, {deskWidth, "dark", axe.RunColours}, {deskWidth, "light", axe.Run}}
	}
	if known(string(v.Lang) + "|" + title.Text + "|" + skeleton.Text) {
		return
	}
	v.script(true) // axe-core waits with timers, which switched-off JavaScript has none of
	defer v.script(!v.NoScript)
	v.must("bring axe-core in", v.do(chromedp.Evaluate[chromedp.Void](running.axe+"\n;undefined")))
	for _, look := range looks {
		v.look(look.width, look.scheme)
		v.checkNow(look)
	}
	v.look(deskWidth, "light")
	v.checkLargeText()
	v.picture("")
}

func (v *Visitor) checkNow(look look) {
	v.t.Helper()
	violations, err := evaluate[[]axe.Violation](v, look.run, chromedp.EvalAwaitPromise)
	v.must("run axe-core", err)
	for _, violation := range violations {
		v.t.Errorf("%s (%s, %s, %d px) has a barrier: %s", v.where(), v.Lang, look.scheme, look.width, violation)
	}
	v.checkWidth(look.width, "")
}

// checkLargeText doubles the size of all text (WCAG 1.4.4).
func (v *Visitor) checkLargeText() {
	v.t.Helper()
	const enlarge = `document.documentElement.style.fontSize = "200%", true`
	_, err := evaluate[bool](v, enlarge)
	v.must("enlarge the text", err)
	v.checkWidth(deskWidth, " with text of 200 %")
	_, err = evaluate[bool](v, `document.documentElement.removeAttribute("style"), true`)
	v.must("make the text small again", err)
}

func (v *Visitor) checkWidth(width int64, with string) {
	v.t.Helper()
	over, err := v.ask("overflow", "", "")
	v.must("measure the page", err)
	if over.Text != "" {
		v.t.Errorf("%s sticks out sideways at %d px%s by %s", v.where(), width, with, over.Text)
	}
}
