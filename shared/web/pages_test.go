package web

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kundenkonto/shared/colour"

	"kundenkonto/shared/lang"
)

func TestBuiltInPagesInBothLanguages(t *testing.T) {
	for _, lang := range []lang.Lang{lang.DE, lang.EN} {
		for _, name := range builtin().Names() {
			var b bytes.Buffer
			d := &PageData{Lang: lang, View: newErrorView(NotFound()), Error: NotFound(), Config: Config{Brand: "Kundenkonto", Contact: "030 1234567"}}
			if err := builtin().render(&b, name, d); err != nil {
				t.Errorf("%s in %s: %v", name, lang, err)
			}
			if n := strings.Count(b.String(), "<h1"); n != 1 {
				t.Errorf("%s in %s has %d h1", name, lang, n)
			}
		}
	}
}

// Every error has a page of its own words in both languages and a problem.
func TestEveryErrorStatusHasItsPage(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503} {
		err := &Error{Status: status, Code: "a_code", Message: lang.T("Den Auftrag gibt es nicht.")}
		h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/x", Handle: func(r *Request) (Response, error) {
			r.SignedIn(AccountHeader{Number: "10000017", Name: "Anna Schäfer"})
			return nil, err
		}})
		heading := newErrorView(err).Heading
		if status != 500 && heading.Key() == newErrorView(&Error{Status: 599}).Heading.Key() {
			t.Errorf("%d has no heading of its own", status)
		}
		for _, c := range []struct{ accept, lang, want string }{
			{"text/html", "de", "<h1>" + heading.In(lang.DE) + "</h1>"},
			{"text/html", "en", "<h1>" + heading.In(lang.EN) + "</h1>"},
			{"text/html", "de", "Den Auftrag gibt es nicht."},
			{"text/html", "de", "Anna Schäfer"},
			{"application/problem+json", "en", `"code":"a_code","detail":"There is no such merge request."`},
		} {
			w := call(h, "GET", "/x", "", "Accept", c.accept, "Accept-Language", c.lang)
			if w.Code != status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%d %s %s: got %d without %q", status, c.accept, c.lang, w.Code, c.want)
			}
		}
	}
}

const everyPartial = `{{define "title"}}x{{end}}{{define "content"}}<h1>x</h1><form>
{{template "field" (field $ "customerNumber" "Nummer" "value" .View "hint" "Ein Hinweis" "required" true)}}
{{template "field" (field $ "password" "Passwort" "type" "password" "value" "canary")}}
{{template "textarea" (field $ "note" "Notiz" "value" .View)}}
{{template "select" (field $ "country" "Land" "value" "AT" "options" (options (option "DE" "Deutschland") (option "AT" "Österreich")))}}
{{template "radios" (field $ "choice.email" "Welche?" "value" "other" "options" (options (option "own" "a") (option "other" "b" "Hinweis")))}}
{{template "checkbox" (field $ "agree" "Ja")}}{{template "button" (button "Weiter" "secondary" "go" "on")}}
{{template "notice" (notice "warning" .View)}}</form>{{end}}`

func TestPartialsAreEscapedAndLinked(t *testing.T) {
	pages, err := ParsePages(fstest.MapFS{"pages/all.html": {Data: []byte(everyPartial)}})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	refused := Unprocessable("x", lang.T("Satz."), Invalid("customerNumber", "digits", lang.T("Nur Ziffern.")),
		Invalid("choice.email", "missing", lang.T("Wählen Sie.")))
	if err := pages.render(&b, "all", &PageData{Lang: lang.DE, View: `"><script>alert(1)</script>`, Error: refused, Summary: true}); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	for _, want := range []string{
		`<label for="f-customerNumber">`, `aria-describedby="f-customerNumber-hint f-customerNumber-error" aria-invalid="true" required`,
		`<a href="#f-choice-email">Wählen Sie.</a>`, `value="other" checked`, `id="f-choice-email"`, `<option value="AT" selected>`,
		`<button class="button secondary" name="go" value="on">`, `autofocus`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing in\n%s", want, html)
		}
	}
	if strings.Contains(html, "<script>alert") || strings.Contains(html, "canary") {
		t.Error("an input is not escaped, or a password is printed")
	}
	checkIDs(t, html)
}

var idAttr = regexp.MustCompile(` id="([^"]*)"`)

