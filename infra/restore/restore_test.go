package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/forgotten"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// Everything comes back as it was but what must be void: sessions, links for passwords, drafts, a recovery; and the outbox waits.
func TestTablesComeBackFromAFile(t *testing.T) {
	h := newHouse(t)
	cookie, reset, veto := h.fill()
	before := h.all()
	path := h.exported("tables.jsonl")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v: others can read it", info, err)
	}
	h.wipe()
	if _, err := h.imported(path, ""); err != nil {
		t.Fatal(err)
	}
	after := h.all()
	gone := []string{"Sessions " + table.String(table.Session(table.Hash(cookie)), "pk"), "Tokens " + table.String(table.Token(reset), "pk"),
		"MergeOrders DRAFT#" + bert, "Outbox " + endRecovery}
	for key := range before {
		_, there := after[key]
		void := false
		for _, g := range gone {
			void = void || strings.HasPrefix(key, g)
		}
		if there == void {
			t.Errorf("%s is there: %t", key, there)
		}
	}
	for key, text := range after {
		table, rest, _ := strings.Cut(key, " ")
		switch {
		case strings.HasSuffix(rest, "PROFILE"), table == "Credentials" && !strings.HasPrefix(rest, "P#"), strings.Contains(rest, waitingMail):
		case text != before[key]:
			t.Errorf("%s was\n%s\nand is\n%s", key, before[key], text)
		}
	}
	if p, err := (customer.Store{Store: h.store()}).Profile(t.Context(), anna); err != nil || p.Epoch != 5 || p.LastName != "Schäfer" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, _, err := (token.Store{Store: h.store()}).Find(t.Context(), veto, token.PurposeVeto, noon); err != nil {
		t.Errorf("the link of who may say no: %v", err)
	}
	if _, err := h.outbox().Claim(t.Context(), waitingMail, "lease", noon.Add(2*time.Hour), time.Minute); !errors.Is(err, outbox.ErrNotClaimed) {
		t.Errorf("a mail of the past goes out: %v", err)
	}
}

