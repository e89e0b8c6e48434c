package account

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

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
)

const neu = "anna@neu.example"

func (w *account) asksFor(t *testing.T, address string, kv ...string) answer {
	t.Helper()
	return w.post(t, sent(t, w, append([]string{"email", address, "currentPassword", w.password}, kv...)...))
}

func TestANewAddressOnlyWaitsAndBothAreWrittenTo(t *testing.T) {
	w := anna(t)
	var a answer
	if got := w.changed(func() { a = w.asksFor(t, " Anna@NEU.example ") }); got != "pendingEmail" {
		t.Errorf("changed are %s: the old address stays in force (S7)", got)
	}
	if a.Header().Get("Location") != "/account?saved=email" || w.writes() != 1 {
		t.Fatalf("%d to %q: %s", a.Code, a.Header().Get("Location"), a.text(".error-summary"))
	}
	told := w.told()
	confirm, warn := told[outbox.EmailConfirm], told[outbox.EmailRequested]
	if len(told) != 2 || confirm.Recipients[0].Address != "Anna@neu.example" || confirm.Recipients[0].Name != "" || warn.Recipients[0].Address != "anna@schaefer.example" {
		t.Errorf("told are %+v (S7)", told)
	}
	if confirm.Values[outbox.ValueEpoch] != "2" || confirm.Values[outbox.ValueChange] == "" || strings.Contains(w.effects(), w.password) {
		t.Errorf("the item is %+v", confirm)
	}
	if got := w.get(t, "/account?saved=email").text(".notice"); !strings.Contains(got, "bis dahin bleibt es bei der bisherigen") {
		t.Errorf("the overview says %q", got)
	}
}

func TestANewAddressIsCheckedAndAskedFor(t *testing.T) {
	objected := running(merge.Executed)
	objected.ObjectedAt = noon.Add(-time.Hour)
	for _, c := range []struct {
		name, address string
		change        func(w *account)
		status        int
		says          string
	}{
		{"without the password", neu, func(w *account) { w.password = "" }, 422, "Geben Sie Ihr Kundenpasswort ein"},
		{"nothing at all", "", nil, 422, "Geben Sie eine E-Mail-Adresse an"},
		{"two addresses", "a@b.example,c@d.example", nil, 422, "genau ein @"},
		{"while an objection is open", neu, func(w *account) { w.SaveOrder(objected) }, 409, "Einspruch"},
		{"while a merge is under review", neu, func(w *account) { w.SaveOrder(running(merge.InReview)) }, 303, ""},
		{"after three links in an hour", neu, mailedThrice, 429, "höchstens drei Links"},
		{"after another change that waits", neu, func(w *account) {
			w.is(func(p *customer.Profile) {
				p.Pending = &customer.PendingEmail{ID: "old", Address: "x@y.example", Epoch: 2, Until: noon.Add(time.Hour)}
			})
		}, 303, ""},
		{"the address in force", "anna@SCHAEFER.example", nil, 303, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := anna(t)
			if c.change != nil {
				c.change(w)
			}
			a := w.asksFor(t, c.address)
			if a.Code != c.status || !strings.Contains(a.text(".error-summary"), c.says) {
				t.Fatalf("status %d, says %q", a.Code, a.text(".error-summary"))
			}
			if c.status != 303 && (w.writes() != 0 || a.doc.Find("#f-email").AttrOr("value", "") != c.address) {
				t.Errorf("%d writes, the form shows %q", w.writes(), a.doc.Find("#f-email").AttrOr("value", ""))
			}
		})
	}
}

func TestASecondChangeReplacesTheFirstAndTheSameFormTwiceDoesNot(t *testing.T) {
	w := anna(t)
	w.is(func(p *customer.Profile) {
		p.Pending = &customer.PendingEmail{ID: "first", Address: neu, At: noon.Add(-30 * time.Second), Until: noon.Add(time.Hour), Epoch: 2}
	})
	if a := w.asksFor(t, neu); a.Header().Get("Location") != "/account?saved=email" || w.writes() != 0 {
		t.Errorf("sent twice: %q, %d writes (M9)", a.Header().Get("Location"), w.writes())
	}
	w.is(func(p *customer.Profile) { p.Pending.At = noon.Add(-time.Hour) })
	if w.asksFor(t, neu); w.writes() != 1 || !w.own().Pending.At.Equal(noon) {
		t.Errorf("asked for once more: %d writes", w.writes())
	}
	if got := w.get(t, "/account/master-data").text("section[aria-labelledby=neue-email]"); !strings.Contains(got, "Bestätigung steht noch aus") || !strings.Contains(got, neu+" verwenden wir, sobald") {
		t.Errorf("the form says %q", got)
	}
	if got := w.get(t, "/account").text(".facts"); !strings.Contains(got, neu+": Bestätigung steht noch aus") {
		t.Errorf("the overview says %q", got)
	}
	w.is(func(p *customer.Profile) { p.Epoch = 3 })
	w.signedIn(func(s *session.Session) { s.Epoch = 3 })
	if got := w.get(t, "/account/master-data").text("form .notice"); got != "" {
		t.Errorf("after a new password it still waits: %q (S8)", got)
	}
}

