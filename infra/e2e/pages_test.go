package e2e

import (
	"embed"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/web"
)

// The overview with no, one and 300 packages and with names of 60 characters.
func TestOverviewsOfAllSizes(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	none, one, many := person(t, lang.DE, 0), person(t, lang.DE, 1), person(t, lang.DE, 300)
	none.Street, none.PostalCode, none.City, none.Phone, none.Mobile, none.IBAN, none.BIC = "", "", "", "", "", "", ""
	one.FirstName, one.LastName = "Maximilian Konstantin", "Großmann-Überschär von der Heide"
	one.Company = "Arbeitsgemeinschaft für Denkmalpflege und Gartenkunst e. V."
	one.Packages[0].Domains = []string{"arbeitsgemeinschaft-denkmalpflege-und-gartenkunst-" + one.CustomerNumber + ".example"}
	for _, l := range []*importer.Line{&none, &one, &many} {
		l.Password = secret
	}
	importAll(t, none, one, many)
	v := travel(t, browser.Options{Shots: "de"})
	v.signsIn(none.CustomerNumber, secret)
	v.See(T("Zu Ihrer Kundennummer gehört zurzeit kein Paket", "No packages belong to your customer number"))
	v.Shot("overview-no-packages")
	v.Press(signOut)
	v.signsIn(one.CustomerNumber, secret)
	v.Sees(domain(one))
	v.Shot("overview-long-names")
	v.Follow(T(domain(one), domain(one)))
	v.Shot("package-long-names")
	v.Press(signOut)
	v.signsIn(many.CustomerNumber, secret)
	v.Sees("(300)")
	v.Shot("overview-300-packages")
	v.Follow(T("Weitere Pakete", "More packages"))
	v.Shot("overview-300-packages-next")
	v.Fill(findPackage, "seite-217-")
	v.Press(T("Suchen", "Search"))
	v.Sees(many.Packages[217].Domains[0])
	v.SeesNot(many.Packages[218].Domains[0])
	v.Shot("overview-search")
	v.Fill(findPackage, "gibt-es-nicht")
	v.Press(T("Suchen", "Search"))
	v.See(T("Kein Paket passt", "No package matches"))
	v.Shot("overview-search-empty")
}

func TestErrorPagesSayWhatToDo(t *testing.T) {
	localtest.Cloud(t)
	for _, lang := range []lang.Lang{lang.DE, lang.EN} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			v := travel(t, browser.Options{Lang: lang, Shots: string(lang)})
			v.meetsErrors()
			staff := work(t, browser.Options{Lang: lang, Shots: string(lang)})
			staff.Open("/service/customers?q=gibt-es@nirgends.example")
			staff.Status(404)
			staff.Shot("service-customers-none")
			staff.Open("/service?q=XXXX-XXXX")
			staff.Status(404)
			staff.Open("/service/orders/XXXX-XXXX")
			staff.Status(404)
			staff.Open("/service/callback?error=access_denied")
			staff.Status(400)
			staff.Shot("service-refused")
		})
	}
}

func (v traveller) meetsErrors() {
	v.t.Helper()
	for path, status := range map[string]int{"/gibt-es-nicht": 404, "/logout": 405, "/accessibility": 200, "/password/reset?token=x": 410,
		"/account/email/confirm?token=x": 410, "/account/email/stop?token=x": 410, "/merge/veto?token=x": 404, "/login/stop-recovery?token=x": 410} {
		v.Open(path)
		v.Status(status)
		v.Shot("error-" + strings.Trim(strings.NewReplacer("/", "-", "?token=x", "").Replace(path), "-"))
	}
	v.Open("/login/passkey")
	v.Open("/login")
	v.Fill(customerNumber, strings.Repeat("1", 70<<10))
	v.Press(signIn)
	v.Status(413)
	number := localtest.Number(v.t)
	v.Open("/login")
	for range 5 {
		v.tries(number, "geraten")
		v.Status(422)
	}
	for tooMany := T("Zu viele Versuche", "Too many attempts"); !v.Shows(tooMany); { // a slow machine outlasts the first pauses
		v.tries(number, "geraten")
		v.Status(422, 429)
	}
	v.Status(429)
	v.Shot("error-429")
	v.Open("data:text/html," + url.PathEscape(`<title>x</title><form method=post action="`+v.URL+`/logout"><button>weiter</button></form>`)) // another site (S16)
	v.Press(T("weiter", "weiter"))
	v.Status(403)
	v.Shot("error-403")
}

// nothing is no page of a slice: the error pages are in the shared layout.
var nothing embed.FS

// What the cloud cannot be made to answer on demand is served by the same package without it.
func TestErrorPagesOfOurOwnMistakes(t *testing.T) {
	t.Parallel()
	pages, err := web.ParsePages(nothing)
	if err != nil {
		t.Fatal(err)
	}
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: "/500", Summary: "a mistake", Handle: func(*web.Request) (web.Response, error) { return nil, errors.New("a mistake") }},
		{Method: http.MethodGet, Pattern: "/503", Summary: "no database", Handle: func(*web.Request) (web.Response, error) { return nil, web.Unavailable(errors.New("throttled")) }},
		{Method: http.MethodGet, Pattern: "/assets/{path...}", Summary: "Stylesheet", Handle: web.Assets},
	}
	var app http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	defer server.Close()
	address := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	app = web.NewApp(web.AppConfig{Config: web.Config{PublicURL: address, Brand: web.DefaultBrand, Contact: "030 1234567"},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}, pages, routes)
	v := browser.Visit(t, browser.Options{URL: address, Shots: "de"})
	for path, status := range map[string]int{"/500": 500, "/503": 503} {
		v.Open(path)
		v.Status(status)
		v.SeesNot("a mistake", "throttled")
		v.Shot("error-" + path[1:])
	}
}

// German unless the browser prefers English; a switch on each page holds from then on.
func TestVisitorsReadTheirLanguage(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	l := person(t, lang.DE, 1)
	l.Password = secret
	importAll(t, l)
	v := travel(t, browser.Options{Lang: lang.EN})
	v.Open("/login")
	v.Title(T("", "Sign in"))
	v.tries(l.CustomerNumber, secret)
	v.Sees("Übersicht") // the customer's language holds once they are known
	v.Visitor.Lang = lang.DE
	v.Follow(T("EN English", ""))
	v.Visitor.Lang = lang.EN
	v.See(T("", "Overview"))
	v.Open("/merge")
	v.See(T("", "Merge customer numbers"))
}
