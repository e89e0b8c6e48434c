package account

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
)

const neu = "anna@neu.example"

// outboxItems are the outbox items of a transaction by event.
func outboxItems(t *testing.T, items []types.TransactWriteItem) map[string]outbox.Item {
	t.Helper()
	found := map[string]outbox.Item{}
	for _, i := range items {
		if i.Put != nil && *i.Put.TableName == tablefake.Names.Outbox {
			item, err := outbox.FromImage(i.Put.Item)
			if err != nil {
				t.Fatal(err)
			}
			found[item.Event] = item
		}
	}
	return found
}

func (w *world) asksFor(t *testing.T, address string, kv ...string) answer {
	t.Helper()
	return w.post(t, sent(t, w, append([]string{"email", address, "currentPassword", w.password}, kv...)...))
}

func TestANewAddressOnlyWaitsAndBothAreWrittenTo(t *testing.T) {
	w := anna()
	a := w.asksFor(t, " Anna@NEU.example ")
	if a.Header().Get("Location") != "/account?saved=email" || len(w.writes) != 1 {
		t.Fatalf("%d to %q: %s", a.Code, a.Header().Get("Location"), a.text(".error-summary"))
	}
	other := w.profile
	other.Pending = &customer.PendingEmail{ID: "c9", Address: "andere@neu.example", At: noon, Until: noon.Add(time.Hour)}
	if _, _, err := w.update(t, other); w.changes(t) != "pendingEmail" || !errors.Is(err, table.ErrCondition) {
		t.Errorf("written are %s, over an address that was asked for meanwhile: %v; the old address stays in force (S7)", w.changes(t), err)
	}
	told := outboxItems(t, w.writes[0])
	confirm, warn := told[outbox.EmailConfirm], told[outbox.EmailRequested]
	if len(told) != 2 || confirm.Recipients[0].Address != "Anna@neu.example" || confirm.Recipients[0].Name != "" || warn.Recipients[0].Address != "anna@schaefer.example" {
		t.Errorf("told are %+v (S7)", told)
	}
	if confirm.Values[outbox.ValueEpoch] != "2" || confirm.Values[outbox.ValueChange] == "" || strings.Contains(itemText(w.writes[0]), w.password) {
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
		change        func(w *world)
		status        int
		says          string
	}{
		{"without the password", neu, func(w *world) { w.password = "" }, 422, "Geben Sie Ihr Kundenpasswort ein"},
		{"nothing at all", "", nil, 422, "Geben Sie eine E-Mail-Adresse an"},
		{"two addresses", "a@b.example,c@d.example", nil, 422, "genau ein @"},
		{"while an objection is open", neu, func(w *world) { w.order = objected }, 409, "Einspruch"},
		{"while a merge is under review", neu, func(w *world) { w.order = running(merge.InReview) }, 303, ""},
		{"after three links in an hour", neu, mailedThrice, 429, "höchstens drei Links"},
		{"after another change that waits", neu, func(w *world) {
			w.profile.Pending = &customer.PendingEmail{ID: "old", Address: "x@y.example", Epoch: 2, Until: noon.Add(time.Hour)}
		}, 303, ""},
		{"the address in force", "anna@SCHAEFER.example", nil, 303, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := anna()
			if c.change != nil {
				c.change(w)
			}
			a := w.asksFor(t, c.address)
			if a.Code != c.status || !strings.Contains(a.text(".error-summary"), c.says) {
				t.Fatalf("status %d, says %q", a.Code, a.text(".error-summary"))
			}
			if c.status != 303 && (len(w.writes) != 0 || a.doc.Find("#f-email").AttrOr("value", "") != c.address) {
				t.Errorf("%d writes, the form shows %q", len(w.writes), a.doc.Find("#f-email").AttrOr("value", ""))
			}
		})
	}
}

func TestASecondChangeReplacesTheFirstAndTheSameFormTwiceDoesNot(t *testing.T) {
	w := anna()
	w.profile.Pending = &customer.PendingEmail{ID: "first", Address: neu, At: noon.Add(-30 * time.Second), Until: noon.Add(time.Hour), Epoch: 2}
	if a := w.asksFor(t, neu); a.Header().Get("Location") != "/account?saved=email" || len(w.writes) != 0 {
		t.Errorf("sent twice: %q, %d writes (M9)", a.Header().Get("Location"), len(w.writes))
	}
	w.profile.Pending.At = noon.Add(-time.Hour)
	if w.asksFor(t, neu); len(w.writes) != 1 || !strings.Contains(*w.writes[0][0].Update.ConditionExpression, "pendingEmail.id = :pending") {
		t.Errorf("asked for once more: %d writes", len(w.writes))
	}
	if got := w.get(t, "/account/master-data").text("section[aria-labelledby=neue-email]"); !strings.Contains(got, "Bestätigung steht noch aus") || !strings.Contains(got, neu+" verwenden wir, sobald") {
		t.Errorf("the form says %q", got)
	}
	if got := w.get(t, "/account").text(".facts"); !strings.Contains(got, neu+": Bestätigung steht noch aus") {
		t.Errorf("the overview says %q", got)
	}
	w.profile.Epoch, w.session.Epoch = 3, 3
	if got := w.get(t, "/account/master-data").text("form .notice"); got != "" {
		t.Errorf("after a new password it still waits: %q (S8)", got)
	}
}

