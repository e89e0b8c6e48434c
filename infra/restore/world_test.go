package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
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
	"kundenkonto/shared/token"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// house is a set of tables like the stack's, and nobody else's.
type house struct {
	*testing.T
	tool
	said *bytes.Buffer
	dir  string
}

// newHouse makes empty tables with the keys and indexes of the deployed ones.
func newHouse(t *testing.T) *house {
	cfg := localtest.Admin(t)
	said := &bytes.Buffer{}
	h := &house{T: t, said: said, dir: t.TempDir(), tool: tool{cfg: cfg, db: dynamodb.NewFromConfig(cfg), stack: stack.LocalName, local: true, out: said, now: func() time.Time { return noon.Add(time.Hour) }}}
	h.names = localtest.Names(t)
	suffix := "-" + localtest.Number(t)
	for _, of := range stack.Tables(h.names) {
		like, err := h.db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &of.Name})
		if err != nil {
			t.Fatal(err)
		}
		in := &dynamodb.CreateTableInput{TableName: aws.String("restore-" + of.ID + suffix), BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: like.Table.AttributeDefinitions, KeySchema: like.Table.KeySchema}
		for _, i := range like.Table.GlobalSecondaryIndexes {
			in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{IndexName: i.IndexName, KeySchema: i.KeySchema, Projection: i.Projection})
		}
		if _, err := h.db.CreateTable(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_, _ = h.db.DeleteTable(context.WithoutCancel(t.Context()), &dynamodb.DeleteTableInput{TableName: in.TableName})
		})
	}
	n := func(id string) string { return "restore-" + id + suffix }
	h.names = table.Names{Customers: n("Customers"), Credentials: n("Credentials"), Tokens: n("Tokens"), Throttle: n("Throttle"), Sessions: n("Sessions"),
		StaffSessions: n("StaffSessions"), MergeOrders: n("MergeOrders"), Audit: n("Audit"), Outbox: n("Outbox"), Kept: table.Retention{Outbox: 90 * 24 * time.Hour}}
	return h
}

func (h *house) store() table.Store { return table.Store{DB: h.db, Names: h.names} }

func (h *house) put(of string, item table.Item) {
	h.Helper()
	if _, err := h.db.PutItem(h.Context(), &dynamodb.PutItemInput{TableName: &of, Item: item}); err != nil {
		h.Fatal(err)
	}
}

func (h *house) transact(items ...types.TransactWriteItem) {
	h.Helper()
	if err := h.store().Transact(h.Context(), items, ""); err != nil {
		h.Fatal(err)
	}
}

// item reads one, nil when there is none.
func (h *house) item(of string, k table.Key) table.Item {
	h.Helper()
	item, err := h.store().Get(h.Context(), of, k)
	if err != nil {
		h.Fatal(err)
	}
	return item
}

// all is every item of every table as text.
func (h *house) all() map[string]string {
	h.Helper()
	found := map[string]string{}
	for _, of := range stack.Tables(h.names) {
		if err := h.scan(h.Context(), of.Name, false, func(item table.Item) error {
			text, err := sorted(item)
			found[of.ID+" "+table.String(item, "pk")+" "+table.String(item, "sk")] = string(text)
			return err
		}); err != nil {
			h.Fatal(err)
		}
	}
	return found
}

// sorted writes an item with its attributes in order.
func sorted(item table.Item) ([]byte, error) {
	text, err := attributevalue.MarshalMapJSON(item)
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}

func (h *house) wipe() {
	h.Helper()
	for _, of := range stack.Tables(h.names) {
		b := h.batch(h.Context(), of.Name)
		if err := h.scan(h.Context(), of.Name, true, func(key table.Item) error { b.delete(key); return nil }); err != nil {
			h.Fatal(err)
		}
		if err := b.end(); err != nil {
			h.Fatal(err)
		}
	}
}

func (h *house) exported(name string) string {
	h.Helper()
	path := filepath.Join(h.dir, name)
	if err := h.export(h.Context(), path, time.Time{}); err != nil {
		h.Fatal(err)
	}
	return path
}

// imported runs an import, and gives the report's path.
func (h *house) imported(path, present string) (string, error) {
	h.Helper()
	i := importing{tool: h.tool, path: path, presentPath: present, report: filepath.Join(h.dir, "report.jsonl"), counts: map[string]int{}}
	return i.report, i.run(h.Context())
}

// Of the world below.
const (
	anna, bert = "10000017", "10000023"
	open1      = "K7QX-2M4D" // an order that was approved at the instant
)

