package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

//go:embed page.js
var pageScript string

// found is what page.js answers.
type found struct {
	X, Y float64
	Text string
}

// ask runs an action of page.js.
func (v *Visitor) ask(action, wanted, among string) (found, error) {
	arguments, err := json.Marshal([]string{action, wanted, among})
	if err != nil {
		return found{}, err
	}
	return evaluate[found](v, "("+pageScript+")(..."+string(arguments)+")")
}

// Open goes to a path of the site, or to an address as it stands in a mail.
func (v *Visitor) Open(path string) {
	v.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = v.URL + path
	}
	v.load("open "+path, chromedp.Navigate(path))
}

// Reload asks for the page again.
func (v *Visitor) Reload() {
	v.t.Helper()
	v.load("reload", chromedp.Reload())
}

// Fill types into the field with this label, in place of what stands there.
func (v *Visitor) Fill(label Text, value string) {
	v.t.Helper()
	what := fmt.Sprintf("fill %q", v.T(label))
	_, err := v.ask("field", v.T(label), "")
	v.must(what, err)
	if value == "" {
		v.must(what, v.do(chromedp.KeyEvent("\b")))
	} else {
		ctx, cancel := context.WithTimeout(v.ctx, stepTime)
		defer cancel()
		_, err = chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: value})
		v.must(what, err)
	}
	if now := v.Value(label); now != value {
		v.fail("the field %q took %q as %q", v.T(label), value, now)
	}
}

// Value is what stands in the field with this label.
func (v *Visitor) Value(label Text) string {
	v.t.Helper()
	f, err := v.ask("value", v.T(label), "")
	v.must(fmt.Sprintf("read %q", v.T(label)), err)
	return f.Text
}

// Choose clicks a radio button or check box, in the group or block whose text contains among.
func (v *Visitor) Choose(choice, among Text) {
	v.t.Helper()
	v.must(fmt.Sprintf("choose %q", v.T(choice)), v.click("choice", choice, among))
}

// Chosen tells whether a radio button or check box is on.
func (v *Visitor) Chosen(choice, among Text) bool {
	v.t.Helper()
	f, err := v.ask("checked", v.T(choice), v.T(among))
	v.must(fmt.Sprintf("look at %q", v.T(choice)), err)
	return f.Text == "true"
}

// Select takes an option of a list.
func (v *Visitor) Select(label, option Text) {
	v.t.Helper()
	_, err := v.ask("select", v.T(label), v.T(option))
	v.must(fmt.Sprintf("select %q", v.T(option)), err)
}

// Unfold opens a menu or more details.
func (v *Visitor) Unfold(summary Text) {
	v.t.Helper()
	v.UnfoldIn(Text{}, summary)
}

// UnfoldIn opens more details in the block whose text contains among.
func (v *Visitor) UnfoldIn(among, summary Text) {
	v.t.Helper()
	v.must(fmt.Sprintf("unfold %q", v.T(summary)), v.click("summary", summary, among))
}

// Press clicks a button and waits for the page that follows.
func (v *Visitor) Press(button Text) {
	v.t.Helper()
	v.PressIn(Text{}, button)
}

// PressIn presses the button in the block whose text contains among.
func (v *Visitor) PressIn(among, button Text) {
	v.t.Helper()
	v.leave("press", "button", button, among)
}

// Follow clicks a link and waits for the page that follows.
func (v *Visitor) Follow(link Text) {
	v.t.Helper()
	v.FollowIn(Text{}, link)
}

// FollowIn follows the link in the block whose text contains among.
func (v *Visitor) FollowIn(among, link Text) {
	v.t.Helper()
	v.leave("follow", "link", link, among)
}

func (v *Visitor) leave(verb, kind string, name, among Text) {
	v.t.Helper()
	f, err := v.ask(kind, v.T(name), v.T(among))
	v.must(fmt.Sprintf("%s %q", verb, v.T(name)), err)
	v.load(fmt.Sprintf("%s %q", verb, v.T(name)), chromedp.MouseClickXY(f.X, f.Y))
}

func (v *Visitor) click(kind string, name, among Text) error {
	f, err := v.ask(kind, v.T(name), v.T(among))
	if err != nil {
		return err
	}
	return v.do(chromedp.MouseClickXY(f.X, f.Y))
}

// load does what leads to another page, waits for it and looks at it.
func (v *Visitor) load(what string, action chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	v.settle()
	ctx, cancel := context.WithTimeout(v.ctx, stepTime)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, action)
	for v.Patient && err == nil && answer != nil && answer.Status == 503 {
		answer, err = chromedp.RunResponse(ctx, chromedp.Reload()) // sends a form again
	}
	v.must(what, err)
	v.arrive(answer)
}

func (v *Visitor) arrive(answer *network.Response) {
	v.t.Helper()
	v.status, v.expected = 0, false
	if answer != nil {
		v.status = int(answer.Status)
	}
	if strings.HasPrefix(v.Address(), v.origin) {
		v.remember()
		v.checkRules()
		v.checkBarriers()
	}
}
