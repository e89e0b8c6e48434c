package account

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/export"
	"kundenkonto/functions/account/history"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

func (v *visitor) export(next string) (export.Page, answer) {
	v.t.Helper()
	path := exportPath
	if next != "" {
		path += "?" + url.Values{"next": {next}}.Encode()
	}
	a := v.send("GET", path, nil)
	var page export.Page
	if a.Code == http.StatusOK {
		if err := json.Unmarshal(a.Body.Bytes(), &page); err != nil {
			v.t.Fatal(err)
		}
	}
	return page, a
}

// ordered puts an order of the visitor into the tables as it is.
func (v *visitor) ordered(o order.Order) {
	v.t.Helper()
	o.Customer, o.State = v.number, merge.Executed
	item := table.With(table.Order(o.ID), table.MustMarshal(o))
	v.put(types.TransactWriteItem{Put: &types.Put{TableName: &v.admin.Names.MergeOrders, Item: item}})
}

func orderID(t *testing.T) string { return "T" + localtest.Number(t) }

func TestOnTheCloudTheExportHoldsAllOfTheCustomersData(t *testing.T) {
	v := visit(t)
	v.put(customer.PutPackage(v.admin.Names, customer.Package{ID: "P" + v.number, Number: v.number, Product: "hosting", Domains: []string{v.number + ".example"}})...)
	id := orderID(t)
	v.ordered(order.Order{ID: id, SubmittedAt: time.Now().Add(-time.Hour), Note: "interne Notiz", Reviewer: session.StaffActor + "petra",
		Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: "10000023", Email: "geheim@andere.example", IBAN: "DE02120300000000202051"}}, Domain: "x.example"}},
		History: []order.Step{{At: time.Now(), State: merge.InReview, Event: order.Escalation}, {At: time.Now(), State: merge.Approved, Actor: session.StaffActor + "petra"}}})
	v.happened(
		audit.Event{Action: audit.MasterDataChanged, Old: map[string]string{"city": "Berlin"}, New: map[string]string{"city": "Bonn"}},
		audit.Event{Action: audit.MergeApproved, Actor: session.StaffActor + "petra", Order: id},
		audit.Event{Action: audit.MailSent, Actor: "system", New: map[string]string{"subject": "Ihr Auftrag"}},
	)
	var page export.Page
	var a answer
	for range 40 { // the index of orders is eventually consistent
		if page, a = v.export(""); len(page.Orders) > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "application/json" || !strings.HasPrefix(a.Header().Get("Content-Disposition"), "attachment;") {
		t.Fatalf("%d %v", a.Code, a.Header())
	}
	switch {
	case page.Profile == nil || page.Profile.IBAN != "DE89370400440532013000" || page.Profile.Email != "anna@schaefer.example":
		t.Errorf("the profile is %+v (S21)", page.Profile)
	case len(page.Packages) != 1 || len(page.Orders) != 1 || len(page.Mails) != 1 || page.Next != "":
		t.Errorf("%d packages, %d orders, %d mails, next %q (S21)", len(page.Packages), len(page.Orders), len(page.Mails), page.Next)
	case len(page.Events) < 2 || len(page.Orders[0].History) != 1 || !strings.Contains(a.Body.String(), `"state":"APPROVED","by":{"de":"Serviceteam"`):
		t.Errorf("events %+v, history %+v (M10)", page.Events, page.Orders[0].History)
	}
	for _, secret := range []string{"petra", "interne Notiz", "geheim@andere", "DE0212", v.cookie, "argon2id"} {
		if strings.Contains(a.Body.String(), secret) {
			t.Errorf("it holds %q (S13, S20)", secret)
		}
	}
	events, _, err := audit.Store{Store: v.admin}.List(t.Context(), v.number, "", 1)
	if err != nil || events[0].Action != audit.DataExported {
		t.Errorf("the export is not audited: %+v, %v", events, err)
	}
}

