package secondfactor

import (
	"fmt"
	"io"
	"maps"
	"slices"
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

// warnedSince is how long ago an address may have ceased to be in force whose owner is still told of a recovery: who wants
// the second step away may have seen to another address first.
const warnedSince = 30 * 24 * time.Hour

// ofRecovery are the events that the owners of earlier addresses are told of, too.
var ofRecovery = []string{outbox.FactorRecoveryStarted, outbox.FactorRecoveryStopped, outbox.FactorRecovered}

// Tell writes the audit event, and the mail to the address as it was: in the transaction of what happened. Of a recovery
// the addresses of the last days are told, too; the one in force is marked as the customer's own.
func Tell(names table.Names, p customer.Profile, h Happened, now time.Time, rand io.Reader) []types.TransactWriteItem {
	items := []types.TransactWriteItem{audit.Put(names, audit.Event{
		Number: p.Number, Action: h.Event, Actor: h.Actor, At: now, New: h.Values}, rand)}
	readers := recipients(p, h.Event, now)
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

func recipients(p customer.Profile, event string, now time.Time) []outbox.Recipient {
	if !slices.Contains(ofRecovery, event) {
		return emailchange.Owner(p, now)
	}
	var to []outbox.Recipient
	for _, address := range p.AddressesSince(now.Add(-warnedSince)) {
		r := p.Recipient(address)
		r.Own, r.Earlier = p.Reads(address), !p.Reads(address)
		to = append(to, r)
	}
	return to
}
