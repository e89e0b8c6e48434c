package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// waitsForTheTeam refuses a package whose cancellation the service team has not taken up.
func waitsForTheTeam(item table.Item) error {
	if item[table.AttrNoticeKey] == nil {
		return nil
	}
	return fmt.Errorf("%w: the cancellation of package %s waits for the service team; take it up at /service first", errMayNot, table.String(item, "id"))
}

// without is the cancellation of somebody else's package without the person who gave it, while both were one customer; nil where it
// does not name the person. The reason is needed as long as it waits.
func (p person) without(item table.Item) (types.AttributeValue, error) {
	if item["cancellation"] == nil || !p.inValue(item["cancellation"]) {
		return nil, nil
	}
	var q customer.Package
	if err := table.Unmarshal(item, &q); err != nil {
		return nil, err
	}
	c := *q.Cancellation
	if p.own(c.By) {
		c.By = order.Nobody
	}
	if p.named(c.Reason) {
		if err := waitsForTheTeam(item); err != nil {
			return nil, err
		}
		c.Reason = ""
	}
	return table.MustMarshal(customer.Package{Cancellation: &c})["cancellation"], nil
}

// declared deletes a cancellation without a sign-in that was of the person's number or package, when the service team is done with it.
// One of somebody else in which the person is named loses that text. While it waits, the person cannot be forgotten: what was declared
// would be heard by nobody.
func (f *forget) declared(ctx context.Context, p person, item table.Item) error {
	if !p.in(item) {
		return nil
	}
	var w cancellation.Waiting
	if err := table.Unmarshal(item, &w); err != nil {
		return err
	}
	if !w.Settled() {
		return fmt.Errorf("%w: the cancellation %s, which names the customer, waits for the service team; settle it at /service first", errMayNot, w.ID)
	}
	name := f.store.Names.MergeOrders
	if p.own(w.Number) || p.own(w.Owner) || p.own(w.Package) {
		return f.delete(ctx, "cancellations without a sign-in", name, item)
	}
	return f.do("cancellations of others, without texts about the customer", func() error {
		next := table.With(nil, item)
		for attr, v := range item {
			if attr != table.AttrPK && attr != table.AttrSK && p.inValue(v) {
				next[attr] = table.S("")
			}
		}
		_, err := f.store.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &name, Item: next, ConditionExpression: aws.String("attribute_exists(pk)")})
		return err
	})
}
