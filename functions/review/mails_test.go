package review

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/functions/review/desk"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

func givenUp(event, key string) outbox.Item {
	id := table.OutboxID(event, key)
	return outbox.Item{ID: id, Event: event, Key: key, Parent: "parent", GivenUpAt: start.Add(-time.Hour), Due: table.GivenUpShard(id), LastError: "MessageRejected", CreatedAt: start.Add(-24 * time.Hour),
		Values:     map[string]string{outbox.ValueNumber: "10000017"},
		Recipients: []outbox.Recipient{{Address: "anna@schaefer.example", Numbers: []string{"10000017"}, Own: true}}}
}

func mailSite(t *testing.T, items ...outbox.Item) *site {
	s := knownSite(t)
	for _, i := range items {
		if i.NextTry = i.GivenUpAt.UnixNano(); i.GivenUpAt.IsZero() {
			i.NextTry = start.UnixNano()
		}
		s.putItem(tablefake.Names.Outbox, table.MustMarshal(i))
	}
	return s
}

func (s *site) putItem(name string, item table.Item) {
	s.T.Helper()
	if _, err := s.Store.DB.PutItem(s.T.Context(), &dynamodb.PutItemInput{TableName: &name, Item: item}); err != nil {
		s.T.Fatal(err)
	}
}

// resent says whether an item waits to be sent again.
func (s *site) resent(mail outbox.Item) bool {
	s.T.Helper()
	now, err := outbox.Store{Store: s.Store}.Find(s.T.Context(), mail.ID)
	if err != nil {
		s.T.Fatal(err)
	}
	return now.Due == table.DueShard(mail.ID) && now.GivenUpAt.IsZero()
}

// resends are the audit's events of what was put back.
func (s *site) resends() (events []audit.Event) {
	for _, item := range s.Items(tablefake.Names.Audit) {
		var e audit.Event
		if err := table.Unmarshal(item, &e); err != nil {
			s.T.Fatal(err)
		}
		if e.Action == audit.MailResent {
			events = append(events, e)
		}
	}
	return events
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
	key := table.Profile("10000017")
	if _, err := s.Store.DB.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &tablefake.Names.Customers, Key: key}); err != nil {
		t.Fatal(err)
	}
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
	if doc.Find("details[open] textarea[aria-invalid]").Length() != 1 || s.resent(mail) || s.resends() != nil {
		t.Errorf("without a reason: %s", words(doc.Find("main")))
	}
	s.redirected(s.post(resendPath(mail), because), desk.MailsPath+"?done=resent")
	if e := s.resends(); !s.resent(mail) || len(e) != 1 || e[0].Number != "10000017" || e[0].New[audit.KeyWhy] != "Postfach war voll" {
		t.Errorf("put back %v, audited %+v", s.resent(mail), e)
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
		if body := text(s.request(http.MethodPost, resendPath(mail), because, "Accept", "application/json")); !strings.Contains(body, code) || s.resends() != nil || code != "already_resent" && s.resent(mail) {
			t.Errorf("%s: %s", code, body)
		}
	}
	s := mailSite(t, expired)
	s.page(s.post(resendPath(expired), because), http.StatusConflict)
	if s.page(s.get(desk.MailsPath), http.StatusOK).Find("main form textarea").Length() != 0 {
		t.Error("an expired link is offered to be sent")
	}
	mail := givenUp(outbox.PasswordChanged, "1")
	s = mailSite(t, mail)
	s.Meanwhile(world.TransactWrites, func() { s.post(resendPath(mail), because) })
	s.page(s.post(resendPath(mail), because), http.StatusConflict)
	if n := len(s.resends()); n != 1 {
		t.Errorf("of two at a time %d are audited", n)
	}
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
	if s.resent(invalid) || s.resends() != nil {
		t.Error("put back all the same")
	}
}
