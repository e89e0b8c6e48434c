package masterdata_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
)

const (
	neu = "anna@neu.example"

	confirmPath  = "/account/email/confirm"
	stopPath     = "/account/email/stop"
	resendPath   = "/account/email/resend"
	withdrawPath = "/account/email/withdraw"
)

func asksFor(w *visitor.Visitor, address string, kv ...string) world.Page {
	w.T.Helper()
	return w.Post("/account/master-data", w.MasterData(append([]string{"email", address, "currentPassword", visitor.Password}, kv...)...))
}

func TestANewAddressOnlyWaitsAndBothAreWrittenTo(t *testing.T) {
	w := visitor.Anna(t)
	var a world.Page
	if got := w.Changed(func() { a = asksFor(w, " Anna@NEU.example ") }); got != "pendingEmail" {
		t.Errorf("changed are %s: the old address stays in force (S7)", got)
	}
	if a.Location != "/account?saved=email" || w.Writes() != 1 {
		t.Fatalf("%d to %q: %s", a.Status, a.Location, a.Text(".error-summary"))
	}
	told := w.Told()
	confirm, warn := told[outbox.EmailConfirm], told[outbox.EmailRequested]
	if len(told) != 2 || confirm.Recipients[0].Address != "Anna@neu.example" || confirm.Recipients[0].Name != "" || warn.Recipients[0].Address != "anna@schaefer.example" {
		t.Errorf("told are %+v (S7)", told)
	}
	if confirm.Values[outbox.ValueEpoch] != "2" || confirm.Values[outbox.ValueChange] == "" || strings.Contains(w.Effects(), visitor.Password) {
		t.Errorf("the item is %+v", confirm)
	}
	if got := w.Get("/account?saved=email").Text(".notice"); !strings.Contains(got, "bis dahin bleibt es bei der bisherigen") {
		t.Errorf("the overview says %q", got)
	}
}

func TestANewAddressAsksForThePassword(t *testing.T) { // S7
	w := visitor.Anna(t)
	a := asksFor(w, neu, "currentPassword", "")
	if a.Status != 422 || !strings.Contains(a.Text(".error-summary"), "Geben Sie Ihr Kundenpasswort ein") {
		t.Fatalf("status %d, says %q", a.Status, a.Text(".error-summary"))
	}
	if w.Writes() != 0 || a.Value("#f-email") != neu {
		t.Errorf("%d writes, the form shows %q", w.Writes(), a.Value("#f-email"))
	}
}

func TestANewAddressIsCheckedAndAskedFor(t *testing.T) {
	objected := visitor.Running(merge.Executed)
	objected.ObjectedAt = world.Noon.Add(-time.Hour)
	for _, c := range []struct {
		name, address string
		change        func(w *visitor.Visitor)
		status        int
		says          string
	}{
		{"nothing at all", "", nil, 422, "Geben Sie eine E-Mail-Adresse an"},
		{"two addresses", "a@b.example,c@d.example", nil, 422, "genau ein @"},
		{"while an objection is open", neu, func(w *visitor.Visitor) { w.SaveOrder(objected) }, 409, "Einspruch"},
		{"while a merge is under review", neu, func(w *visitor.Visitor) { w.SaveOrder(visitor.Running(merge.InReview)) }, 303, ""},
		{"after three links in an hour", neu, mailedThrice, 429, "höchstens drei Links"},
		{"after another change that waits", neu, func(w *visitor.Visitor) {
			w.Is(func(p *customer.Profile) {
				p.Pending = &customer.PendingEmail{ID: "old", Address: "x@y.example", Epoch: 2, Until: world.Noon.Add(time.Hour)}
			})
		}, 303, ""},
		{"the address in force", "anna@SCHAEFER.example", nil, 303, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := visitor.Anna(t)
			if c.change != nil {
				c.change(w)
			}
			a := asksFor(w, c.address)
			if a.Status != c.status || !strings.Contains(a.Text(".error-summary"), c.says) {
				t.Fatalf("status %d, says %q", a.Status, a.Text(".error-summary"))
			}
			if c.status != 303 && (w.Writes() != 0 || a.Find("#f-email").AttrOr("value", "") != c.address) {
				t.Errorf("%d writes, the form shows %q", w.Writes(), a.Find("#f-email").AttrOr("value", ""))
			}
		})
	}
}