// What happened since and must not be undone: a no to a merge, a password out of use, a passkey removed, a code used, a mail sent.
func TestGoingBackUndoesNoNo(t *testing.T) {
	h := newHouse(t)
	_, _, veto := h.fill()
	instant := h.exported("instant.jsonl")
	s := h.store()

	c, err := credential.Store{Store: s}.Get(t.Context(), table.Customer(anna))
	if err != nil {
		t.Fatal(err)
	}
	h.transact(credential.SetPassword(h.names, c, "the thief's or the owner's", true, noon.Add(time.Minute)))
	h.transact(credential.Void(h.names, table.PackageSubject("P-"+bert)))
	now := factorOfAnna
	now.Version, now.Codes, now.Passkeys = 5, []string{"one", "three"}, factorOfAnna.Passkeys[:1]
	h.put(h.names.Credentials, table.With(table.SecondFactor(anna), table.MustMarshal(now)))
	h.put(h.names.MergeOrders, table.With(table.Order(open1), table.MustMarshal(order.Order{ID: open1, Customer: anna, State: merge.Vetoed, Rev: 6, Opposed: []string{bert}})))
	h.put(h.names.MergeOrders, table.With(table.Lock(bert), table.Item{"order": table.S("")}))
	h.put(h.names.MergeOrders, table.With(table.Bar(anna, bert), table.Item{"order": table.S(open1)}))
	h.put(h.names.MergeOrders, table.With(table.Order("LOST-0000"), table.MustMarshal(order.Order{ID: "LOST-0000", Customer: anna, State: merge.InReview})))
	h.transact(customer.PutNew(h.names, customer.Profile{Number: "10000031", LastName: "Neu"}))
	h.transact(forgotten.Put(h.names, bert, noon))
	p, err := customer.Store{Store: s}.Profile(t.Context(), anna)
	if err != nil {
		t.Fatal(err)
	}
	moved := p
	moved.Street = "Neuer Weg 1"
	h.transact(customer.Update(h.names, p, moved))
	h.send(waitingMail)

	present := h.exported("present.jsonl")
	if _, err := h.imported(instant, ""); !errors.Is(err, errFull) {
		t.Fatalf("written over what is there: %v", err)
	}
	report, err := h.imported(instant, present)
	if err != nil {
		t.Fatal(err)
	}
	once := h.all()
	if _, err := h.imported(instant, present); err != nil || !maps.Equal(once, h.all()) {
		t.Errorf("a second run is another one: %v", err)
	}

	if c, _ := (credential.Store{Store: s}).Get(t.Context(), table.Customer(anna)); c.Hash != "" || c.Epoch != 2 {
		t.Errorf("neither password may open the account: %+v", c)
	}
	if c, _ := (credential.Store{Store: s}).Get(t.Context(), table.Customer(bert)); c.Hash != "hash of "+bert {
		t.Errorf("a password that nobody changed: %+v", c)
	}
	if c, _ := (credential.Store{Store: s}).Get(t.Context(), table.PackageSubject("P-"+bert)); c.Hash != "" {
		t.Errorf("the veto took this one: %+v", c)
	}
	if p, err := (customer.Store{Store: s}).Profile(t.Context(), anna); err != nil || p.Street != "" || p.Version != 3 {
		t.Errorf("other systems keep the highest version and would pass over what comes: %+v, %v", p, err)
	}
	if p, err := (customer.Store{Store: s}).Profile(t.Context(), bert); err != nil || p.Version != 1 {
		t.Errorf("the data of who changed nothing are others, and an order of theirs is stale: %+v, %v", p, err)
	}
	f, err := factorOf(h.item(h.names.Credentials, table.SecondFactor(anna)))
	if err != nil || len(f.codes) != 2 || len(f.passkeys) != 1 || f.passkeys[0] != "kept" {
		t.Errorf("%+v, %v", f, err)
	}
	if _, waits := h.item(h.names.Credentials, table.SecondFactor(bert))["recovery"]; waits {
		t.Error("a recovery goes on that its owner may have stopped")
	}
	if o := h.item(h.names.MergeOrders, table.Order(open1)); table.String(o, "state") != string(merge.Vetoed) {
		t.Errorf("the merge goes on although its other side said no: %v", o)
	}
	if l := h.item(h.names.MergeOrders, table.Lock(bert)); table.String(l, "order") != "" {
		t.Errorf("the order that ended holds a number: %v", l)
	}
	if h.item(h.names.MergeOrders, table.Bar(anna, bert)) == nil || h.item(h.names.MergeOrders, table.Order("LOST-0000")) != nil || h.item(h.names.Customers, table.Profile("10000031")) != nil {
		t.Error("a bar is gone, or what came later is still there")
	}
	if at, err := forgotten.At(t.Context(), s, bert); err != nil || at.IsZero() {
		t.Errorf("an import would bring back who was forgotten: %v", err)
	}
	if h.item(h.names.Tokens, table.Token(veto)) == nil {
		t.Error("the link of who may say no is gone")
	}
	if m, err := h.outbox().Find(t.Context(), waitingMail); err != nil || m.DoneAt.IsZero() || m.MessageID == "" {
		t.Errorf("a mail that was sent since would be sent again: %+v, %v", m, err)
	}
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`{"what":"password.void","number":"10000017"}`, `{"what":"package-password.void","package":"P-10000023"}`, `{"what":"passkey.stays-removed","number":"10000017"}`,
		`{"what":"recovery.ended","number":"10000023"}`, `{"what":"data.back","number":"10000017"}`, `{"what":"customer.to-be-forgotten-again","number":"10000023"}`, `{"what":"order.no-stays","order":"K7QX-2M4D","to":"VETOED"}`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report lacks %s:\n%s", want, text)
		}
	}
}

