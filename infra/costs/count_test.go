package main

import (
	"crypto/rand"
	"encoding/json"
	"flag"
	"maps"
	"net/http"
	"os"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"kundenkonto/infra/meter"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
)

var update = flag.Bool("update", false, "write counts.json")

type house struct{ *meter.House }

// counted is what an act takes.
func (h house) counted(act func()) Count {
	h.Helper()
	h.Deliver()
	before := h.Kept()
	h.Acts = meter.Acts{}
	h.Meter.Reset()
	h.Log.Reset()
	act()
	h.Deliver()
	a, units := h.Acts, h.Meter.Taken()
	return Count{Pages: a.Pages, Service: a.Service, Dispatch: a.Dispatch, Steps: a.Steps, Transitions: a.Transitions, Mails: a.Mails, Queued: a.Queued,
		Events: a.Events, Reads: units.Reads, Writes: units.Writes, LogBytes: h.Log.Len() / 100 * 100, Stored: max(0, h.Kept()-before) / 10 * 10}
}

// merge is a merge order from beginning to end.
func (h house) merge() {
	h.Helper()
	h.Merge(func(_ string, do func()) { do() }, func(o order.Order) {
		_, err := h.Orders().Approve(h.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "passt"})
		h.Must(err)
	})
}

// countAll counts every act, in an order in which each finds what it needs.
func (h house) countAll() map[string]Count {
	h.Helper()
	all := map[string]Count{}
	h.Import(meter.Line(meter.Anna, 0))
	all["customer"] = h.counted(func() { h.Import(meter.Line(meter.Bert, 0)) })
	all["import, nothing new"] = h.counted(func() { h.Import(meter.Line(meter.Bert, 0)) })
	all["import, another balance"] = h.counted(func() { h.Import(meter.Line(meter.Bert, -100)) })
	all["schedule"] = h.counted(func() { h.Dispatch(map[string]any{"redrive": true}) })
	h.Cookies = map[string]*http.Cookie{}
	signIn := func() {
		h.Send("GET", "/login")
		h.Send("POST", "/login", "customerNumber", meter.Anna, "password", meter.Password)
		h.Send("GET", "/account")
	}
	signIn() // the first one brings a hash up to date
	all["sign-in"] = h.counted(signIn)
	all["page"] = h.counted(func() { h.Send("GET", "/account/packages/A"+meter.Anna) })
	all["settings"] = h.counted(func() {
		h.Send("GET", "/account/packages/A"+meter.Anna)
		h.Send("POST", "/account/packages/A"+meter.Anna+"/settings", "displayName", "Blog")
	})
	all["master data"] = h.counted(func() {
		h.Send("GET", "/account/master-data")
		h.Send("POST", "/account/master-data", "version", "1", "street", "Neue Straße 7", "city", "Bonn", "postalCode", "53111", "country", "DE", "phone", "030 1234567", "email", "anna@schaefer.example")
	})
	all["cancellation"] = h.counted(func() {
		page := "/account/packages/A" + meter.Anna + "/cancel"
		h.Send("GET", page)
		h.Send("POST", page, "kind", customer.Ordinary)
		h.Send("GET", "/account/packages/A"+meter.Anna)
	})
	all["merge"] = h.counted(h.merge)
	cookies := maps.Clone(h.Cookies)
	h.Cookies = map[string]*http.Cookie{}
	all["new password"] = h.counted(func() {
		h.Send("GET", "/password/forgot")
		h.Send("POST", "/password/forgot", "customerNumber", meter.Anna)
		h.Deliver()
		token := regexp.MustCompile(`/password/reset\?token=([A-Za-z0-9_-]+)`).FindStringSubmatch(h.Mails[len(h.Mails)-1])
		if token == nil {
			h.Fatal("no link: " + h.Mails[len(h.Mails)-1])
		}
		h.Send("GET", "/password/reset?token="+token[1])
		h.Send("POST", "/password/reset", "token", token[1], "newPassword", "ein ganz neues Kundenwort")
	})
	value, err := session.StaffStore{Store: h.Store}.Create(h.Context(), rand.Reader, session.StaffSession{Sub: "sub", User: "jana", Name: "Jana", Groups: []string{session.StaffGroup}}, h.Now())
	h.Must(err)
	c := session.NewStaffCookie(value)
	h.Cookies = map[string]*http.Cookie{c.Name: c}
	all["look of the service team"] = h.counted(func() { h.Send("GET", "/service/customers/"+meter.Anna) })
	h.Cookies = cookies
	all["hour of a review"] = Count{Steps: 3, Transitions: 4, Reads: 3, Writes: 4} // Overdue, Read, Which, Review: three reads of the order, one write of it and its indexes
	return all
}

// The counts that the bill is reckoned from are those of the program. go test ./infra/costs -update writes them anew.
func TestCountsAreThoseOfTheProgram(t *testing.T) {
	var got map[string]Count
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC))) // contracts have begun
		got = house{meter.NewHouse(t, meter.Clock{Now: time.Now, Sleep: time.Sleep})}.countAll()
	})
	if *update {
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("counts.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := read[map[string]Count](countsFile)
	for act, c := range got {
		w := want[act]
		c.LogBytes, w.LogBytes, c.Stored, w.Stored = near(c.LogBytes, w.LogBytes), 0, near(c.Stored, w.Stored), 0
		if c != w {
			t.Errorf("%s takes %+v, counts.json says %+v: go test ./infra/costs -update, then go run ./infra/costs -write", act, c, w)
		}
	}
	if c := want["import, nothing new"]; c.Writes != 0 {
		t.Errorf("a line of an import that changes nothing costs %g writes", c.Writes)
	}
}

// near is 0 for a size that differs by its random parts alone.
func near(got, want int) int {
	if d := got - want; max(d, -d) <= max(300, want/5) {
		return 0
	}
	return got
}