func TestOnTheCloudALargeExportComesInParts(t *testing.T) {
	v := visit(t)
	var items []types.TransactWriteItem
	for i := range 40 { // about 8 MB
		var domains []string
		for d := range 1000 {
			domains = append(domains, fmt.Sprintf("%s-%d-%d.%s.example", v.number, i, d, strings.Repeat("a", 60)+"."+strings.Repeat("b", 60)+"."+strings.Repeat("c", 40)))
		}
		p := customer.Package{ID: fmt.Sprintf("P%s-%02d", v.number, i), Number: v.number, Product: "hosting", Domains: domains}
		items = append(items, types.TransactWriteItem{Put: &types.Put{TableName: &v.admin.Names.Customers,
			Item: table.With(table.Package(v.number, p.ID), table.MustMarshal(p))}})
	}
	for len(items) > 0 {
		v.put(items[:10]...)
		items = items[10:]
	}
	v.happened(audit.Event{Action: audit.MasterDataChanged})
	seen, pages, events, next := map[string]bool{}, 0, 0, ""
	for {
		page, a := v.export(next)
		if a.Code != http.StatusOK || a.Body.Len() > 6<<20 || pages > 10 {
			t.Fatalf("part %d: %d, %d bytes", pages, a.Code, a.Body.Len())
		}
		for _, p := range page.Packages {
			if seen[p.ID] {
				t.Errorf("%s comes twice", p.ID)
			}
			seen[p.ID] = true
		}
		pages, events = pages+1, events+len(page.Events)
		if next = page.Next; next == "" {
			break
		}
	}
	if len(seen) != 40 || pages < 3 || events != 2 { // the second one is the export's own
		t.Errorf("%d packages and %d events in %d parts (S21)", len(seen), events, pages)
	}
	if _, a := v.export("kaputt"); a.Code != http.StatusBadRequest {
		t.Errorf("a made-up cursor: %d (S17)", a.Code)
	}
}

// objected holds the customer's number by an objection, or lets it go.
func (v *visitor) objected(ids ...string) {
	v.t.Helper()
	hold := table.Item{}
	if len(ids) > 0 {
		hold["objections"] = &types.AttributeValueMemberSS{Value: ids}
	}
	v.put(types.TransactWriteItem{Put: &types.Put{TableName: aws.String(v.admin.Names.MergeOrders), Item: table.With(table.Lock(v.number), hold)}})
}

func TestOnTheCloudTheExportIsHeldWhileSomebodyObjects(t *testing.T) {
	v := visit(t)
	v.objected(orderID(t))
	if _, a := v.export(""); a.Code != http.StatusLocked || !strings.Contains(a.text("main"), "Einspruch") || strings.Contains(a.Body.String(), "DE8937") {
		t.Errorf("%d %s (M4)", a.Code, a.text("main"))
	}
	v.objected()
	if _, a := v.export(""); a.Code != http.StatusOK {
		t.Errorf("after the decision: %d", a.Code)
	}
}

func TestOnTheCloudMailsOfTheLast90DaysAreListed(t *testing.T) {
	v := visit(t)
	v.happened(
		audit.Event{Action: audit.MailSent, Actor: "system", New: map[string]string{"subject": "Ihr Kundenpasswort wurde geändert"}},
		audit.Event{Action: audit.SignedIn},
		audit.Event{Action: audit.MailFailed, Actor: "system", New: map[string]string{"event": "order.announced"}, Order: "K7QX-2M4D"},
		audit.Event{Action: audit.MailFailed, Actor: "system", New: map[string]string{"event": audit.PasswordChanged}},
	)
	v.put(audit.Put(v.admin.Names, audit.Event{Number: v.number, Action: audit.MailSent, Actor: "system", At: time.Now().Add(-91 * 24 * time.Hour),
		New: map[string]string{"subject": "zu alt"}}, strings.NewReader("1234")))
	a := v.send("GET", mailsPath, nil)
	rows := lines(a, "tbody tr")
	if a.Code != http.StatusOK || len(rows) != 3 {
		t.Fatalf("%d, %d mails: %q", a.Code, len(rows), rows)
	}
	for i, parts := range [][]string{{"Kundenpasswort geändert", "nicht zustellbar"}, {"Auftrag K7QX-2M4D", "nicht zustellbar"}, {"Ihr Kundenpasswort wurde geändert", "verschickt"}} {
		for _, part := range parts {
			if !strings.Contains(rows[i], part) {
				t.Errorf("line %d does not say %q: %q", i, part, rows[i])
			}
		}
	}
	if en := v.send("GET", mailsPath+"?lang=en", nil); en.text("h1") != "E-mails to you" {
		t.Errorf("in English: %s", en.text("h1"))
	}
	if strings.Contains(v.send("GET", historyPath, nil).text("main"), "E-Mail") {
		t.Error("mails are among the changes")
	}
}

