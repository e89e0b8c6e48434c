package review

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/functions/review/signin"
	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// start is when the tests begin.
var start = sampleorder.Start

const publicURL = "https://konto.example"

// site is the function with everything around it, and a browser.
type site struct {
	*world.World
	issuer *issuer
	known  map[string]bool // order and end of it that the audit has
	queue  *fakeQueue
	team   *fakeTeam
	cfg    Config
}

func newSite(t *testing.T) *site {
	s := &site{World: world.New(t), issuer: newIssuer(t), known: map[string]bool{}, queue: &fakeQueue{},
		team: &fakeTeam{sub: "7f1c", name: "Jana Wolff", groups: []string{session.StaffGroup}}}
	s.Now = start
	cfg := s.Config()
	s.issuer.now, cfg.FormActions = cfg.Now, signin.FormActions(s.issuer.URL+"/x")
	s.cfg = Config{AppConfig: cfg, Team: s.team, Links: forgot.Queue{Sender: s.queue, URL: "queue"},
		Provider: signin.ProviderConfig{Issuer: s.issuer.URL, ClientID: clientID, PublicURL: publicURL}}
	s.open()
	return s
}

// open makes the function anew, as it is configured.
func (s *site) open() {
	s.T.Helper()
	var err error
	if s.Site, err = New(s.Watched, s.cfg); err != nil {
		s.T.Fatal(err)
	}
}

// wrote is the number of transactions that changed something, since the calls were looked at last.
func (s *site) wrote() (n int) {
	for _, c := range s.Calls() {
		if c.Operation == "TransactWriteItems" && c.Writes {
			n++
		}
	}
	return n
}

// mute lets the audit take nothing.
func (s *site) mute() {
	s.Fail(0, tablefake.Refused("ValidationException"), func(c tablefake.Call) bool {
		return c.Operation != "Query" && slices.Contains(c.Tables, tablefake.Names.Audit)
	})
}

// at lets something happen at another time.
func (s *site) at(then time.Time, do func()) {
	now := s.Now
	s.Now = then
	do()
	s.Now = now
}

// request is what a browser does with its cookies.
func (s *site) request(method, path string, form url.Values, headers ...string) *http.Response {
	s.T.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for name, value := range s.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.Site.ServeHTTP(w, r)
	resp := w.Result()
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(s.Cookies, c.Name)
		} else {
			s.Cookies[c.Name] = c.Value
		}
	}
	return resp
}

func (s *site) get(path string, headers ...string) *http.Response {
	return s.request(http.MethodGet, path, nil, headers...)
}

func (s *site) post(path string, form url.Values) *http.Response {
	return s.request(http.MethodPost, path, form)
}

// page asks for a page and demands a status.
func (s *site) page(resp *http.Response, status int) *goquery.Document {
	s.T.Helper()
	if resp.StatusCode != status {
		s.T.Fatalf("status %d, want %d\n%s", resp.StatusCode, status, s.Log.String())
	}
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return doc
}

func text(resp *http.Response) string {
	b, _ := io.ReadAll(resp.Body)
	return string(b)
}

// words are an element's text as people read it.
func words(sel *goquery.Selection) string { return strings.Join(strings.Fields(sel.Text()), " ") }

func (s *site) redirected(resp *http.Response, to string) {
	s.T.Helper()
	if got := resp.Header.Get("Location"); resp.StatusCode != http.StatusSeeOther || got != to {
		s.T.Fatalf("status %d to %q, want 303 to %q\n%s", resp.StatusCode, got, to, s.Log.String())
	}
}

// signIn goes the whole way through the provider.
func (s *site) signIn() {
	s.T.Helper()
	code, state := s.begin("/service")
	s.redirected(s.finish(code, state), "/service")
}

func (s *site) begin(next string) (code, state string) {
	s.T.Helper()
	resp := s.get("/service/login?next=" + url.QueryEscape(next))
	if resp.StatusCode != http.StatusSeeOther {
		s.T.Fatalf("sign-in answers %d: %s", resp.StatusCode, text(resp))
	}
	return s.issuer.authorize(s.T, resp.Header.Get("Location"))
}

func (s *site) finish(code, state string) *http.Response {
	return s.get("/service/callback?" + url.Values{"code": {code}, "state": {state}}.Encode())
}