func TestASecondChangeReplacesTheFirstAndTheSameFormTwiceDoesNot(t *testing.T) {
	w := visitor.Anna(t)
	w.Is(func(p *customer.Profile) {
		p.Pending = &customer.PendingEmail{ID: "first", Address: neu, At: world.Noon.Add(-30 * time.Second), Until: world.Noon.Add(time.Hour), Epoch: 2}
	})
	if a := asksFor(w, neu); a.Location != "/account?saved=email" || w.Writes() != 0 {
		t.Errorf("sent twice: %q, %d writes (M9)", a.Location, w.Writes())
	}
	w.Is(func(p *customer.Profile) { p.Pending.At = world.Noon.Add(-time.Hour) })
	if asksFor(w, neu); w.Writes() != 1 || !w.Own().Pending.At.Equal(world.Noon) {
		t.Errorf("asked for once more: %d writes", w.Writes())
	}
	if got := w.Get("/account/master-data").Text("section[aria-labelledby=neue-email]"); !strings.Contains(got, "Bestätigung steht noch aus") || !strings.Contains(got, neu+" verwenden wir, sobald") {
		t.Errorf("the form says %q", got)
	}
	if got := w.Get("/account").Text(".facts"); !strings.Contains(got, neu+": Bestätigung steht noch aus") {
		t.Errorf("the overview says %q", got)
	}
	w.Is(func(p *customer.Profile) { p.Epoch = 3 })
	w.Resume(func(s *session.Session) { s.Epoch = 3 })
	if got := w.Get("/account/master-data").Text("form .notice"); got != "" {
		t.Errorf("after a new password it still waits: %q (S8)", got)
	}
}

func TestAnAddressThatWasAskedForMeanwhileIsNotOverwrittenUnseen(t *testing.T) { // S12
	w := visitor.Anna(t)
	w.Meanwhile(visitor.Saves, func() {
		w.Is(func(p *customer.Profile) {
			p.Pending = &customer.PendingEmail{ID: "c9", Address: "andere@neu.example", At: world.Noon, Until: world.Noon.Add(time.Hour), Epoch: 2}
		})
	})
	if a := asksFor(w, neu); a.Status < 400 || w.Own().Pending.ID != "c9" || len(w.Outbox()) != 0 {
		t.Errorf("%d to %q, waiting %+v", a.Status, a.Location, w.Own().Pending)
	}
}

func TestAddressAndOtherDataAreSavedTogether(t *testing.T) {
	w := visitor.Anna(t)
	a := asksFor(w, neu, "street", "Neue Straße 1")
	told := w.Told()
	if a.Location != "/account?changed=street&saved=master-data-and-email" || len(told) != 3 || told[outbox.MasterDataChanged].Values["new.email"] != "" {
		t.Errorf("%q, told %v", a.Location, told)
	}
	w = visitor.Anna(t)
	old := w.MasterData("email", "anna@schaefer.example")
	w.Is(func(p *customer.Profile) { p.Email, p.Version = neu, 8 }) // confirmed in another window
	if a = w.Post("/account/master-data", old); a.Status != http.StatusConflict || !strings.Contains(a.Text("tbody"), neu) {
		t.Errorf("a form with the address before: %d %s", a.Status, a.Text("tbody"))
	}
}

// mailedThrice uses up the mails to new addresses of an hour.
func mailedThrice(w *visitor.Visitor) {
	for range 3 {
		_, _ = throttle.Store{Store: w.Store}.Try(context.Background(), throttle.EmailChanges(w.Own().Number), world.Noon)
	}
}

