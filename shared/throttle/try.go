package throttle

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Verdict says whether a try may be made; it is counted then. RetryAfter is the time until the next one is allowed.
// Tries is the count with this one. Known is false only for a device that never signed in with the number, Proven true
// only for one that finished a whole sign-in, second step included.
type Verdict struct {
	Bucket     Bucket // that counted the try, of an allowed one
	Allowed    bool
	Known      bool
	Proven     bool
	RetryAfter time.Duration
	Until      time.Time // when the next one is allowed, of a refused one
	Tries      int
	id         string // of the try, stored with the count; "" when a copy of the request counted
}

// Store counts in the Throttle table.
type Store struct{ table.Store }

// orMissing lets a bucket begin with its first try.
const orMissing = "attribute_not_exists(pk) OR "

// Try counts a try if the bucket allows it. A refused one changes nothing: tries during a pause do not extend it.
func (s Store) Try(ctx context.Context, b Bucket, now time.Time) (Verdict, error) {
	return s.try(ctx, b, now, "", orMissing)
}

// TryKnown is Try for a bucket that must exist: a device that signed in with the number before.
func (s Store) TryKnown(ctx context.Context, b Bucket, now time.Time) (Verdict, error) {
	return s.try(ctx, b, now, "", "")
}

// races is how often a count begun anew by somebody else at the same moment is looked at again.
const races = 3

// try names itself in the counter, so that a count whose answer was lost and that is sent again counts once (L1). Another
// try between the two makes it count twice, never less than once.
//
// A name is of one request that may come several times, and at once: where the last try was made under it, it counts no more.
func (s Store) try(ctx context.Context, b Bucket, now time.Time, name, orMissing string) (Verdict, error) {
	id := rand.Text()
	if name != "" {
		id = name + "." + id
	}
	for range races {
		v, stale, err := s.count(ctx, b, now, id, orMissing)
		if err != nil || stale == nil {
			return v, err
		}
		v, ok, err := s.restart(ctx, b, now, id, stale)
		if err != nil || ok {
			return v, err
		}
	}
	return Verdict{Known: true, RetryAfter: time.Second, Until: now.Add(time.Second)}, nil
}

// count adds one on condition that the bucket allows it. stale is the item when its window is over and it must begin
// anew.
func (s Store) count(ctx context.Context, b Bucket, now time.Time, id, orMissing string) (v Verdict, stale table.Item, err error) {
	condition, values := b.rule.condition(now)
	values[":one"], values[":zero"] = table.N(1), table.N(0)
	values[":now"], values[":ttl"], values[":id"] = table.N(now.UnixMilli()), table.N(b.expires(now)), table.S(id)
	values[":same"] = table.S(sameAs(id))
	out, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Throttle, Key: b.key(),
		UpdateExpression: aws.String("SET #n = if_not_exists(#n, :zero) + :one, #prev = if_not_exists(#last, :zero)," +
			" #last = :now, #since = if_not_exists(#since, :now), #ttl = :ttl, #try = :id"),
		ConditionExpression:                 aws.String(orMissing + "((NOT begins_with(#try, :same)) AND " + condition + ")"),
		ExpressionAttributeNames:            aliases(b.rule.names("n", "prev", "last", "since", "ttl", "try")...),
		ExpressionAttributeValues:           values,
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if old, refused := table.ConditionFailed(err); refused {
		if old == nil {
			return Verdict{}, nil, nil // an unknown device
		}
		if table.String(old, "try") == id {
			return b.counted(old, id), nil, nil
		}
		if strings.HasPrefix(table.String(old, "try"), sameAs(id)) {
			return b.counted(old, ""), nil, nil // by another copy of the request
		}
		if b.rule.over(old, now) {
			return Verdict{}, old, nil
		}
		return b.rule.refusal(old, now), nil, nil
	}
	if err != nil {
		return Verdict{}, nil, fmt.Errorf("count %s: %w", b.Kind, err)
	}
	return b.counted(out.Attributes, id), nil, nil
}

