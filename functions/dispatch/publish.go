package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"kundenkonto/shared/event"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/product"
)

// changeable are the names of everything that an event of a kind can name as changed.
var changeable = map[string][]string{
	outbox.MasterDataChanged: masterData(),
	outbox.PackageChanged:    product.Settings.Names(),
}

// masterData are the fields of a profile, and what only an import or the service team changes.
func masterData() []string {
	var names []string
	for _, f := range merge.Fields() {
		names = append(names, string(f))
	}
	return append(names, "balanceCents", "locked", "language")
}

// publish puts an event on the bus and gives an id of it, unless an earlier try did.
func (d Dispatcher) publish(ctx context.Context, item outbox.Item) (id string, err error) {
	kind := event.KindOf(item.Event)
	if item.MessageID != "" {
		return item.MessageID, nil
	}
	detail, err := json.Marshal(event.New(item, d.PublicURL, happened(kind, item)))
	if err != nil {
		return "", fmt.Errorf("event for the bus: %w", err)
	}
	out, err := d.Bus.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: &d.BusName, Source: aws.String(event.BusSource), DetailType: &kind, Detail: aws.String(string(detail)), Time: &item.CreatedAt,
	}}})
	if err != nil {
		return "", fmt.Errorf("publish event: %w", err)
	}
	if out.FailedEntryCount > 0 {
		return "", errors.New("publish event: the bus refused it")
	}
	if len(out.Entries) == 1 && out.Entries[0].EventId != nil {
		return *out.Entries[0].EventId, nil
	}
	return item.ID, nil
}

// happened is what an event says: names, never values.
func happened(kind string, item outbox.Item) event.Data {
	said := event.Data{CustomerNumber: item.Values[outbox.ValueNumber], Version: versionOf(item), Order: item.Order, Package: item.Values[outbox.ValuePackage]}
	if item.Order != "" {
		said.CustomerNumber = item.Values[order.ValueSurvivor]
		said.MergedNumbers = strings.Split(item.Values[order.ValueSources], ",")
		for _, n := range said.MergedNumbers {
			if earlier := item.Values[order.ValueEarlier+n]; earlier != "" {
				said.EarlierNumbers = append(said.EarlierNumbers, strings.Split(earlier, ",")...)
			}
		}
		return said
	}
	if said.CustomerNumber == "" && len(item.Recipients) > 0 {
		said.CustomerNumber = numberOf(item, item.Recipients[0])
	}
	if id := item.Values[outbox.ValueCancellation]; id != "" {
		said.Cancellation, said.Version = id, 0
		return said
	}
	said.Changed = append([]string{}, outbox.ChangedFields(item.Values, changeable[kind]...)...) // never null
	return said
}

// versionOf is the version that a change led to: in the item's values, or after the number or package in its key. Items
// from before it was noted have none, which is 0.
func versionOf(item outbox.Item) int64 {
	text := item.Values[outbox.ValueVersion]
	if text == "" && item.Order == "" {
		text = item.Key[strings.LastIndex(item.Key, "#")+1:]
		if text == item.Key {
			return 0
		}
	}
	version, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return version
}
