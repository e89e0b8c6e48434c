package e2e

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/proven"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
)

// TestThePagesOfTheServiceTeamInEveryState looks at each, in both languages.
func TestThePagesOfTheServiceTeamInEveryState(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for _, l := range []lang.Lang{lang.DE, lang.EN} {
		t.Run(string(l), func(t *testing.T) {
			v := work(t, browser.Options{Lang: l, Shots: string(l) + "-desk"})
			v.looksAtQueues()
			v.decides(pending(t, 72))
			v.looksAtEndings(t)
			v.looksAtCustomers(t)
			v.looksAtMails(t)
			v.takesUpACancellation(t)
		})
	}
}

func (v reviewer) looksAtQueues() {
	for _, tab := range []string{"", "escalated", "objections", "failed", "approved", "stale"} {
		v.Open("/service?tab=" + tab)
		v.Shot("queue-" + tab)
	}
}

// decides goes through what can happen at an order in review.
func (v reviewer) decides(o order.Order) {
	page := "/service/orders/" + o.ID
	v.Open(page)
	v.Shot("in-review")
	v.Press(T("In Arbeit nehmen", "Work on this"))
	v.Press(reject)
	v.Status(http.StatusUnprocessableEntity)
	v.See(T("Nennen Sie den Grund der Ablehnung", "Give the reason for rejecting"))
	v.Shot("reason-missing")
	v.changes(o)
	v.Fill(T("Notiz", "Note"), "Rückruf bestätigt")
	v.Press(approve)
	v.Status(http.StatusConflict)
	v.See(T("Die Stammdaten haben sich seit dem Abschicken geändert", "The customer’s details have changed since the merge request was submitted"))
	v.Shot("data-changed")
}

// changes moves the other side to another city, as its owner would.
func (v reviewer) changes(o order.Order) {
	v.t.Helper()
	n := o.SourceNumbers()[0]
	p, err := customer.Store{Store: localtest.Store(v.t)}.Profile(v.t.Context(), n)
	if err != nil {
		v.t.Fatal(err)
	}
	moved := p
	moved.City = "Potsdam"
	localtest.Put(v.t, customer.Update(localtest.Names(v.t), p, moved))
}

func (v reviewer) looksAtEndings(t *testing.T) {
	s := everybody(t)
	ctx := t.Context()
	approved := pending(t, 72)
	v.Open("/service/orders/" + approved.ID)
	v.Fill(T("Notiz", "Note"), "Rückruf bestätigt")
	v.Press(approve)
	v.See(T("ist genehmigt", "has been approved"))
	v.Shot("approved")

	vetoed := pending(t, 72)
	must(t)(s.Veto(ctx, vetoed.ID, nil))
	v.Open("/service/orders/" + vetoed.ID)
	v.See(T("Wieder erlauben", "Allow again"))
	v.Shot("vetoed")
	v.Open("/service/customers/" + vetoed.Customer)
	v.Shot("customer-barred")
	v.Press(T("Wieder erlauben", "Allow again"))
	v.Status(http.StatusUnprocessableEntity)
	v.Shot("customer-reason-missing")
	v.Fill(T("Grund", "Reason"), "Mit beiden gesprochen")
	v.Press(T("Wieder erlauben", "Allow again"))
	v.SeesNot("release-bar")

	failed := pending(t, 72)
	must(t)(s.Fail(ctx, failed.ID, failed.Run, "Lambda.Unknown"))
	v.Open("/service/orders/" + failed.ID)
	v.See(T("Wiederholen", "Retry"))
	v.Shot("failed")

	old := pending(t, 72)
	edit(t, old.ID, "SET escalateAt = :at, expireAt = :at", table.Item{":at": table.Time(time.Now().Add(-time.Hour))})
	must(t)(s.Escalate(ctx, old.ID, old.Run))
	v.Open("/service?tab=escalated")
	v.Sees(old.ID)
	v.Shot("queue-escalated-one")
	v.Open("/service/orders/" + old.ID)
	v.Shot("overdue")
	must(t)(s.Expire(ctx, old.ID, old.Run))
	v.Reload()
	v.Shot("expired")

	executed := pending(t, 0)
	v.Open("/service/orders/" + executed.ID)
	v.Press(approve)
	waitFor(t, executed.ID, merge.Executed)
	v.Reload()
	v.See(T("Rückgängig machen", "Undo"))
	v.Shot("executed")
	must(t)(s.Veto(ctx, executed.ID, nil))
	v.Open("/service?tab=objections")
	v.Sees(executed.ID)
	v.Shot("queue-objections-one")
	v.Open("/service/orders/" + executed.ID)
	v.See(T("Einspruch der anderen Seite", "Objection from the other side"))
	v.Shot("objected")
	v.Open("/service/customers/" + executed.Customer)
	v.See(T("Einspruch gegen eine Zusammenfassung", "There is an objection to a merge"))
	v.Shot("customer-objected")
	v.Open("/service/customers/" + executed.SourceNumbers()[0])
	v.See(T("gehört jetzt zu", "belongs to"))
	v.Shot("customer-merged")
	v.Open("/service/orders/" + executed.ID)
	v.Fill(T("Grund", "Reason"), "Der Einspruch ist berechtigt.")
	v.Press(T("Rückgängig machen", "Undo"))
	v.See(T("Die Zusammenfassung ist rückgängig gemacht", "The merge has been undone"))
	v.Shot("undone")
}

