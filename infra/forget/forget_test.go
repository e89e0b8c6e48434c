package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/forgotten"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
)

var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// town is a set of tables with a customer who has everything, a number that was merged into theirs, and a neighbour who had an order
// with them.
type town struct {
	*testing.T
	store                table.Store
	scans                dynamodb.ScanAPIClient
	own, member, other   string
	merged, ended        string   // orders
	traces               []string // what must be nowhere afterwards
	cookie, reset, links string
}

// deleting fails after some deletions, as a program does that is killed.
type deleting struct {
	table.DB
	left int
}

var errKilled = errors.New("killed")

func (d *deleting) DeleteItem(ctx context.Context, in *dynamodb.DeleteItemInput, o ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
	if d.left--; d.left < 0 {
		return nil, errKilled
	}
	return d.DB.DeleteItem(ctx, in, o...)
}

func (w *town) put(name string, item table.Item) {
	w.Helper()
	if _, err := w.store.DB.PutItem(w.Context(), &dynamodb.PutItemInput{TableName: &name, Item: item}); err != nil {
		w.Fatal(err)
	}
}

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// newTown fills tables as the administrator.
func newTown(t *testing.T, store table.Store, scans dynamodb.ScanAPIClient) *town {
	w := &town{T: t, store: store, scans: scans, own: localtest.Number(t), member: localtest.Number(t), other: localtest.Number(t)}
	w.merged, w.ended = "M-"+w.own[3:], "V-"+w.own[3:]
	w.customer(w.own, "", w.member)
	w.customer(w.member, w.own)
	w.customer(w.other, "")
	w.account()
	w.orders()
	w.past()
	w.traces = append(w.traces, w.own, w.member)
	return w
}

// customer puts one with values that nobody else has.
func (w *town) customer(n, into string, members ...string) {
	w.Helper()
	names := w.store.Names
	p := customer.Profile{Number: n, FirstName: "Vor" + n, LastName: "Nach" + n, Street: "Weg " + n, City: "Ort" + n, Phone: "+49 30 " + n, Email: "e" + n + "@kunde.example",
		IBAN: "DE00" + n, AccountNumber: "77" + n, Language: "de", MergedInto: into, Members: members, Version: 1, CreatedAt: now.AddDate(-3, 0, 0),
		EarlierEmails: []customer.HeldEmail{{Address: "alt" + n + "@kunde.example"}}}
	if into != "" {
		p.MergedBy = w.merged
	}
	hash, pack := localtest.CheapHash("sieben okapis"), "P-"+n
	w.must(w.store.Transact(w.Context(), append(customer.PutPackage(names, customer.Package{ID: pack, Number: n, Product: "hosting", Domains: []string{"d" + n + ".example"}, EndedAt: "2026-01-31"}.Placed(now)),
		customer.PutNew(names, p), credential.SetPassword(names, credential.Credential{Subject: table.Customer(n)}, hash, false, now),
		credential.SetPassword(names, credential.Credential{Subject: table.PackageSubject(pack)}, hash, false, now),
		audit.Put(names, audit.Event{Number: n, Action: audit.MasterDataChanged, Actor: n, At: now, Old: map[string]string{"street": "Früher " + n}, New: map[string]string{"street": p.Street}}, rand.Reader)), ""))
	w.put(names.Credentials, table.With(table.SecondFactor(n), table.MustMarshal(secondfactor.Factor{Version: 1, Secret: "S" + n, Since: now, Handle: "h" + n})))
	w.put(names.Credentials, table.With(table.PasskeyHandle("h"+n), table.Item{"number": table.S(n)}))
}