// signInCookie is the cookie of a sign-in under way.
const signInCookie = "__Host-staff-signin"

// anna is a customer with data that differ and data that are only spelled differently.
func anna() order.Order { return sampleorder.Anna() }

// put stores an order and its customers as they were at submission.
func (s *site) put(o order.Order) order.Order {
	s.add(o)
	for _, p := range sampleorder.Profiles(o) {
		s.Save(p)
	}
	return o
}

// bar lets an earlier veto stand between two numbers.
func (s *site) bar(own, other string) {
	s.T.Helper()
	s.Overwrite(tablefake.Names.MergeOrders, table.With(table.Bar(own, other), nil))
}

// released demands that the bar between two numbers is gone, and why, in the history of both.
func (s *site) released(own, other, reason string) {
	s.T.Helper()
	if barred, err := s.Orders().Barred(s.T.Context(), own, other); err != nil || barred {
		s.T.Errorf("barred: %v, %v", barred, err)
	}
	for _, n := range []string{own, other} {
		if !slices.ContainsFunc(s.noted(), func(e audit.Event) bool {
			return e.Action == audit.BarReleased && e.Number == n && e.New[audit.KeyReason] == reason
		}) {
			s.T.Errorf("the history of %s has %+v", n, s.noted())
		}
	}
}

// pause makes tries of a bucket, the last one now.
func (s *site) pause(b throttle.Bucket, tries int) {
	s.T.Helper()
	for i := range tries {
		if v, err := (throttle.Store{Store: s.Store}).Try(s.T.Context(), b, s.Now.Add(-time.Duration(tries-1-i)*3*time.Minute)); err != nil || !v.Allowed {
			s.T.Fatalf("try %d: %+v, %v", i, v, err)
		}
	}
}

// guard lets a number's second step stand as it is given.
func (s *site) guard(number string, as secondfactor.State) {
	s.T.Helper()
	item := table.With(table.SecondFactor(number), table.Item{})
	for name, is := range map[string]bool{"since": as.Codes, "passkeys": as.Passkeys, "recovery": as.Recovering} {
		if is {
			item[name] = table.S("set")
		}
	}
	s.Overwrite(tablefake.Names.Credentials, item)
}

// add stores an order with what the audit says of it, and leaves its customers as they are.
func (s *site) add(o order.Order) {
	s.T.Helper()
	s.SaveOrder(o)
	actions := []string{audit.MergeSubmitted}
	if o.State == merge.Vetoed {
		actions = append(actions, audit.MergeVetoed)
	}
	for _, action := range actions {
		if s.known[o.ID+action] {
			continue
		}
		s.known[o.ID+action] = true
		for _, n := range o.Numbers() {
			s.happened(audit.Event{Number: n, Action: action, Actor: o.Customer, At: o.SubmittedAt, Order: o.ID})
		}
	}
}

// happened puts events into the audit.
func (s *site) happened(events ...audit.Event) {
	s.T.Helper()
	for _, e := range events {
		s.Put(audit.Put(tablefake.Names, e, rand.Reader))
	}
}

// decisions are what the team did about an order, as its history tells.
func (s *site) decisions(id string) (steps []order.Step) {
	s.T.Helper()
	for _, step := range s.Order(id).History {
		if session.SameStaff(step.Actor, "staff:7f1c|") {
			steps = append(steps, step)
		}
	}
	return steps
}

// noted are the events of who is signed in, by number and time.
func (s *site) noted() (events []audit.Event) {
	for _, e := range s.Events() {
		if session.SameStaff(e.Actor, "staff:7f1c|") {
			events = append(events, e)
		}
	}
	return events
}

// forget empties the audit of them.
func (s *site) forget() {
	s.T.Helper()
	for _, item := range s.Items(tablefake.Names.Audit) {
		if session.SameStaff(table.String(item, "actor"), "staff:7f1c|") {
			key := table.Key{table.AttrPK: item[table.AttrPK], table.AttrSK: item[table.AttrSK]}
			if _, err := s.Store.DB.DeleteItem(s.T.Context(), &dynamodb.DeleteItemInput{TableName: &tablefake.Names.Audit, Key: key}); err != nil {
				s.T.Fatal(err)
			}
		}
	}
}