func TestAnAddressThatWasAskedForMeanwhileIsNotOverwrittenUnseen(t *testing.T) { // S12
	w := anna(t)
	w.Meanwhile(saves, func() {
		w.is(func(p *customer.Profile) {
			p.Pending = &customer.PendingEmail{ID: "c9", Address: "andere@neu.example", At: noon, Until: noon.Add(time.Hour), Epoch: 2}
		})
	})
	if a := w.asksFor(t, neu); a.Code < 400 || w.own().Pending.ID != "c9" || len(w.Outbox()) != 0 {
		t.Errorf("%d to %q, waiting %+v", a.Code, a.Header().Get("Location"), w.own().Pending)
	}
}

func TestAddressAndOtherDataAreSavedTogether(t *testing.T) {
	w := anna(t)
	a := w.asksFor(t, neu, "street", "Neue Straße 1")
	told := w.told()
	if a.Header().Get("Location") != "/account?changed=street&saved=master-data-and-email" || len(told) != 3 || told[outbox.MasterDataChanged].Values["new.email"] != "" {
		t.Errorf("%q, told %v", a.Header().Get("Location"), told)
	}
	w = anna(t)
	old := sent(t, w, "email", "anna@schaefer.example")
	w.is(func(p *customer.Profile) { p.Email, p.Version = neu, 8 }) // confirmed in another window
	if a = w.post(t, old); a.Code != http.StatusConflict || !strings.Contains(a.text("tbody"), neu) {
		t.Errorf("a form with the address before: %d %s", a.Code, a.text("tbody"))
	}
}

// mailedThrice uses up the mails to new addresses of an hour.
func mailedThrice(w *account) {
	for range 3 {
		_, _ = throttle.Store{Store: w.Store}.Try(context.Background(), throttle.EmailChanges(w.own().Number), noon)
	}
}

// asked is a customer whose new address waits, with both links.
func asked(t *testing.T) *account {
	w := anna(t)
	w.is(func(p *customer.Profile) {
		p.Pending = &customer.PendingEmail{ID: "c1", Address: neu, At: noon.Add(-time.Hour), Until: noon.Add(time.Hour), Epoch: 2}
	})
	values := map[string]string{outbox.ValueChange: "c1", outbox.ValueAddress: neu, outbox.ValueOldAddress: w.own().Email}
	w.PutToken("confirm", token.Token{Purpose: token.PurposeConfirmEmail, Subject: ownNumber, Epoch: 2, Expires: noon.Add(time.Hour), Values: values})
	w.PutToken("stop", token.Token{Purpose: token.PurposeStopEmail, Subject: ownNumber, Epoch: 2,
		Expires: noon.Add(token.StopLifetime - time.Hour), Values: values})
	return w
}

// token is what a link stands for.
func (w *account) token(secret string) (found token.Token) {
	w.T.Helper()
	item, err := w.Store.Get(w.T.Context(), w.Store.Names.Tokens, table.Token(secret))
	if err != nil || table.Unmarshal(item, &found) != nil {
		w.T.Fatal(err, item)
	}
	return found
}

func (w *account) link(t *testing.T, method, path, secret string) answer {
	t.Helper()
	delete(w.Cookies, session.Cookie) // nobody is signed in
	if method == http.MethodGet {
		return w.get(t, path+"?token="+secret)
	}
	return w.postTo(t, path, url.Values{"token": {secret}})
}