// account puts what somebody leaves who uses the account.
func (w *town) account() {
	w.Helper()
	names := w.store.Names
	cookie, s, err := session.New(rand.Reader, now, session.Start{Number: w.own, Via: w.member})
	w.must(err)
	w.cookie = cookie
	never := now.AddDate(100, 0, 0).Unix() // the deployed dispatch must not note a mail while the test counts what is left
	w.must(w.store.Transact(w.Context(), append([]types.TransactWriteItem{session.Put(names, s)},
		outbox.Put(names, outbox.Item{Event: outbox.PasswordChanged, Key: w.own + "#1", CreatedAt: now, NotBefore: never, Values: map[string]string{outbox.ValueNumber: w.own},
			Recipients: []outbox.Recipient{{Address: "e" + w.own + "@kunde.example", Name: "Vor" + w.own, Numbers: []string{w.own}}}}),
		outbox.Put(names, outbox.Item{Event: outbox.PasswordChanged, Key: w.other + "#1", CreatedAt: now, NotBefore: never, Values: map[string]string{outbox.ValueNumber: w.other}})), ""))
	w.reset, err = token.Store{Store: w.store}.Make(w.Context(), rand.Reader, token.Token{Purpose: token.PurposeReset, Subject: w.own, Address: "e" + w.own + "@kunde.example", Expires: now.Add(time.Hour)})
	w.must(err)
	for _, b := range []throttle.Bucket{throttle.Login(w.own), throttle.ProofPair(w.other, w.member), throttle.Login(w.other)} {
		w.put(names.Throttle, table.With(table.Throttle(b.Kind, b.Value), table.Item{"n": table.N(1)}))
	}
	w.must(customer.Store{Store: w.store}.CountFailedProof(w.Context(), w.other, w.own))
	w.put(names.StaffSessions, table.With(table.StaffSignIn(w.own), table.Item{"next": table.S("/service/customers/" + w.own)}))
}

// orders puts the merge of long ago, and one with the neighbour that was vetoed.
func (w *town) orders() {
	w.Helper()
	names, record := w.store.Names, func(n string) order.Party {
		return order.Party{Record: merge.Record{Number: n, LastName: "Nach" + n, Street: "Weg " + n, IBAN: "DE00" + n}}
	}
	for _, o := range []order.Order{
		{ID: w.merged, Customer: w.own, State: merge.Executed, ExecutedAt: now.AddDate(0, -2, 0), Survivor: record(w.own), Sources: []order.Source{{Party: record(w.member)}},
			Before: &order.Before{Survivor: record(w.own).Record, Members: map[string][]string{w.own: {w.member}}}},
		{ID: w.ended, Customer: w.other, State: merge.Vetoed, Survivor: record(w.other), Sources: []order.Source{{Party: record(w.own), Package: "P-" + w.own, Domain: "d" + w.own + ".example"}},
			Recipients: []outbox.Recipient{{Address: "e" + w.own + "@kunde.example", Numbers: []string{w.own}}, {Address: "e" + w.other + "@kunde.example", Numbers: []string{w.other}}},
			History:    []order.Step{{State: merge.Submitted, Actor: w.other}, {State: merge.Vetoed, Actor: "veto link", Numbers: []string{w.own}, Note: "Frau Nach" + w.own + " rief an"}},
			Opposed:    []string{w.own}, Rev: 3},
	} {
		o.SubmittedAt = now.AddDate(0, -3, 0)
		w.put(names.MergeOrders, table.With(table.Order(o.ID), table.MustMarshal(o)))
	}
	w.put(names.MergeOrders, table.With(table.Bar(w.own, w.other), table.Item{"order": table.S(w.ended)}))
	w.put(names.MergeOrders, table.With(table.Draft(w.own), table.Item{"number": table.S(w.own)}))
	w.put(names.MergeOrders, table.With(table.Mail("ses-"+w.own), table.MustMarshal(order.Announcement{Numbers: []string{w.own}})))
	w.put(names.MergeOrders, table.With(table.Lock(w.own), table.Item{"order": table.S("")}))
	veto, err := token.Store{Store: w.store}.Make(w.Context(), rand.Reader, token.Token{Purpose: token.PurposeVeto, Subject: w.ended, Address: "e" + w.own + "@kunde.example", Expires: now.Add(time.Hour)})
	w.must(err)
	w.links = veto
}

