package order

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
)

// saltLength is in bytes; with it, guessing the values behind a digest is as hard as guessing the digest.
const saltLength = 32

// ErrDraftChanged: the draft was changed in another tab between reading and writing it.
var ErrDraftChanged = errors.New("order: draft changed meanwhile")

// Draft is what a customer has chosen so far. It holds no data of other numbers,
// only which were proven and how; the comparison is made anew from the records.
type Draft struct {
	Number    string        `dynamodbav:"number"`
	Version   int64         `dynamodbav:"version"` // 0: not stored yet
	Salt      string        `dynamodbav:"salt"`    // of the digest; never shown, and made with the first save
	Sources   []DraftSource `dynamodbav:"sources"`
	UpdatedAt time.Time     `dynamodbav:"updatedAt"`

	// Compared records, by number, which of the customer's own values were compared with it. It stays when the number
	// is removed from the draft.
	Compared map[string]Compared `dynamodbav:"compared,omitempty"`
}

// Compared says with which of the customer's own values a number was compared last (as a fingerprint), and how often
// these changed between comparisons. Each change is another guess at the masked values, so that it needs a new proof,
// and proofs are counted (M3).
type Compared struct {
	Fingerprint string `dynamodbav:"fingerprint"`
	Times       int    `dynamodbav:"times"`
}

// DraftSource is one proven number of a draft.
type DraftSource struct {
	Number   string    `dynamodbav:"number"`
	Package  string    `dynamodbav:"package"`
	Domain   string    `dynamodbav:"domain"`
	Version  int64     `dynamodbav:"version"` // of the package password that was the proof
	ProvenAt time.Time `dynamodbav:"provenAt"`
	Adopted  bool      `dynamodbav:"adopted"`
	// AdoptedAt is when the choices were made last.
	AdoptedAt time.Time     `dynamodbav:"adoptedAt,omitempty"`
	Choices   merge.Choices `dynamodbav:"choices"`
}

// Source finds a number in the draft.
func (d *Draft) Source(number string) *DraftSource {
	i := slices.IndexFunc(d.Sources, func(s DraftSource) bool { return s.Number == number })
	if i < 0 {
		return nil
	}
	return &d.Sources[i]
}

// numbers are the own number and those of the draft, in their order.
func (d Draft) numbers() []string {
	numbers := []string{d.Number}
	for _, s := range d.Sources {
		numbers = append(numbers, s.Number)
	}
	return numbers
}

// Proof is what proved a number: a package by its domain, the version of the package's password, and the fingerprint of the
// own values that the proof lets the customer compare (merge.Fingerprint).
type Proof struct {
	Number, Package, Domain string
	Version                 int64
	Fingerprint             string
}

// Prove adds a number to the draft, or renews its proof and keeps the choices made for it. The proof is bound to this
// version of the package password and to this fingerprint of the own values.
func (d *Draft) Prove(p Proof, now time.Time) {
	if d.Compares(p) {
		if d.Compared == nil {
			d.Compared = map[string]Compared{}
		}
		d.Compared[p.Number] = Compared{Fingerprint: p.Fingerprint, Times: d.Compared[p.Number].Times + 1}
	}
	s := d.Source(p.Number)
	if s == nil {
		d.Sources = append(d.Sources, DraftSource{Number: p.Number})
		s = &d.Sources[len(d.Sources)-1]
	}
	s.Package, s.Domain, s.Version, s.ProvenAt = p.Package, p.Domain, p.Version, now
}

// Compares reports whether the proof allows a comparison with own values other than those compared last.
func (d *Draft) Compares(p Proof) bool { return d.Compared[p.Number].Fingerprint != p.Fingerprint }

// Adopt records the choices for a number. At most one source can supply a group of fields: choosing "other" takes the
// group away from the source that had it, whose number is returned so that the page can say so. ok is false when the
// number is not in the draft.
func (d *Draft) Adopt(number string, choices merge.Choices) (replaced []merge.Replaced, ok bool) {
	s := d.Source(number)
	if s == nil {
		return nil, false
	}
	sources := make([]merge.Source, len(d.Sources))
	for i, other := range d.Sources {
		sources[i] = merge.Source{Record: merge.Record{Number: other.Number}, Choices: other.Choices}
	}
	chosen, replaced := merge.Choose(sources, number, choices)
	for i := range d.Sources {
		d.Sources[i].Choices = chosen[i].Choices
	}
	s.Adopted = true
	return replaced, true
}

// Remove takes a number out of the draft.
func (d *Draft) Remove(number string) {
	d.Sources = slices.DeleteFunc(d.Sources, func(s DraftSource) bool { return s.Number == number })
}

// Draft reads the customer's draft; without one it is empty with version 0.
func (s Store) Draft(ctx context.Context, number string) (Draft, error) {
	out, err := s.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.Names.MergeOrders, Key: table.Draft(number), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return Draft{}, fmt.Errorf("draft of a customer: read: %w", err)
	}
	d := Draft{Number: number}
	if err := table.Unmarshal(out.Item, &d); err != nil {
		return Draft{}, fmt.Errorf("draft of a customer: decode: %w", err)
	}
	return d, nil
}

// SaveDraft writes the draft if it still has the version that was read, and returns ErrDraftChanged otherwise: two
// tabs must not overwrite each other unnoticed.
func (s Store) SaveDraft(ctx context.Context, d Draft) (Draft, error) {
	before := d.Version
	d.Version++
	d.UpdatedAt = s.Now().UTC()
	if d.Salt == "" {
		salt := make([]byte, saltLength)
		if _, err := io.ReadFull(s.Rand, salt); err != nil {
			return Draft{}, fmt.Errorf("draft of a customer: salt: %w", err)
		}
		d.Salt = hex.EncodeToString(salt)
	}
	item, err := table.Marshal(d)
	if err != nil {
		return Draft{}, fmt.Errorf("draft of a customer: encode: %w", err)
	}
	for k, v := range table.Draft(d.Number) {
		item[k] = v
	}
	if ttl := table.Until(s.Now(), s.Names.Kept.Drafts); ttl != nil {
		item[table.AttrTTL] = ttl
	}
	in := &dynamodb.PutItemInput{TableName: &s.Names.MergeOrders, Item: item}
	in.ConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues = draftCondition(before)
	_, err = s.DB.PutItem(ctx, in)
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return Draft{}, ErrDraftChanged
	}
	if err != nil {
		return Draft{}, fmt.Errorf("draft of a customer: write: %w", err)
	}
	return d, nil
}

func draftCondition(version int64) (*string, map[string]string, table.Item) {
	if version == 0 {
		return aws.String("attribute_not_exists(pk)"), nil, nil
	}
	return aws.String("#version = :before"), map[string]string{"#version": "version"},
		table.Item{":before": table.N(version)}
}

// dropDraft deletes the draft that became an order, if it still has its version.
func (s Store) dropDraft(d Draft) types.TransactWriteItem {
	condition, names, values := draftCondition(d.Version)
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &s.Names.MergeOrders, Key: table.Draft(d.Number),
		ConditionExpression: condition, ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}}
}
