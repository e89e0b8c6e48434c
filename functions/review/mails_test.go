package review

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// fakeMails are outbox items in memory; what is put back is kept as it was to be written.
type fakeMails struct {
	items   []outbox.Item
	written []types.TransactWriteItem
	err     error // of writing
}

func (f *fakeMails) GivenUp(_ context.Context, before time.Time, limit int) (items []outbox.Item, next time.Time, err error) {
	for _, i := range f.items {
		if !i.GivenUpAt.IsZero() && (before.IsZero() || i.GivenUpAt.Before(before)) {
			items = append(items, i)
		}
	}
	if len(items) > limit {
		items, next = items[:limit], items[limit-1].GivenUpAt
	}
	return items, next, nil
}

func (f *fakeMails) Find(_ context.Context, id string) (outbox.Item, error) {
	if at := slices.IndexFunc(f.items, func(i outbox.Item) bool { return i.ID == id }); at >= 0 {
		return f.items[at], nil
	}
	return outbox.Item{}, outbox.ErrNotFound
}

func (f *fakeMails) Transact(_ context.Context, items []types.TransactWriteItem, _ string) error {
	if f.err == nil {
		f.written = append(f.written, items...)
	}
	return f.err
}

func givenUp(event, key string) outbox.Item {
	id := table.OutboxID(event, key)
	return outbox.Item{ID: id, Event: event, Key: key, Parent: "parent", GivenUpAt: start.Add(-time.Hour), Due: table.GivenUpShard(id), LastError: "MessageRejected",
		Values:     map[string]string{outbox.ValueNumber: "10000017"},
		Recipients: []outbox.Recipient{{Address: "anna@schaefer.example", Numbers: []string{"10000017"}, Own: true}}}
}

func mailSite(t *testing.T, items ...outbox.Item) *site {
	s := knownSite(t)
	s.mails.items = items
	return s
}

// mailPath is the address of an outbox item.
func mailPath(id string) string {
	return desk.MailsPath + "/" + base64.RawURLEncoding.EncodeToString([]byte(id))
}

func resendPath(i outbox.Item) string { return mailPath(i.ID) + "/resend" }

var because = url.Values{"reason": {"Postfach war voll"}}

// M9: a mail that SES refuses is shown to the service team. S13, S20: no whole address, no link.
func TestMailsThatWereGivenUpOnAreListed(t *testing.T) {
	mail := givenUp(outbox.PasswordChanged, "1")
	mail.Values["link"] = "https://konto.example/secret"
	s := mailSite(t, mail)
	doc := s.page(s.get(desk.MailsPath), http.StatusOK)
	got := words(doc.Find("main"))
	for _, want := range []string{"Kundenpasswort geändert", "Der Mailversand hat die E-Mail abgelehnt.", merge.MaskOther(merge.Email, "anna@schaefer.example")} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	if strings.Contains(got, "anna@") || strings.Contains(got, "secret") {
		t.Errorf("the page tells too much: %q", got)
	}
	if doc.Find(`a[href="/service/customers/10000017"]`).Length() == 0 {
		t.Error("no link to the customer")
	}
}

// What was taken away since is named, and no link leads to nothing.
func TestAMailAboutACustomerWhoIsGoneIsListedWithoutALink(t *testing.T) {
	mail := givenUp(outbox.OrderRejected, "1")
	mail.Order = "GONE-0001"
	s := mailSite(t, mail)
	delete(s.orders.profiles, "10000017")
	main := s.page(s.get(desk.MailsPath), http.StatusOK).Find("main")
	if got := words(main); strings.Count(got, "gibt es nicht mehr") != 2 || !strings.Contains(got, "GONE-0001") {
		t.Errorf("%q", got)
	}
	if n := main.Find(`a[href*="10000017"], a[href*="GONE-0001"]`).Length(); n != 0 {
		t.Errorf("%d links lead to nothing", n)
	}
	if main.Find("form").Length() != 1 {
		t.Error("it cannot be sent any more")
	}
}

func TestAnEarlierPageOfMailsIsReachedByItsLink(t *testing.T) {
	var items []outbox.Item
	for n := range 25 + 1 {
		i := givenUp(outbox.PasswordChanged, string(rune('a'+n)))
		i.GivenUpAt = start.Add(-time.Duration(n) * time.Minute)
		items = append(items, i)
	}
	s := mailSite(t, items...)
	next, ok := s.page(s.get(desk.MailsPath), http.StatusOK).Find(`a[rel=next]`).Attr("href")
	if !ok {
		t.Fatal("no link to earlier mails")
	}
	if n := s.page(s.get(next), http.StatusOK).Find("main section.card").Length(); n != 1 {
		t.Errorf("%d mails on the last page", n)
	}
}

