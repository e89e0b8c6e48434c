package mergesubmit

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const key = "0123456789abcdef"

// store isolates the pages from DynamoDB: one order.
type store struct {
	Orders
	order     order.Order
	renewed   order.Order // over the records as they are now
	err       error
	password  bool // e-mail or bank data of another number are taken over
	lost      bool // a proof no longer holds
	submitted []order.Submission
	confirmed []string // digests
	vetoed    []string // numbers of the last veto

	objections []string // that wait
	values     map[string]string
	stopped    []customer.StoppedEmail // of every number
}

func (s *store) ProofsHold(context.Context, order.Order) (bool, error) { return !s.lost, nil }

func (s *store) Renewed(context.Context, order.Order) (order.Order, error) { return s.renewed, nil }
func (s *store) Confirm(_ context.Context, _ string, c order.Confirmation) (order.Order, error) {
	switch {
	case s.err != nil:
		return s.order, s.err
	case merge.NeedsPassword(s.renewed.Merging()) && !c.PasswordGiven:
		return s.order, order.ErrPassword
	}
	s.confirmed = append(s.confirmed, c.Digest)
	return s.order, nil
}
func (s *store) Again(context.Context, string, string) (order.Draft, error) {
	return order.Draft{}, s.err
}

func (s *store) Submit(_ context.Context, sub order.Submission) (order.Order, error) {
	switch {
	case s.err != nil:
		return s.order, s.err
	case s.password && !sub.PasswordGiven:
		return s.order, order.ErrPassword
	}
	s.submitted = append(s.submitted, sub)
	return s.order, nil
}
func (s *store) Get(_ context.Context, id string) (order.Order, error) {
	if id != s.order.ID {
		return order.Order{}, order.ErrNotFound
	}
	return s.order, nil
}
func (s *store) ByCustomers(context.Context, []string, string, int32) ([]order.Order, string, error) {
	return []order.Order{s.order}, "", nil
}
func (s *store) Objections(context.Context, ...string) ([]string, error) { return s.objections, nil }
func (s *store) Withdraw(context.Context, string, string, int64) (order.Order, error) {
	return s.order, s.err
}
func (s *store) Veto(_ context.Context, _ string, numbers []string) (order.Order, error) {
	s.vetoed = numbers
	return s.order, s.err
}

func (s *store) Find(_ context.Context, secret, purpose string, _ time.Time) (token.Token, string, error) {
	if secret != "good" || purpose != token.PurposeVeto {
		return token.Token{}, "", token.ErrNotFound
	}
	return token.Token{Subject: s.order.ID, Address: "geheim@alt.example", Expires: noon.Add(token.VetoLifetime - time.Hour), Values: s.values}, "", nil
}

func (s *store) Profiles(_ context.Context, numbers []string) (map[string]customer.Profile, error) {
	found := map[string]customer.Profile{}
	for _, n := range numbers {
		found[n] = customer.Profile{Number: n, StoppedEmails: s.stopped}
	}
	return found, nil
}

// password accepts one password; it stands in for the hash and its table.
type password string

func (p password) Check(_ context.Context, _, given string, _ time.Time) error {
	if given == string(p) {
		return nil
	}
	return web.Unprocessable("password_wrong", lang.T("falsch"), web.Invalid(reauth.Field, "password_wrong", lang.T("falsch")))
}

func inReview() order.Order {
	return order.Order{
		ID: "K7QX-2M4D", Customer: "10000017", State: merge.InReview, SubmittedAt: noon, EscalateAt: noon.Add(48 * time.Hour),
		Survivor: order.Party{Record: merge.Record{Number: "10000017", Email: "anna@a.example"}, CustomerSince: noon.AddDate(-5, 0, 0)},
		Sources:  []order.Source{{Party: order.Party{Record: merge.Record{Number: "10000023", Email: "geheim@alt.example"}, CustomerSince: noon.AddDate(-5, 0, 0)}, Choices: merge.Choices{merge.EmailGroup: merge.Other}}},
		History:  []order.Step{{At: noon, State: merge.Submitted}, {At: noon.Add(time.Minute), State: merge.InReview}},
	}
}

// site serves the slice for a signed-in customer; the routes that need none stay as they are.
func site(t *testing.T, s *store, number string, members ...string) http.Handler {
	t.Helper()
	return siteOf(t, Deps{Customers: s, Orders: s, Tokens: s, Passwords: password("richtiges Passwort"), Speller: spelling.Speller{}}, slog.DiscardHandler, number, members...)
}

