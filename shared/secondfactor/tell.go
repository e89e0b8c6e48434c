package secondfactor

import (
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// Keys of the values that the mails print.
const (
	ValueLeft   = "left"       // recovery codes
	ValueName   = "name"       // of a passkey
	ValueEnd    = "endAt"      // of the waiting time of a recovery
	ValueID     = "recoveryId" // of a recovery
	ValueBy     = "by"         // who started a recovery, as in the audit
	ValueReason = "reason"     // of the service team, for the audit only

	ValueBlocked = "blocked" // no codes of the app are taken any more
)

// By what a recovery was stopped, when nobody did: a sign-in with the second factor, or a warning that came back.
const (
	BySignIn = "sign-in"
	ByBounce = "undeliverable"
)

// Happened is something done to a second factor.
type Happened struct {
	Event  string // of outbox, and the same word as action of the audit
	Actor  string // as in the audit
	Key    string // makes the event unique among those of the number: the version, or the id of a recovery
	Values map[string]string
}

// Tell writes the audit event, and the mail to the addresses as they were: in the transaction of what happened.
func Tell(names table.Names, p customer.Profile, h Happened, now time.Time, rand io.Reader) []types.TransactWriteItem {
	items := []types.TransactWriteItem{audit.Put(names, audit.Event{
		Number: p.Number, Action: h.Event, Actor: h.Actor, At: now, New: h.Values}, rand)}
	readers := emailchange.Owner(p, now)
	if len(readers) == 0 {
		return items
	}
	values := maps.Clone(h.Values)
	if values == nil {
		values = map[string]string{}
	}
	delete(values, ValueReason)
	values[outbox.ValueNumber] = p.Number
	return append(items, outbox.Put(names, outbox.Item{
		Event: h.Event, Key: fmt.Sprintf("%s#%s", p.Number, h.Key), CreatedAt: now, Values: values,
		Recipients: readers,
	}))
}
