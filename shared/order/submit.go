package order

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// Review deadlines. The first is promised to the customer on the page of the order, in working days. The order is
// given up only much later.
const (
	reviewWithin = 2 // working days
	expireAfter  = 14 * 24 * time.Hour
	// idempotencyLifetime is how long a repeated submission finds its first answer.
	idempotencyLifetime = 7 * 24 * time.Hour
)

// ProofLifetime is how long a good proof allows a submission; comparison and
// choices stay, only the package password is asked for again.
const ProofLifetime = 30 * time.Minute

// Submission is a customer's "Auftrag abschicken".
type Submission struct {
	Customer       string
	Epoch          int64  // of the session: one that was ended meanwhile submits nothing (S12)
	Digest         string // over what the page showed (M5)
	IdempotencyKey string // a double submit gives the same order (M9)
	PasswordGiven  bool   // the customer password was asked for again, and was right (S7)
}

// ErrPassword: the order adopts the e-mail address or bank data of another number, and the customer password was not
// given again (S7). This is decided by the values that are written, which may differ from those that the page was
// made of.
var ErrPassword = errors.New("order: customer password needed")

// ErrSignedOut: the session was ended by a new password, a merge or another device
// while its request was under way.
var ErrSignedOut = errors.New("order: session ended")

// Blocked says which number cannot be merged, and why.
type Blocked struct {
	Number string
	Reason merge.Reason
}

func (b *Blocked) Error() string { return "order: blocked: " + b.Reason.Code }

// Submit turns the draft into an order: it locks all numbers, checks that the values are those that were shown, and
// leaves the announcement to the outbox. Errors: *Blocked, ErrDigest, ErrDraftChanged, ErrPassword, ErrSignedOut,
// *TooMany.
func (s Store) Submit(ctx context.Context, sub Submission) (Order, error) {
	if o, err := s.Submitted(ctx, sub); !errors.Is(err, ErrNotFound) {
		return o, err
	}
	d, err := s.Draft(ctx, sub.Customer)
	if err != nil {
		return Order{}, err
	}
	if len(d.Sources) == 0 {
		return s.nothingToSubmit(ctx, sub)
	}
	profiles, err := s.Parties(ctx, d)
	if err != nil {
		return Order{}, err
	}
	own := profiles[d.Number]
	if own.Epoch != sub.Epoch {
		return Order{}, ErrSignedOut
	}
	if blocked, err := s.unproven(ctx, d, profiles); err != nil {
		return Order{}, err
	} else if blocked != nil {
		return Order{}, blocked
	}
	if blocked := s.blockedBy(d, profiles); blocked != nil {
		return Order{}, blocked
	}
	o, err := s.newOrder(d, profiles)
	if err != nil {
		return Order{}, err
	}
	if o.Digest != sub.Digest {
		return Order{}, ErrDigest
	}
	if merge.NeedsPassword(o.Merging()) && !sub.PasswordGiven {
		return Order{}, ErrPassword
	}
	counts, err := s.countSubmission(ctx, o, sub)
	if err != nil {
		return Order{}, err
	}
	written, err := s.writeSubmission(ctx, sub, d, o, profiles)
	if err != nil {
		if _, copied := s.Submitted(ctx, sub); errors.Is(copied, ErrNotFound) { // no copy of this submission wrote it
			s.takeBack(ctx, counts)
		}
	}
	return written, err
}

// Submitted finds the order that this idempotency key made before, else ErrNotFound.
func (s Store) Submitted(ctx context.Context, sub Submission) (Order, error) {
	out, err := s.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.Names.MergeOrders, Key: table.Idempotency(sub.Customer, sub.IdempotencyKey), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return Order{}, fmt.Errorf("submission: read idempotency key: %w", err)
	}
	id, ok := out.Item["order"].(*types.AttributeValueMemberS)
	if !ok {
		return Order{}, ErrNotFound
	}
	return s.Get(ctx, id.Value)
}

// Parties reads the profiles of the draft: the own number, the sources, and what was merged into them.
func (s Store) Parties(ctx context.Context, d Draft) (Profiles, error) {
	profiles, err := ReadProfiles(ctx, customer.Store{Store: s.Store}, d.numbers()...)
	if err != nil {
		return nil, fmt.Errorf("submission: read profiles: %w", err)
	}
	return profiles, nil
}

// nothingToSubmit says why a draft is empty: usually the same submission, or one in another tab, was faster.
func (s Store) nothingToSubmit(ctx context.Context, sub Submission) (Order, error) {
	if o, err := s.Submitted(ctx, sub); !errors.Is(err, ErrNotFound) {
		return o, err
	}
	id, err := s.OpenOrder(ctx, sub.Customer)
	switch {
	case err != nil:
		return Order{}, err
	case id != "":
		return Order{}, &Blocked{Number: sub.Customer, Reason: merge.OpenMergeOwn}
	}
	return Order{}, &Blocked{Reason: merge.NothingToSubmit}
}

