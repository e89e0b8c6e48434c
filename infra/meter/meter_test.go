package meter

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/table"
)

// What is under way together is one round, what waits for an answer is the next.
func TestRoundsAreRequestsOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := tablefake.New()
		m := &Meter{Fake: fake, Quiet: 10 * time.Millisecond}
		db := fake.Client(m)
		get := func() {
			if _, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Customers"), Key: table.Profile("10000017"), ConsistentRead: aws.Bool(true)}); err != nil {
				t.Error(err)
			}
		}
		get()
		var group sync.WaitGroup
		for range 5 {
			group.Go(get)
		}
		group.Wait()
		get()
		if got := m.Taken(); got != (Taken{Requests: 7, Rounds: 3, Reads: 7}) {
			t.Errorf("%+v", got)
		}
		m.Reset()
		get()
		if got := m.Taken(); got != (Taken{Requests: 1, Rounds: 1, Reads: 1}) {
			t.Errorf("after a reset: %+v", got)
		}
	})
}
