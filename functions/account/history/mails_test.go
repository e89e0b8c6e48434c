package history_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/order"
)

func TestOnTheCloudMailsOfTheLast90DaysAreListed(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Happened(
		audit.Event{Action: audit.MailSent, Actor: "system", New: map[string]string{"subject": "Ihr Kundenpasswort wurde geändert"}},
		audit.Event{Action: audit.SignedIn},
		audit.Event{Action: audit.MailFailed, Actor: "system", New: map[string]string{"event": "order.announced"}, Order: "K7QX-2M4D"},
		audit.Event{Action: audit.MailFailed, Actor: "system", New: map[string]string{"event": audit.PasswordChanged}},
	)
	v.Put(audit.Put(v.Store.Names, audit.Event{Number: v.Number, Action: audit.MailSent, Actor: "system", At: time.Now().Add(-91 * 24 * time.Hour),
		New: map[string]string{"subject": "zu alt"}}, strings.NewReader("1234")))
	a := v.Get("/account/mails")
	rows := a.Lines("tbody tr")
	if a.Status != http.StatusOK || len(rows) != 3 {
		t.Fatalf("%d, %d mails: %q", a.Status, len(rows), rows)
	}
	for i, parts := range [][]string{{"Kundenpasswort geändert", "nicht zustellbar"}, {"Auftrag K7QX-2M4D", "nicht zustellbar"}, {"Ihr Kundenpasswort wurde geändert", "verschickt"}} {
		for _, part := range parts {
			if !strings.Contains(rows[i], part) {
				t.Errorf("line %d does not say %q: %q", i, part, rows[i])
			}
		}
	}
	if en := v.Get("/account/mails" + "?lang=en"); en.Text("h1") != "E-mails to you" {
		t.Errorf("in English: %s", en.Text("h1"))
	}
	if strings.Contains(v.Get("/account/history").Text("main"), "E-Mail") {
		t.Error("mails are among the changes")
	}
}

func TestOnTheCloudAMailThatDidNotArriveIsToldWithWhatToDo(t *testing.T) {
	v := visitor.OnCloud(t)
	sent := func(id, subject string, more ...string) audit.Event {
		e := audit.Event{Action: audit.MailSent, Actor: "system", New: map[string]string{audit.KeySubject: subject, audit.KeyMail: id}}
		if len(more) > 0 {
			e.New[more[0]] = more[1]
		}
		return e
	}
	back := func(id, why string) audit.Event {
		return audit.Event{Action: audit.MailReturned, Actor: "system", New: map[string]string{audit.KeyMail: id, audit.KeyWhy: why}}
	}
	events := []audit.Event{sent("a", "Erste"), back("a", order.Bounced), back("a", order.Bounced), sent("b", "Zweite (Kundennummer "+v.Number+")"), back("b", order.Complained),
		sent("c", "Dritte", audit.KeyAgain, "true"), sent("d", "Alte", audit.KeyEarlier, "true")}
	for i := range 25 { // the mail that came back stands on the second page, why it did on the first
		events = append(events, sent(fmt.Sprint("n", i), fmt.Sprint("Neue ", i)))
	}
	v.Happened(append(events, back("d", order.Bounced))...)
	first := v.Get("/account/mails").Is(http.StatusOK)
	if n := len(first.Lines("tbody tr")); n != 25 || first.Find(".notice").Length() != 0 {
		t.Errorf("%d mails on the first page: %s", n, first.Text(".notice"))
	}
	a := v.Get(first.Find("a[rel=next]").AttrOr("href", "")).Is(http.StatusOK)
	rows := a.Lines("tbody tr")
	for i, want := range [][]string{{"Alte", "zurückgekommen", "nicht angenommen", "an Ihre frühere Adresse"}, {"Dritte", "verschickt nach erneutem Versand"}, {"Zweite", "als Spam gemeldet", "Kontakte"}, {"Erste", "zurückgekommen"}} {
		for _, part := range want {
			if len(rows) != 4 || !strings.Contains(rows[i], part) {
				t.Fatalf("line %d does not say %q: %q", i, part, rows)
			}
		}
	}
	if strings.Contains(strings.Join(rows, " "), "(Kundennummer") {
		t.Errorf("the number stands in each line: %q", rows)
	}
	if a.Find(`tbody a[href="/account/master-data#email"]`).Length() != 2 || !strings.Contains(a.Text(".notice"), "Prüfen Sie Ihre E-Mail-Adresse") {
		t.Errorf("what to do is not said: %s", a.Text("main"))
	}
}
