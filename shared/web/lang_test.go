package web

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/lang"
)

func TestLanguageOfAnAnswer(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodGet, Pattern: "/x", Handle: func(r *Request) (Response, error) {
		r.PreferLang(r.URL.Query().Get("customer"))
		return JSON(200, r.Lang), nil
	}})
	for _, c := range []struct {
		name, query, cookie, accept string
		want                        string
		cookieSet                   string
	}{
		{"nothing said", "", "", "", "de", ""},
		{"the browser wants English", "", "", "en-US,en;q=0.9,de;q=0.8", "en", ""},
		{"the browser wants German before English", "", "", "de,en;q=0.5", "de", ""},
		{"the browser wants a language we lack", "", "", "fr", "de", ""},
		{"the browser wants French, then English", "", "", "fr,en;q=0.5", "en", ""},
		{"the customer's language wins over the browser", "customer=en", "", "de", "en", ""},
		{"the cookie wins over the customer's language", "customer=en", "de", "en", "de", ""},
		{"the switch wins over the cookie", "lang=en", "de", "de", "en", "en"},
		{"the switch wins over the customer's language", "lang=en&customer=de", "", "", "en", "en"},
		{"a switch to nonsense does nothing", "lang=xx", "", "", "de", ""},
		{"a cookie of nonsense does nothing", "", "xx", "en", "en", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cookie := ""
			if c.cookie != "" {
				cookie = "__Host-lang=" + c.cookie
			}
			w := call(h, "GET", "/x?"+c.query, "", "Cookie", cookie, "Accept-Language", c.accept)
			if got := strings.Trim(w.Body.String(), "\"\n"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			set := w.Result().Cookies()
			if c.cookieSet == "" && len(set) > 0 || c.cookieSet != "" && (len(set) != 1 || set[0].Value != c.cookieSet || !set[0].Secure || !set[0].HttpOnly) {
				t.Errorf("got cookies %v, want %q", set, c.cookieSet)
			}
		})
	}
}

func TestTheSwitchKeepsThePage(t *testing.T) {
	routes := append(sampleRoutes(), Route{Method: http.MethodPost, Pattern: "/sample/save", Handle: func(*Request) (Response, error) { return Page("sample", cityView{}), nil }})
	h := testApp(t, AppConfig{}, io.Discard, routes...)
	for _, c := range []struct{ name, method, target, want string }{
		{"a page", "GET", "/sample", `href="/sample?lang=en"`},
		{"a page with a query", "GET", "/sample?token=a%26b&lang=de", `href="/sample?token=a%26b&amp;lang=en"`},
		{"the answer to a form that has a page", "POST", "/sample", `href="/sample?lang=en"`},
		{"the answer to a form without a page of its own", "POST", "/sample/save", `href="/sample?lang=en"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if w := call(h, c.method, c.target, ""); !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%s is not in\n%s", c.want, w.Body)
			}
		})
	}
}

func TestCookiesAndHeadersOfAResponse(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, Route{Method: http.MethodPost, Pattern: "/x", Handle: func(*Request) (Response, error) {
		return SeeOther("/y").WithCookie(&http.Cookie{Name: "a", Value: "1"}).WithCookie(&http.Cookie{Name: "b", Value: "2"}).WithHeader("Clear-Site-Data", `"cache"`), nil
	}})
	w := call(h, "POST", "/x", "")
	if c := w.Result().Cookies(); len(c) != 2 || c[0].Name != "a" || c[1].Name != "b" {
		t.Errorf("got cookies %v", c)
	}
	if w.Header().Get("Location") != "/y" || w.Header().Get("Clear-Site-Data") != `"cache"` {
		t.Errorf("got headers %v", w.Header())
	}
}

func TestHeadHasNoBodyAndWrongMethodsAreTold(t *testing.T) {
	h := testApp(t, AppConfig{}, io.Discard, sampleRoutes()...)
	if w := call(h, "HEAD", "/sample", ""); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "0" {
		t.Errorf("HEAD got %d with %d bytes, Content-Length %s", w.Code, w.Body.Len(), w.Header().Get("Content-Length"))
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodTrace} {
		if w := call(h, method, "/sample", "", "Sec-Fetch-Site", "same-origin"); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD, POST" {
			t.Errorf("%s got %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
}

func TestFormats(t *testing.T) {
	at := time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC)
	summer := time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC)
	for _, c := range []struct{ name, got, want string }{
		{"a date", lang.Day(at).In(lang.DE), "23.11.2026"},
		{"a date in English", lang.Day(at).In(lang.EN), "23 November 2026"},
		{"a summer night is the next day in Berlin", lang.Day(summer).In(lang.DE), "02.07.2026"},
		{"a time", lang.Hour(at).In(lang.DE), "14:02 Uhr"},
		{"a time in English", lang.Hour(at).In(lang.EN), "14:02"},
		{"date and time", lang.Moment(at).In(lang.DE), "23.11.2026 um 14:02 Uhr"},
		{"money", lang.Cents(1999).In(lang.DE), "19,99\u00a0€"},
		{"much money", lang.Cents(123456789).In(lang.DE), "1.234.567,89\u00a0€"},
		{"money in English", lang.Cents(-101999).In(lang.EN), "−€1,019.99"},
		{"what is owed", lang.Balance(700).In(lang.DE), "7,00\u00a0€ offen"},
		{"a credit", lang.Balance(-2500).In(lang.DE), "Guthaben 25,00\u00a0€"},
		{"what is owed, in English", lang.Balance(100700).In(lang.EN), "€1,007.00 due"},
		{"a credit, in English", lang.Balance(-2500).In(lang.EN), "credit of €25.00"},
		{"nothing owed", lang.Balance(-0).In(lang.DE), "nichts offen"},
		{"nothing owed, in English", lang.Balance(0).In(lang.EN), "nothing due"},
		{"no money", lang.Cents(0).In(lang.DE), "0,00\u00a0€"},
		{"a customer number", string(NumberHTML("10000017")), `<span class="number"><span>1000</span><span>0017</span></span>`},
		{"a number that is none", string(NumberHTML("<b>")), `<span class="number"><span>&lt;b&gt;</span></span>`},
		{"a masked number", MaskNumber("10000017"), "10••••17"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}
