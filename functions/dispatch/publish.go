package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/product"
)

// source names us on the bus.
const source = "kundenkonto"

// notice is an event for the operator's systems. It names what changed and never the values: whoever needs them reads
// them by the role that the template declares. ID is the same when an event comes twice.
type notice struct {
	ID             string    `json:"id"`
	At             time.Time `json:"at"`
	CustomerNumber string    `json:"customerNumber"`
	Package        string    `json:"package,omitempty"`
	Order          string    `json:"order,omitempty"`
	Merged         []string  `json:"mergedNumbers,omitempty"`
	Changed        []string  `json:"changed,omitempty"`
}

// imported is what only an import changes.
var imported = []string{"company", "firstName", "lastName", "balanceCents", "locked"}

// changeable are the names of everything that an event can name as changed.
var changeable = slices.Concat(masterData, imported, product.Settings.Names())

// publish puts an event on the bus and gives an id of it, unless an earlier try did.
func (d Dispatcher) publish(ctx context.Context, kind string, item outbox.Item) (id string, err error) {
	if item.MessageID != "" {
		return item.MessageID, nil
	}
	n := notice{ID: item.ID, At: item.CreatedAt, CustomerNumber: item.Values[outbox.ValueNumber], Order: item.Order,
		Package: item.Values[outbox.ValuePackage], Changed: outbox.ChangedFields(item.Values, changeable...)}
	if item.Order != "" {
		n.CustomerNumber = item.Values[order.ValueSurvivor]
		n.Merged = strings.Split(item.Values[order.ValueSources], ",")
	}
	if n.CustomerNumber == "" && len(item.Recipients) > 0 {
		n.CustomerNumber = numberOf(item, item.Recipients[0])
	}
	detail, err := json.Marshal(n)
	if err != nil {
		return "", fmt.Errorf("event for the bus: %w", err)
	}
	out, err := d.Bus.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: &d.BusName, Source: aws.String(source), DetailType: &kind, Detail: aws.String(string(detail)), Time: &item.CreatedAt,
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
