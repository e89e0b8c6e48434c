package schema

import (
	"encoding/json"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/event"
	"kundenkonto/shared/outbox"
)

// examples are one event of each kind, as full as it can be.
func examples() map[string]event.Event {
	at := time.Date(2026, 11, 23, 13, 2, 0, 5000, time.FixedZone("", 3600))
	merged := event.Data{CustomerNumber: "10000017", Version: 8, Order: "K7QX-2M4D", MergedNumbers: []string{"10000023", "10000031"}, EarlierNumbers: []string{"10000048"}}
	all := map[string]event.Event{}
	for kind, data := range map[string]event.Data{
		outbox.MasterDataChanged: {CustomerNumber: "10000017", Version: 4, Changed: []string{"city", "iban"}},
		outbox.PackageChanged:    {CustomerNumber: "10000017", Version: 3, Package: "P-1001", Changed: []string{"phpVersion"}},
		outbox.ContractCancelled: {CustomerNumber: "10000017", Package: "P-1001", Cancellation: "K7QX-2M4D"},
		outbox.NoticeWithdrawn:   {CustomerNumber: "10000017", Package: "P-1001", Cancellation: "K7QX-2M4D"},
		outbox.MergeExecuted:     merged, outbox.MergeUndone: merged,
	} {
		item := outbox.Item{Event: kind, ID: kind + "#1", CreatedAt: at}
		all[kind] = event.New(item, "https://kunden.example.com", data)
	}
	return all
}

// with is the detail of an event after a change to its JSON.
func with(t *testing.T, e event.Event, change func(detail, data map[string]any)) []byte {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var detail map[string]any
	if err := json.Unmarshal(b, &detail); err != nil {
		t.Fatal(err)
	}
	change(detail, detail["data"].(map[string]any))
	if b, err = json.Marshal(detail); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEachKindOfEventHasASchemaThatTakesIt(t *testing.T) {
	all := examples()
	if len(all) != len(event.Kinds) {
		t.Fatalf("%d examples, %d kinds", len(all), len(event.Kinds))
	}
	for kind, e := range all {
		if err := Check(kind, with(t, e, func(_, _ map[string]any) {})); err != nil {
			t.Error(err)
		}
		// One from before versions were noted.
		if err := Check(kind, with(t, e, func(_, data map[string]any) { delete(data, "version"); delete(data, "earlierNumbers") })); err != nil {
			t.Error(err)
		}
	}
	files, err := fs.Glob(os.DirFS("../schemas"), "*.json")
	if err != nil || len(files) != len(event.Kinds) {
		t.Errorf("%v, %v", files, err)
	}
}

// S20: nobody adds a value, or anything else, to an event without saying so in its schema.
func TestAnEventWithOneMoreFieldIsRefused(t *testing.T) {
	for kind, e := range examples() {
		for name, change := range map[string]func(detail, data map[string]any){
			"a name in data":           func(_, data map[string]any) { data["firstName"] = "Anna" },
			"the values of a change":   func(_, data map[string]any) { data["new"] = map[string]any{"iban": "DE02120300000000202051"} },
			"an address beside data":   func(detail, _ map[string]any) { detail["email"] = "anna@example.com" },
			"another word for changed": func(_, data map[string]any) { data["changed"] = []string{"Bonn"} },
			"no id":                    func(detail, _ map[string]any) { delete(detail, "id") },
			"an empty id":              func(detail, _ map[string]any) { detail["id"] = "" },
			"no number":                func(_, data map[string]any) { delete(data, "customerNumber") },
			"a time of another form":   func(detail, _ map[string]any) { detail["time"] = "23.11.2026 13:02" },
			"a source of another form": func(detail, _ map[string]any) { detail["source"] = "kunden konto" },
			"another kind":             func(detail, _ map[string]any) { detail["type"] = "customer.deleted" },
			"another version":          func(detail, _ map[string]any) { detail["specversion"] = "0.3" },
			"a version that is none":   func(_, data map[string]any) { data["version"] = 0 },
			"the schema of another":    func(detail, _ map[string]any) { detail["dataschema"] = "https://kunden.example.com/schemas/x.1.json" },
		} {
			if Check(kind, with(t, e, change)) == nil {
				t.Errorf("%s is taken with %s", kind, name)
			}
		}
	}
	if err := Check("customer.deleted", []byte("{}")); err == nil || !strings.Contains(err.Error(), "no event") {
		t.Error(err)
	}
}

// Who reads one kind reads all: what stands around the data is the same in each schema, but for the kind itself.
func TestAllSchemasHaveTheSameEnvelope(t *testing.T) {
	envelope := func(kind string) map[string]any {
		var doc struct {
			Required             []string
			AdditionalProperties *bool
			Properties           map[string]any
		}
		if err := json.Unmarshal(event.Schema(event.SchemaFile(kind)), &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Required) != len(doc.Properties) || doc.AdditionalProperties == nil || *doc.AdditionalProperties {
			t.Errorf("%s: %v", kind, doc)
		}
		delete(doc.Properties, "type")
		delete(doc.Properties, "dataschema")
		return doc.Properties
	}
	for _, kind := range event.Kinds[1:] {
		if !reflect.DeepEqual(envelope(kind), envelope(event.Kinds[0])) {
			t.Errorf("%s differs", kind)
		}
	}
}

func TestOnlySchemasAreServed(t *testing.T) {
	for _, file := range []string{"", "x", "../event.go", "schemas/merge.undone.1.json", `..\event.go`, "."} {
		if event.Schema(file) != nil {
			t.Errorf("%q is served", file)
		}
	}
}
