package secondfactor

import (
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// Recovery is the way back for a customer who lost app and recovery codes: the service team starts it, the customer is
// told and can stop it, and only when the waiting time is over is the second step taken away: by an item of the outbox
// that waits until then, or by a sign-in with the password in the moments before the schedule takes it up. Whichever comes
// first ends the recovery, so that the other finds nothing to do.
type Recovery struct {
	ID    string    `dynamodbav:"id,omitempty"` // the mailed link stops this one and no later one
	EndAt time.Time `dynamodbav:"endAt,omitempty"`
	By    string    `dynamodbav:"by,omitempty"` // who started it, as in the audit
	At    time.Time `dynamodbav:"at,omitempty"` // when

	// WarnedAt is when SES took the mail with the link that stops it: the waiting time begins then, and EndAt is put off to it.
	WarnedAt time.Time `dynamodbav:"warnedAt,omitempty"`
}

// StopLinkOutlives lets the mailed link stop a recovery that is due, but was not ended yet: its number was merged
// meanwhile, and the merge undone.
const StopLinkOutlives = 30 * 24 * time.Hour

// Lapses is how long a recovery stays due that nothing ended: that of a merged number, say. Then it is as if it had never
// been, and another one may be started.
const Lapses = StopLinkOutlives

// Running says whether a recovery was started and not stopped.
func (r Recovery) Running() bool { return r.ID != "" }

// Going says whether a recovery is running that has not lapsed.
func (r Recovery) Going(now time.Time) bool { return r.Running() && now.Before(r.EndAt.Add(Lapses)) }

// Due says whether the waiting time is over. It does not begin before the customer was warned.
func (r Recovery) Due(now time.Time) bool {
	return r.Going(now) && !r.WarnedAt.IsZero() && !now.Before(r.EndAt)
}

// StartRecovery begins the waiting time, on condition that there is a second step and none is going. It needs no look
// at the item, and does not name the secret: the service team's function must not read secrets, and what it may name in a
// condition it may write as well. Since stands on the item as long as the secret does.
func StartRecovery(names table.Names, number string, r Recovery) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.SecondFactor(number),
		UpdateExpression:    aws.String("SET recovery = :recovery, version = version + :one"),
		ConditionExpression: aws.String("attribute_exists(since) AND (attribute_not_exists(recovery.id) OR recovery.endAt < :lapsed)"),
		ExpressionAttributeValues: table.Item{":one": table.N(1), ":lapsed": table.Time(r.EndAt.Add(-Lapses)),
			":recovery": &types.AttributeValueMemberM{Value: table.MustMarshal(r)}},
	}}
}

// Warned begins the waiting time, once: the mail with the link that stops the recovery went out. It holds as long as the
// recovery runs, and needs no look at the factor.
func Warned(names table.Names, number string, r Recovery) []types.TransactWriteItem {
	return []types.TransactWriteItem{{Update: &types.Update{
		TableName: &names.Credentials, Key: table.SecondFactor(number),
		UpdateExpression:          aws.String("SET recovery.warnedAt = :now, recovery.endAt = :end, version = version + :one"),
		ConditionExpression:       aws.String("recovery.id = :id AND attribute_not_exists(recovery.warnedAt)"),
		ExpressionAttributeValues: table.Item{":one": table.N(1), ":id": table.S(r.ID), ":now": table.Time(r.WarnedAt), ":end": table.Time(r.EndAt)},
	}}, EndWhenDue(names, number, r, r.WarnedAt)}
}

// StopRecovery is Stopped for who must not read secrets: a recovery nobody could be warned of.
func StopRecovery(names table.Names, number, id string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.SecondFactor(number),
		UpdateExpression:          aws.String("SET version = version + :one REMOVE recovery"),
		ConditionExpression:       aws.String("recovery.id = :id"),
		ExpressionAttributeValues: table.Item{":one": table.N(1), ":id": table.S(id)},
	}}
}

// EndWhenDue is the item of the outbox that ends a recovery at its time, and not before.
func EndWhenDue(names table.Names, number string, r Recovery, now time.Time) types.TransactWriteItem {
	return outbox.Put(names, outbox.Item{Event: outbox.FactorRecoveryDue, Key: number + "#" + r.ID, CreatedAt: now,
		NotBefore: r.EndAt.Add(time.Second - time.Nanosecond).Unix(), // the full second after it
		Values:    map[string]string{outbox.ValueNumber: number, ValueID: r.ID, ValueBy: r.By}})
}

// EndRecovery is what the end of a recovery writes, whoever ends it: the second step is taken away as Off does, and the
// passkeys with it, since whoever still had one needed no recovery. All sessions end; the customer is told at the address
// as it was read. It holds on this very recovery, that was neither stopped nor replaced, in the last of the items, and
// needs no look at the factor: who ends a recovery by schedule must not read secrets.
func EndRecovery(names table.Names, p customer.Profile, id, by string, now time.Time, rand io.Reader) []types.TransactWriteItem {
	ended := p
	ended.Epoch++
	return append(Tell(names, p, Happened{Event: outbox.FactorRecovered, Actor: by, Key: id}, now, rand),
		customer.Update(names, p, ended), credential.EndSessions(names, table.Customer(p.Number)), throttle.Clear(names, throttle.WrongCodes(p.Number)),
		types.TransactWriteItem{Update: &types.Update{
			TableName: &names.Credentials, Key: table.SecondFactor(p.Number),
			UpdateExpression: aws.String("SET version = version + :one" +
				" REMOVE #secret, step, since, draft, draftAt, codes, codesAt, passkeys, recovery"),
			ConditionExpression:       aws.String("recovery.id = :id"),
			ExpressionAttributeNames:  map[string]string{"#secret": "secret"},
			ExpressionAttributeValues: table.Item{":one": table.N(1), ":id": table.S(id)},
		}})
}

// StopRecoveryOnUse is the factor after a sign-in with it, and what that writes besides: who has the factor needs no recovery of
// it, and a thief who talked the service team into one must not have it go on behind the owner's back. The passkey is
// the one that was used, nil for a code: one that was added since the recovery began proves nothing.
func StopRecoveryOnUse(names table.Names, p customer.Profile, f Factor, used *Passkey, now time.Time, rand io.Reader) (Factor, []types.TransactWriteItem) {
	if !f.Recovery.Running() || used != nil && !used.AddedAt.Before(f.Recovery.At) {
		return f, nil
	}
	return f.Stopped(), Tell(names, p, Happened{Event: outbox.FactorRecoveryStopped, Actor: p.Number, Key: f.Recovery.ID,
		Values: map[string]string{ValueBy: BySignIn}}, now, rand)
}

// Stopped is the factor after its recovery was stopped.
func (f Factor) Stopped() Factor {
	f.Recovery = Recovery{}
	return f
}