// restart begins a count anew on condition that it is still the stale one.
func (s Store) restart(ctx context.Context, b Bucket, now time.Time, id string, stale table.Item) (Verdict, bool, error) {
	_, err := s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Throttle, Key: b.key(),
		UpdateExpression:         aws.String("SET #n = :one, #prev = :zero, #last = :now, #since = :now, #ttl = :ttl, #try = :id REMOVE #wrong"),
		ConditionExpression:      aws.String("#n = :oldN AND #last = :oldLast"),
		ExpressionAttributeNames: aliases("n", "prev", "last", "since", "ttl", "try", "wrong"),
		ExpressionAttributeValues: table.Item{
			":one": table.N(1), ":zero": table.N(0), ":now": table.N(now.UnixMilli()), ":ttl": table.N(b.expires(now)), ":id": table.S(id),
			":oldN": stale["n"], ":oldLast": stale["last"],
		},
	})
	if _, refused := table.ConditionFailed(err); refused {
		return Verdict{}, false, nil
	}
	if err != nil {
		return Verdict{}, false, fmt.Errorf("count %s anew: %w", b.Kind, err)
	}
	v := b.counted(stale, id)
	v.Tries = 1
	return v, true, nil
}

// sameAs is what the tries of one request have in common: their name, or all of an unnamed one.
func sameAs(id string) string {
	if name, _, named := strings.Cut(id, "."); named {
		return name + "."
	}
	return id
}

func (b Bucket) counted(item table.Item, id string) Verdict {
	return Verdict{Bucket: b, Allowed: true, Known: true, Proven: table.Bool(item, attrProven), Tries: int(table.Int(item, "n")), id: id}
}

// condition spells the rule out, so that the write decides and not a read before it.
func (r rule) condition(now time.Time) (string, table.Item) {
	at := now.UnixMilli()
	values := table.Item{":quiet": table.N(at - r.window.Milliseconds())}
	if !r.steps {
		values[":limit"] = table.N(r.limit)
		if r.wrong == 0 {
			return "#since > :quiet AND #n < :limit", values
		}
		values[":wrong"] = table.N(r.wrong)
		return "#since > :quiet AND #n < :limit AND (attribute_not_exists(#wrong) OR #wrong < :wrong)", values
	}
	terms := []string{"#n < :free"}
	values[":free"] = table.N(FreeTries)
	for n := int64(FreeTries); n <= lastStep; n++ {
		count, until, relation := fmt.Sprintf(":n%d", n), fmt.Sprintf(":t%d", n), "="
		if n == lastStep {
			relation = ">="
		}
		values[count], values[until] = table.N(n), table.N(at-pauseAfter(n).Milliseconds())
		terms = append(terms, fmt.Sprintf("(#n %s %s AND #last <= %s)", relation, count, until))
	}
	return "#last > :quiet AND (" + strings.Join(terms, " OR ") + ")", values
}

// names are the attributes that the condition speaks of, besides others.
func (r rule) names(others ...string) []string {
	if r.wrong > 0 {
		others = append(others, "wrong")
	}
	return others
}

// over says whether the window, or the quiet after the last try, has passed.
func (r rule) over(item table.Item, now time.Time) bool {
	from := table.Int(item, "since")
	if r.steps {
		from = table.Int(item, "last")
	}
	return from <= now.UnixMilli()-r.window.Milliseconds()
}

func (r rule) refusal(item table.Item, now time.Time) Verdict {
	n := table.Int(item, "n")
	until := time.UnixMilli(table.Int(item, "since")).Add(r.window)
	if r.steps {
		until = time.UnixMilli(table.Int(item, "last")).Add(pauseAfter(n))
	}
	return Verdict{Known: true, RetryAfter: max(until.Sub(now), time.Second), Until: until, Tries: int(n)}
}

// expires is when the counter may go. A device is known for longer than its count matters.
func (b Bucket) expires(now time.Time) int64 {
	if b.Kind == "device" {
		return now.Add(DeviceLifetime).Unix()
	}
	return now.Add(b.rule.window + time.Hour).Unix()
}

// aliases avoid DynamoDB's reserved words (last, ttl and others).
func aliases(names ...string) map[string]string {
	m := map[string]string{}
	for _, name := range names {
		m["#"+name] = name
	}
	return m
}
