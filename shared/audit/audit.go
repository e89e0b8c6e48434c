// Package audit keeps what was done to a customer number: who, when, what, from which order (M10). Events are put, never
// changed. Bank data must be masked by whoever makes the event (S20).
package audit

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Event is one entry. Actor is a customer number, somebody of the service team as session.StaffSession.Actor has them, or one of actor.go.
type Event struct {
	Number string            `dynamodbav:"number" json:"number"`
	Action string            `dynamodbav:"action" json:"action"`
	Actor  string            `dynamodbav:"actor" json:"actor"`
	At     time.Time         `dynamodbav:"at" json:"at"`
	Order  string            `dynamodbav:"order,omitempty" json:"order,omitempty"`
	Old    map[string]string `dynamodbav:"old,omitempty" json:"old,omitempty"`
	New    map[string]string `dynamodbav:"new,omitempty" json:"new,omitempty"`

	// Cursor of an event that was listed: a list goes on after it.
	Cursor string `dynamodbav:"-" json:"-"`
}

// Actions.
const (
	Imported             = "customer.imported" // created or brought up to date by the import
	SignedIn             = "sign-in"           // New holds browser, system, and how many tries failed since the one before
	SignInFailed         = "sign-in.failed"    // the first of a run of wrong passwords, and the one that begins the pause
	PasswordReset        = "password.reset"
	PasswordChanged      = "password.changed"
	DataExported         = "data.exported"
	CustomerViewed       = "customer.viewed"     // by the service team
	OrderViewed          = "merge.viewed"        // by the service team, at each number of the order
	Searched             = "search"              // by the service team, in StaffLog; New holds what for and the numbers found
	BankDataRevealed     = "bank-data.revealed"  // in full, to the service team; New holds the reason
	MailSent             = "mail.sent"           // handed to SES; New holds its subject
	MailFailed           = "mail.failed"         // given up on; New holds the event it was about
	MailReturned         = "mail.returned"       // by the mailbox, after SES took it; New holds why, and which mail it was
	MailResent           = "mail.resent"         // put back by the service team after it was given up on; New holds the event and why
	SessionEnded         = "session.ended"       // one, from the list; Old holds browser and system
	SessionsEnded        = "sessions.ended"      // all but the one it was asked from
	AllSessionsEnded     = "sessions.ended-all"  // by the service team
	ResetLinkAsked       = "password.link-asked" // by the service team; New holds the reason, as for the next three
	PauseEnded           = "sign-in.pause-ended" // by the service team
	MergingLocked        = "merging.locked"      // by the service team
	MergingUnlocked      = "merging.unlocked"    // by the service team
	MasterDataChanged    = "master-data.changed"
	EmailRequested       = "email.requested" // New has the address that waits for its confirmation
	EmailLinkResent      = "email.link-resent"
	EmailConfirmed       = "email.confirmed"
	EmailWithdrawn       = "email.withdrawn"          // by the customer, signed in
	EmailStopped         = "email.stopped"            // by the link that the old address got
	PackagePassword      = "package-password.changed" // New has the package's id under "package"
	ContractCancelled    = "contract.cancelled"       // New has package and id, kind and days of the notice
	CancellationDeclared = "contract.declared"        // without a sign-in, by whoever it was
	CancellationSettled  = "contract.declared-settled"
	NoticeWithdrawn      = "contract.cancellation-withdrawn"
	NoticeTakenUp        = "contract.cancellation-taken-up"
	SettingsChanged      = "package-settings.changed" // Old and New have the package's id under "package"
	ProofGiven           = "proof.given"              // of another number by its domain and package password; New has it under KeyProven
	NumberProven         = "number.proven"            // by another customer; New has who under KeyAsker, for the service team only
	ProposalsOff         = "proposals.off"            // hints at numbers that look like the own
	ProposalsOn          = "proposals.on"
	MergeSubmitted       = "merge.submitted"
	MergeApproved        = "merge.approved"
	MergeApprovedByOne   = "merge.approved-by-one" // of two
	MergeRejected        = "merge.rejected"
	MergeWithdrawn       = "merge.withdrawn"
	MergeVetoed          = "merge.vetoed"
	MergeExecuted        = "merge.executed"
	MergeFailed          = "merge.failed"
	MergeAnnounced       = "merge.announced"
	MergeExpired         = "merge.expired"
	MergeNotAnnounced    = "merge.not-announced" // the announcement did not reach a side
	MergeStale           = "merge.stale"
	MergeConfirmed       = "merge.confirmed"
	MergeClaimed         = "merge.claimed"
	MergeReleased        = "merge.released"
	MergeRetried         = "merge.retried"
	MergeObjected        = "merge.objected"
	MergeUndone          = "merge.undone"
	BarReleased          = "merge.bar-released"

	MergeObjectionDismissed = "merge.objection-dismissed"

	Forgotten  = "customer.forgotten"  // by the operator, in StaffLog; New holds the reason and counts, and nothing of the customer
	Readmitted = "customer.readmitted" // by the operator, in StaffLog: an import may bring the number again

	// Of second factors; the outbox uses the same words.
	SecondFactorSetUp     = "second-factor.set-up"
	SecondFactorRemoved   = "second-factor.removed"
	RecoveryCodesRenewed  = "second-factor.codes-renewed"
	RecoveryCodeUsed      = "second-factor.code-used"
	SecondStepFailed      = "second-factor.failed"
	CodesBlocked          = "second-factor.codes-blocked"
	PasskeyAdded          = "passkey.added"
	PasskeyRemoved        = "passkey.removed"
	FactorRecoveryStarted = "second-factor.recovery-started"
	FactorRecoveryStopped = "second-factor.recovery-stopped"
	FactorRecovered       = "second-factor.recovered"
)