func TestHeldItemsGoOutWhenTheyAreReleased(t *testing.T) {
	h := newHouse(t)
	h.fill()
	do := func(o options) {
		if err := h.doOutbox(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	do(options{})
	h.says("2 items would be sent\n       1  password.changed: mail")
	do(options{hold: true})
	h.says("0 items would be sent\n2 items held, not to be sent")
	for shard := range table.Shards {
		if ids, err := h.outbox().Due(t.Context(), shard, noon.Add(24*time.Hour), 10); err != nil || len(ids) > 0 {
			t.Errorf("the schedule finds %v, %v", ids, err)
		}
	}
	do(options{release: outbox.PasswordChanged})
	if _, err := h.outbox().Claim(t.Context(), waitingMail, "lease", noon.Add(2*time.Hour), time.Minute); err != nil {
		t.Errorf("released and not claimed: %v", err)
	}
	if _, err := h.outbox().Claim(t.Context(), endRecovery, "lease", noon.Add(2*time.Hour), time.Minute); !errors.Is(err, outbox.ErrNotClaimed) {
		t.Errorf("held and claimed: %v", err)
	}
	if err := h.outbox().Release(t.Context(), sentMail, noon); !errors.Is(err, outbox.ErrNotClaimed) {
		t.Errorf("sent and released: %v", err)
	}
}

func TestAFileThatIsNotWholeIsRefused(t *testing.T) {
	h := newHouse(t)
	h.fill()
	path := h.exported("tables.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h.wipe()
	for name, bad := range map[string]string{"cut off": string(text[:len(text)/2]), "without its end": string(text[:strings.LastIndex(string(text), `{"manifest"`)]),
		"changed": strings.Replace(string(text), "Schäfer", "Schaefer", 1), "of something else": "{}\n"} {
		broken := h.dir + "/broken"
		if err := os.WriteFile(broken, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := h.imported(broken, ""); err == nil || len(h.all()) > 0 {
			t.Errorf("%s: %v, %d items were written", name, err, len(h.all()))
		}
	}
	if err := h.export(t.Context(), path, time.Time{}); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("written over an export: %v", err)
	}
	second := h.dir + "/second.jsonl"
	if err := os.WriteFile(second+".part", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := h.export(t.Context(), second, time.Time{}); err == nil || !strings.Contains(err.Error(), "second.jsonl.part is being written") {
		t.Errorf("two exports write one file, or others can read it: %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	third := h.dir + "/third.jsonl"
	if err := h.export(stopped, third, time.Time{}); err == nil {
		t.Error("stopped and done")
	}
	for _, left := range []string{third, third + ".part"} {
		if _, err := os.Stat(left); err == nil {
			t.Errorf("%s is left of an export that was stopped", left)
		}
	}
}

// The emulator restores what is there; beside that the calls are those of AWS.
func TestPointInTimeRecoveryOfTheDeployedTables(t *testing.T) {
	localtest.Cloud(t)
	at := time.Now().UTC().Truncate(time.Second)
	names := localtest.Names(t)
	db := dynamodb.NewFromConfig(localtest.Admin(t))
	t.Cleanup(func() {
		for _, of := range stack.Tables(names) {
			_, _ = db.DeleteTable(context.WithoutCancel(t.Context()), &dynamodb.DeleteTableInput{TableName: aws.String(restoredName(of.Name, at))})
		}
	})
	customer := localtest.Customer(t, "")
	command := func(args ...string) (int, string) {
		var said strings.Builder
		code := run(t.Context(), append([]string{"--local", os.Getenv(localtest.Env)}, args...), &said)
		return code, said.String()
	}
	stamp := at.Format(time.RFC3339)
	for range 2 { // a run that was stopped goes on
		if code, said := command("pitr", "--at", stamp); code != exitDone || !strings.Contains(said, "All tables are as they were at "+stamp) {
			t.Fatalf("exit %d: %s", code, said)
		}
	}
	path := t.TempDir() + "/tables.jsonl"
	if code, said := command("export", "--at", stamp, path); code != exitDone {
		t.Fatalf("exit %d: %s", code, said)
	}
	found := false
	h, _, err := read(path, func(of string, item table.Item) error {
		found = found || of == "Customers" && table.String(item, "pk") == table.String(table.Profile(customer.Number), "pk")
		return nil
	})
	if err != nil || !found || !h.At.Equal(at) {
		t.Errorf("%+v, found %t, %v", h, found, err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"plan"}, exitDone, "pitr    makes 9 tables"},
		{[]string{"outbox"}, exitDone, "held, not to be sent"},
		{[]string{"executions"}, exitDone, "executions run"},
		{[]string{"export", t.TempDir() + "/own.jsonl"}, exitFailed, "run close first"},
		{[]string{"import", path}, exitFailed, "run close first"},
		{[]string{"pitr"}, exitUsage, "needs --at"},
		{[]string{"pitr", "--at", "2026-11-30T12:00:00.5Z"}, exitUsage, "whole second"},
		{[]string{"undo"}, exitUsage, "no command \"undo\""},
		{nil, exitUsage, "usage: go run ./infra/restore"},
	} {
		if code, said := command(c.args...); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%v: exit %d: %s", c.args, code, said)
		}
	}
}
