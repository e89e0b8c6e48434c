package order

import (
	"errors"
	"slices"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

var (
	// ErrNotFound: no such order, or not one of this customer (S11).
	ErrNotFound = errors.New("order: not found")
	// ErrState: the order is no longer in a state that allows the change.
	ErrState = errors.New("order: state does not allow this")
	// ErrDigest: the values differ from those that were shown (M5).
	ErrDigest = errors.New("order: data changed since it was shown")
	// ErrBusy: other writers changed the order at each of our attempts.
	ErrBusy = table.Busy("order: too many changes at once")
)

// Order is a merge order with everything needed to tell later who merged what,
// when and with which values (M10).
type Order struct {
	ID       string      `dynamodbav:"id"`
	Customer string      `dynamodbav:"customer"` // surviving number: the one that ordered
	State    merge.State `dynamodbav:"state"`
	Rev      int64       `dynamodbav:"rev"` // raised by every write; writes condition on it
	Run      int         `dynamodbav:"run"` // number of the workflow execution in charge

	Survivor Party    `dynamodbav:"survivor"`
	Sources  []Source `dynamodbav:"sources"`
	Digest   string   `dynamodbav:"digest"`
	Salt     string   `dynamodbav:"salt"` // of the digest; the draft's, and as secret

	SubmittedAt time.Time   `dynamodbav:"submittedAt"`
	EscalateAt  time.Time   `dynamodbav:"escalateAt"`  // review overdue from here
	ExpireAt    time.Time   `dynamodbav:"expireAt"`    // review given up from here
	ConfirmBy   time.Time   `dynamodbav:"confirmBy"`   // when STALE: given up from here
	AnnouncedAt time.Time   `dynamodbav:"announcedAt"` // announcement to the last other side accepted by SES
	Announced   []string    `dynamodbav:"announced"`   // outbox ids of announcements sent
	ToAnnounce  int         `dynamodbav:"toAnnounce"`  // announcements that must be sent before the veto period starts
	VetoHours   int         `dynamodbav:"vetoHours"`
	Unreached   []Unreached `dynamodbav:"untold"`  // numbers whose owner the announcement did not reach
	Contact     string      `dynamodbav:"contact"` // how the service team told them otherwise; stays inside
	ContactedAt time.Time   `dynamodbav:"contactedAt"`
	DecidedAt   time.Time   `dynamodbav:"decidedAt"`
	ExecutedAt  time.Time   `dynamodbav:"executedAt"`
	Escalated   bool        `dynamodbav:"escalated"`
	// An objection came after the execution; it is open until it ended.
	ObjectedAt     time.Time `dynamodbav:"objectedAt"`
	ObjectionEnded time.Time `dynamodbav:"objectionEnded"`
	Opposed        []string  `dynamodbav:"opposed"` // sources whose owners said no by their links, before or after
	Held           []string  `dynamodbav:"held"`    // numbers that the objection holds while it is open
	Abuse          bool      `dynamodbav:"abuse"`   // of an undone one: the service team says that the merge was nobody's will

	Reviewer string `dynamodbav:"reviewer"`
	Reason   string `dynamodbav:"reason"` // to the ordering customer
	Note     string `dynamodbav:"note"`   // inside the service team only
	Failure  string `dynamodbav:"failure"`

	ClaimedBy string    `dynamodbav:"claimedBy"`
	ClaimedAt time.Time `dynamodbav:"claimedAt"`
	// FirstApproval waits for that of a second person.
	FirstApproval *FirstApproval `dynamodbav:"firstApproval,omitempty"`

	Task       Task               `dynamodbav:"task"`
	Recipients []outbox.Recipient `dynamodbav:"recipients"` // addresses at submission (M4)
	History    []Step             `dynamodbav:"history"`
	Before     *Before            `dynamodbav:"before,omitempty"`
	First      *Shown             `dynamodbav:"first,omitempty"` // set with the first confirmation
}

// Party is one number of an order as it was when it was shown.
type Party struct {
	Record        merge.Record `dynamodbav:"record"`
	Version       int64        `dynamodbav:"version"` // profile version the values belong to
	Members       []string     `dynamodbav:"members"` // numbers merged into it earlier
	EmailChanged  time.Time    `dynamodbav:"emailChanged"`
	Language      string       `dynamodbav:"language"`
	CustomerSince time.Time    `dynamodbav:"customerSince"` // when the number was imported
	// Balances are those of the number and its members that were not zero. What is owed cannot be among them; a credit decides nothing.
	Balances []merge.Balance `dynamodbav:"balances,omitempty"`
}

// Source is a number to be merged, with its proof and the customer's choices.
type Source struct {
	Party
	Choices  merge.Choices `dynamodbav:"choices"`
	Package  string        `dynamodbav:"package"`  // package whose password was the proof
	Domain   string        `dynamodbav:"domain"`   // domain (or package number) as entered, folded
	ProvenAt time.Time     `dynamodbav:"provenAt"` // the proof lasts 30 min (ProofLifetime)
	Proof    int64         `dynamodbav:"proof"`    // version of the package password that was the proof
	Compared Compared      `dynamodbav:"compared"` // how often the customer compared other own values with it before
}

// Task is the workflow's waiting review task. The token is a capability: never logged.
type Task struct {
	Token string `dynamodbav:"token"`
	Run   int    `dynamodbav:"run"`
	// Entered is when the run entered the review, in the workflow's own writing: it
	// sorts by time. A run enters it anew each hour, and counts its retries from 0.
	Entered string `dynamodbav:"entered"`
	Retry   int    `dynamodbav:"retry"`
}

// Step is one line of an order's history.
type Step struct {
	At    time.Time   `dynamodbav:"at"`
	State merge.State `dynamodbav:"state"`
	Actor string      `dynamodbav:"actor"` // as in audit.Event
	Event string      `dynamodbav:"event"` // what happened within the state, "" when the state was entered
	// Numbers are those whose owners said no by their links.
	Numbers []string `dynamodbav:"numbers,omitempty"`
	// What was said and seen at this step (M10); the order itself has the latest only. Note and contact stay inside.
	Reason  string `dynamodbav:"reason,omitempty"`
	Note    string `dynamodbav:"note,omitempty"`
	Contact string `dynamodbav:"contact,omitempty"`
	Digest  string `dynamodbav:"digest,omitempty"` // of what was submitted, confirmed or decided on
}

// Shown is what an order was submitted with, kept when its customer confirms other
// data: each digest in between stands in the history.
type Shown struct {
	Survivor Party    `dynamodbav:"survivor"`
	Sources  []Source `dynamodbav:"sources"`
	Digest   string   `dynamodbav:"digest"`
}

// AsSubmitted is the order with the values that it was submitted with.
func (o Order) AsSubmitted() Order {
	if o.First != nil {
		o.Survivor, o.Sources, o.Digest = o.First.Survivor, o.First.Sources, o.First.Digest
	}
	return o
}

// last is the step of what is happening.
func (o *Order) last() *Step { return &o.History[len(o.History)-1] }

// What happens to an order without a change of state.
const (
	Objection          = "objection"
	ObjectionDismissed = "objection.dismissed"
	Escalation         = "escalation"
	AnnouncementFailed = "announcement.failed"
	ProofGone          = "proof.gone" // a package password changed before the order was announced
	Contacted          = "contacted"  // the service team told the other side by another way
	ApprovedByOne      = "approved.one"
)

// CustomerSteps are the steps that the customer sees: all but those that only the service
// team has to know.
func (o Order) CustomerSteps() []Step {
	inside := []string{Escalation, AnnouncementFailed, Contacted, ApprovedByOne}
	return slices.DeleteFunc(slices.Clone(o.History), func(s Step) bool { return slices.Contains(inside, s.Event) })
}

// Before keeps what an exact undo needs (M7): values as they were before execution.
type Before struct {
	Survivor merge.Record        `dynamodbav:"survivor"`
	Members  map[string][]string `dynamodbav:"members"` // of every number involved
	Into     map[string]string   `dynamodbav:"into"`    // previous mergedInto of the sources' earlier numbers
}

// Numbers lists the surviving number and all sources, in that order.
func (o Order) Numbers() []string {
	return append([]string{o.Customer}, o.SourceNumbers()...)
}

// SourceNumbers lists the source numbers in the order in which they were added.
func (o Order) SourceNumbers() []string {
	numbers := make([]string, len(o.Sources))
	for i, s := range o.Sources {
		numbers[i] = s.Record.Number
	}
	return numbers
}

// Result is the surviving number's master data after execution.
func (o Order) Result() merge.Record {
	return merge.Result(o.Survivor.Record, o.Merging())
}

// digest is over the values and choices that the order has (M5).
func (o Order) digest() string { return merge.Digest(o.Salt, o.Survivor.Record, o.Merging()) }

// Merging lists the sources as shared/merge takes them.
func (o Order) Merging() []merge.Source {
	sources := make([]merge.Source, len(o.Sources))
	for i, s := range o.Sources {
		sources[i] = merge.Source{Record: s.Record, Choices: s.Choices}
	}
	return sources
}

// Waiting reports whether the order waits for a decision of the service team, or
// for the customer to confirm data that changed.
func (o Order) Waiting() bool { return o.State == merge.InReview || o.State == merge.Stale }

// sameAddressFor is how long both sides must have had one address, and have been known
// to us with it, for the veto period to be needless: whoever reads that mailbox ordered
// the merge.
const sameAddressFor = 30 * 24 * time.Hour

// VetoUntil is the end of the veto period; ok is false while the announcement
// has not been sent, since the period starts only then (M4). A side that it did not
// reach stops the clock until the service team has spoken to it.
func (o Order) VetoUntil() (end time.Time, ok bool) {
	start := o.AnnouncedAt
	switch {
	case len(o.Unreached) > 0:
		start = o.ContactedAt
	case o.ownAddressOnly():
		return o.SubmittedAt, true
	}
	if start.IsZero() {
		return time.Time{}, false
	}
	return start.Add(time.Duration(o.VetoHours) * time.Hour), true
}

// VetoApplies reports whether there is a time in which the other side may say no before the execution.
func (o Order) VetoApplies() bool {
	return o.VetoHours > 0 && (len(o.Unreached) > 0 || !o.ownAddressOnly())
}

func (o Order) ownAddressOnly() bool {
	settled := o.SubmittedAt.Add(-sameAddressFor)
	if o.Survivor.Record.Email == "" || !o.Survivor.emailKnownBy(settled) {
		return false
	}
	for _, s := range o.Sources {
		if s.Record.Email != o.Survivor.Record.Email || !s.emailKnownBy(settled) {
			return false
		}
	}
	return true
}

// emailKnownBy reports whether the address was in force at a time. An imported number
// counts from its import: nobody could object to what its address was before. One of
// which it is not known since when we have it is not known long enough.
func (p Party) emailKnownBy(t time.Time) bool {
	return !p.CustomerSince.IsZero() && !latest(p.CustomerSince, p.EmailChanged).After(t)
}
