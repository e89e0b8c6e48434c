// Package outbox keeps every side effect of a state change, written in the transaction of the change itself: mails,
// the start or waking of a workflow, events for the operator's systems. dispatch reads its stream and does them.
//
// An item holds recipients' addresses, language and the printed values as they were at the change: a thief who changes
// the e-mail address must not get the warning that goes to the old one (S7). It holds no tokens, and bank data masked.
package outbox

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Events. The key of an order event is the order's id, followed by the run or retry where the same event can happen
// again.
const (
	PasswordChanged      = "password.changed"
	MasterDataChanged    = "master-data.changed"
	PackageChanged       = "package-settings.changed"
	EmailRequested       = "email.requested" // to the old address: a link that stops the change
	EmailConfirm         = "email.confirm"   // to the new address: a link that confirms it
	PackagePassword      = "package-password.changed"
	ContractCancelled    = "contract.cancelled" // a customer gave notice for a package
	NoticeWithdrawn      = "contract.cancellation-withdrawn"
	NoticeTakenUp        = "contract.cancellation-taken-up" // by the operator's team
	CancellationDeclared = "contract.declared"              // somebody cancelled without a sign-in
	OwnerOfDeclared      = "contract.declared-owner"        // to the owner of the contract that was named
	NumberProven         = "number.proven"                  // somebody knows a domain and the package password of the number
	OrderSubmitted       = "order.submitted"                // starts the workflow
	OrderAnnounced       = "order.announced"
	OrderApproved        = "order.approved"
	OrderRejected        = "order.rejected"
	OrderWithdrawn       = "order.withdrawn"
	OrderVetoed          = "order.vetoed"
	OrderExecuted        = "order.executed"
	OrderFailed          = "order.failed"
	OrderExpired         = "order.expired"
	OrderStale           = "order.stale"
	OrderConfirmed       = "order.confirmed" // the customer agreed to changed data
	OrderObjected        = "order.objected"  // the other side objected after the execution
	OrderUndone          = "order.undone"
	OrderEscalated       = "order.escalated" // the review is overdue; for the service team
	OrderRestarted       = "order.restarted" // starts the next run of the workflow
	MergeExecuted        = "merge.executed"  // for the operator's systems
	MergeUndone          = "merge.undone"

	OrderObjectionDismissed = "order.objection-dismissed"

	// Of second factors: shared/secondfactor. The audit uses the same words.
	SecondFactorSetUp     = "second-factor.set-up"
	SecondFactorRemoved   = "second-factor.removed"
	RecoveryCodesRenewed  = "second-factor.codes-renewed"
	RecoveryCodeUsed      = "second-factor.code-used"
	SecondStepFailed      = "second-factor.failed"
	PasskeyAdded          = "passkey.added"
	PasskeyRemoved        = "passkey.removed"
	FactorRecoveryStarted = "second-factor.recovery-started"
	FactorRecoveryStopped = "second-factor.recovery-stopped"
	FactorRecoveryDue     = "second-factor.recovery-due" // the waiting time is over; nobody is written about it
	FactorRecovered       = "second-factor.recovered"    // removed at the end of the waiting time
)

// Recipient is an address as it was at the time of the change. Numbers are the customer numbers that it stands for in
// the event; Own says that the ordering or acting customer is among them.
//
// Earlier says that the address is no longer in force. It may be another person's by now, so the mail tells only what
// is needed to say no. MayFail says that nothing depends on reaching it.
type Recipient struct {
	Address  string   `dynamodbav:"address" json:"address"`
	Language string   `dynamodbav:"language,omitempty" json:"language"`
	Name     string   `dynamodbav:"name,omitempty" json:"name"`
	Numbers  []string `dynamodbav:"numbers,omitempty" json:"numbers"`
	Own      bool     `dynamodbav:"own" json:"own"`
	Earlier  bool     `dynamodbav:"earlier,omitempty" json:"earlier,omitempty"`
	MayFail  bool     `dynamodbav:"mayFail,omitempty" json:"-"`
}

// Item is one side effect and how far its delivery got. Its id follows from event and key, so that the same one is
// written once (M9). An event with several recipients is one item, from which dispatch makes one a recipient.
type Item struct {
	ID         string            `dynamodbav:"pk"`
	Event      string            `dynamodbav:"event"`
	Key        string            `dynamodbav:"key"`
	Order      string            `dynamodbav:"order,omitempty"`
	Recipients []Recipient       `dynamodbav:"recipients,omitempty"`
	Values     map[string]string `dynamodbav:"values,omitempty"`
	CreatedAt  time.Time         `dynamodbav:"createdAt"`
	Parent     string            `dynamodbav:"parent,omitempty"`              // of the mail of one recipient: the id of the event's item
	NotBefore  int64             `dynamodbav:"notBefore,omitempty"`           // Unix seconds; nobody can claim it earlier
	Collected  []string          `dynamodbav:"collected,stringset,omitempty"` // of one that collects: the ids of the mails that it tells

	// State of the delivery. Due and NextTry are the keys of the index, and are removed when the item is done. Items
	// that were given up on are in partitions of their own, with the time in nanoseconds.
	Due        string    `dynamodbav:"due,omitempty"`
	NextTry    int64     `dynamodbav:"nextTry,omitempty"` // Unix seconds
	Tries      int64     `dynamodbav:"tries"`
	LeaseUntil time.Time `dynamodbav:"leaseUntil,omitempty"`
	LeaseID    string    `dynamodbav:"leaseId,omitempty"`
	DoneAt     time.Time `dynamodbav:"doneAt,omitempty"`
	GivenUpAt  time.Time `dynamodbav:"givenUpAt,omitempty"`
	LastError  string    `dynamodbav:"lastError,omitempty"`
	MessageID  string    `dynamodbav:"messageId,omitempty"` // SES's id of the mail
	TTL        int64     `dynamodbav:"ttl,omitempty"`       // Unix seconds; of what is done or given up on

	// Abandoned says that the previous claimer ended without noting a result: its mail may have been sent or not.
	Abandoned bool `dynamodbav:"-"`
}

// RedriveAfter is when the schedule takes an item that the stream has not delivered. The stream usually delivers
// within seconds, but can lag, and keeps records for 24 hours only.
const RedriveAfter = 5 * time.Minute

// Put writes an item on condition that it does not exist. ID, Due and NextTry are set here. One that must wait (NotBefore)
// is left alone by the stream and done by the schedule.
func Put(names table.Names, item Item) types.TransactWriteItem {
	item.ID = table.OutboxID(item.Event, item.Key)
	item.Due, item.NextTry = table.DueShard(item.ID), item.CreatedAt.Add(RedriveAfter).Unix()
	if item.NotBefore > 0 {
		item.NextTry = item.NotBefore
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &names.Outbox, Item: table.MustMarshal(item),
		ConditionExpression: aws.String("attribute_not_exists(pk)"),
	}}
}

// For is the item for one of several recipients; its id is made of the event's id and the recipient.
func (item Item) For(r Recipient) Item {
	return Item{Event: item.Event, Key: item.Key + "#" + table.Hash(strings.ToLower(r.Address))[:16], Order: item.Order,
		Recipients: []Recipient{r}, Values: item.Values, CreatedAt: item.CreatedAt, Parent: item.ID}
}

// FromImage reads an item from a stream record's new image or a query.
func FromImage(image table.Item) (Item, error) {
	var item Item
	return item, table.Unmarshal(image, &item)
}