func checkIDs(t *testing.T, html string) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range idAttr.FindAllStringSubmatch(html, -1) {
		if seen[m[1]] {
			t.Errorf("id %s occurs twice", m[1])
		}
		seen[m[1]] = true
	}
}

func TestAMistakeInAPageIsAnError(t *testing.T) {
	for name, page := range map[string]string{
		"an unknown option": `{{template "field" (field $ "a" "A" "colour" "red")}}`,
		"half a pair":       `{{template "field" (field $ "a" "A" "hint")}}`,
		"an unknown field":  `{{.View.Nothing}}`,
		"a date of no kind": `{{date 7}}`,
	} {
		pages, err := ParsePages(fstest.MapFS{"pages/x.html": {Data: []byte(`{{define "title"}}x{{end}}{{define "content"}}` + page + `{{end}}`)}})
		if err == nil {
			err = pages.render(&bytes.Buffer{}, "x", &PageData{Lang: lang.DE, View: struct{ A int }{}})
		}
		if err == nil {
			t.Errorf("%s is no error", name)
		}
	}
}

// A page never fails on a stored value.
func TestAStoredDateThatIsNoneIsUnknown(t *testing.T) {
	for _, l := range []lang.Lang{lang.DE, lang.EN} {
		want := map[lang.Lang]string{lang.DE: "unbekannt", lang.EN: "unknown"}[l]
		for _, stored := range []string{"yesterday", "10000-12-30", "2023-02-29", "31.12.2020", " ", "\x00", "0"} {
			for _, name := range []string{"date", "time", "datetime"} {
				if got, err := funcs(l)[name].(func(any) (string, error))(stored); got != want || err != nil {
					t.Errorf("%s %q in %s is %q, %v", name, stored, l, got, err)
				}
			}
			if got, err := isoTime(stored); got != "" || err != nil {
				t.Errorf("%q is %q, %v for machines", stored, got, err)
			}
		}
	}
}

func TestNavigationAndFrame(t *testing.T) {
	account := AccountHeader{Number: "10000017", Name: "Anna Schäfer", SessionEnds: testNow.Add(30 * time.Minute)}
	h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/merge", Handle: func(r *Request) (Response, error) {
		return Page("sample", cityView{}).Signed(account).WithNotice("success", lang.T("Gespeichert.")), nil
	}}, Route{Method: http.MethodGet, Pattern: "/service", Handle: func(r *Request) (Response, error) {
		r.SignedIn(AccountHeader{Name: "Jana Wolff", Staff: true})
		return Page("sample", cityView{}), nil
	}})
	customer, staff := call(h, "GET", "/merge", "").Body.String(), call(h, "GET", "/service", "").Body.String()
	for _, want := range []string{`<a href="/merge" aria-current="page">Zusammenfassen von Kundennummern</a>`, `action="/logout"`, `data-session-ends="2026-11-23T13:32:00Z" data-session-left="1800"`,
		"Gespeichert.", `<span>1000</span><span>0017</span>`} {
		if !strings.Contains(customer, want) {
			t.Errorf("the customer's frame lacks %s", want)
		}
	}
	if !strings.Contains(staff, `action="/service/logout"`) || strings.Contains(staff, `href="/account"`) {
		t.Error("the service team's frame has no sign-out or leads to customers' pages")
	}
}

