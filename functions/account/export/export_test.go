package export_test

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

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/export"
	"kundenkonto/functions/account/history"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

func exported(v *visitor.Visitor, next string) (export.Page, world.Page) {
	v.T.Helper()
	path := "/account/export"
	if next != "" {
		path += "?" + url.Values{"next": {next}}.Encode()
	}
	a := v.Get(path)
	var page export.Page
	if a.Status == http.StatusOK {
		if err := json.Unmarshal([]byte(a.Body), &page); err != nil {
			v.T.Fatal(err)
		}
	}
	return page, a
}

// ordered puts an order of the visitor into the tables as it is.
func ordered(v *visitor.Visitor, o order.Order) {
	v.T.Helper()
	o.Customer, o.State = v.Number, merge.Executed
	item := table.With(table.Order(o.ID), table.MustMarshal(o))
	v.Put(types.TransactWriteItem{Put: &types.Put{TableName: &v.Store.Names.MergeOrders, Item: item}})
}

func orderID(t *testing.T) string { return "T" + localtest.Number(t) }

func TestOnTheCloudTheExportHoldsAllOfTheCustomersData(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Put(customer.PutPackage(v.Store.Names, customer.Package{ID: "P" + v.Number, Number: v.Number, Product: "hosting", Domains: []string{v.Number + ".example"}})...)
	id := orderID(t)
	ordered(v, order.Order{ID: id, SubmittedAt: time.Now().Add(-time.Hour), Note: "interne Notiz", Reviewer: session.StaffActor + "petra",
		Sources: []order.Source{{Party: order.Party{Record: merge.Record{Number: "10000023", Email: "geheim@andere.example", IBAN: "DE02120300000000202051"}}, Domain: "x.example"}},
		History: []order.Step{{At: time.Now(), State: merge.InReview, Event: order.Escalation}, {At: time.Now(), State: merge.Approved, Actor: session.StaffActor + "petra"}}})
	v.Happened(
		audit.Event{Action: audit.MasterDataChanged, Old: map[string]string{"city": "Berlin"}, New: map[string]string{"city": "Bonn"}},
		audit.Event{Action: audit.MergeApproved, Actor: session.StaffActor + "petra", Order: id},
		audit.Event{Action: audit.MailSent, Actor: "system", New: map[string]string{"subject": "Ihr Auftrag"}},
	)
	var page export.Page
	var a world.Page
	for range 40 { // the index of orders is eventually consistent
		if page, a = exported(v, ""); len(page.Orders) > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/json" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment;") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	switch {
	case page.Profile == nil || page.Profile.IBAN != "DE89370400440532013000" || page.Profile.Email != "anna@schaefer.example":
		t.Errorf("the profile is %+v (S21)", page.Profile)
	case len(page.Packages) != 1 || len(page.Orders) != 1 || len(page.Mails) != 1 || page.Next != "":
		t.Errorf("%d packages, %d orders, %d mails, next %q (S21)", len(page.Packages), len(page.Orders), len(page.Mails), page.Next)
	case len(page.Events) < 2 || len(page.Orders[0].History) != 1 || !strings.Contains(a.Body, `"state":"APPROVED","by":{"de":"Serviceteam"`):
		t.Errorf("events %+v, history %+v (M10)", page.Events, page.Orders[0].History)
	}
	for _, secret := range []string{"petra", "interne Notiz", "geheim@andere", "DE0212", v.Cookies[session.Cookie], "argon2id"} {
		if strings.Contains(a.Body, secret) {
			t.Errorf("it holds %q (S13, S20)", secret)
		}
	}
	events, _, err := audit.Store{Store: v.Store}.List(t.Context(), v.Number, "", 1)
	if err != nil || events[0].Action != audit.DataExported {
		t.Errorf("the export is not audited: %+v, %v", events, err)
	}
}