func (v reviewer) looksAtCustomers(t *testing.T) {
	v.Open("/service/customers")
	v.Shot("customers")
	v.Fill(findCustomer, "niemand@nirgends.example")
	v.Press(T("Suchen", "Search"))
	v.Status(http.StatusNotFound)
	v.Shot("customers-nobody")
	l := person(t, lang.DE, 300)
	l.Company = "Arbeitsgemeinschaft für Denkmalpflege und Gartenkunst e. V."
	l.BalanceCents, l.Locked = 1999, true
	l.IBAN, l.BIC = "DE89370400440532013000", "COBADEFFXXX"
	twin := person(t, lang.DE, 1)
	twin.Email = l.Email
	importAll(t, l, twin)
	v.Open("/service/customers")
	v.Fill(findCustomer, l.Email)
	v.Press(T("Suchen", "Search"))
	v.Sees(l.CustomerNumber, twin.CustomerNumber)
	v.Shot("customers-several")
	v.Fill(findCustomer, domain(l))
	v.Press(T("Suchen", "Search"))
	v.At("/service/customers/" + l.CustomerNumber)
	v.Sees("(300)")
	v.Shot("customer-300-packages")
	v.Follow(T("Weitere Pakete", "More packages"))
	v.Shot("customer-300-packages-next")
	v.seesBankData(l.CustomerNumber, l.IBAN)
	v.helps(l)
	v.Open("/service/customers/" + l.CustomerNumber + "/start-recovery")
	v.Shot("recovery")
}

// seesBankData has the bank data shown once, with a reason (S13).
func (v reviewer) seesBankData(number, iban string) {
	v.t.Helper()
	once := T("Einmal anzeigen", "Show once")
	v.Open("/service/customers/" + number)
	v.Unfold(T("Bankverbindung vollständig anzeigen", "Show full bank details"))
	v.Press(once)
	v.Status(http.StatusUnprocessableEntity)
	v.SeesNot(iban)
	v.Shot("customer-reveal-reason-missing")
	v.Fill(T("Grund", "Reason"), "Rückfrage der Bank")
	v.Press(once)
	v.Sees(iban)
	v.Shot("customer-revealed")
	v.Open("/service/customers/" + number)
	v.SeesNot(iban)
	v.See(T("Bankverbindung vollständig angezeigt", "Full bank details shown"))
}

// looksAtMails sends once more what was given up on; the mail arrives (M9).
func (v reviewer) looksAtMails(t *testing.T) {
	number := localtest.Customer(t, "").Number
	localtest.Put(t, localtest.GivenUp(localtest.Names(t), number, "MessageRejected", time.Now().AddDate(1, 0, 0))) // the first of the list
	v.Open("/service/mails")
	v.Sees(number)
	v.See(T("Der Mailversand hat die E-Mail abgelehnt.", "The e-mail service refused the e-mail."))
	v.Shot("mails")
	v.UnfoldIn(T(number, number), T("Noch einmal senden", "Send again"))
	v.Press(T("Jetzt senden", "Send now"))
	v.Status(http.StatusUnprocessableEntity)
	v.See(T("Nennen Sie den Grund", "Give the reason"))
	v.Shot("mails-reason-missing")
	v.Fill(T("Grund", "Reason"), "Postfach ist wieder frei")
	v.Press(T("Jetzt senden", "Send now"))
	v.See(T("Die E-Mail geht in den nächsten Minuten noch einmal auf den Weg", "The e-mail will be sent again"))
	v.Shot("mails-resent")
}

var findCustomer = T("Kundennummer, E-Mail-Adresse, Domain, Paket- oder Auftragsnummer", "Customer number, e-mail address, domain, package number or merge request number")

// everybody is the order store with all rights.
func everybody(t *testing.T) order.Store {
	t.Helper()
	return order.Store{Store: localtest.Store(t), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}}
}

func must(t *testing.T) func(order.Order, error) {
	t.Helper()
	return func(_ order.Order, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// pending is an order in review whose announcement went out.
func pending(t *testing.T, vetoHours int) order.Order {
	t.Helper()
	s := everybody(t)
	s.VetoHours = vetoHours
	own, other := localtest.Customer(t, secret), localtest.Customer(t, secret)
	d := order.Draft{Number: own.Number}
	proven.In(t, s.Store, &d, own, other, time.Now())
	d.Adopt(other.Number, merge.Choices{merge.EmailGroup: merge.Other})
	d, err := s.SaveDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Submit(t.Context(), order.Submission{PasswordGiven: true, Customer: own.Number, IdempotencyKey: rand.Text(),
		Digest: order.DigestOf(own, d, map[string]customer.Profile{other.Number: other})})
	if err != nil {
		t.Fatal(err)
	}
	return waitFor(t, o.ID, merge.InReview)
}

// waitFor waits until the workflow has brought the order to a state, its announcement sent.
func waitFor(t *testing.T, id string, want merge.State) order.Order {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		o, err := everybody(t).Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if o.State == want && !o.AnnouncedAt.IsZero() {
			return o
		}
		if time.Now().After(deadline) {
			t.Fatalf("order %s is %s, want %s", id, o.State, want)
		}
	}
}

// edit changes an order's attributes as nobody may: to be where a test needs it.
func edit(t *testing.T, id, update string, values table.Item) {
	t.Helper()
	values[":one"] = table.N(1)
	if _, err := localtest.Store(t).DB.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: aws.String(localtest.Names(t).MergeOrders), Key: table.Order(id),
		UpdateExpression: aws.String(strings.Replace(update, "SET ", "SET rev = rev + :one, ", 1)), ExpressionAttributeValues: values}); err != nil {
		t.Fatal(err)
	}
}
