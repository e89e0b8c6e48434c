package secondfactor

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Recovery is the way back for a customer who lost app and recovery codes: the service team starts it, the customer is
// told and can stop it, and only when the waiting time is over does the next sign-in with the password take the second
// step away.
type Recovery struct {
	ID    string    `dynamodbav:"id,omitempty"` // the mailed link stops this one and no later one
	EndAt time.Time `dynamodbav:"endAt,omitempty"`
	By    string    `dynamodbav:"by,omitempty"` // who started it, as in the audit
}

// StopLinkOutlives lets the mailed link stop a recovery that is due, but that no sign-in has used yet.
const StopLinkOutlives = 30 * 24 * time.Hour

// Running says whether a recovery was started and not stopped.
func (r Recovery) Running() bool { return r.ID != "" }

// Due says whether the waiting time is over.
func (r Recovery) Due(now time.Time) bool { return r.Running() && !now.Before(r.EndAt) }

// StartRecovery begins the waiting time, on condition that there is a second step and none is running. It needs no look
// at the item: the service team's function must not read secrets.
func StartRecovery(names table.Names, number string, r Recovery) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Credentials, Key: table.SecondFactor(number),
		UpdateExpression:         aws.String("SET recovery = :recovery, version = version + :one"),
		ConditionExpression:      aws.String("attribute_exists(#secret) AND attribute_not_exists(recovery.id)"),
		ExpressionAttributeNames: map[string]string{"#secret": "secret"},
		ExpressionAttributeValues: table.Item{":one": table.N(1),
			":recovery": &types.AttributeValueMemberM{Value: table.MustMarshal(r)}},
	}}
}

// Stopped is the factor after its recovery was stopped.
func (f Factor) Stopped() Factor {
	f.Recovery = Recovery{}
	return f
}