func TestOnTheCloudALargeExportComesInParts(t *testing.T) {
	v := visitor.OnCloud(t)
	var items []types.TransactWriteItem
	for i := range 40 { // about 8 MB
		var domains []string
		for d := range 1000 {
			domains = append(domains, fmt.Sprintf("%s-%d-%d.%s.example", v.Number, i, d, strings.Repeat("a", 60)+"."+strings.Repeat("b", 60)+"."+strings.Repeat("c", 40)))
		}
		p := customer.Package{ID: fmt.Sprintf("P%s-%02d", v.Number, i), Number: v.Number, Product: "hosting", Domains: domains}
		items = append(items, types.TransactWriteItem{Put: &types.Put{TableName: &v.Store.Names.Customers,
			Item: table.With(table.Package(v.Number, p.ID), table.MustMarshal(p))}})
	}
	for len(items) > 0 {
		v.Put(items[:10]...)
		items = items[10:]
	}
	v.Happened(audit.Event{Action: audit.MasterDataChanged})
	seen, pages, events, next := map[string]bool{}, 0, 0, ""
	for {
		page, a := exported(v, next)
		if a.Status != http.StatusOK || len(a.Body) > 6<<20 || pages > 10 {
			t.Fatalf("part %d: %d, %d bytes", pages, a.Status, len(a.Body))
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
	if _, a := exported(v, "kaputt"); a.Status != http.StatusBadRequest {
		t.Errorf("a made-up cursor: %d (S17)", a.Status)
	}
}

func TestOnTheCloudTheExportIsHeldWhileSomebodyObjects(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Held(orderID(t))
	if _, a := exported(v, ""); a.Status != http.StatusLocked || !strings.Contains(a.Text("main"), "Einspruch") || strings.Contains(a.Body, "DE8937") {
		t.Errorf("%d %s (M4)", a.Status, a.Text("main"))
	}
	v.Held()
	if _, a := exported(v, ""); a.Status != http.StatusOK {
		t.Errorf("after the decision: %d", a.Status)
	}
}

func TestOnTheCloudTheExportHoldsMergedNumbersSignInAndDraft(t *testing.T) { // S21
	v, member := visitor.OnCloud(t), visitor.OnCloud(t)
	member.Happened(audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": "Bonn"}},
		audit.Event{Action: audit.MailSent, Actor: "system", New: map[string]string{audit.KeySubject: "An die andere"}})
	earlier, strangers := orderID(t), orderID(t)
	ordered(member, order.Order{ID: earlier, SubmittedAt: time.Now().Add(-48 * time.Hour)})
	ordered(visitor.OnCloud(t), order.Order{ID: strangers, SubmittedAt: time.Now().Add(-48 * time.Hour)})
	v.MergedWith(member.Number)
	codes := v.SetUp()
	v.AskFor("neu@schaefer.example")
	_, err := order.Store{Store: v.Store, Now: time.Now, Rand: rand.Reader}.SaveDraft(t.Context(), order.Draft{Number: v.Number,
		Sources: []order.DraftSource{{Number: "10000031", Package: "P-1", Domain: "x.example", ProvenAt: time.Now()}}})
	if err != nil {
		t.Fatal(err)
	}
	var page export.Page
	var a world.Page
	for range 40 { // the index of orders is eventually consistent
		if page, a = exported(v, ""); len(page.Orders) > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if forged, _ := exported(v, "orders:"+strangers+"@"); len(forged.Orders) != 1 || forged.Orders[0].ID != earlier {
		t.Errorf("with a made-up cursor: %+v (S11)", forged.Orders)
	}
	switch {
	case len(page.Orders) != 1 || page.Orders[0].ID != earlier:
		t.Errorf("orders: %+v", page.Orders)
	case len(page.Members) != 1 || page.Members[0].Number != member.Number:
		t.Errorf("merged numbers: %+v", page.Members)
	case page.Security == nil || !page.Security.SecondFactor.On || page.Security.SecondFactor.CodesLeft != secondfactor.NumberOfCodes:
		t.Errorf("sign-in: %+v", page.Security)
	case page.Profile.Pending == nil || page.Profile.Pending.Address != "neu@schaefer.example":
		t.Errorf("the address that waits: %+v", page.Profile.Pending)
	case len(page.Draft) != 1 || page.Draft[0].Domain != "x.example":
		t.Errorf("draft: %+v", page.Draft)
	case !slices.ContainsFunc(page.Mails, func(m history.MailRow) bool { return m.Number == member.Number }): // others may have gone out
		t.Errorf("mails: %+v", page.Mails)
	case !slices.ContainsFunc(page.Events, func(e history.EventRow) bool { return e.Number == member.Number }):
		t.Errorf("events: %+v", page.Events)
	}
	for _, secret := range []string{codes[0], v.Factor().Secret, v.Factor().Codes[0], v.Cookies[session.Cookie]} {
		if strings.Contains(a.Body, secret) {
			t.Errorf("it holds %q (S20)", secret)
		}
	}
}