const (
	waitingMail = "password.changed#10000017#1"
	sentMail    = "password.changed#10000023#1"
	endRecovery = "second-factor.recovery-due#10000023"
)

var factorOfAnna = secondfactor.Factor{Version: 3, Secret: "GEZDGNBV", Since: noon.Add(-time.Hour), Codes: []string{"one", "two", "three"}, CodesAt: noon.Add(-time.Hour),
	Passkeys: []secondfactor.Passkey{{ID: "kept", Name: "Notebook"}, {ID: "stolen", Name: "Telefon"}}}

// fill puts two customers with everything that an account can have.
func (h *house) fill() (cookie, reset, veto string) {
	h.Helper()
	s, ctx := h.store(), h.Context()
	for _, n := range []string{anna, bert} {
		h.transact(customer.PutNew(h.names, customer.Profile{Number: n, LastName: "Schäfer", Email: "n" + n + "@kunde.example", Version: 1, Epoch: 4}),
			credential.SetPassword(h.names, credential.Credential{Subject: table.Customer(n)}, "hash of "+n, false, noon.Add(-24*time.Hour)),
			audit.Put(h.names, audit.Event{Number: n, Action: audit.PasswordReset, Actor: n, At: noon.Add(-24 * time.Hour)}, rand.Reader))
		h.transact(append(customer.PutPackage(h.names, customer.Package{ID: "P-" + n, Number: n, Product: "hosting", Domains: []string{"n" + n + ".example"}}),
			credential.SetPassword(h.names, credential.Credential{Subject: table.PackageSubject("P-" + n)}, "package "+n, false, noon.Add(-24*time.Hour)))...)
	}
	h.put(h.names.Credentials, table.With(table.SecondFactor(anna), table.MustMarshal(factorOfAnna)))
	h.put(h.names.Credentials, table.With(table.SecondFactor(bert), table.MustMarshal(secondfactor.Factor{Version: 1, Secret: "MFRGG", Since: noon.Add(-time.Hour),
		Recovery: secondfactor.Recovery{ID: "r1", EndAt: noon.Add(time.Hour), WarnedAt: noon.Add(-time.Hour)}})))
	cookie, on, err := session.New(rand.Reader, noon, session.Start{Number: anna, Epoch: 4})
	if err != nil {
		h.Fatal(err)
	}
	h.transact(session.Put(h.names, on))
	tokens := token.Store{Store: s}
	if reset, err = tokens.Make(ctx, rand.Reader, token.Token{Purpose: token.PurposeReset, Subject: anna, Expires: noon.Add(time.Hour)}); err != nil {
		h.Fatal(err)
	}
	if veto, err = tokens.Make(ctx, rand.Reader, token.Token{Purpose: token.PurposeVeto, Subject: open1, Expires: noon.Add(token.VetoLifetime)}); err != nil {
		h.Fatal(err)
	}
	h.put(h.names.MergeOrders, table.With(table.Order(open1), table.MustMarshal(order.Order{ID: open1, Customer: anna, State: merge.Approved, Rev: 5, Run: 1})))
	h.put(h.names.MergeOrders, table.With(table.Lock(bert), table.Item{"order": table.S(open1)}))
	h.put(h.names.MergeOrders, table.With(table.Draft(bert), table.Item{"number": table.S(bert)}))
	for _, o := range []outbox.Item{{Event: outbox.PasswordChanged, Key: anna + "#1", Parent: "password.changed#" + anna}, {Event: outbox.PasswordChanged, Key: bert + "#1", Parent: "x"},
		{Event: outbox.FactorRecoveryDue, Key: bert, NotBefore: noon.Add(time.Hour).Unix()}} {
		o.CreatedAt = noon
		h.transact(outbox.Put(h.names, o))
	}
	h.put(h.names.Throttle, table.With(table.Throttle("number", anna), table.Item{"n": table.N(3)}))
	h.send(sentMail)
	return cookie, reset, veto
}

// send does what dispatch does for a mail.
func (h *house) send(id string) {
	h.Helper()
	item, err := h.outbox().Claim(h.Context(), id, "lease", noon.Add(time.Minute), time.Minute)
	if err == nil {
		err = h.outbox().Done(h.Context(), item, "ses-"+id, noon.Add(time.Minute))
	}
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) says(want string) {
	h.Helper()
	if !strings.Contains(h.said.String(), want) {
		h.Errorf("it does not say %q but\n%s", want, h.said)
	}
}
