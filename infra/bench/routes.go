package main

import (
	"fmt"
	"net/http"

	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/meter"
)

// pagesOf are pages that people look at again and again, of a signed-in customer or of the service team.
var pagesOf = map[bool][]string{
	false: {"/login", "/account", "/account/packages/A" + meter.Anna, "/account/master-data", "/account/sessions", "/account/history", "/account/mails", "/account/export",
		"/merge", "/merge/draft", "/merge/orders", "/password/forgot"},
	true: {"/service", "/service/customers/" + meter.Anna, "/service/mails"},
}

// routes measures a warm page: its own work and the SDK's, with the answers of the tables in memory.
func (b bench) routes() (all []figure.Figure, err error) {
	const samples, atOnce = 10, 20
	err = b.walk(func(h *meter.House) {
		signedIn(h)
		h.Import(meter.Line(meter.Bert, 0))
		packages(h, meter.Anna, 25)
		stub(h)
		for _, team := range []bool{false, true} {
			if team {
				staffIn(h)
			}
			for _, path := range pagesOf[team] {
				look := func() { h.Send(http.MethodGet, path) }
				look()
				found := series{}
				for range samples {
					found.take(spend(atOnce, look))
				}
				all = append(all, found.figures(fmt.Sprintf("Route/path=%s", path), "ms/op", "cpu-ms/op", "B/op", "allocs/op")...)
			}
		}
	})
	return all, err
}
