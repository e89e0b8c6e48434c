package order

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/table"
)

// ByCustomer lists a customer's orders, newest first. after is the last
// submittedAt of the page before ("" for the first page); next is "" at the end.
func (s Store) ByCustomer(ctx context.Context, customerNumber, after string, limit int32) (orders []Order, next string, err error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Names.MergeOrders, IndexName: aws.String(table.IndexByCustomer),
		KeyConditionExpression:    aws.String("customer = :customer"),
		ExpressionAttributeValues: table.Item{":customer": table.S(customerNumber)},
		ScanIndexForward:          new(bool), Limit: &limit,
	}
	if after != "" {
		in.KeyConditionExpression = aws.String("customer = :customer AND submittedAt < :after")
		in.ExpressionAttributeValues[":after"] = table.S(after)
	}
	out, err := s.DB.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("orders of a customer: %w", err)
	}
	for _, item := range out.Items {
		o, err := decode(item)
		if err != nil {
			return nil, "", err
		}
		orders = append(orders, o)
	}
	if out.LastEvaluatedKey != nil {
		next = table.FormatTime(orders[len(orders)-1].SubmittedAt)
	}
	return orders, next, nil
}

// ByCustomers is ByCustomer for several numbers at once, in one round of parallel
// queries: a customer reads the orders of the numbers merged into the own one, too.
func (s Store) ByCustomers(ctx context.Context, numbers []string, after string, limit int32) (orders []Order, next string, err error) {
	found, more := make([][]Order, len(numbers)), make([]string, len(numbers))
	group, in := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i, n := range numbers {
		group.Go(func() (err error) {
			found[i], more[i], err = s.ByCustomer(in, n, after, limit)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, "", err
	}
	all := slices.Concat(found...)
	slices.SortStableFunc(all, func(a, b Order) int { return b.SubmittedAt.Compare(a.SubmittedAt) })
	shown := all[:min(len(all), int(limit))]
	if len(shown) < len(all) || len(shown) > 0 && strings.Join(more, "") != "" {
		next = table.FormatTime(shown[len(shown)-1].SubmittedAt)
	}
	return shown, next, nil
}

// ReadableNumbers are the numbers whose past is the customer's: the own one first, then those
// merged into it. While somebody objects to a merge the others are withheld, since
// their past may be somebody else's.
func (s Store) ReadableNumbers(ctx context.Context, p customer.Profile) (numbers []string, withheld bool, err error) {
	if len(p.Members) == 0 {
		return []string{p.Number}, false, nil
	}
	objections, err := s.Objections(ctx, p.Number)
	if err != nil || len(objections) > 0 {
		return []string{p.Number}, true, err
	}
	return p.Numbers(), false, nil
}

// Queue lists the orders in the given states, oldest first: open ones, failed ones and
// ObjectionQueue; no other stands in the index, so that a look costs the same however
// many orders were decided. The index key is sharded, so that a busy day has no hot
// partition (L2); the shards are asked in parallel, each for at most limit orders.
func (s Store) Queue(ctx context.Context, limit int, states ...merge.State) ([]Order, error) {
	var shards []string
	for _, desk := range desksOf(states) {
		for n := range table.Shards {
			shards = append(shards, table.DeskShardOf(desk, n))
		}
	}
	found := make([][]Order, len(shards))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i, shard := range shards {
		group.Go(func() (err error) {
			found[i], err = s.shard(ctx, shard, limit, states)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b Order) int {
		if c := a.SubmittedAt.Compare(b.SubmittedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all[:min(len(all), limit)], nil
}

func (s Store) shard(ctx context.Context, shard string, limit int, states []merge.State) ([]Order, error) {
	var orders []Order
	pages := dynamodb.NewQueryPaginator(s.DB, &dynamodb.QueryInput{
		TableName: &s.Names.MergeOrders, IndexName: aws.String(table.IndexByState),
		KeyConditionExpression:    aws.String("statePk = :shard"),
		ExpressionAttributeValues: table.Item{":shard": table.S(shard)},
	})
	for pages.HasMorePages() && len(orders) < limit {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("queue: %w", err)
		}
		for _, item := range page.Items {
			o, err := decode(item)
			if err != nil {
				return nil, err
			}
			if slices.Contains(states, o.queue()) {
				orders = append(orders, o)
			}
		}
	}
	return orders, nil
}