// past puts events of others that tell of the customer.
func (w *town) past() {
	w.Helper()
	var events []types.TransactWriteItem
	for _, e := range []audit.Event{
		{Number: w.other, Action: audit.ProofGiven, Actor: w.other, New: map[string]string{audit.KeyProven: w.own}},
		{Number: w.other, Action: audit.MergeVetoed, Actor: "veto link", Order: w.ended, New: map[string]string{"street": "Weg " + w.own}},
		{Number: w.other, Action: audit.MergeSubmitted, Actor: w.own, Order: w.ended},
		{Number: w.other, Action: audit.MasterDataChanged, Actor: w.other, New: map[string]string{"street": "Weg 1"}},
		{Number: audit.StaffLog(now), Action: audit.Searched, Actor: "petra", New: map[string]string{audit.KeySearch: "nach", audit.KeyFound: w.other + "," + w.own}},
		{Number: audit.StaffLog(now), Action: audit.Searched, Actor: "petra", New: map[string]string{audit.KeySearch: "ALT" + w.own + "@kunde.example"}},
	} {
		e.At = now
		events = append(events, audit.Put(w.store.Names, e, rand.Reader))
	}
	w.must(w.store.Transact(w.Context(), events, ""))
}

// all is every item of every table as text, by table and key.
func (w *town) all() map[string]string {
	w.Helper()
	found := map[string]string{}
	for _, of := range stack.Tables(w.store.Names) {
		f := forget{scans: w.scans}
		w.must(f.scan(w.Context(), of.Name, func(item table.Item) error {
			raw, err := attributevalue.MarshalMapJSON(item)
			w.must(err)
			var tree any
			w.must(json.Unmarshal(raw, &tree))
			text, err := json.Marshal(tree)
			found[of.ID+" "+table.String(item, "pk")+" "+table.String(item, "sk")] = string(text)
			return err
		}))
	}
	return found
}