func TestTheLinkPutsTheAddressIntoForce(t *testing.T) {
	w := asked(t)
	if a := w.link(t, "GET", confirmPath, "confirm"); a.Code != 200 || w.writes() != 0 || !strings.Contains(a.text("main"), neu) || a.doc.Find("form input[name=token][value=confirm]").Length() != 1 {
		t.Fatalf("looking: %d, %d writes (S6)", a.Code, w.writes())
	}
	a := w.link(t, "POST", confirmPath, "confirm")
	if a.Code != 200 || w.writes() != 1 || !strings.Contains(a.text("h1"), "Ihre E-Mail-Adresse ist geändert") {
		t.Fatalf("confirming: %d %s", a.Code, a.text("main"))
	}
	if a := w.link(t, "POST", confirmPath, "confirm"); a.Code != http.StatusGone {
		t.Errorf("the link is not used up: %d", a.Code)
	}
	told := w.told()[outbox.MasterDataChanged]
	if told.Key != "10000017#8" || told.Recipients[0].Address != "anna@schaefer.example" || told.Values["new.email"] != "a•••@neu.example" {
		t.Errorf("told is %+v (S7)", told)
	}
	if got := w.own().AddressesSince(noon.Add(-time.Hour)); !slices.Equal(got, []string{neu, "anna@schaefer.example"}) {
		t.Errorf("known are %v: the address before stays known (S7)", got)
	}
}

// What comes between looking and writing is not passed over.
func TestTheLinkHoldsOnWhatItWasMadeFor(t *testing.T) { // S12
	for name, disturb := range map[string]func(w *account){
		"a new customer password": func(w *account) { w.is(func(p *customer.Profile) { p.Epoch++ }) },
		"another change":          func(w *account) { w.is(func(p *customer.Profile) { p.Pending.ID = "c2" }) },
		"an objection":            func(w *account) { w.SaveOrder(objection(earlierNumber)) },
	} {
		w := asked(t)
		w.Meanwhile(saves, func() { disturb(w) })
		if a := w.link(t, "POST", confirmPath, "confirm"); a.Code < 400 || w.own().Email != "anna@schaefer.example" || len(w.Events())+len(w.Outbox()) != 0 {
			t.Errorf("%s: %d, %s", name, a.Code, a.text("h1"))
		}
	}
}

