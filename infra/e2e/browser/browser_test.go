package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	Stop()
	os.Exit(code)
}

// recorder is a test that notes its failures instead of failing.
type recorder struct {
	testing.TB
	told []string
}

func (r *recorder) Helper()                   {}
func (r *recorder) Errorf(f string, a ...any) { r.told = append(r.told, fmt.Sprintf(f, a...)) }
func (r *recorder) Error(a ...any)            { r.Errorf("%s", fmt.Sprint(a...)) }
func (r *recorder) Failed() bool              { return len(r.told) > 0 }
func (r *recorder) Fatal(a ...any)            { r.Errorf("%s", fmt.Sprint(a...)); runtime.Goexit() }
func (r *recorder) Fatalf(f string, a ...any) { r.Errorf(f, a...); runtime.Goexit() }

// flawless makes a page without a fault around some content.
func flawless(content string) string {
	return `<!doctype html><html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>Probe</title><link rel="icon" href="data:,"></head><body><a class="skip" href="#m">Zum Inhalt</a><main id="m"><h1>Probe</h1>` + content + `</main></body></html>`
}

// watched opens a page with this content, takes the steps and returns what was reported.
func watched(t *testing.T, content string, steps func(v *Visitor)) []string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
		switch {
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusNotFound)
		case r.URL.Path == "/loud.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, `console.error("laut")`)
			return
		case r.URL.Path == "/flaws.css":
			w.Header().Set("Content-Type", "text/css")
			fmt.Fprint(w, `.pale { color: #6e6e6e; font-size: 16px } .narrow { width: 3em }`)
			return
		case r.URL.Path == "/broken.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, `nothing.of.this.exists()`)
			return
		case r.URL.Path == "/sent":
			content = "<p>angekommen: " + r.FormValue("wort") + "</p>"
		}
		fmt.Fprint(w, flawless(content))
	}))
	defer site.Close()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() { // a step that fails ends its goroutine
		defer close(done)
		v := Visit(r, Options{URL: strings.Replace(site.URL, "127.0.0.1", "localhost", 1)})
		defer v.settle()
		v.Open("/")
		if steps != nil {
			steps(v)
		}
	}()
	<-done
	return r.told
}

func TestFaultsOfAPageAreReported(t *testing.T) {
	if err := start(); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ content, told string }{
		"an inline script":           {`<p>x<script>1</script></p>`, "Content Security Policy"},
		"an inline style":            {`<p style="color: red">x</p>`, "Content Security Policy"},
		"a script that throws":       {`<p>x<script src="/broken.js"></script></p>`, "script error"},
		"a message in the console":   {`<p>x<script src="/loud.js"></script></p>`, "console.error"},
		"a picture that is missing":  {`<p>x<img src="/gone" alt="y"></p>`, "answered 404"},
		"a picture without a text":   {`<p>x<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>`, "image-alt"},
		"a field without a label":    {`<form><input type="text"></form>`, "label"},
		"a page that is too wide":    {`<table><tr><td>` + strings.Repeat("x", 500) + `</td></tr></table>`, "sticks out sideways"},
		"a text that is too pale":    {`<p><span class="pale">blass</span></p><link rel="stylesheet" href="/flaws.css">`, "color-contrast-enhanced"},
		"a text outside its box":     {`<ul class="narrow"><li><code>eins-zwei‑drei‑vier‑fuenf</code></li></ul><link rel="stylesheet" href="/flaws.css">`, "sticks out sideways"},
		"two primary buttons":        {`<p><a class="button" href="/">Eins</a> <a class="button" href="/">Zwei</a></p>`, "2 primary buttons"},
		"a password of nobody":       {`<form><label for="p">Wort</label><input id="p" type="password" autocomplete="current-password" autocapitalize="off"></form>`, "without its user name"},
		"a cell without its column":  {`<table class="table cards"><tbody><tr><th scope="row">x</th><td>y</td></tr></tbody></table>`, "without its column's name"},
		"a field that says nothing":  {`<form><label for="w">Wort</label><input id="w" name="wort" autocapitalize="off"></form>`, "a field without autocomplete"},
		"a word that is too loud":    {`<p>Fertig!</p>`, "it says"},
		"a date of a machine":        {`<p>am 2026-11-23</p>`, "it says"},
		"a page without any fault":   {`<p>x</p>`, ""},
		"a form without any fault":   {`<form action="/sent"><label for="w">Wort</label><input id="w" name="wort" autocomplete="off" autocapitalize="off"><button>Senden</button></form>`, ""},
		"a word that is hidden away": {`<p hidden>x</p>`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			told := strings.Join(watched(t, tt.content, nil), "\n")
			if tt.told == "" && told != "" || !strings.Contains(told, tt.told) {
				t.Errorf("reported: %q, want %q in it", told, tt.told)
			}
		})
	}
}

func TestStepsAreTakenAsAPersonTakesThem(t *testing.T) {
	if err := start(); err != nil {
		t.Fatal(err)
	}
	form := `<form action="/sent"><label for="w">Wort</label><input id="w" name="wort" value="alt" autocomplete="off" autocapitalize="off"><button>Senden</button></form>
		<p><a href="/gone">Verschwunden</a></p>`
	word, send := T("Wort", "Word"), T("Senden", "Send")
	tests := map[string]struct {
		steps func(v *Visitor)
		told  string
	}{
		"filling and sending":             {func(v *Visitor) { v.Fill(word, "Größe"); v.Press(send); v.Sees("angekommen: Größe") }, ""},
		"emptying a field":                {func(v *Visitor) { v.Fill(word, ""); v.Press(send); v.Sees("angekommen:") }, ""},
		"a label that is not there":       {func(v *Visitor) { v.Fill(T("Satz", "Sentence"), "x") }, `there is no field "Satz"`},
		"a button that is not there":      {func(v *Visitor) { v.Press(T("Weiter", "Continue")) }, `there is no button "Weiter"`},
		"a text that is not there":        {func(v *Visitor) { v.Sees("verschwunden?") }, "does not see"},
		"a secret in the source":          {func(v *Visitor) { v.SeesNot("alt") }, "should not"},
		"an error nobody expected":        {func(v *Visitor) { v.Follow(T("Verschwunden", "Gone")) }, "answered 404"},
		"an error that is expected":       {func(v *Visitor) { v.Follow(T("Verschwunden", "Gone")); v.Status(404) }, ""},
		"another title":                   {func(v *Visitor) { v.Title(T("Übersicht", "Overview")) }, "the title is"},
		"another place":                   {func(v *Visitor) { v.At("/account") }, "is at"},
		"a button below something else":   {func(v *Visitor) { cover(v); v.Press(send) }, "is covered by"},
		"the same with JavaScript off":    {func(v *Visitor) { v.script(false); v.Fill(word, "x"); v.Press(send); v.Sees("angekommen: x") }, ""},
		"a word that is not on the page ": {func(v *Visitor) { v.See(T("Nirgends", "Nowhere")) }, "does not see"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			told := strings.Join(watched(t, form, tt.steps), "\n")
			if tt.told == "" && told != "" || !strings.Contains(told, tt.told) {
				t.Errorf("reported: %q, want %q in it", told, tt.told)
			}
		})
	}
}

// cover lays something over the whole page.
func cover(v *Visitor) {
	_, err := evaluate[bool](v, `(() => { const d = document.createElement("dialog"); document.body.append(d); d.showModal(); return true })()`)
	v.must("cover the page", err)
}
