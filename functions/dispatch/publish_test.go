package dispatch

import (
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

func TestEventsForTheOperatorNameWhatChangedAndNotTheValues(t *testing.T) {
	d, _ := dispatcher(t)
	bus := d.Bus.(*fakeBus)
	at := time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC)
	for _, item := range []outbox.Item{
		{ID: "master-data.changed#10000017#4", Event: outbox.MasterDataChanged, CreatedAt: at, Values: map[string]string{
			outbox.ValueNumber: "10000017", "old.iban": "••3000", "new.iban": "••2051", "old.city": "Berlin", "new.city": "Bonn"}},
		{ID: "package-settings.changed#P-1001#3", Event: outbox.PackageChanged, CreatedAt: at, Values: map[string]string{
			outbox.ValueNumber: "10000017", outbox.ValuePackage: "P-1001", "old.phpVersion": "8.3", "new.phpVersion": "8.4"}},
		{ID: "order.executed#K7QX-2M4D", Event: outbox.OrderExecuted, CreatedAt: at, Order: "K7QX-2M4D", Values: map[string]string{
			order.ValueSurvivor: "10000017", order.ValueSources: "10000023,10000031"}},
	} {
		if _, err := d.effect(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	want := `master-data.changed {"id":"master-data.changed#10000017#4","at":"2026-11-23T13:02:00Z","customerNumber":"10000017","changed":["city","iban"]}` + "\n" +
		`package-settings.changed {"id":"package-settings.changed#P-1001#3","at":"2026-11-23T13:02:00Z","customerNumber":"10000017","package":"P-1001","changed":["phpVersion"]}` + "\n" +
		`merge.executed {"id":"order.executed#K7QX-2M4D","at":"2026-11-23T13:02:00Z","customerNumber":"10000017","order":"K7QX-2M4D","mergedNumbers":["10000023","10000031"]}`
	if got := strings.Join(bus.details, "\n"); got != want {
		t.Errorf("published\n%s\nwant\n%s", got, want)
	}
}
