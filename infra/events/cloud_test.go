package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ebtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/event"
	"kundenkonto/shared/event/schema"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// events runs the command and gives what it says.
func events(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := run(t.Context(), args, &out); code != exitDone {
		t.Fatalf("%q ended with %d:\n%s", args, code, out.String())
	}
	return out.String()
}

// about are the details in a file that are about a customer, by id.
func about(t *testing.T, path, number string) map[string]json.RawMessage {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]json.RawMessage{}
	for l := range strings.Lines(string(text)) {
		var got line
		var e event.Event
		if err := json.Unmarshal([]byte(l), &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(got.Event, &e); err != nil {
			t.Fatal(err)
		}
		if e.Subject != number {
			continue
		}
		if found[e.ID] != nil {
			t.Errorf("%s is there twice", e.ID)
		}
		found[e.ID] = got.Event
	}
	return found
}

const (
	password = "ein langes Kundenpasswort"
	street   = "Neue Straße 1"
)

// moveHouse changes the customer's street on their page.
func moveHouse(t *testing.T, number string) {
	t.Helper()
	var cookies []*http.Cookie
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/login", url.Values{"customerNumber": {number}, "password": {password}}},
		{"/account/master-data", url.Values{"version": {"1"}, "street": {street}}},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, localtest.Cloud(t).URL+step.path, strings.NewReader(step.form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		a, err := localtest.Client(t).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if cookies = a.Cookies(); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s answers %d", step.path, a.StatusCode)
		}
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	a, err := localtest.Client(t).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The whole way, each kind of event: written with a change (one by a customer on the page), published by the deployed
// dispatch, received from a queue that subscription.yaml made, valid by the schema that it names; once, however often it is
// delivered; and all of them anew by a replay.
func TestEventsComeToASubscriberOnceAndAgainByAReplay(t *testing.T) {
	admin, number := localtest.Store(t), localtest.Customer(t, password).Number
	began := time.Now().Truncate(time.Second)
	target := []string{"--local", os.Getenv(localtest.Env), "--subscription", "events-" + number}
	path := filepath.Join(t.TempDir(), "events.jsonl")
	receive := func(path string) string { return events(t, append(target, "--once", "--file", path)...) }
	receive(path) // subscribes
	cf := cloudformation.NewFromConfig(localtest.Admin(t))
	t.Cleanup(func() {
		_, _ = cf.DeleteStack(context.WithoutCancel(t.Context()), &cloudformation.DeleteStackInput{StackName: aws.String("events-" + number)})
	})

	ordered := map[string]string{order.ValueSurvivor: number, order.ValueSources: "10000023", outbox.ValueVersion: "3"}
	items := []outbox.Item{
		{Event: outbox.PackageChanged, Key: "P-" + number + "#1", Values: map[string]string{outbox.ValueNumber: number, outbox.ValuePackage: "P-" + number, "old.phpVersion": "8.3", "new.phpVersion": "8.4"}},
		{Event: outbox.ContractCancelled, Key: "P-" + number + "#K7QX-2M4D", Values: map[string]string{outbox.ValueNumber: number, outbox.ValuePackage: "P-" + number, outbox.ValueCancellation: "K7QX-2M4D"}},
		{Event: outbox.NoticeWithdrawn, Key: "P-" + number + "#K7QX-2M4D", Values: map[string]string{outbox.ValueNumber: number, outbox.ValuePackage: "P-" + number, outbox.ValueCancellation: "K7QX-2M4D"}},
		{Event: outbox.OrderExecuted, Key: number, Order: "TEST-" + number[8:], Values: ordered},
		{Event: outbox.OrderUndone, Key: number, Order: "TEST-" + number[8:], Values: ordered},
	}
	moveHouse(t, number)
	moved, err := outbox.Store{Store: admin}.Find(t.Context(), table.OutboxID(outbox.MasterDataChanged, number+"#2"))
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{event.ID(moved)}
	var writes []types.TransactWriteItem
	for _, item := range items {
		item.ID, item.CreatedAt = table.OutboxID(item.Event, item.Key), time.Now()
		ids = append(ids, event.ID(item))
		writes = append(writes, outbox.Put(admin.Names, item))
	}
	if err := admin.Transact(t.Context(), writes, ""); err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	for deadline := time.Now().Add(time.Minute); len(got) < len(ids) && time.Now().Before(deadline); {
		receive(path)
		got = about(t, path, number)
	}
	var kinds []string
	for id, detail := range got {
		var e event.Event
		if err := json.Unmarshal(detail, &e); err != nil {
			t.Fatal(err)
		}
		if err := schema.Check(e.Type, detail); err != nil {
			t.Error(err)
		}
		if served := get(t, e.DataSchema); served != string(event.Schema(event.SchemaFile(e.Type))) {
			t.Errorf("%s leads to %.100s", e.DataSchema, served)
		}
		if e.Source != localtest.Cloud(t).URL || !slices.Contains(ids, id) {
			t.Errorf("%+v", e)
		}
		kinds = append(kinds, e.Type)
	}
	if slices.Sort(kinds); !slices.Equal(kinds, slices.Sorted(slices.Values(event.Kinds))) {
		t.Fatalf("%q came", kinds)
	}

	if came := string(got[ids[0]]); !strings.Contains(came, `"version":2,"changed":["street"]`) || strings.Contains(came, street) {
		t.Errorf("the customer's change came as %s", came)
	}

	// The bus delivers one again.
	bus := localtest.Outputs(t)["EventBus"]
	_, err = eventbridge.NewFromConfig(localtest.Admin(t)).PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []ebtypes.PutEventsRequestEntry{{
		EventBusName: &bus, Source: aws.String(event.BusSource), DetailType: aws.String(outbox.MasterDataChanged), Detail: aws.String(string(got[ids[0]]))}}})
	if err != nil {
		t.Fatal(err)
	}
	if said := receive(path); !strings.Contains(said, "were there already") || len(about(t, path, number)) != len(ids) {
		t.Errorf("%s", said)
	}

	// A system that lost everything has them sent again.
	between := append(slices.Clone(target), "--from", began.Format(time.RFC3339), "--to", time.Now().Format(time.RFC3339Nano))
	said := events(t, append([]string{"replay", "--list"}, between...)...)
	for _, id := range ids {
		if !strings.Contains(said, id) {
			t.Errorf("the forecast does not name %s", id)
		}
	}
	anew := filepath.Join(t.TempDir(), "anew.jsonl")
	if receive(anew); !strings.Contains(said, "Nothing was sent") || len(about(t, anew, number)) > 0 {
		t.Errorf("the forecast sent something:\n%s", said)
	}
	if said := events(t, append([]string{"replay", "--start"}, between...)...); !strings.Contains(said, "is done after") {
		t.Error(said)
	}
	receive(anew)
	if again := about(t, anew, number); len(again) != len(ids) || !bytes.Equal(again[ids[2]], got[ids[2]]) {
		t.Errorf("%d of %d came again", len(again), len(ids))
	}
}
