package main

import (
	"time"

	"kundenkonto/shared/web"
)

func now() time.Time { return time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC) }

// samples are the pages and how they are shown; the first part of the path
// decides the navigation.
var samples = []struct {
	name, path string
	account    *web.AccountHeader
	view       any
	err        *web.Error
	notice     web.Text
}{
	{name: "login", path: "/login", view: login{Number: "10000O17"}, err: web.Unprocessable("login_invalid",
		web.T("Die Anmeldung hat nicht geklappt.", "Signing in did not work."),
		web.Invalid("customerNumber", "digits", web.T("Eine Kundennummer besteht nur aus Ziffern, zum Beispiel 10000017.", "A customer number has only digits, for example 10000017.")),
		web.Invalid("password", "missing", web.T("Geben Sie Ihr Kundenpasswort ein.", "Enter your customer password.")))},
	{name: "login", path: "/sign-in-again", view: login{}},
	{name: "overview", path: "/account", account: customer, view: overview(7),
		notice: web.T("Die Kundennummer 10000023 gehört jetzt zu 10000017.", "Customer number 10000023 now belongs to 10000017.")},
	{name: "overview", path: "/account/none", account: customer, view: overview(0)},
	{name: "menu", path: "/account/menu", account: customer},
	{name: "compare", path: "/merge/draft", account: customer},
	{name: "order", path: "/merge/orders/K7QX-2M4D", account: customer},
	{name: "queue", path: "/service", account: staff, view: queue()},
	{name: "decision", path: "/service/orders/K7QX-2M4D", account: staff},
}

var customer = &web.AccountHeader{Number: "10000017", Name: "Anna Schäfer", SessionEnds: time.Now().Add(30 * time.Minute)}
var staff = &web.AccountHeader{Name: "Jana Wolff", Staff: true}

type login struct{ Number string }

func routes() []web.Route {
	routes := []web.Route{{Method: "GET", Pattern: "/assets/{path...}", Handle: web.Assets},
		{Method: "GET", Pattern: "/accessibility", Handle: func(*web.Request) (web.Response, error) { return web.Page("accessibility", struct{}{}), nil }},
		{Method: "GET", Pattern: "/", Handle: func(*web.Request) (web.Response, error) { return nil, web.NotFound() }}}
	for _, s := range samples {
		routes = append(routes, web.Route{Method: "GET", Pattern: s.path, Handle: func(r *web.Request) (web.Response, error) {
			if s.account != nil {
				r.SignedIn(*s.account)
			}
			p := web.Page(s.name, s.view).WithError(s.err)
			if s.notice != (web.Text{}) {
				p.WithNotice("info", s.notice)
			}
			return p, nil
		}})
	}
	return routes
}

type pack struct {
	ID, Domain, Product, Tariff, Until string
	More                               int
}

type overviewView struct {
	Total    int
	Packages []pack
}

func overview(n int) overviewView {
	names := []string{"schaefer.example", "anna-schaefer-fotografie-und-gestaltung-in-berlin-mitte.example", "shop-schaefer.example", "xn--bcher-kva.example", "mail.schaefer.example", "rootserver.example", "alt.example"}
	v := overviewView{Total: n}
	for i := range n {
		v.Packages = append(v.Packages, pack{ID: "P-1001", Domain: names[i%len(names)], Product: []string{"Hosting", "Server", "Shop"}[i%3],
			Tariff: []string{"Hosting Basic", "Root Server M", "Shop Plus"}[i%3], Until: "2027-04-30", More: i % 3})
	}
	return v
}

type row struct {
	ID, Number, Other, Name, Age, By string
	Risks                            []string
}

func queue() []row {
	return []row{
		{"K7QX-2M4D", "10000017", "10000023", "Anna Schäfer", "2 Tage", "", []string{"E-Mail neu", "2 Fehlversuche"}},
		{"P3WN-8RTA", "10000101", "10000102", "Maximiliane von Hohenstein-Oberwaldkirchen Verwaltungs GmbH", "1 Tag", "Jana Wolff", nil},
		{"B6HE-4KZC", "10000208", "10000311", "Yusuf Aydın", "14 Stunden", "", []string{"Paketpasswort neu"}},
	}
}
