package dispatch

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// declaring is dispatch with Anna, whose number Bert's was merged into, and one package of each.
func declaring(t *testing.T) Dispatcher {
	t.Helper()
	d, _ := dispatcher(t)
	d.Tables = tablefake.New().Store()
	d.Now = func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	anna := customer.Profile{Number: "10000017", LastName: "Schäfer", Email: "anna@kunde.example", Members: []string{"10000023"}, Version: 1}
	items := []types.TransactWriteItem{customer.PutNew(d.Tables.Names, anna),
		customer.PutNew(d.Tables.Names, customer.Profile{Number: "10000023", Email: "alt@kunde.example", MergedInto: "10000017", Version: 1}),
		customer.PutNew(d.Tables.Names, customer.Profile{Number: "10000031", Email: "fremd@kunde.example", Version: 1})}
	items = append(items, customer.PutPackage(d.Tables.Names, customer.Package{ID: "P-1", Number: "10000017", Product: "hosting", ContractStart: "2026-05-01", TermMonths: 12, NoticePeriodMonths: 1})...)
	items = append(items, customer.PutPackage(d.Tables.Names, customer.Package{ID: "P-2", Number: "10000023", Product: "server", Domains: []string{"schaefer.example"}})...)
	if err := d.Tables.Transact(t.Context(), items, ""); err != nil {
		t.Fatal(err)
	}
	return d
}

// declare does what the form does, and what dispatch does with it, twice.
func declare(t *testing.T, d Dispatcher, number, contract, email string) outbox.Item {
	t.Helper()
	c, err := cancellation.Declare(cancellation.Stated{Kind: customer.Ordinary, Name: "Anna", Number: number, Contract: contract, Email: email}, number+contract+email, "de", d.Now())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := d.effect(t.Context(), c.Item()); err != nil {
			t.Fatal(err)
		}
	}
	return c.Item()
}

func TestACancellationWithoutASignInLiesBeforeTheTeamAndIsToldToTheOwner(t *testing.T) { // M9, C2
	for name, c := range map[string]struct{ number, contract, owner, pack string }{
		"by package":                         {"10000017", "P-1", "10000017", "P-1"},
		"in small letters, without a number": {"", "p-1", "10000017", "P-1"},
		"of a merged number":                 {"10000023", "P-2", "10000017", "P-2"},
		"by a domain that it does not have":  {"10000017", "www.schaefer.example", "", ""},
		"by domain, with the successor":      {"10000017", "schaefer.example", "10000017", "P-2"},
		"by its very domain":                 {"10000023", "Schaefer.example", "10000017", "P-2"},
		"of another customer":                {"10000031", "P-1", "", ""},
		"of nobody":                          {"10000999", "P-9", "", ""},
		"in words":                           {"", "mein Vertrag von damals", "", ""},
	} {
		d := declaring(t)
		item := declare(t, d, c.number, c.contract, "wer@auch.example")
		all, _, err := cancellation.Store{Store: d.Tables}.Waiting(t.Context(), time.Time{}, 10)
		if err != nil || len(all) != 1 || all[0].Owner != c.owner || all[0].Package != c.pack {
			t.Errorf("%s: before the team lie %+v, %v", name, all, err)
			continue
		}
		told, err := d.outbox().Find(t.Context(), table.OutboxID(outbox.OwnerOfDeclared, item.Key))
		if found := err == nil; found != (c.owner != "") {
			t.Errorf("%s: the owner is told: %v, %v", name, found, err)
		} else if found && (len(told.Recipients) != 1 || told.Recipients[0].Address != "anna@kunde.example") {
			t.Errorf("%s: told %+v", name, told.Recipients)
		}
		events, _, err := audit.Store{Store: d.Tables}.List(t.Context(), "10000017", "", 10)
		if err != nil || len(events) != min(1, len(c.owner)) {
			t.Errorf("%s: audited %+v, %v", name, events, err)
		}
		for _, id := range []string{"P-1", "P-2"} {
			if p, err := (customer.Store{Store: d.Tables}).Package(t.Context(), id); err != nil || p.Cancelled() {
				t.Errorf("%s: somebody else's word cancelled %s: %v", name, id, err)
			}
		}
	}
}

// S1: the confirmation says when the contract ends to the customer's own address alone; all others are alike.
func TestTheConfirmationTellsAStrangerNothing(t *testing.T) { // C2
	d := declaring(t)
	say := func(number, contract, email string) string {
		item := declare(t, d, number, contract, email)
		letter, err := d.letter(t.Context(), item, item.Recipients[0])
		if err != nil {
			t.Fatal(err)
		}
		message, err := d.Letters.Compose(letter, mail.Reader{Language: "de"})
		if err != nil {
			t.Fatal(err)
		}
		id := item.Values[outbox.ValueCancellation]
		return strings.NewReplacer(id, "ID", number, "NUMMER", contract, "VERTRAG").Replace(strings.Join(strings.Fields(message.Subject+" "+message.Text), " "))
	}
	if own := say("10000017", "P-1", "anna@kunde.example"); !strings.Contains(own, "am 30.04.2027") || !strings.Contains(own, "23.11.2026 um 13:00 Uhr") {
		t.Errorf("the customer reads %s", own)
	}
	var strange []string
	for _, c := range [][2]string{{"10000017", "P-1"}, {"10000017", "P-9"}, {"10000999", "P-1"}} {
		strange = append(strange, say(c[0], c[1], "wer@auch.example"))
	}
	if all := slices.Compact(strange); len(all) != 1 || strings.Contains(all[0], "30.04.2027") {
		t.Errorf("strangers read %q", all)
	}
}