// asked is a customer whose new address waits, with both links.
func asked(t *testing.T) *visitor.Visitor {
	w := visitor.Anna(t)
	w.Is(func(p *customer.Profile) {
		p.Pending = &customer.PendingEmail{ID: "c1", Address: neu, At: world.Noon.Add(-time.Hour), Until: world.Noon.Add(time.Hour), Epoch: 2}
	})
	values := map[string]string{outbox.ValueChange: "c1", outbox.ValueAddress: neu, outbox.ValueOldAddress: w.Own().Email}
	w.PutToken("confirm", token.Token{Purpose: token.PurposeConfirmEmail, Subject: visitor.Number, Epoch: 2, Expires: world.Noon.Add(time.Hour), Values: values})
	w.PutToken("stop", token.Token{Purpose: token.PurposeStopEmail, Subject: visitor.Number, Epoch: 2,
		Expires: world.Noon.Add(token.StopLifetime - time.Hour), Values: values})
	return w
}

// token is what a link stands for.
func tokenOf(w *visitor.Visitor, secret string) (found token.Token) {
	w.T.Helper()
	item, err := w.Store.Get(w.T.Context(), w.Store.Names.Tokens, table.Token(secret))
	if err != nil || table.Unmarshal(item, &found) != nil {
		w.T.Fatal(err, item)
	}
	return found
}

func link(w *visitor.Visitor, method, path, secret string) world.Page {
	w.T.Helper()
	delete(w.Cookies, session.Cookie) // nobody is signed in
	if method == http.MethodGet {
		return w.Get(path + "?token=" + secret)
	}
	return w.Post(path, url.Values{"token": {secret}})
}

func TestTheLinkPutsTheAddressIntoForce(t *testing.T) {
	w := asked(t)
	if a := link(w, "GET", confirmPath, "confirm"); a.Status != 200 || w.Writes() != 0 || !strings.Contains(a.Text("main"), neu) || a.Find("form input[name=token][value=confirm]").Length() != 1 {
		t.Fatalf("looking: %d, %d writes (S6)", a.Status, w.Writes())
	}
	a := link(w, "POST", confirmPath, "confirm")
	if a.Status != 200 || w.Writes() != 1 || !strings.Contains(a.Text("h1"), "Ihre E-Mail-Adresse ist geändert") {
		t.Fatalf("confirming: %d %s", a.Status, a.Text("main"))
	}
	if a := link(w, "POST", confirmPath, "confirm"); a.Status != http.StatusGone {
		t.Errorf("the link is not used up: %d", a.Status)
	}
	told := w.Told()[outbox.MasterDataChanged]
	if told.Key != "10000017#8" || told.Recipients[0].Address != "anna@schaefer.example" || told.Values["new.email"] != "a•••@neu.example" {
		t.Errorf("told is %+v (S7)", told)
	}
	if got := w.Own().AddressesSince(world.Noon.Add(-time.Hour)); !slices.Equal(got, []string{neu, "anna@schaefer.example"}) {
		t.Errorf("known are %v: the address before stays known (S7)", got)
	}
}

// What comes between looking and writing is not passed over.
func TestTheLinkHoldsOnWhatItWasMadeFor(t *testing.T) { // S12
	for name, disturb := range map[string]func(w *visitor.Visitor){
		"a new customer password": func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Epoch++ }) },
		"another change":          func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Pending.ID = "c2" }) },
		"an objection":            func(w *visitor.Visitor) { w.SaveOrder(visitor.Objection(visitor.Earlier)) },
	} {
		w := asked(t)
		w.Meanwhile(visitor.Saves, func() { disturb(w) })
		if a := link(w, "POST", confirmPath, "confirm"); a.Status < 400 || w.Own().Email != "anna@schaefer.example" || len(w.Events())+len(w.Outbox()) != 0 {
			t.Errorf("%s: %d, %s", name, a.Status, a.Text("h1"))
		}
	}
}