func TestAddressAndOtherDataAreSavedTogether(t *testing.T) {
	w := anna()
	a := w.asksFor(t, neu, "street", "Neue Straße 1")
	told := outboxItems(t, w.writes[0])
	if a.Header().Get("Location") != "/account?changed=street&saved=master-data-and-email" || len(told) != 3 || told[outbox.MasterDataChanged].Values["new.email"] != "" {
		t.Errorf("%q, told %v", a.Header().Get("Location"), told)
	}
	w = anna()
	old := sent(t, w, "email", "anna@schaefer.example")
	w.profile.Email, w.profile.Version = neu, 8 // confirmed in another window
	if a = w.post(t, old); a.Code != http.StatusConflict || !strings.Contains(a.text("tbody"), neu) {
		t.Errorf("a form with the address before: %d %s", a.Code, a.text("tbody"))
	}
}

// mailedThrice uses up the mails to new addresses of an hour.
func mailedThrice(w *world) {
	for range 3 {
		_, _ = throttle.Store{Store: w.tables()}.Try(context.Background(), throttle.EmailChanges(w.profile.Number), noon)
	}
}

// asked is a customer whose new address waits, with both links.
func asked() *world {
	w := anna()
	w.profile.Pending = &customer.PendingEmail{ID: "c1", Address: neu, At: noon.Add(-time.Hour), Until: noon.Add(time.Hour), Epoch: 2}
	values := map[string]string{outbox.ValueChange: "c1", outbox.ValueAddress: neu, outbox.ValueOldAddress: w.profile.Email}
	w.tokens = map[string]token.Token{
		"confirm": {Purpose: token.PurposeConfirmEmail, Subject: "10000017", Epoch: 2, Expires: noon.Add(time.Hour), Values: values},
		"stop":    {Purpose: token.PurposeStopEmail, Subject: "10000017", Epoch: 2, Expires: noon.Add(token.StopLifetime - time.Hour), Values: values},
	}
	return w
}

func (w *world) link(t *testing.T, method, path, secret string) answer {
	t.Helper()
	w.session.Number = "" // nobody is signed in
	if method == http.MethodGet {
		return w.get(t, path+"?token="+secret)
	}
	return w.postTo(t, path, url.Values{"token": {secret}})
}

func TestTheLinkPutsTheAddressIntoForce(t *testing.T) {
	w := asked()
	if a := w.link(t, "GET", confirmPath, "confirm"); a.Code != 200 || len(w.writes) != 0 || !strings.Contains(a.text("main"), neu) || a.doc.Find("form input[name=token][value=confirm]").Length() != 1 {
		t.Fatalf("looking: %d, %d writes (S6)", a.Code, len(w.writes))
	}
	a := w.link(t, "POST", confirmPath, "confirm")
	if a.Code != 200 || len(w.writes) != 1 || !strings.Contains(a.text("h1"), "Ihre E-Mail-Adresse ist geändert") {
		t.Fatalf("confirming: %d %s", a.Code, a.text("main"))
	}
	update, used, lock := w.writes[0][0].Update, w.writes[0][1].Delete, w.writes[0][3].ConditionCheck
	for _, want := range []string{"version", "epoch", "pendingEmail.id"} {
		if !strings.Contains(*update.ConditionExpression, want) {
			t.Errorf("the condition is %s, want %s in it (S12)", *update.ConditionExpression, want)
		}
	}
	if used == nil || lock == nil || *lock.ConditionExpression != "attribute_not_exists(objections)" {
		t.Errorf("the link is not used up, or an objection would be overlooked")
	}
	told := outboxItems(t, w.writes[0])[outbox.MasterDataChanged]
	if told.Key != "10000017#8" || told.Recipients[0].Address != "anna@schaefer.example" || told.Values["new.email"] != "a•••@neu.example" {
		t.Errorf("told is %+v (S7)", told)
	}
	if got := w.written(t).AddressesSince(noon.Add(-time.Hour)); !slices.Equal(got, []string{neu, "anna@schaefer.example"}) {
		t.Errorf("known are %v: the address before stays known (S7)", got)
	}
}

