package outbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// A mail is not sent by itself when a similar one was sent a moment ago. Its id is added to a collecting item
// instead, which becomes one mail at the end of the window. The mail's own item is written in the same transaction,
// but is never due: it keeps what the mail would say, and makes a repetition find that the mail has been added
// already (M9).

// ErrWindowOver: the collecting item of the window is being sent. The mail has to begin a new window.
var ErrWindowOver = errors.New("outbox: the window is over")

// collectMax limits the mails of one collecting item: their ids then take a seventh of the largest item of DynamoDB.
const collectMax = 1000

// Window says which mails are collected together, and until when.
type Window struct {
	Name  string
	Until time.Time
}

// PutOnce writes an item unless it exists already.
func (s Store) PutOnce(ctx context.Context, item Item) error {
	put := Put(s.Names, item).Put
	_, err := s.DB.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: put.TableName, Item: put.Item, ConditionExpression: put.ConditionExpression,
	})
	if _, exists := table.ConditionFailed(err); err != nil && !exists {
		return fmt.Errorf("write %s: %w", item.Event, err)
	}
	return nil
}

// Collect adds the mail for one recipient to the collecting item of its window, unless the mail's item exists
// already. When the collecting item is full it begins another one. ErrWindowOver when the window's mail may have been
// sent.
func (s Store) Collect(ctx context.Context, mail Item, w Window) error {
	mail.ID = table.OutboxID(mail.Event, mail.Key)
	image := table.MustMarshal(mail)
	if ttl := table.Until(w.Until, s.Names.Kept.Outbox); ttl != nil { // as long as the item that collects may be put back
		image[table.AttrTTL] = ttl
	}
	for part := 0; ; part++ {
		err := s.Transact(ctx, []types.TransactWriteItem{{Put: &types.Put{
			TableName: &s.Names.Outbox, Item: image, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		}}, s.layTo(mail, w, part)}, "")
		var refused *table.Cancelled
		switch {
		case !errors.As(err, &refused):
			return err
		case refused.Failed(0):
			return nil
		case table.Int(refused.Old(1), "tries") > 0:
			return ErrWindowOver
		}
	}
}

// layTo adds a mail to a collecting item, or begins one. That item cannot be claimed before its window is over, and
// takes no more mails once it was claimed.
func (s Store) layTo(mail Item, w Window, part int) types.TransactWriteItem {
	end := w.Until.Unix() + 1
	collecting := Item{Event: mail.Event, Key: fmt.Sprintf("%s#%d#%d", w.Name, w.Until.UnixMilli(), part), Recipients: mail.Recipients, Parent: mail.Parent,
		Values: map[string]string{}, CreatedAt: w.Until, NotBefore: end, NextTry: end}
	if number := mail.Values[ValueNumber]; number != "" {
		collecting.Values[ValueNumber] = number
	}
	collecting.ID = table.OutboxID(collecting.Event, collecting.Key)
	collecting.Due = table.DueShard(collecting.ID)
	image := table.MustMarshal(collecting)
	delete(image, table.AttrPK)
	names, values, sets := map[string]string{}, table.Item{}, []string{}
	for i, name := range slices.Sorted(maps.Keys(image)) {
		n, v := fmt.Sprintf("#n%d", i), fmt.Sprintf(":v%d", i)
		names[n], values[v] = name, image[name]
		sets = append(sets, n+" = "+v)
	}
	values[":one"], values[":none"], values[":max"] = table.N(1), table.N(0), table.N(collectMax)
	values[":id"] = &types.AttributeValueMemberSS{Value: []string{mail.ID}}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &s.Names.Outbox, Key: table.Outbox(collecting.ID), ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		UpdateExpression:                    aws.String("SET " + strings.Join(sets, ", ") + " ADD collected :id, many :one"),
		ConditionExpression:                 aws.String("attribute_not_exists(pk) OR (tries = :none AND many < :max)"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}
