package dispatch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/event"
	"kundenkonto/shared/event/schema"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

func TestEventsForTheOperatorNameWhatChangedAndNotTheValues(t *testing.T) {
	d, _ := dispatcher(t)
	bus := d.Bus.(*fakeBus)
	at := time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC)
	for _, item := range []outbox.Item{
		{ID: "master-data.changed#10000017#4", Key: "10000017#4", Event: outbox.MasterDataChanged, CreatedAt: at, Values: map[string]string{
			outbox.ValueNumber: "10000017", "old.iban": "••3000", "new.iban": "••2051", "old.city": "Berlin", "new.city": "Bonn"}},
		{ID: "package-settings.changed#P-1001#3", Key: "P-1001#3", Event: outbox.PackageChanged, CreatedAt: at, Values: map[string]string{
			outbox.ValueNumber: "10000017", outbox.ValuePackage: "P-1001", "old.phpVersion": "8.3", "new.phpVersion": "8.4"}},
		{ID: "contract.cancelled#P-1001#M4DK-7QX2", Key: "P-1001#M4DK-7QX2", Event: outbox.ContractCancelled, CreatedAt: at, Values: map[string]string{
			outbox.ValueNumber: "10000017", outbox.ValuePackage: "P-1001", outbox.ValueCancellation: "M4DK-7QX2", outbox.ValueGrounds: "Bonn", outbox.ValueEndsOn: "2027-04-30"}},
		{ID: "contract.cancellation-withdrawn#P-1001#M4DK-7222", Key: "P-1001#M4DK-7222", Event: outbox.NoticeWithdrawn, CreatedAt: at, Values: map[string]string{
			outbox.ValueNumber: "10000017", outbox.ValuePackage: "P-1001", outbox.ValueCancellation: "M4DK-7222"}},
		{ID: "order.executed#K7QX-2M4D", Event: outbox.OrderExecuted, CreatedAt: at, Order: "K7QX-2M4D", Values: map[string]string{
			order.ValueSurvivor: "10000017", order.ValueSources: "10000023,10000031", order.ValueEarlier + "10000031": "10000048,10000056", outbox.ValueVersion: "8", "new.city": "Bonn"}},
		{ID: "order.undone#K7QX-2M4D", Event: outbox.OrderUndone, CreatedAt: at, Order: "K7QX-2M4D", Values: map[string]string{
			order.ValueSurvivor: "10000017", order.ValueSources: "10000023", outbox.ValueVersion: "9"}},
	} {
		if _, err := d.effect(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	const detail = `%[1]s {"specversion":"1.0","id":"%[2]s@2026-11-23T13:02:00Z","source":"https://kundenkonto.example","type":"%[1]s","subject":"10000017","time":"2026-11-23T13:02:00Z",` +
		`"datacontenttype":"application/json","dataschema":"https://kundenkonto.example/schemas/%[1]s.1.json#/$defs/data","data":{"customerNumber":"10000017",%[3]s}}`
	want := strings.Join([]string{
		fmt.Sprintf(detail, "master-data.changed", "master-data.changed#10000017#4", `"version":4,"changed":["city","iban"]`),
		fmt.Sprintf(detail, "package-settings.changed", "package-settings.changed#P-1001#3", `"version":3,"package":"P-1001","changed":["phpVersion"]`),
		fmt.Sprintf(detail, "contract.cancelled", "contract.cancelled#P-1001#M4DK-7QX2", `"package":"P-1001","cancellation":"M4DK-7QX2"`),
		fmt.Sprintf(detail, "contract.cancellation-withdrawn", "contract.cancellation-withdrawn#P-1001#M4DK-7222", `"package":"P-1001","cancellation":"M4DK-7222"`),
		fmt.Sprintf(detail, "merge.executed", "order.executed#K7QX-2M4D", `"version":8,"order":"K7QX-2M4D","mergedNumbers":["10000023","10000031"],"earlierNumbers":["10000048","10000056"]`),
		fmt.Sprintf(detail, "merge.undone", "order.undone#K7QX-2M4D", `"version":9,"order":"K7QX-2M4D","mergedNumbers":["10000023"]`),
	}, "\n")
	if got := strings.Join(bus.details, "\n"); got != want {
		t.Errorf("published\n%s\nwant\n%s", got, want)
	}
	bus.keepToSchemas(t)
}

// keepToSchemas holds everything that was published against the schemas that other systems read it by.
func (f *fakeBus) keepToSchemas(t *testing.T) {
	t.Helper()
	for _, d := range f.details {
		kind, detail, _ := strings.Cut(d, " ")
		if err := schema.Check(kind, []byte(detail)); err != nil {
			t.Errorf("%v\n%s", err, detail)
		}
	}
}

// Items lie in the table when a new version is deployed: what they do not have, their events do not have, and go out.
func TestItemsFromBeforeAreStillPublished(t *testing.T) {
	d, _ := dispatcher(t)
	bus := d.Bus.(*fakeBus)
	for _, item := range []outbox.Item{
		{Event: outbox.MasterDataChanged, Key: "10000017", Values: map[string]string{outbox.ValueNumber: "10000017"}},
		{Event: outbox.MasterDataChanged, Key: "10000017/x", Recipients: []outbox.Recipient{{Address: "a@x.example", Numbers: []string{"10000017"}}}, Values: map[string]string{"new.city": "Bonn"}},
		{Event: outbox.MasterDataChanged, Key: "10000017#x", Values: map[string]string{outbox.ValueNumber: "10000017", "old.shoeSize": "1", "new.shoeSize": "2"}},
		{Event: outbox.PackageChanged, Key: "P-1", Values: map[string]string{outbox.ValueNumber: "10000017", outbox.ValuePackage: "P-1", "new.city": "Bonn"}},
		{Event: outbox.OrderExecuted, Key: "K7QX-2M4D", Order: "K7QX-2M4D", Values: map[string]string{order.ValueSurvivor: "10000017", order.ValueSources: "10000023"}},
		{Event: outbox.OrderUndone, Key: "K7QX-2M4D", Order: "K7QX-2M4D", Values: map[string]string{order.ValueSurvivor: "10000017", order.ValueSources: "10000023"}},
	} {
		item.ID, item.CreatedAt = item.Event+"#"+item.Key, time.Now()
		if _, err := d.effect(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	if all := strings.Join(bus.details, "\n"); len(bus.details) != 6 || strings.Contains(all, `"version"`) || strings.Contains(all, "null") || strings.Contains(all, "Bonn") {
		t.Errorf("published\n%s", all)
	}
	bus.keepToSchemas(t)
}

// Whoever adds a field or a setting says so to the other systems.
func TestTheSchemasKnowEveryWordForWhatChanged(t *testing.T) {
	for kind, words := range changeable {
		var doc struct {
			Defs struct {
				Data struct {
					Properties struct {
						Changed struct{ Items struct{ Enum []string } }
					}
				}
			} `json:"$defs"`
		}
		if err := json.Unmarshal(event.Schema(event.SchemaFile(kind)), &doc); err != nil {
			t.Fatal(err)
		}
		if got := doc.Defs.Data.Properties.Changed.Items.Enum; !slices.Equal(got, words) {
			t.Errorf("%s: the schema knows %q, events name %q", kind, got, words)
		}
	}
}