func TestTheOldAddressStopsTheChangeBeforeAndAfter(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world)
		says   string
		names  string
	}{
		"before it is confirmed":      {func(*world) {}, "Noch verwenden wir anna@schaefer.example", "emailStops pendingEmail"},
		"another change waits by now": {func(w *world) { w.profile.Pending.ID = "c2" }, "Noch verwenden wir", "emailStops pendingEmail"},
		"after it was confirmed": {func(w *world) {
			w.profile.Email, w.profile.Pending, w.profile.EmailChangedAt = neu, nil, noon.Add(-time.Minute)
		}, "rückgängig", "email emailChangedAt emailKey emailStops epoch stoppedEmails version"},
		"after a third one was": {func(w *world) {
			w.profile.Email, w.profile.EmailChangedAt = "eva@dritte.example", noon.Add(-time.Minute)
		}, "rückgängig", "email emailChangedAt emailKey emailStops epoch pendingEmail stoppedEmails version"},
		"a merge is running that stays": {func(w *world) { w.order = running(merge.InReview) }, "Noch verwenden wir", "emailStops pendingEmail"},
	} {
		t.Run(name, func(t *testing.T) {
			w := asked()
			c.change(w)
			if a := w.link(t, "GET", stopPath, "stop"); a.Code != 200 || len(w.writes) != 0 || !strings.Contains(a.text("main"), c.says) {
				t.Fatalf("looking: %d, %d writes, %s (S6)", a.Code, len(w.writes), a.text("main"))
			}
			a := w.link(t, "POST", stopPath, "stop")
			if a.Code != 200 || len(w.writes) != 1 || !strings.Contains(a.text("main"), "verwenden wir die Adresse anna@schaefer.example") {
				t.Fatalf("stopping: %d %s", a.Code, a.text("main"))
			}
			if got := w.changes(t); got != c.names {
				t.Errorf("written are %s, want %s", got, c.names)
			}
			if table.String(w.writes[0][2].Put.Item, "actor") != audit.ByMailedLink {
				t.Error("the audit event names another actor (M10)")
			}
		})
	}
}

// update puts a profile into a table and writes to it what the last transaction writes to the customer's.
func (w *world) update(t *testing.T, p customer.Profile) (before, after table.Item, err error) {
	t.Helper()
	store := tablefake.New().Store()
	stored := func() table.Item {
		item, err := store.Get(t.Context(), store.Names.Customers, table.Profile(p.Number))
		if err != nil {
			t.Fatal(err)
		}
		return item
	}
	if err := store.Transact(t.Context(), []types.TransactWriteItem{customer.PutNew(store.Names, p)}, ""); err != nil {
		t.Fatal(err)
	}
	before = stored()
	err = store.Transact(t.Context(), w.writes[len(w.writes)-1][:1], "")
	return before, stored(), err
}

// changes are the attributes of the profile that the last transaction changes.
func (w *world) changes(t *testing.T) string {
	t.Helper()
	before, after, err := w.update(t, w.profile)
	if err != nil {
		t.Fatal(err)
	}
	all := maps.Clone(before)
	maps.Copy(all, after)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(n string) bool { return reflect.DeepEqual(before[n], after[n]) })
	return strings.Join(names, " ")
}

// written is the profile that the last transaction left.
func (w *world) written(t *testing.T) customer.Profile {
	t.Helper()
	_, item, err := w.update(t, w.profile)
	var p customer.Profile
	if err := errors.Join(err, table.Unmarshal(item, &p)); err != nil {
		t.Fatal(err)
	}
	return p
}

