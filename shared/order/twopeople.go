package order

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/merge"
)

// FirstApproval is the approval of the first of two people, while an order in review waits for the second. It falls with any
// change of state, so that it stands for the values of the order as they are.
type FirstApproval struct {
	By      string    `dynamodbav:"by"`     // as in audit.Event
	Person  string    `dynamodbav:"person"` // whatever they were called
	At      time.Time `dynamodbav:"at"`
	Reason  string    `dynamodbav:"reason,omitempty"`
	Note    string    `dynamodbav:"note,omitempty"`
	Contact string    `dynamodbav:"contact,omitempty"`
}

// waitsForSecond says whether an approval leaves the order waiting for another person's, also when nothing would demand a
// second one any more: what was begun by two is ended by two.
func (o Order) waitsForSecond(d Decision, to merge.State) bool {
	if to != merge.Approved || o.State != merge.InReview {
		return false
	}
	if o.FirstApproval == nil {
		return d.NeedsSecond
	}
	return o.FirstApproval.Person == d.Person
}

// approveFirst notes the first approval and gives the order back to everybody. Of the same person twice there is one.
func (s Store) approveFirst(o *Order, d Decision) ([]types.TransactWriteItem, error) {
	if o.FirstApproval != nil {
		return nil, errNothing
	}
	if o.Stopped() && d.Contact == "" {
		return nil, ErrContact
	}
	now := s.Now().UTC()
	o.FirstApproval = &FirstApproval{By: d.Reviewer, Person: d.Person, At: now, Reason: d.Reason, Note: d.Note, Contact: d.Contact}
	o.History = append(o.History, Step{At: now, State: o.State, Actor: d.Reviewer, Event: ApprovedByOne, Reason: d.Reason, Note: d.Note, Contact: d.Contact, Digest: d.Digest})
	o.ClaimedBy = ""
	return s.audits(*o, audit.MergeApprovedByOne, d.Reviewer), nil
}
