package customers

import (
	"context"
	"encoding/hex"
	"io"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// DefaultRecoveryWait is how long a customer can stop the removal of the second factor.
const DefaultRecoveryWait = 72 * time.Hour

// Recoveries starts what takes a second factor away after a waiting time. The service team never sees or changes the
// factor itself.
type Recoveries struct {
	table.Store
	Wait time.Duration
}

// Recovery is a recovery to be begun.
type Recovery struct {
	ID, By, Reason string
	At             time.Time
}

// Begin starts a recovery with its audit event and mail, whose sending begins the waiting time; ErrCondition when there is no second factor or one is under way.
func (s Recoveries) Begin(ctx context.Context, p customer.Profile, begun Recovery, rand io.Reader) error {
	end := begun.At.Add(s.Wait)
	recovery := secondfactor.Recovery{ID: begun.ID, EndAt: end, By: begun.By, At: begun.At}
	items := append(secondfactor.Tell(s.Names, p, secondfactor.Happened{Event: outbox.FactorRecoveryStarted, Actor: begun.By, Key: begun.ID,
		Values: map[string]string{secondfactor.ValueID: begun.ID, secondfactor.ValueEnd: table.FormatTime(end), secondfactor.ValueBy: begun.By, secondfactor.ValueReason: begun.Reason}},
		begun.At, rand),
		secondfactor.StartRecovery(s.Names, p.Number, recovery),
		customer.Check(s.Names, p)) // the address that is told is still the customer's
	return s.Transact(ctx, items, "")
}

// newRecoveryID is what tells the recoveries of a customer apart.
func newRecoveryID(rand io.Reader) (string, error) {
	raw := make([]byte, 8)
	_, err := io.ReadFull(rand, raw)
	return hex.EncodeToString(raw), err
}