// mine are the items that have a trace of the customer: every value holds the number.
func (w *town) mine() (keys []string) {
	w.Helper()
	for key, text := range w.all() {
		if slices.ContainsFunc(w.traces, func(trace string) bool { return strings.Contains(strings.ToLower(key+text), trace) }) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func (w *town) run(act bool, store table.Store) (string, error) {
	w.Helper()
	out := &bytes.Buffer{}
	f := forget{store: store, scans: w.scans, now: func() time.Time { return now }, out: out, act: act, by: "arn:aws:iam::1:user/olga", reason: "Anfrage 4711", counts: map[string]int{}}
	err := f.customer(w.Context(), w.own)
	return out.String(), err
}

func onFake(t *testing.T) *town {
	fake := tablefake.New()
	store := fake.Store()
	return newTown(t, store, store.DB.(dynamodb.ScanAPIClient))
}

func TestADryRunCountsAndChangesNothing(t *testing.T) {
	w := onFake(t)
	before := w.all()
	said, err := w.run(false, w.store)
	if err != nil || !maps.Equal(before, w.all()) {
		t.Fatalf("%v, or something was changed", err)
	}
	for _, want := range []string{"2  profiles", "16  packages, domains and what finds them", "1  orders\n", "1  orders with somebody else", "8  passwords and second factors", "2  mailed links", "1  sessions", "2  audit events", "5  events of others",
		"2  counters", "1  counts at other numbers", "Dry run, nothing was changed"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
}

// S21
func TestNothingIsLeftOfWhoIsForgottenAndNobodyElseIsTouched(t *testing.T) {
	w := onFake(t)
	before, mine := w.all(), w.mine()
	if len(mine) < 30 {
		t.Fatalf("only %d items name the customer: %v", len(mine), mine)
	}
	if said, err := w.run(true, w.store); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	w.nothingLeft(before, mine)
	line := ""
	for key, text := range w.all() {
		if strings.Contains(text, audit.Forgotten) {
			line = key + text
		}
	}
	if !strings.Contains(line, "staff-2026-11-30") || !strings.Contains(line, "user/olga") || !strings.Contains(line, "Anfrage 4711") {
		t.Errorf("who did it, when and why: %s", line)
	}
	if said, err := w.run(true, w.store); err != nil || !strings.Contains(said, "was forgotten on 2026-11-30") {
		t.Errorf("a second run: %v, %s", err, said)
	}
}

// nothingLeft holds the tables to having no trace, and what others have to being there.
func (w *town) nothingLeft(before map[string]string, mine []string) {
	w.Helper()
	if left := w.mine(); len(left) > 0 {
		w.Errorf("still there: %v", left)
	}
	after := w.all()
	for key, text := range before {
		if now, there := after[key]; !slices.Contains(mine, key) && key != "Tokens "+table.String(table.Token(w.links), "pk")+" " && (!there || now != text) {
			w.Errorf("%s is another customer's and was\n%s\nand is\n%s", key, text, now)
		}
	}
	o, err := order.Store{Store: w.store, Now: func() time.Time { return now }}.Get(w.Context(), w.ended)
	if err != nil || o.State != merge.Vetoed || o.Survivor.Record.Street != "Weg "+w.other || o.Sources[0].Record.Number != order.Nobody || len(o.Recipients) != 1 || len(o.History) != 2 {
		w.Errorf("the neighbour's order: %+v, %v", o, err)
	}
}

// On the local cloud, with the rights of the role alone.
func TestTheRoleIsEnoughAndTheDeployedTablesAreClean(t *testing.T) {
	store := localtest.Store(t)
	w := newTown(t, store, store.DB.(dynamodb.ScanAPIClient))
	mine := w.mine()
	if len(mine) < 30 {
		t.Fatalf("only %d items", len(mine))
	}
	role := localtest.StoreFor(t, "forget")
	w.scans = role.DB.(dynamodb.ScanAPIClient)
	if said, err := w.run(true, role); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	w.scans = store.DB.(dynamodb.ScanAPIClient)
	if left := w.mine(); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	var said bytes.Buffer
	if code := run(t.Context(), []string{"-local", os.Getenv(localtest.Env), w.own}, &said); code != exitDone || !strings.Contains(said.String(), "was forgotten on") {
		t.Errorf("exit %d: %s", code, said.String())
	}
}

// A run that is killed at any moment is made good by the next.
func TestARunThatIsKilledIsMadeGoodByTheNext(t *testing.T) {
	for _, after := range []int{0, 1, 3, 5, 8, 12, 16, 20, 24, 26} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			w := onFake(t)
			before, mine := w.all(), w.mine()
			broken := w.store
			broken.DB = &deleting{w.store.DB, after}
			if _, err := w.run(true, broken); !errors.Is(err, errKilled) {
				t.Fatalf("not killed: %v", err)
			}
			if c, err := (credential.Store{Store: w.store}).Get(t.Context(), table.Customer(w.own)); err != nil || c.Exists && !c.Retired {
				t.Errorf("somebody can sign in meanwhile: %+v, %v", c, err)
			}
			if said, err := w.run(true, w.store); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			w.nothingLeft(before, mine)
		})
	}
}

func TestNobodyIsForgottenWhileAMergeCanStillBeDecided(t *testing.T) {
	for name, c := range map[string]struct {
		with func(w *town)
		says string
	}{
		"an order runs": {func(w *town) {
			w.put(w.store.Names.MergeOrders, table.With(table.Lock(w.member), table.Item{"order": table.S("K7QX-2M4D")}))
		}, "order K7QX-2M4D"},
		"somebody objects": {func(w *town) {
			w.put(w.store.Names.MergeOrders, table.With(table.Lock(w.own), table.MustMarshal(order.Hold{Objections: []string{"K7QX-2M4D"}})))
		}, "order K7QX-2M4D"},
		"a merge can be undone": {func(w *town) {
			w.put(w.store.Names.MergeOrders, table.With(table.Order(w.merged), table.MustMarshal(order.Order{ID: w.merged, Customer: w.own, State: merge.Executed, ExecutedAt: now.AddDate(0, 0, -29)})))
		}, "until 2026-12-01"},
		"a profile names it that should not": {func(w *town) {
			w.put(w.store.Names.Customers, table.With(table.Profile("10000099"), table.MustMarshal(customer.Profile{Number: "10000099", MergedInto: w.own})))
		}, "C#10000099"},
		"another number has it": {func(w *town) { w.own = w.member }, "was merged into"},
	} {
		t.Run(name, func(t *testing.T) {
			w := onFake(t)
			c.with(w)
			before := w.all()
			if _, err := w.run(true, w.store); err == nil || errors.Is(err, errMayNot) == strings.Contains(c.says, "C#") || !strings.Contains(err.Error(), c.says) || !maps.Equal(before, w.all()) {
				t.Errorf("%v, or something was changed", err)
			}
		})
	}
}