func TestAMailIsPutBackWithAReasonThatIsAudited(t *testing.T) {
	mail := givenUp(outbox.PasswordChanged, "1")
	s := mailSite(t, mail)
	doc := s.page(s.post(resendPath(mail), url.Values{"reason": {" "}}), http.StatusUnprocessableEntity)
	if doc.Find("details[open] textarea[aria-invalid]").Length() != 1 || len(s.mails.written) != 0 {
		t.Errorf("without a reason: %s, written %v", words(doc.Find("main")), s.mails.written)
	}
	s.redirected(s.post(resendPath(mail), because), desk.MailsPath+"?done=resent")
	if len(s.mails.written) != 2 || s.mails.written[0].Update == nil || s.mails.written[1].Put == nil {
		t.Fatalf("written %+v", s.mails.written)
	}
	var e audit.Event
	if err := table.Unmarshal(s.mails.written[1].Put.Item, &e); err != nil || e.Action != audit.MailResent || e.New[audit.KeyWhy] != "Postfach war voll" {
		t.Errorf("audited %+v, %v", e, err)
	}
}

// What is no longer true is not told, and a second click changes nothing (M9).
func TestAMailThatIsOvertakenIsNotPutBack(t *testing.T) {
	again := givenUp(outbox.PasswordChanged, "again")
	again.GivenUpAt, again.Due = time.Time{}, table.DueShard(again.ID)
	stopped := givenUp(outbox.FactorRecoveryStarted, "r")
	expired := givenUp(outbox.EmailConfirm, "c")
	expired.Values[outbox.ValueUntil] = table.FormatTime(start.Add(-time.Minute))
	announced := givenUp(outbox.OrderAnnounced, "o")
	announced.Order = anna().ID // executed
	for code, mail := range map[string]outbox.Item{"already_resent": again, "mail_over": stopped, "zu Ende": announced} {
		s := mailSite(t, mail)
		if body := text(s.request(http.MethodPost, resendPath(mail), because, "Accept", "application/json")); !strings.Contains(body, code) || len(s.mails.written) != 0 {
			t.Errorf("%s: %s, written %v", code, body, s.mails.written)
		}
	}
	s := mailSite(t, expired)
	s.page(s.post(resendPath(expired), because), http.StatusConflict)
	if s.page(s.get(desk.MailsPath), http.StatusOK).Find("main form textarea").Length() != 0 {
		t.Error("an expired link is offered to be sent")
	}
	mail := givenUp(outbox.PasswordChanged, "1")
	s = mailSite(t, mail)
	s.mails.err = table.ErrCondition
	s.page(s.post(resendPath(mail), because), http.StatusConflict)
}

func TestAMailThatThereIsNoneOfIsNotFound(t *testing.T) {
	s := mailSite(t)
	for _, path := range []string{resendPath(givenUp(outbox.PasswordChanged, "1")), desk.MailsPath + "/&/resend"} {
		if resp := s.post(path, because); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
}

func TestAMailThatWouldFailAgainOrComesTooLateIsNotOffered(t *testing.T) { // M9
	invalid, late := givenUp(outbox.EmailRequested, "a"), givenUp(outbox.EmailRequested, "b")
	invalid.LastError, invalid.CreatedAt, late.CreatedAt = "address", start, start.AddDate(0, 0, -8)
	s := mailSite(t, invalid, late)
	doc := s.page(s.get("/service/mails"), http.StatusOK)
	if doc.Find("section.card").Length() != 2 || doc.Find("form[action$=resend]").Length() != 0 {
		t.Errorf("%d mails, %d forms", doc.Find("section.card").Length(), doc.Find("form[action$=resend]").Length())
	}
	for _, said := range []string{"keine gültige E-Mail-Adresse. Berichtigen Sie sie", "Änderung stoppt, wäre abgelaufen"} {
		if !strings.Contains(words(doc.Find("main")), said) {
			t.Errorf("%q is not said", said)
		}
	}
	s.page(s.post(mailPath(invalid.ID)+"/resend", url.Values{"reason": {"noch einmal"}}), http.StatusConflict)
	if len(s.mails.written) != 0 {
		t.Error("put back all the same")
	}
}