func TestTheOldAddressStopsTheChangeBeforeAndAfter(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *account)
		says   string
		names  string
	}{
		"before it is confirmed":      {func(*account) {}, "Noch verwenden wir anna@schaefer.example", "emailStops pendingEmail"},
		"another change waits by now": {func(w *account) { w.is(func(p *customer.Profile) { p.Pending.ID = "c2" }) }, "Noch verwenden wir", "emailStops pendingEmail"},
		"after it was confirmed": {func(w *account) {
			w.is(func(p *customer.Profile) { p.Email, p.Pending, p.EmailChangedAt = neu, nil, noon.Add(-time.Minute) })
		}, "rückgängig", "email emailChangedAt emailKey emailStops epoch stoppedEmails version"},
		"after a third one was": {func(w *account) {
			w.is(func(p *customer.Profile) { p.Email, p.EmailChangedAt = "eva@dritte.example", noon.Add(-time.Minute) })
		}, "rückgängig", "email emailChangedAt emailKey emailStops epoch pendingEmail stoppedEmails version"},
		"a merge is running that stays": {func(w *account) { w.SaveOrder(running(merge.InReview)) }, "Noch verwenden wir", "emailStops pendingEmail"},
	} {
		t.Run(name, func(t *testing.T) {
			w := asked(t)
			c.change(w)
			if a := w.link(t, "GET", stopPath, "stop"); a.Code != 200 || w.writes() != 0 || !strings.Contains(a.text("main"), c.says) {
				t.Fatalf("looking: %d, %d writes, %s (S6)", a.Code, w.writes(), a.text("main"))
			}
			var a answer
			got := w.changed(func() { a = w.link(t, "POST", stopPath, "stop") })
			if a.Code != 200 || w.writes() != 1 || !strings.Contains(a.text("main"), "verwenden wir die Adresse anna@schaefer.example") {
				t.Fatalf("stopping: %d %s", a.Code, a.text("main"))
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
		return token.Token{Purpose: token.PurposeStopEmail, Subject: "10000017", Epoch: 2, Expires: noon.Add(since + token.StopLifetime),
			Values: map[string]string{outbox.ValueAddress: "x@y.example", outbox.ValueOldAddress: old}}
	}
	taken := func(t *testing.T) *account {
		w := anna(t)
		w.is(func(p *customer.Profile) { p.Email, p.EmailChangedAt = thiefs, noon.Add(-30*time.Minute) })
		w.PutToken("owner", stop("anna@schaefer.example", asked))
		w.PutToken("thief", stop(thiefs, -20*time.Minute))
		return w
	}
	t.Run("after the owner took it back and set a new password", func(t *testing.T) {
		w := taken(t)
		if a := w.link(t, "POST", stopPath, "owner"); a.Code != 200 {
			t.Fatalf("the owner's link: %d", a.Code)
		}
		w.is(func(p *customer.Profile) { p.Epoch++ })
		before := w.writes()
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if a := w.link(t, method, stopPath, "thief"); a.Code != http.StatusGone || w.writes() != before || w.own().Email != "anna@schaefer.example" {
				t.Errorf("%s of the thief's link: %d, %d writes (S7)", method, a.Code, w.writes())
			}
		}
	})
	t.Run("and does not spoil the owner's by being used first", func(t *testing.T) {
		w := taken(t)
		w.is(func(p *customer.Profile) {
			p.Pending = &customer.PendingEmail{ID: "c2", Address: "x@y.example", Epoch: 2, Until: noon.Add(time.Hour)}
		})
		if a := w.link(t, "POST", stopPath, "thief"); a.Code != 200 {
			t.Fatalf("the thief's link: %d", a.Code)
		}
		if a := w.link(t, "POST", stopPath, "owner"); a.Code != 200 || w.own().Email != "anna@schaefer.example" {
			t.Errorf("the owner's link: %d, %s", a.Code, a.text("main"))
		}
	})
	t.Run("nor any link what a merge or the operator changed", func(t *testing.T) {
		w := taken(t)
		w.Save(w.own().EmailGiven("", noon.Add(-time.Minute)))
		for _, secret := range []string{"owner", "thief"} {
			if a := w.link(t, "POST", stopPath, secret); a.Code != http.StatusGone || w.writes() != 0 {
				t.Errorf("%s: %d, %d writes", secret, a.Code, w.writes())
			}
		}
	})
}

func TestLinksThatAreNoLongerGood(t *testing.T) {
	for name, change := range map[string]func(w *account){
		"used":                          func(w *account) { w.PutToken("confirm", token.Token{}); w.PutToken("stop", token.Token{}) },
		"after a new customer password": func(w *account) { w.is(func(p *customer.Profile) { p.Epoch = 3 }) },
		"after a merge":                 func(w *account) { w.is(func(p *customer.Profile) { p.MergedInto = "10000099" }) },
		"after the change was stopped":  func(w *account) { w.is(func(p *customer.Profile) { p.Pending = nil }) },
		"after its end":                 func(w *account) { w.is(func(p *customer.Profile) { p.Pending.Until = noon }) },
		"of another address before it": func(w *account) {
			w.is(func(p *customer.Profile) { p.Email, p.Pending, p.EmailChangedAt = neu, nil, noon.Add(-48*time.Hour) })
		},
		"links of the other kind, swapped": func(w *account) {
			confirm, stop := w.token("confirm"), w.token("stop")
			w.PutToken("stop", confirm)
			w.PutToken("confirm", stop)
		},
	} {
		for _, path := range []string{confirmPath, stopPath} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				w := asked(t)
				change(w)
				secret := strings.TrimPrefix(path, "/account/email/")
				if a := w.link(t, method, path, secret); a.Code != http.StatusGone || w.writes() != 0 || !strings.Contains(a.text("h1"), "gilt nicht mehr") {
					t.Errorf("%s %s %s: %d, %d writes", method, path, name, a.Code, w.writes())
				}
			}
		}
	}
	for _, secret := range []string{"", "x"} {
		if a := anna(t).link(t, "POST", confirmPath, secret); a.Code != http.StatusGone {
			t.Errorf("token %q: %d", secret, a.Code)
		}
	}
}

func TestAnObjectionHoldsTheConfirmationUp(t *testing.T) {
	objected := running(merge.Executed)
	objected.ObjectedAt = noon.Add(-time.Hour)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		w := asked(t)
		w.SaveOrder(objected)
		if a := w.link(t, method, confirmPath, "confirm"); a.Code != http.StatusConflict || w.writes() != 0 || !strings.Contains(a.text("main"), "Einspruch") {
			t.Errorf("%s: %d %s", method, a.Code, a.text("main"))
		}
	}
	w := asked(t)
	w.SaveOrder(running(merge.InReview))
	if got := w.link(t, "GET", confirmPath, "confirm").text("main .notice"); !strings.Contains(got, "K7QX-2M4D") {
		t.Errorf("a running merge is not told: %q", got)
	}
	if w.link(t, "POST", confirmPath, "confirm"); w.own().Email != neu {
		t.Error("a running merge holds the address up")
	}
	w = asked(t)
	w.Fail(0, errors.New("cut"), saves)
	if a := w.link(t, "POST", confirmPath, "confirm"); a.Code < 500 {
		t.Errorf("a transaction that was not written answered %d", a.Code)
	}
}