func TestTheOldAddressStopsTheChangeBeforeAndAfter(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *visitor.Visitor)
		says   string
		names  string
	}{
		"before it is confirmed":      {func(*visitor.Visitor) {}, "Noch verwenden wir anna@schaefer.example", "emailStops pendingEmail"},
		"another change waits by now": {func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Pending.ID = "c2" }) }, "Noch verwenden wir", "emailStops pendingEmail"},
		"after it was confirmed": {func(w *visitor.Visitor) {
			w.Is(func(p *customer.Profile) {
				p.Email, p.Pending, p.EmailChangedAt = neu, nil, world.Noon.Add(-time.Minute)
			})
		}, "rückgängig", "email emailChangedAt emailKey emailStops epoch stoppedEmails version"},
		"after a third one was": {func(w *visitor.Visitor) {
			w.Is(func(p *customer.Profile) {
				p.Email, p.EmailChangedAt = "eva@dritte.example", world.Noon.Add(-time.Minute)
			})
		}, "rückgängig", "email emailChangedAt emailKey emailStops epoch pendingEmail stoppedEmails version"},
		"a merge is running that stays": {func(w *visitor.Visitor) { w.SaveOrder(visitor.Running(merge.InReview)) }, "Noch verwenden wir", "emailStops pendingEmail"},
	} {
		t.Run(name, func(t *testing.T) {
			w := asked(t)
			c.change(w)
			if a := link(w, "GET", stopPath, "stop"); a.Status != 200 || w.Writes() != 0 || !strings.Contains(a.Text("main"), c.says) {
				t.Fatalf("looking: %d, %d writes, %s (S6)", a.Status, w.Writes(), a.Text("main"))
			}
			var a world.Page
			got := w.Changed(func() { a = link(w, "POST", stopPath, "stop") })
			if a.Status != 200 || w.Writes() != 1 || !strings.Contains(a.Text("main"), "verwenden wir die Adresse anna@schaefer.example") {
				t.Fatalf("stopping: %d %s", a.Status, a.Text("main"))
			}
			if got != c.names {
				t.Errorf("written are %s, want %s", got, c.names)
			}
			if events := w.Events(); len(events) != 1 || events[0].Actor != audit.ByMailedLink {
				t.Error("the audit event names another actor (M10)")
			}
		})
	}
}

// A thief at an open session confirmed an address of theirs, then asked for another one, only to have a link that stops
// the change mailed to the first.
func TestAThiefsLinkDoesNotTakeTheAddressBackFromItsOwner(t *testing.T) {
	const thiefs, asked = "t@dieb.example", -40 * time.Minute
	stop := func(old string, since time.Duration) token.Token {
		return token.Token{Purpose: token.PurposeStopEmail, Subject: "10000017", Epoch: 2, Expires: world.Noon.Add(since + token.StopLifetime),
			Values: map[string]string{outbox.ValueAddress: "x@y.example", outbox.ValueOldAddress: old}}
	}
	taken := func(t *testing.T) *visitor.Visitor {
		w := visitor.Anna(t)
		w.Is(func(p *customer.Profile) { p.Email, p.EmailChangedAt = thiefs, world.Noon.Add(-30*time.Minute) })
		w.PutToken("owner", stop("anna@schaefer.example", asked))
		w.PutToken("thief", stop(thiefs, -20*time.Minute))
		return w
	}
	t.Run("after the owner took it back and set a new password", func(t *testing.T) {
		w := taken(t)
		if a := link(w, "POST", stopPath, "owner"); a.Status != 200 {
			t.Fatalf("the owner's link: %d", a.Status)
		}
		w.Is(func(p *customer.Profile) { p.Epoch++ })
		before := w.Writes()
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if a := link(w, method, stopPath, "thief"); a.Status != http.StatusGone || w.Writes() != before || w.Own().Email != "anna@schaefer.example" {
				t.Errorf("%s of the thief's link: %d, %d writes (S7)", method, a.Status, w.Writes())
			}
		}
	})
	t.Run("and does not spoil the owner's by being used first", func(t *testing.T) {
		w := taken(t)
		w.Is(func(p *customer.Profile) {
			p.Pending = &customer.PendingEmail{ID: "c2", Address: "x@y.example", Epoch: 2, Until: world.Noon.Add(time.Hour)}
		})
		if a := link(w, "POST", stopPath, "thief"); a.Status != 200 {
			t.Fatalf("the thief's link: %d", a.Status)
		}
		if a := link(w, "POST", stopPath, "owner"); a.Status != 200 || w.Own().Email != "anna@schaefer.example" {
			t.Errorf("the owner's link: %d, %s", a.Status, a.Text("main"))
		}
	})
	t.Run("nor any link what a merge or the operator changed", func(t *testing.T) {
		w := taken(t)
		w.Save(w.Own().EmailGiven("", world.Noon.Add(-time.Minute)))
		for _, secret := range []string{"owner", "thief"} {
			if a := link(w, "POST", stopPath, secret); a.Status != http.StatusGone || w.Writes() != 0 {
				t.Errorf("%s: %d, %d writes", secret, a.Status, w.Writes())
			}
		}
	})
}