// blockedBy applies the rules once more at the submission. The customer has proven every number by now (M3).
func (s Store) blockedBy(d Draft, profiles Profiles) *Blocked {
	own, facts := profiles.Facts(d.Number), make([]merge.Facts, len(d.Sources))
	for i, source := range d.Sources {
		facts[i] = profiles.Facts(source.Number)
		if !source.Adopted {
			return &Blocked{Number: source.Number, Reason: merge.NotAdopted}
		}
		if reason := merge.Block(s.Speller, own, facts[i]); reason != nil {
			return &Blocked{Number: source.Number, Reason: *reason}
		}
	}
	if reason := merge.Limit(own, facts); reason != nil {
		return &Blocked{Number: d.Number, Reason: *reason}
	}
	return nil
}

func (s Store) newOrder(d Draft, profiles Profiles) (Order, error) {
	id, err := merge.NewOrderID(s.Rand)
	if err != nil {
		return Order{}, fmt.Errorf("submission: order id: %w", err)
	}
	now := s.Now().UTC()
	o := Order{
		ID: id, Customer: d.Number, State: merge.Submitted, Run: 1, Salt: d.Salt,
		Survivor: profiles.Party(d.Number), SubmittedAt: now, VetoHours: s.VetoHours,
		EscalateAt: s.Workdays.After(now, reviewWithin), ExpireAt: now.Add(expireAfter),
		Recipients: recipients(profiles[d.Number], profiles.of(d.numbers()[1:]), now),
		History:    []Step{{At: now, State: merge.Submitted, Actor: d.Number}},
	}
	for _, proof := range d.Sources {
		o.Sources = append(o.Sources, Source{
			Party: profiles.Party(proof.Number), Choices: proof.Choices,
			Package: proof.Package, Domain: proof.Domain, ProvenAt: proof.ProvenAt, Proof: proof.Version,
			Compared: d.Compared[proof.Number],
		})
	}
	o.Digest = o.digest()
	o.last().Digest = o.Digest
	o.ToAnnounce = mailboxesToTell(o.Recipients)
	return o, nil
}

func (s Store) writeSubmission(ctx context.Context, sub Submission, d Draft, o Order, profiles Profiles) (Order, error) {
	put, err := s.put(&o)
	if err != nil {
		return Order{}, err
	}
	items := []types.TransactWriteItem{put, s.dropDraft(d), s.idempotency(sub, o)}
	locksFrom := len(items)
	for _, n := range o.Numbers() {
		items = append(items, s.lock(n, o.ID))
	}
	checksFrom := len(items)
	for _, p := range profiles.of(o.Numbers()) {
		items = append(items, customer.Check(s.Names, p)) // the values that were shown (M5)
	}
	barsFrom := len(items)
	for _, n := range o.SourceNumbers() {
		items = append(items, s.checkNoBar(o.Customer, n))
	}
	items = append(items, outbox.Put(s.Names, s.event(o, outbox.OrderSubmitted, "", nil)))
	items = append(items, s.audits(o, audit.MergeSubmitted, o.Customer)...)
	err = s.Transact(ctx, items, "")
	var cancelled *table.Cancelled
	if errors.As(err, &cancelled) {
		return s.refused(ctx, sub, o, cancelled, positions{locksFrom, checksFrom, barsFrom})
	}
	if err != nil {
		return Order{}, fmt.Errorf("submission: write: %w", err)
	}
	return o, nil
}

// positions are the indexes in the transaction at which each kind of condition begins.
type positions struct{ locks, checks, bars int }

// refused finds out which condition failed; the most informative one first.
func (s Store) refused(ctx context.Context, sub Submission, o Order, c *table.Cancelled, at positions) (Order, error) {
	if c.Failed(1) || c.Failed(2) {
		// The same submission came through a moment ago, or the draft changed in another tab.
		if first, err := s.Submitted(ctx, sub); err == nil {
			return first, nil
		}
		return Order{}, ErrDraftChanged
	}
	for i, n := range o.SourceNumbers() {
		if c.Failed(at.bars + i) {
			return Order{}, &Blocked{Number: n, Reason: merge.Barred}
		}
	}
	for i, n := range o.Numbers() {
		if c.Failed(at.locks + i) {
			return Order{}, &Blocked{Number: n, Reason: openMerge(n, o)}
		}
		if c.Failed(at.checks + i) {
			return Order{}, ErrDigest
		}
	}
	return Order{}, fmt.Errorf("submission: write: %w", c)
}

func openMerge(n string, o Order) merge.Reason {
	if n == o.Customer {
		return merge.OpenMergeOwn
	}
	return merge.OpenMergeOther
}

func (s Store) idempotency(sub Submission, o Order) types.TransactWriteItem {
	item := table.Idempotency(sub.Customer, sub.IdempotencyKey)
	item["order"] = table.S(o.ID)
	item["ttl"] = table.N(s.Now().Add(idempotencyLifetime).Unix())
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &s.Names.MergeOrders, Item: item, ConditionExpression: aws.String("attribute_not_exists(pk)"),
	}}
}

// VetoHoursFromEnv reads VETO_HOURS, the length of the veto period in hours.
func VetoHoursFromEnv() (int, error) {
	hours, err := strconv.Atoi(os.Getenv("VETO_HOURS"))
	if err != nil || hours < 0 {
		return 0, errors.New("VETO_HOURS must be a whole number of hours, 0 or more")
	}
	return hours, nil
}
