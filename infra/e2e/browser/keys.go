package browser

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys presses keys, one after the other, wherever the visitor is on the page.
func (v *Visitor) Keys(keys string) {
	v.t.Helper()
	v.must("press "+keys, v.do(press(keys)))
}

// press sends each key as the keyboard does: what a script takes is not typed as well.
func press(keys string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			events := kb.Encode(r)
			down, up := *events[0], *events[len(events)-1]
			if len(events) == 3 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, event := range []input.DispatchKeyEventParams{down, up} {
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Opens presses keys that lead to another page, and says to which path.
func (v *Visitor) Opens(keys, path string) {
	v.t.Helper()
	v.load("press "+keys, press(keys))
	v.At(path)
}

// Attribute is an attribute or property of the first element that a CSS selector finds, "" if it is not set.
func (v *Visitor) Attribute(selector, name string) string {
	v.t.Helper()
	value, err := evaluate[string](v, "String(document.querySelector("+quote(selector)+")["+quote(name)+"] || '')")
	v.must("look at "+selector, err)
	return value
}

// SendsTwice submits a form twice at once and tells how often it would leave the page; it does not leave it.
func (v *Visitor) SendsTwice(selector string) int {
	v.t.Helper()
	n, err := evaluate[int](v, `(() => {
		const form = document.querySelector(`+quote(selector)+`);
		let n = 0;
		form.addEventListener("submit", (e) => { if (!e.defaultPrevented) n++; e.preventDefault(); });
		form.requestSubmit();
		form.requestSubmit();
		return n;
	})()`)
	v.must("submit twice", err)
	return n
}

// Asked expects how many dialogs asked the visitor since the last step; each is answered with yes.
func (v *Visitor) Asked(times int) {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	var rest []string
	n := 0
	for _, p := range v.problems {
		if strings.HasPrefix(p, "a dialog asks") {
			n++
		} else {
			rest = append(rest, p)
		}
	}
	v.problems = rest
	if n != times {
		v.t.Errorf("the page asked %d times, want %d", n, times)
	}
}