// A thief at an open session confirmed an address of theirs, then asked for another one, only to have a link that stops
// the change mailed to the first.
func TestAThiefsLinkDoesNotTakeTheAddressBackFromItsOwner(t *testing.T) {
	const thiefs, asked = "t@dieb.example", -40 * time.Minute
	stop := func(old string, since time.Duration) token.Token {
		return token.Token{Purpose: token.PurposeStopEmail, Subject: "10000017", Epoch: 2, Expires: noon.Add(since + token.StopLifetime),
			Values: map[string]string{outbox.ValueAddress: "x@y.example", outbox.ValueOldAddress: old}}
	}
	taken := func() *world {
		w := anna()
		w.profile.Email, w.profile.EmailChangedAt = thiefs, noon.Add(-30*time.Minute)
		w.tokens = map[string]token.Token{"owner": stop("anna@schaefer.example", asked), "thief": stop(thiefs, -20*time.Minute)}
		return w
	}
	t.Run("after the owner took it back and set a new password", func(t *testing.T) {
		w := taken()
		if a := w.link(t, "POST", stopPath, "owner"); a.Code != 200 {
			t.Fatalf("the owner's link: %d", a.Code)
		}
		w.profile, w.writes = w.written(t), nil
		w.profile.Epoch++
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if a := w.link(t, method, stopPath, "thief"); a.Code != http.StatusGone || len(w.writes) != 0 || w.profile.Email != "anna@schaefer.example" {
				t.Errorf("%s of the thief's link: %d, %d writes (S7)", method, a.Code, len(w.writes))
			}
		}
	})
	t.Run("and does not spoil the owner's by being used first", func(t *testing.T) {
		w := taken()
		w.profile.Pending = &customer.PendingEmail{ID: "c2", Address: "x@y.example", Epoch: 2, Until: noon.Add(time.Hour)}
		if a := w.link(t, "POST", stopPath, "thief"); a.Code != 200 {
			t.Fatalf("the thief's link: %d", a.Code)
		}
		w.profile, w.writes = w.written(t), nil
		if a := w.link(t, "POST", stopPath, "owner"); a.Code != 200 || w.written(t).Email != "anna@schaefer.example" {
			t.Errorf("the owner's link: %d, %s", a.Code, a.text("main"))
		}
	})
	t.Run("nor any link what a merge or the operator changed", func(t *testing.T) {
		w := taken()
		w.profile = w.profile.EmailGiven("", noon.Add(-time.Minute))
		for secret := range w.tokens {
			if a := w.link(t, "POST", stopPath, secret); a.Code != http.StatusGone || len(w.writes) != 0 {
				t.Errorf("%s: %d, %d writes", secret, a.Code, len(w.writes))
			}
		}
	})
}

func TestLinksThatAreNoLongerGood(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"used":                          func(w *world) { w.tokens = nil },
		"after a new customer password": func(w *world) { w.profile.Epoch = 3 },
		"after a merge":                 func(w *world) { w.profile.MergedInto = "10000099" },
		"after the change was stopped":  func(w *world) { w.profile.Pending = nil },
		"after its end":                 func(w *world) { w.profile.Pending.Until = noon },
		"of another address before it": func(w *world) {
			w.profile.Email, w.profile.Pending, w.profile.EmailChangedAt = neu, nil, noon.Add(-48*time.Hour)
		},
		"links of the other kind, swapped": func(w *world) { w.tokens["stop"], w.tokens["confirm"] = w.tokens["confirm"], w.tokens["stop"] },
	} {
		for _, path := range []string{confirmPath, stopPath} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				w := asked()
				change(w)
				secret := strings.TrimPrefix(path, "/account/email/")
				if a := w.link(t, method, path, secret); a.Code != http.StatusGone || len(w.writes) != 0 || !strings.Contains(a.text("h1"), "gilt nicht mehr") {
					t.Errorf("%s %s %s: %d, %d writes", method, path, name, a.Code, len(w.writes))
				}
			}
		}
	}
	for _, secret := range []string{"", "x"} {
		if a := anna().link(t, "POST", confirmPath, secret); a.Code != http.StatusGone {
			t.Errorf("token %q: %d", secret, a.Code)
		}
	}
}

func TestAnObjectionHoldsTheConfirmationUp(t *testing.T) {
	objected := running(merge.Executed)
	objected.ObjectedAt = noon.Add(-time.Hour)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		w := asked()
		w.order = objected
		if a := w.link(t, method, confirmPath, "confirm"); a.Code != http.StatusConflict || len(w.writes) != 0 || !strings.Contains(a.text("main"), "Einspruch") {
			t.Errorf("%s: %d %s", method, a.Code, a.text("main"))
		}
	}
	w := asked()
	w.order = running(merge.InReview)
	if got := w.link(t, "GET", confirmPath, "confirm").text("main .notice"); !strings.Contains(got, "K7QX-2M4D") {
		t.Errorf("a running merge is not told: %q", got)
	}
	if w.link(t, "POST", confirmPath, "confirm"); len(w.writes) != 1 || w.writes[0][3].ConditionCheck == nil {
		t.Error("a running merge holds the address up")
	}
	var none order.Order
	w = asked()
	w.order = none
	w.fail = &table.Cancelled{Reasons: []types.CancellationReason{{Code: new(string)}}}
	if a := w.link(t, "POST", confirmPath, "confirm"); a.Code < 500 {
		t.Errorf("a transaction that was not written answered %d", a.Code)
	}
}

func TestLinksAsJSONAndInEnglish(t *testing.T) {
	w := asked()
	got := w.get(t, confirmPath+"?token=confirm", "Accept", "application/json").Body.String()
	if !strings.Contains(got, `"email":"anna@neu.example"`) || strings.Contains(got, `"confirm"`) {
		t.Errorf("as JSON: %s", got)
	}
	w.profile.Language = "en"
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