func siteOf(t *testing.T, d Deps, log slog.Handler, number string, members ...string) http.Handler {
	t.Helper()
	signed := session.Visitor{Profile: customer.Profile{Number: number, Members: members, FirstName: "Anna", LastName: "Schäfer"}}
	handlers := map[string]func(*web.Request, session.Visitor) (web.Response, error){
		"/merge/submit": d.submit, "/merge/orders": d.list, "/merge/orders/{id}": d.show, "/merge/orders/{id}/withdraw": d.withdraw,
		"/merge/orders/{id}/confirm": d.confirm, "/merge/orders/{id}/again": d.again,
	}
	routes := Routes(d)
	for i, route := range routes {
		if h := handlers[route.Pattern]; h != nil {
			routes[i].Handle = func(r *web.Request) (web.Response, error) {
				r.SignedIn(signed.Header())
				return h(r, signed)
			}
		}
	}
	parsed, err := web.ParsePages(pages)
	if err != nil {
		t.Fatal(err)
	}
	return web.NewApp(web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto"}, Logger: slog.New(log), Now: func() time.Time { return noon.Add(time.Hour) }}, parsed, routes)
}

func get(t *testing.T, h http.Handler, path string) (*httptest.ResponseRecorder, *goquery.Document) {
	t.Helper()
	return do(t, h, httptest.NewRequest(http.MethodGet, path, nil))
}

func post(t *testing.T, h http.Handler, path string, form url.Values) (*httptest.ResponseRecorder, *goquery.Document) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return do(t, h, r)
}

func do(t *testing.T, h http.Handler, r *http.Request) (*httptest.ResponseRecorder, *goquery.Document) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return w, doc
}

func TestOrderPageTellsWhatHappenedAndWhatComesNext(t *testing.T) {
	w, doc := get(t, site(t, &store{order: inReview()}, "10000017"), "/merge/orders/K7QX-2M4D")
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if done, now, open := doc.Find(".timeline .done").Length(), doc.Find(".timeline .now").Length(), doc.Find(".timeline .open").Length(); done != 1 || now != 1 || open != 2 {
		t.Errorf("timeline has %d done, %d now, %d open points; want 1, 1, 2", done, now, open)
	}
	if text := doc.Find(".timeline .now").Text(); !strings.Contains(text, "25.11.2026") {
		t.Errorf("the point in work does not say until when: %q", text)
	}
	if strings.Contains(w.Body.String(), "geheim@") {
		t.Error("the other number's e-mail address is shown unmasked (M3)")
	}
	if doc.Find(`form[action="/merge/orders/K7QX-2M4D/withdraw"]`).Length() != 1 {
		t.Error("an order in review cannot be withdrawn from its page")
	}
}

func TestAnotherCustomersOrderIsNotThere(t *testing.T) {
	h := site(t, &store{order: inReview()}, "10000099")
	for _, path := range []string{"/merge/orders/K7QX-2M4D", "/merge/orders/K7QX-2M4E", "/merge/orders/nonsense!"} {
		if w, _ := get(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s answered %d, want 404 (S11)", path, w.Code)
		}
	}
	if w, _ := post(t, h, "/merge/orders/K7QX-2M4D/withdraw", nil); w.Code != http.StatusNotFound {
		t.Errorf("withdrawing it answered %d, want 404 (S11)", w.Code)
	}
}

// M6: mails of an order lead to it, also after the number that ordered it was merged into another one. Whoever has that
// reads it, and changes nothing; while somebody objects to a merge, it may be somebody else's past.
func TestAnOrderOfAnEarlierNumberIsReadByItsSuccessor(t *testing.T) {
	s := &store{order: inReview()}
	s.order.State = merge.Withdrawn
	for path, want := range map[string]string{orderPath: "sie gehört jetzt zu 10000099", orderPath + "?lang=en": "it now belongs to 10000099"} {
		w, doc := get(t, site(t, s, "10000099", "10000017"), path)
		if got := strings.Join(strings.Fields(doc.Find(".lead").Text()), " "); w.Code != http.StatusOK || !strings.Contains(got, want) {
			t.Errorf("%s: %d, %q", path, w.Code, got)
		}
		if n := doc.Find(`main form`).Length(); n != 0 {
			t.Errorf("%d forms are offered", n)
		}
	}
	for _, action := range []string{"/withdraw", "/again", "/confirm"} {
		if w, _ := post(t, site(t, s, "10000099", "10000017"), orderPath+action, submission()); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404 (S11)", action, w.Code)
		}
	}
	s.objections = []string{"K7QX-9999"}
	if w, _ := get(t, site(t, s, "10000099", "10000017"), orderPath); w.Code != http.StatusNotFound {
		t.Errorf("while somebody objects: %d", w.Code)
	}
}