// nonceBytes tell apart events of the same instant.
const nonceBytes = 4

// Put writes an event on condition that its key is new. An error of rand leaves the nonce at zero: a clash then cancels
// the transaction, it never overwrites.
func Put(names table.Names, e Event, rand io.Reader) types.TransactWriteItem {
	nonce := make([]byte, nonceBytes)
	_, _ = io.ReadFull(rand, nonce)
	item := table.With(table.Audit(e.Number, e.At, hex.EncodeToString(nonce)), table.MustMarshal(e))
	if key := orderEvent(e.Action, e.Number); key != "" {
		item[table.AttrOrderEvent] = table.S(key)
	} else if ttl := table.Until(e.At, names.Kept.Audit); ttl != nil {
		item[table.AttrTTL] = ttl
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName:           &names.Audit,
		Item:                item,
		ConditionExpression: aws.String("attribute_not_exists(pk)"),
	}}
}

// Store reads the Audit table.
type Store struct{ table.Store }

// List reads up to limit events of a number, newest first, after the cursor of the page before ("" for the first). next
// is "" on the last page.
func (s Store) List(ctx context.Context, number, after string, limit int) (events []Event, next string, err error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Audit, KeyConditionExpression: aws.String("pk = :pk"),
		ExpressionAttributeValues: table.Item{":pk": table.S(table.Customer(number))},
		ScanIndexForward:          aws.Bool(false), Limit: aws.Int32(int32(limit)), ConsistentRead: aws.Bool(true),
	}
	if after != "" {
		in.KeyConditionExpression = aws.String("pk = :pk AND sk < :after") // whatever a visitor made of the cursor
		in.ExpressionAttributeValues[":after"] = table.S(after)
	}
	out, err := s.DB.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list audit events: %w", err)
	}
	for _, item := range out.Items {
		var e Event
		if err := table.Unmarshal(item, &e); err != nil {
			return nil, "", err
		}
		e.Cursor = table.String(item, table.AttrSK)
		events = append(events, e)
	}
	return events, table.String(out.LastEvaluatedKey, table.AttrSK), nil
}