func TestLinksThatAreNoLongerGood(t *testing.T) {
	for name, change := range map[string]func(w *visitor.Visitor){
		"used":                          func(w *visitor.Visitor) { w.PutToken("confirm", token.Token{}); w.PutToken("stop", token.Token{}) },
		"after a new customer password": func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Epoch = 3 }) },
		"after a merge":                 func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.MergedInto = "10000099" }) },
		"after the change was stopped":  func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Pending = nil }) },
		"after its end":                 func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Pending.Until = world.Noon }) },
		"of another address before it": func(w *visitor.Visitor) {
			w.Is(func(p *customer.Profile) {
				p.Email, p.Pending, p.EmailChangedAt = neu, nil, world.Noon.Add(-48*time.Hour)
			})
		},
		"links of the other kind, swapped": func(w *visitor.Visitor) {
			confirm, stop := tokenOf(w, "confirm"), tokenOf(w, "stop")
			w.PutToken("stop", confirm)
			w.PutToken("confirm", stop)
		},
	} {
		for _, path := range []string{confirmPath, stopPath} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				w := asked(t)
				change(w)
				secret := strings.TrimPrefix(path, "/account/email/")
				if a := link(w, method, path, secret); a.Status != http.StatusGone || w.Writes() != 0 || !strings.Contains(a.Text("h1"), "gilt nicht mehr") {
					t.Errorf("%s %s %s: %d, %d writes", method, path, name, a.Status, w.Writes())
				}
			}
		}
	}
	for _, secret := range []string{"", "x"} {
		if a := link(visitor.Anna(t), "POST", confirmPath, secret); a.Status != http.StatusGone {
			t.Errorf("token %q: %d", secret, a.Status)
		}
	}
}

func TestAnObjectionHoldsTheConfirmationUp(t *testing.T) {
	objected := visitor.Running(merge.Executed)
	objected.ObjectedAt = world.Noon.Add(-time.Hour)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		w := asked(t)
		w.SaveOrder(objected)
		if a := link(w, method, confirmPath, "confirm"); a.Status != http.StatusConflict || w.Writes() != 0 || !strings.Contains(a.Text("main"), "Einspruch") {
			t.Errorf("%s: %d %s", method, a.Status, a.Text("main"))
		}
	}
	w := asked(t)
	w.SaveOrder(visitor.Running(merge.InReview))
	if got := link(w, "GET", confirmPath, "confirm").Text("main .notice"); !strings.Contains(got, "K7QX-2M4D") {
		t.Errorf("a running merge is not told: %q", got)
	}
	if link(w, "POST", confirmPath, "confirm"); w.Own().Email != neu {
		t.Error("a running merge holds the address up")
	}
	w = asked(t)
	w.Fail(0, errors.New("cut"), visitor.Saves)
	if a := link(w, "POST", confirmPath, "confirm"); a.Status < 500 {
		t.Errorf("a transaction that was not written answered %d", a.Status)
	}
}

func TestLinksAsJSONAndInEnglish(t *testing.T) {
	w := asked(t)
	got := w.Get(confirmPath+"?token=confirm", "Accept", "application/json").Body
	if !strings.Contains(got, `"email":"anna@neu.example"`) || strings.Contains(got, `"confirm"`) {
		t.Errorf("as JSON: %s", got)
	}
	w.Is(func(p *customer.Profile) { p.Language = "en" })
	if got := link(w, "GET", stopPath, "stop").Text("h1"); got != "Stop the change of e-mail address" {
		t.Errorf("in English: %q", got)
	}
}

