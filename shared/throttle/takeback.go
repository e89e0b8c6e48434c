package throttle

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/table"
)

// TakeBack undoes the counts of a try that was not made, because another bucket refused it or for another reason; refused
// verdicts counted nothing. The pause is as it was before, unless another try came meanwhile. Sent again, because its
// answer was lost, it has no second effect (L1).
func (s Store) TakeBack(ctx context.Context, verdicts ...Verdict) error {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, v := range verdicts {
		if v.Allowed && v.id != "" {
			group.Go(func() error { return s.takeBackOne(ctx, v) })
		}
	}
	return group.Wait()
}

func (s Store) takeBackOne(ctx context.Context, v Verdict) error {
	done, err := s.takeBack(ctx, v, "SET #n = #n - :one, #last = #prev, #back = :id REMOVE #try", "#try = :id AND ", "last", "prev", "try")
	if err == nil && !done {
		_, err = s.takeBack(ctx, v, "SET #n = #n - :one, #back = :id", "")
	}
	if err != nil {
		return fmt.Errorf("take back %s: %w", v.Bucket.Kind, err)
	}
	return nil
}

// takeBack names the try that was taken back last. What was never counted, or taken back before, fails the condition.
func (s Store) takeBack(ctx context.Context, v Verdict, update, condition string, names ...string) (done bool, err error) {
	condition += "#n >= :one AND NOT #back = :id"
	_, err = s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Throttle, Key: v.Bucket.key(), UpdateExpression: &update, ConditionExpression: &condition,
		ExpressionAttributeNames:  aliases(append(names, "n", "back")...),
		ExpressionAttributeValues: table.Item{":one": table.N(1), ":id": table.S(v.id)},
	})
	if _, refused := table.ConditionFailed(err); refused {
		return false, nil
	}
	return err == nil, err
}