func TestOnTheCloudAMailThatDidNotArriveIsToldWithWhatToDo(t *testing.T) {
	v := visit(t)
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
	events := []audit.Event{sent("a", "Erste"), back("a", order.Bounced), back("a", order.Bounced), sent("b", "Zweite (Kundennummer "+v.number+")"), back("b", order.Complained),
		sent("c", "Dritte", audit.KeyAgain, "true"), sent("d", "Alte", audit.KeyEarlier, "true")}
	for i := range mailsSize { // the mail that came back stands on the second page, why it did on the first
		events = append(events, sent(fmt.Sprint("n", i), fmt.Sprint("Neue ", i)))
	}
	v.happened(append(events, back("d", order.Bounced))...)
	first := v.mustSend("GET", mailsPath, nil, http.StatusOK)
	if n := len(lines(first, "tbody tr")); n != mailsSize || first.doc.Find(".notice").Length() != 0 {
		t.Errorf("%d mails on the first page: %s", n, first.text(".notice"))
	}
	a := v.mustSend("GET", first.doc.Find("a[rel=next]").AttrOr("href", ""), nil, http.StatusOK)
	rows := lines(a, "tbody tr")
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
	if a.doc.Find(`tbody a[href="/account/master-data#email"]`).Length() != 2 || !strings.Contains(a.text(".notice"), "Prüfen Sie Ihre E-Mail-Adresse") {
		t.Errorf("what to do is not said: %s", a.text("main"))
	}
}

func TestOnTheCloudTheExportHoldsMergedNumbersSignInAndDraft(t *testing.T) { // S21
	v, member := visit(t), visit(t)
	member.happened(audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": "Bonn"}},
		audit.Event{Action: audit.MailSent, Actor: "system", New: map[string]string{audit.KeySubject: "An die andere"}})
	earlier, strangers := orderID(t), orderID(t)
	member.ordered(order.Order{ID: earlier, SubmittedAt: time.Now().Add(-48 * time.Hour)})
	visit(t).ordered(order.Order{ID: strangers, SubmittedAt: time.Now().Add(-48 * time.Hour)})
	v.mergedWith(member.number)
	codes := v.setUp()
	v.asksFor("neu@schaefer.example")
	_, err := order.Store{Store: v.admin, Now: time.Now, Rand: rand.Reader}.SaveDraft(t.Context(), order.Draft{Number: v.number,
		Sources: []order.DraftSource{{Number: "10000031", Package: "P-1", Domain: "x.example", ProvenAt: time.Now()}}})
	if err != nil {
		t.Fatal(err)
	}
	var page export.Page
	var a answer
	for range 40 { // the index of orders is eventually consistent
		if page, a = v.export(""); len(page.Orders) > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if forged, _ := v.export("orders:" + strangers + "@"); len(forged.Orders) != 1 || forged.Orders[0].ID != earlier {
		t.Errorf("with a made-up cursor: %+v (S11)", forged.Orders)
	}
	switch {
	case len(page.Orders) != 1 || page.Orders[0].ID != earlier:
		t.Errorf("orders: %+v", page.Orders)
	case len(page.Members) != 1 || page.Members[0].Number != member.number:
		t.Errorf("merged numbers: %+v", page.Members)
	case page.Security == nil || !page.Security.SecondFactor.On || page.Security.SecondFactor.CodesLeft != secondfactor.NumberOfCodes:
		t.Errorf("sign-in: %+v", page.Security)
	case page.Profile.Pending == nil || page.Profile.Pending.Address != "neu@schaefer.example":
		t.Errorf("the address that waits: %+v", page.Profile.Pending)
	case len(page.Draft) != 1 || page.Draft[0].Domain != "x.example":
		t.Errorf("draft: %+v", page.Draft)
	case !slices.ContainsFunc(page.Mails, func(m history.MailRow) bool { return m.Number == member.number }): // others may have gone out
		t.Errorf("mails: %+v", page.Mails)
	case !slices.ContainsFunc(page.Events, func(e history.EventRow) bool { return e.Number == member.number }):
		t.Errorf("events: %+v", page.Events)
	}
	for _, secret := range []string{codes[0], v.factor().Secret, v.factor().Codes[0], v.cookie} {
		if strings.Contains(a.Body.String(), secret) {
			t.Errorf("it holds %q (S20)", secret)
		}
	}
}