func TestOnTheCloudTheLinkToANewAddressIsSentOnceMore(t *testing.T) {
	v := visitor.OnCloud(t)
	back := url.Values{"return": {"/account/master-data"}}
	if a := v.Post(resendPath, back).Is(http.StatusSeeOther); a.Location != "/account/master-data?saved=no-new-email" {
		t.Errorf("without one that waits: %s", a.Location)
	}
	v.Now = time.Now()
	v.AskFor(neu)
	first := v.Own().Pending
	v.Post(resendPath, back).Is(http.StatusSeeOther) // at once: the button was pressed twice
	if p := v.Own().Pending; *p != *first {
		t.Errorf("sent again at once: %+v", p)
	}
	v.Now = v.Now.Add(2 * time.Minute)
	a := v.Post(resendPath, back).Is(http.StatusSeeOther)
	if got := v.Get(a.Location).Is(http.StatusOK).Text(".notice"); !strings.Contains(got, "noch einmal unterwegs") {
		t.Errorf("the page says %q", got)
	}
	p := v.Own().Pending
	if p.ID != first.ID || !p.Until.After(first.Until) {
		t.Errorf("it is another change: %+v", p)
	}
	for _, event := range []string{outbox.EmailConfirm, outbox.EmailRequested} {
		if n := outboxOf(v, event, p.ID); n != 2 {
			t.Errorf("%d %s, want 2 (S7)", n, event)
		}
	}
	v.Now = v.Now.Add(2 * time.Minute)
	v.Post(resendPath, nil).Is(http.StatusSeeOther)
	v.Now = v.Now.Add(2 * time.Minute)
	if a := v.Post(resendPath, nil).Is(http.StatusTooManyRequests); !strings.Contains(a.Text(".notice, .error-summary"), "höchstens drei Links") {
		t.Errorf("the fourth in an hour: %s", a.Text("main"))
	}
}

func TestOnTheCloudANewAddressIsWithdrawn(t *testing.T) {
	v := visitor.OnCloud(t)
	v.AskFor(neu)
	old := v.Own()
	for _, path := range []string{"/account", "/account/master-data"} {
		page := v.Get(path).Is(http.StatusOK)
		for _, action := range []string{resendPath, withdrawPath} {
			if page.Find(`section[aria-labelledby=neue-email] form[action="`+action+`"]`).Length() != 1 {
				t.Errorf("%s has no button for %s", path, action)
			}
		}
	}
	a := v.Post(withdrawPath, nil).Is(http.StatusSeeOther)
	if got := v.Get(a.Location).Is(http.StatusOK).Text(".notice"); !strings.Contains(got, "Es bleibt bei Ihrer bisherigen") {
		t.Errorf("the page says %q", got)
	}
	if p := v.Own(); p.Pending != nil || p.Email != old.Email || p.Version != old.Version {
		t.Errorf("%+v", p)
	}
	events, _, err := audit.Store{Store: v.Store}.Choose(t.Context(), v.Number, "", 1, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Action != audit.EmailWithdrawn || events[0].Old["email"] != neu {
		t.Errorf("%+v, %v", events, err)
	}
	if a := v.Post(withdrawPath, nil).Is(http.StatusSeeOther); !strings.HasSuffix(a.Location, "no-new-email") {
		t.Errorf("once more: %s", a.Location)
	}
}

// outboxOf counts the customer's items of an event about one change.
func outboxOf(v *visitor.Visitor, event, change string) (n int) {
	v.T.Helper()
	prefix := table.OutboxID(event, v.Number+"#"+change+"#")
	pages := dynamodb.NewScanPaginator(v.Store.DB.(*dynamodb.Client), &dynamodb.ScanInput{TableName: &v.Store.Names.Outbox, ConsistentRead: aws.Bool(true),
		FilterExpression: aws.String("begins_with(pk, :prefix) AND attribute_not_exists(parent)"), ExpressionAttributeValues: table.Item{":prefix": table.S(prefix)}})
	for pages.HasMorePages() {
		out, err := pages.NextPage(v.T.Context())
		if err != nil {
			v.T.Fatal(err)
		}
		n += len(out.Items)
	}
	return n
}
