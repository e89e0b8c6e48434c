package localtest

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// GivenUpID is the outbox id of the mail that GivenUp writes.
func GivenUpID(number string) string {
	return table.OutboxID(outbox.PasswordChanged, number+"#givenup")
}

// GivenUp writes a mail about a number that was given up on, as dispatch leaves it.
func GivenUp(names table.Names, number, why string, at time.Time) types.TransactWriteItem {
	id := GivenUpID(number)
	item := outbox.Item{ID: id, Event: outbox.PasswordChanged, Key: number + "#givenup", Parent: table.OutboxID(outbox.PasswordChanged, number),
		Values:     map[string]string{outbox.ValueNumber: number},
		Recipients: []outbox.Recipient{{Address: "n" + number + "@kunde.example", Language: "de", Name: "Anna Schäfer", Numbers: []string{number}, Own: true}},
		CreatedAt:  at.Add(-24 * time.Hour), Due: table.GivenUpShard(id), NextTry: at.UnixNano(), Tries: 12, GivenUpAt: at, LastError: why}
	return types.TransactWriteItem{Put: &types.Put{TableName: &names.Outbox, Item: table.MustMarshal(item)}}
}
