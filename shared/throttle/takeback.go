package throttle

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/shared/table"
)

// TakeBack undoes the count of an allowed try that was not made because another bucket refused it. The pause is as it was
// before, unless another try came meanwhile. Sent again, because its answer was lost, it has no second effect (L1).
func (s Store) TakeBack(ctx context.Context, b Bucket, v Verdict) error {
	done, err := s.takeBack(ctx, b, v, "SET #n = #n - :one, #last = #prev, #back = :id", "#try = :id AND ", "last", "prev", "try")
	if err == nil && !done {
		_, err = s.takeBack(ctx, b, v, "SET #n = #n - :one, #back = :id", "")
	}
	if err != nil {
		return fmt.Errorf("take back %s: %w", b.Kind, err)
	}
	return nil
}

// takeBack names the try that was taken back last. What was never counted, or taken back before, fails the condition.
func (s Store) takeBack(ctx context.Context, b Bucket, v Verdict, update, condition string, names ...string) (done bool, err error) {
	condition += "#n >= :one AND NOT #back = :id"
	_, err = s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Throttle, Key: b.key(), UpdateExpression: &update, ConditionExpression: &condition,
		ExpressionAttributeNames:  aliases(append(names, "n", "back")...),
		ExpressionAttributeValues: table.Item{":one": table.N(1), ":id": table.S(v.id)},
	})
	if _, refused := table.ConditionFailed(err); refused {
		return false, nil
	}
	return err == nil, err
}