// The nightly import still names the customer, whose contracts the administration has to keep.
func TestAnImportDoesNotBringTheCustomerBack(t *testing.T) {
	w := onFake(t)
	if _, err := w.run(true, w.store); err != nil {
		t.Fatal(err)
	}
	text := func(n string) []byte {
		line, err := json.Marshal(importer.Line{CustomerNumber: n, LastName: "Nach" + n, Country: "DE", Language: "de"})
		w.must(err)
		return append(line, '\n')
	}
	file := append(append(text(w.own), text(w.member)...), text(w.other)...)
	imported := func() []importer.Outcome {
		var all []importer.Outcome
		im := importer.Importer{Tables: w.store, Now: time.Now, Rand: rand.Reader, Workers: 1, Done: func(r importer.Result) { all = append(all, r.Outcome) }}
		checked := importer.Check(importer.Memory("night", file))
		forecast, err := im.Forecast(t.Context(), checked, []importer.File{importer.Memory("night", file)}, nil)
		w.must(err)
		_, err = im.Import(t.Context(), checked, importer.Memory("night", file))
		w.must(err)
		for _, o := range all {
			forecast.Counts[o]--
		}
		if forecast.Counts != [importer.Failed + 1]int{} {
			t.Errorf("the look ahead says something else: %v, %v", forecast.Counts, all)
		}
		return all
	}
	if got := imported(); !slices.Equal(got, []importer.Outcome{importer.Forgotten, importer.Forgotten, importer.Updated}) {
		t.Errorf("%v", got)
	}
	if left := w.mine(); len(left) > 0 {
		t.Errorf("back again: %v", left)
	}
	f := forget{store: w.store, now: time.Now, out: &bytes.Buffer{}, act: true, by: "olga", reason: "neuer Vertrag", counts: map[string]int{}}
	w.must(f.readmit(t.Context(), w.own))
	if got := imported(); got[0] != importer.Created || got[1] != importer.Forgotten {
		t.Errorf("%v", got)
	}
	if at, err := forgotten.At(t.Context(), w.store, w.own); err != nil || !at.IsZero() {
		t.Errorf("%v, %v", at, err)
	}
}

func TestTheCommandSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, exitUsage, "name one customer number"},
		{[]string{"12"}, exitUsage, "6 to 12 digits"},
		{[]string{"-yes", "10000017"}, exitUsage, "--yes needs --reason"},
		{[]string{"-local", "/nowhere", "10000017"}, exitFailed, "start the local cloud"},
		{[]string{"-help"}, exitDone, "Counts what would be deleted"},
	} {
		var out bytes.Buffer
		if code := run(t.Context(), c.args, &out); code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("%v: exit %d: %s", c.args, code, out.String())
		}
	}
	w := onFake(t)
	f := forget{store: w.store, scans: w.scans, now: func() time.Time { return now }, out: &bytes.Buffer{}, act: true, by: "olga", reason: "Anfrage von " + w.own, counts: map[string]int{}}
	if err := f.customer(t.Context(), w.own); err == nil || !strings.Contains(err.Error(), "must not name the customer") {
		t.Error(err)
	}
}

func TestTheNumberIsReadAsPeopleTypeIt(t *testing.T) {
	for arg, want := range map[string]string{"10000017": "10000017", "1000 0017": "10000017", "1000.0017": "10000017", "Kunde": "", "-": ""} {
		o, err := parse([]string{"-local", "x", arg}, &bytes.Buffer{})
		if want == "" && err == nil || want != "" && (err != nil || o.number != want) {
			t.Errorf("%q: %q, %v", arg, o.number, err)
		}
	}
}
