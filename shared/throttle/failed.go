package throttle

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// Failed says that a counted try was wrong, to a bucket that bounds those (Address). A try of which nobody says how it
// ended, because the function died, holds its place until the window is over. Sent again, because its answer was lost, it
// has no second effect (L1).
func (s Store) Failed(ctx context.Context, v Verdict) error {
	if !v.Allowed || v.Bucket.rule.wrong == 0 {
		return nil
	}
	_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Throttle, Key: v.Bucket.key(),
		UpdateExpression:          aws.String("SET #wrong = if_not_exists(#wrong, :zero) + :one, #judged = :id"),
		ConditionExpression:       aws.String("attribute_exists(pk) AND NOT #judged = :id"),
		ExpressionAttributeNames:  aliases("wrong", "judged"),
		ExpressionAttributeValues: table.Item{":zero": table.N(0), ":one": table.N(1), ":id": table.S(v.id)},
	})
	if _, done := table.ConditionFailed(err); done {
		return nil
	}
	if err != nil {
		return fmt.Errorf("count a wrong try, %s: %w", v.Bucket.Kind, err)
	}
	return nil
}