func TestLinksAsJSONAndInEnglish(t *testing.T) {
	w := asked(t)
	got := w.get(t, confirmPath+"?token=confirm", "Accept", "application/json").Body.String()
	if !strings.Contains(got, `"email":"anna@neu.example"`) || strings.Contains(got, `"confirm"`) {
		t.Errorf("as JSON: %s", got)
	}
	w.is(func(p *customer.Profile) { p.Language = "en" })
	if got := w.link(t, "GET", stopPath, "stop").text("h1"); got != "Stop the change of e-mail address" {
		t.Errorf("in English: %q", got)
	}
}

func TestOnTheCloudTheLinkToANewAddressIsSentOnceMore(t *testing.T) {
	v := visit(t)
	back := url.Values{"return": {"/account/master-data"}}
	if a := v.mustSend("POST", resendPath, back, http.StatusSeeOther); a.Header().Get("Location") != "/account/master-data?saved=no-new-email" {
		t.Errorf("without one that waits: %s", a.Header().Get("Location"))
	}
	v.stopped = time.Now()
	v.asksFor(neu)
	first := v.profile().Pending
	v.mustSend("POST", resendPath, back, http.StatusSeeOther) // at once: the button was pressed twice
	if p := v.profile().Pending; *p != *first {
		t.Errorf("sent again at once: %+v", p)
	}
	v.stopped = v.stopped.Add(2 * time.Minute)
	a := v.mustSend("POST", resendPath, back, http.StatusSeeOther)
	if got := v.mustSend("GET", a.Header().Get("Location"), nil, http.StatusOK).text(".notice"); !strings.Contains(got, "noch einmal unterwegs") {
		t.Errorf("the page says %q", got)
	}
	p := v.profile().Pending
	if p.ID != first.ID || !p.Until.After(first.Until) {
		t.Errorf("it is another change: %+v", p)
	}
	for _, event := range []string{outbox.EmailConfirm, outbox.EmailRequested} {
		if n := v.outboxOf(event, p.ID); n != 2 {
			t.Errorf("%d %s, want 2 (S7)", n, event)
		}
	}
	v.stopped = v.stopped.Add(2 * time.Minute)
	v.mustSend("POST", resendPath, nil, http.StatusSeeOther)
	v.stopped = v.stopped.Add(2 * time.Minute)
	if a := v.mustSend("POST", resendPath, nil, http.StatusTooManyRequests); !strings.Contains(a.text(".notice, .error-summary"), "höchstens drei Links") {
		t.Errorf("the fourth in an hour: %s", a.text("main"))
	}
}

func TestOnTheCloudANewAddressIsWithdrawn(t *testing.T) {
	v := visit(t)
	v.asksFor(neu)
	old := v.profile()
	for _, path := range []string{"/account", "/account/master-data"} {
		page := v.mustSend("GET", path, nil, http.StatusOK)
		for _, action := range []string{resendPath, withdrawPath} {
			if page.doc.Find(`section[aria-labelledby=neue-email] form[action="`+action+`"]`).Length() != 1 {
				t.Errorf("%s has no button for %s", path, action)
			}
		}
	}
	a := v.mustSend("POST", withdrawPath, nil, http.StatusSeeOther)
	if got := v.mustSend("GET", a.Header().Get("Location"), nil, http.StatusOK).text(".notice"); !strings.Contains(got, "Es bleibt bei Ihrer bisherigen") {
		t.Errorf("the page says %q", got)
	}
	if p := v.profile(); p.Pending != nil || p.Email != old.Email || p.Version != old.Version {
		t.Errorf("%+v", p)
	}
	events, _, err := audit.Store{Store: v.admin}.Choose(t.Context(), v.number, "", 1, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Action != audit.EmailWithdrawn || events[0].Old["email"] != neu {
		t.Errorf("%+v, %v", events, err)
	}
	if a := v.mustSend("POST", withdrawPath, nil, http.StatusSeeOther); !strings.HasSuffix(a.Header().Get("Location"), "no-new-email") {
		t.Errorf("once more: %s", a.Header().Get("Location"))
	}
}

// outboxOf counts the customer's items of an event about one change.
func (v *visitor) outboxOf(event, change string) (n int) {
	v.t.Helper()
	prefix := table.OutboxID(event, v.number+"#"+change+"#")
	pages := dynamodb.NewScanPaginator(v.admin.DB.(*dynamodb.Client), &dynamodb.ScanInput{TableName: &v.admin.Names.Outbox, ConsistentRead: aws.Bool(true),
		FilterExpression: aws.String("begins_with(pk, :prefix) AND attribute_not_exists(parent)"), ExpressionAttributeValues: table.Item{":prefix": table.S(prefix)}})
	for pages.HasMorePages() {
		out, err := pages.NextPage(v.t.Context())
		if err != nil {
			v.t.Fatal(err)
		}
		n += len(out.Items)
	}
	return n
}