func TestConfigFromTheEnvironment(t *testing.T) {
	env := map[string]string{"PUBLIC_URL": "https://konto.example/", "EDGE_SECRETS": " first-secret-of-the-edge, second-secret-of-the-edge ,", "ACCENT": "#ffee00"}
	c, err := readConfig(func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	if c.PublicURL != "https://konto.example" || c.Origin() != "https://konto.example" || len(c.EdgeSecrets) != 2 || c.EdgeSecrets[1] != "second-secret-of-the-edge" {
		t.Errorf("got %+v", c)
	}
	if c.Brand != DefaultBrand || c.Accent != colour.Default {
		t.Errorf("got brand %q and accent %q, want the defaults", c.Brand, c.Accent)
	}
	for _, bad := range []string{"", "konto.example", "/konto", "https://"} {
		env["PUBLIC_URL"] = bad
		if _, err := readConfig(func(k string) string { return env[k] }); err == nil {
			t.Errorf("PUBLIC_URL %q is accepted", bad)
		}
	}
}

func TestLinksOfTheCompanyAreSecureOrNotThere(t *testing.T) {
	env := map[string]string{"STAGE": localStage, "PUBLIC_URL": "https://konto.example", "INVOICES_URL": "https://firma.example/rechnungen", "HELP_URL": "https://hilfe.firma.example",
		"PAY_URL": "https://firma.example/zahlen?von=konto", "TERMS_URL": "https://firma.example/agb", "PROCESSING_URL": "https://firma.example/avv"}
	want := Links{Invoices: env["INVOICES_URL"], Help: env["HELP_URL"], Pay: env["PAY_URL"], Terms: env["TERMS_URL"], Processing: env["PROCESSING_URL"]}
	if c, err := readConfig(func(k string) string { return env[k] }); err != nil || c.Links != want {
		t.Errorf("got %+v %v", c.Links, err)
	}
	for _, name := range []string{"INVOICES_URL", "HELP_URL", "PAY_URL", "TERMS_URL", "PROCESSING_URL"} {
		for value, good := range map[string]bool{"": true, "https://firma.example": true, "http://firma.example": false, "firma.example": false, "/rechnungen": false,
			"javascript:alert(1)": false, "https://": false, "https://bank.example@firma.example": false, "https://firma .example": false} {
			changed := maps.Clone(env)
			changed[name] = value
			_, err := readConfig(func(k string) string { return changed[k] })
			if (err == nil) != good || err != nil && !strings.Contains(err.Error(), name) {
				t.Errorf("%s %q: %v", name, value, err)
			}
		}
	}
}

func TestNoFunctionStartsOnAWSWithoutTheEdgesSecret(t *testing.T) {
	for _, c := range []struct {
		stage, secrets string
		starts         bool
	}{
		{"prod", "", false},
		{"test", "", false},
		{"", "", false}, // a stage that nobody named is not the local one
		{"prod", ",,,,,,,,,,,,,,,,,,,,", false},
		{"prod", " , ", false},
		{"prod", "a,bbbbbbbbbbbbbbbbbbbb", false},
		{"prod", "aaaaaaaaaaaaaaaaaaaa,b", false},
		{"prod", "aaaaaaaaaaaaaaa", false},
		{"prod", "aaaaaaaaaaaaaaaa", true},
		{"prod", "aaaaaaaaaaaaaaaa,bbbbbbbbbbbbbbbb", true},
		{localStage, "", true},
	} {
		env := map[string]string{"STAGE": c.stage, "PUBLIC_URL": "https://konto.example", "EDGE_SECRETS": c.secrets}
		if _, err := readConfig(func(k string) string { return env[k] }); (err == nil) != c.starts {
			t.Errorf("stage %q with secrets %q: %v, want it to start: %v", c.stage, c.secrets, err, c.starts)
		}
		if _, err := readSite(func(k string) string { return env[k] }); err != nil {
			t.Errorf("a function behind no edge does not start: %v", err)
		}
	}
}

// The script is ours and small; a budget keeps it so.
func TestAssetsAreSmallAndOurs(t *testing.T) {
	set := assetsFor(colour.Default)
	if n := len(set["script.js"].body); n >= 4000 {
		t.Errorf("the script has %d bytes, the limit is 4000", n)
	}
	if strings.Contains(string(set["script.js"].body), "Date") {
		t.Error("the script asks a clock that may be wrong, and would warn too late (S9)")
	}
	for name, a := range set {
		if strings.Contains(string(a.body), "http") && name != "logo.svg" {
			t.Errorf("%s names another host", name)
		}
	}
	h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/assets/{path...}", Handle: Assets})
	for path, status := range map[string]int{"style.css": 200, "script.0.js": 200, "logo.svg": 200, "": 404, "../web.go": 404, "style/1-base.css": 404, "secret": 404} {
		if w := call(h, http.MethodGet, "/assets/"+path, ""); w.Code != status {
			t.Errorf("%q: got %d, want %d", path, w.Code, status)
		}
	}
}

func TestTheHeadingOfAnErrorSaysWhatItIsAbout(t *testing.T) {
	const entries, refused = "Bitte prüfen Sie Ihre Eingaben", "Das ist so nicht möglich"
	for _, c := range []struct {
		err  *Error
		want string
	}{
		{Unprocessable("field", lang.T("Den Auftrag gibt es nicht."), Invalid("email", "invalid", lang.T("Ein Feld."))), entries},
		{Unprocessable("open_balance", lang.T("Den Auftrag gibt es nicht.")), refused},
		{Conflict("changed", lang.T("Den Auftrag gibt es nicht.")), refused},
	} {
		if got := c.err.Heading().In(lang.DE); got != c.want {
			t.Errorf("%s is headed %q, want %q", c.err.Code, got, c.want)
		}
	}
	link := NotFound()
	link.Code = "link_unknown"
	if got := newErrorView(link).Heading.In(lang.DE); got != "Dieser Link gilt nicht" {
		t.Errorf("an unknown link is headed %q", got)
	}
}

func TestTheContactIsALinkAndATelephoneNumberDoesNotBreak(t *testing.T) {
	for contact, want := range map[string]string{
		"Firma & Co, Telefon 030 23125 182, hilfe@firma.example": `Firma &amp; Co, Telefon <a class="nowrap" href="tel:03023125182">030 23125 182</a>, ` +
			`<a href="mailto:hilfe@firma.example">hilfe@firma.example</a>`,
		"+49 30 23125-182":           `<a class="nowrap" href="tel:+493023125182">+49 30 23125-182</a>`,
		"030/23125182":               `<a class="nowrap" href="tel:03023125182">030/23125182</a>`,
		"Hauptstr. 5, 10115 Berlin":  `Hauptstr. 5, 10115 Berlin`,
		"Kundennummer 1000 0017":     `Kundennummer <span class="nowrap">1000 0017</span>`,
		"Mo bis Fr 08 18":            `Mo bis Fr <span class="nowrap">08 18</span>`,
		"hilfe+konto@firma.example.": `<a href="mailto:hilfe+konto@firma.example">hilfe+konto@firma.example</a>.`,
		"24.12.2026":                 `24.12.2026`,
		`"><script>@firma.example`:   `&#34;&gt;&lt;script&gt;@firma.example`,
		`a?bcc=x@firma.example`:      `a?bcc=<a href="mailto:x@firma.example">x@firma.example</a>`,
	} {
		if got := string(contactHTML(contact)); got != want {
			t.Errorf("%s is\n%s, want\n%s", contact, got, want)
		}
	}
	if got, want := string(contactHTML("hilfe@firma.example", "Auftrag K7QX-2M4D & mehr")), `href="mailto:hilfe@firma.example?subject=Auftrag%20K7QX-2M4D%20%26%20mehr"`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestANumberInAnAttributeIsGrouped(t *testing.T) {
	for n, want := range map[string]string{"10000017": "1000\u00a00017", "123456789012": "1234\u00a05678\u00a09012", "123456": "1234\u00a056"} {
		if got := grouped(n); got != want {
			t.Errorf("%s is %q, want %q", n, got, want)
		}
	}
}

func TestSentencesOfAPageAreEscapedAroundHTML(t *testing.T) {
	pages, err := ParsePages(fstest.MapFS{"pages/x.html": {Data: []byte(`{{define "title"}}x{{end}}{{define "content"}}
<p>{{sentences "A & B." "C <d>."}}</p><p>{{sentences "A <b>." (strong "<i>")}}</p><p>{{numbersAnd .View}}</p><p>{{numbers .View}}</p>
<p>{{unbroken "DE <x>"}} {{strong (unbroken "y")}}</p>{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := pages.render(&b, "x", &PageData{Lang: lang.EN, View: []string{"10", "20", "3<"}}); err != nil {
		t.Fatal(err)
	}
	number := func(n string) string { return `<span class="number"><span>` + n + `</span></span>` }
	for _, want := range []string{
		"<p>A &amp; B. C &lt;d&gt;.</p>", "<p>A &lt;b&gt;. <strong>&lt;i&gt;</strong></p>",
		"<p>" + number("10") + ", " + number("20") + " and " + number("3&lt;") + "</p>",
		"<p>" + number("10") + ", " + number("20") + ", " + number("3&lt;") + "</p>",
		`<p><span class="nowrap">DE &lt;x&gt;</span> <strong><span class="nowrap">y</span></strong></p>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing in\n%s", want, b.String())
		}
	}
}

func TestPagesOfSeveralPackagesAreJoinedAndEachNameIsOne(t *testing.T) {
	a := fstest.MapFS{"pages/a.html": {Data: []byte(`{{define "content"}}<h1>A</h1>{{end}}`)}}
	b := fstest.MapFS{"pages/b.html": {Data: []byte(`{{define "content"}}<h1>B</h1>{{end}}`)}}
	p, err := ParsePages(Join(a, b))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Names(), " "); got != "a accessibility b error" {
		t.Errorf("the pages are %s", got)
	}
	if _, err := ParsePages(Join(a, b, a)); err == nil || !strings.Contains(err.Error(), "pages/a.html") {
		t.Errorf("two pages of one name: %v", err)
	}
}

// A translation is text, whoever wrote it: only what a page puts in as HTML stays HTML.
func TestSentencesAreEscapedAroundWhatIsHTML(t *testing.T) {
	got := Markup(lang.DE, lang.T("<b>%s</b> & %s", NumberHTML("100017"), "<i>"))
	want := `&lt;b&gt;` + NumberHTML("100017") + `&lt;/b&gt; &amp; &lt;i&gt;`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := numbersAnd(lang.EN, []string{"100017", "100025", "100033"}); got != NumberHTML("100017")+", "+NumberHTML("100025")+" and "+NumberHTML("100033") {
		t.Errorf("three numbers: %s", got)
	}
}

// What the company has elsewhere is linked where customers look for it, and nowhere when it is not configured.
func TestLinksOfTheCompanyStandWhereTheyAreLookedFor(t *testing.T) {
	links := Links{Invoices: "https://firma.example/rechnungen", Help: "https://firma.example/hilfe", Pay: "https://firma.example/zahlen", Terms: "https://firma.example/agb",
		Processing: "https://firma.example/avv"}
	for _, c := range []struct {
		name    string
		config  Links
		account *AccountHeader
		counts  map[string]int
	}{
		{"a visitor", links, nil, map[string]int{links.Help: 3, links.Terms: 1, links.Invoices: 0}}, // header, page of an error, footer
		{"a customer", links, &AccountHeader{Number: "10000017", Name: "Anna"}, map[string]int{links.Help: 3, links.Terms: 1, links.Invoices: 1}},
		{"the service team", links, &AccountHeader{Staff: true, Name: "Petra"}, map[string]int{links.Help: 0, links.Terms: 1, links.Invoices: 0}},
		{"without any", Links{}, &AccountHeader{Number: "10000017"}, map[string]int{"firma.example": 0, `href=""`: 0}},
	} {
		var b bytes.Buffer
		d := &PageData{Lang: lang.DE, Path: "/account", Account: c.account, Config: Config{PublicURL: "https://konto.example", Brand: "Kundenkonto", Links: c.config},
			Error: NotFound(), View: newErrorView(NotFound())}
		if err := builtin().render(&b, "error", d); err != nil {
			t.Fatal(err)
		}
		for link, want := range c.counts {
			if got := strings.Count(b.String(), link); got != want {
				t.Errorf("%s finds %s %d times, want %d", c.name, link, got, want)
			}
		}
	}
}

func TestAMailAboutAPageSaysWhatThePageShows(t *testing.T) {
	anna := &AccountHeader{Number: "10000017"}
	for _, c := range []struct {
		path    string
		failed  bool
		account *AccountHeader
		want    string
	}{
		{"/login", false, nil, ""},
		{"/account", false, anna, "Kundennummer 10000017"},
		{"/merge/orders/K7QX-2M4D", false, anna, "Auftrag K7QX-2M4D, Kundennummer 10000017"},
		{"/merge/orders/K7QX-2M4D/withdraw", false, anna, "Auftrag K7QX-2M4D, Kundennummer 10000017"},
		{"/account/packages/P-1001", true, anna, "Paket P-1001, Kundennummer 10000017, Kennung 4711"},
		{"/account/packages/P%0d%0ABcc:x", false, anna, "Kundennummer 10000017"},
		{"/service/orders/K7QX-2M4D", false, &AccountHeader{Staff: true}, ""},
	} {
		d := &PageData{Lang: lang.DE, Path: c.path, RequestID: "4711", Account: c.account}
		if c.failed {
			d.Error = NotFound()
		}
		if got := d.Subject(); got != c.want {
			t.Errorf("%s is %q, want %q", c.path, got, c.want)
		}
	}
}