func submission(extra ...string) url.Values {
	v := url.Values{"digest": {"d"}, "idempotencyKey": {key}}
	for i := 0; i < len(extra); i += 2 {
		v.Set(extra[i], extra[i+1])
	}
	return v
}

func TestAnOrderThatTakesOverTheEMailAsksForThePassword(t *testing.T) {
	s := &store{order: inReview(), password: true}
	h := site(t, s, "10000017")
	w, doc := post(t, h, "/merge/submit", submission())
	if w.Code != http.StatusUnprocessableEntity || doc.Find(`input[name=currentPassword][aria-invalid=true]`).Length() != 1 {
		t.Fatalf("without the password: status %d (S7)\n%s", w.Code, w.Body)
	}
	if kept, _ := doc.Find(`input[name=digest]`).Attr("value"); kept != "d" || len(s.submitted) != 0 {
		t.Errorf("the page keeps digest %q and submitted %d orders", kept, len(s.submitted))
	}
	w, _ = post(t, h, "/merge/submit", submission("currentPassword", "richtiges Passwort"))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/merge/orders/K7QX-2M4D" || len(s.submitted) != 1 {
		t.Errorf("with the password: %d to %s, %d orders", w.Code, w.Header().Get("Location"), len(s.submitted))
	}
}

func TestARefusedOrderSaysWhyAndLeadsBack(t *testing.T) {
	tests := map[string]struct {
		err    error
		status int
		says   string
	}{
		"a number in another order": {&order.Blocked{Number: "10000023", Reason: merge.OpenMergeOther}, 422, "laufenden Auftrag"},
		"data changed meanwhile":    {order.ErrDigest, 409, "haben sich geändert"},
		"another tab was faster":    {order.ErrDraftChanged, 409, "anderen Fenster"},
		"many orders today":         {&order.TooMany{After: 5 * time.Hour}, 429, "ab 23.11.2026 um 19:00 Uhr"},
		"tables that do not answer": {context.DeadlineExceeded, 503, "noch einmal"},
		"a mistake of ours":         {errors.New("secret detail"), 500, "Fehler"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w, doc := post(t, site(t, &store{order: inReview(), err: tt.err}, "10000017"), "/merge/submit", submission())
			if w.Code != tt.status || !strings.Contains(doc.Find("main").Text(), tt.says) {
				t.Errorf("status %d, says %q; want %d, %q", w.Code, doc.Find("main").Text(), tt.status, tt.says)
			}
			if after := w.Header().Get("Retry-After"); tt.status == 429 && after != "18001" {
				t.Errorf("it may be tried again after %q", after)
			}
			if strings.Contains(w.Body.String(), "secret detail") {
				t.Error("an internal text is shown")
			}
		})
	}
}

func TestASubmissionWithoutAKeyIsRefused(t *testing.T) {
	h := site(t, &store{order: inReview()}, "10000017")
	for _, bad := range []string{"", "short", strings.Repeat("x", 65), "with blank in it"} {
		if w, _ := post(t, h, "/merge/submit", submission("idempotencyKey", bad)); w.Code < 400 || w.Code >= 500 {
			t.Errorf("key %q answered %d", bad, w.Code)
		}
	}
}

func TestTheVetoLinkActsOnlyOnPost(t *testing.T) {
	s := &store{order: inReview(), err: errors.New("acted")}
	h := site(t, s, "10000017")
	w, doc := get(t, h, "/merge/veto?token=good")
	if w.Code != http.StatusOK || doc.Find(`form[action="/merge/veto"] input[name=token][value=good]`).Length() != 1 {
		t.Fatalf("GET answered %d (M4)\n%s", w.Code, w.Body)
	}
	s.err = nil
	s.order.State, s.order.Opposed = merge.Vetoed, s.order.SourceNumbers()
	if w, doc = post(t, h, "/merge/veto", url.Values{"token": {"good"}}); w.Code != http.StatusOK || !strings.Contains(doc.Find("h1").Text(), "gestoppt") {
		t.Errorf("POST answered %d, %q", w.Code, doc.Find("h1").Text())
	}
	for _, bad := range []string{"/merge/veto", "/merge/veto?token=bad"} {
		if w, _ = get(t, h, bad); w.Code != http.StatusNotFound {
			t.Errorf("%s answered %d, want 404", bad, w.Code)
		}
	}
}

func TestWhatComesNextIsSaidInEveryStateAndLanguage(t *testing.T) {
	for _, s := range merge.States() {
		if s == merge.Draft {
			continue
		}
		o := inReview()
		o.State = s
		next := whatNext(o, noon)
		if next == nil || next.In(lang.DE) == "" || next.In(lang.EN) == "" || strings.Contains(next.In(lang.DE), "!") {
			t.Errorf("%s: %+v", s, next)
		}
	}
}
