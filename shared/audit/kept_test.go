package audit_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/table"
)

// S21. An order is kept for good, and found by the events of its numbers.
func TestEventsEndAfterTheirTimeUnlessAnOrderIsFoundByThem(t *testing.T) {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		action string
		days   int
		ends   bool
	}{{audit.SignedIn, 400, true}, {audit.MergeSubmitted, 400, false}, {audit.MergeUndone, 400, false}, {audit.SignedIn, 0, false}} {
		names := table.Names{Kept: table.Retention{Audit: time.Duration(tt.days) * 24 * time.Hour}}
		item := audit.Put(names, audit.Event{Number: "10000017", Action: tt.action, Actor: "10000017", At: at}, rand.Reader).Put.Item
		ttl, ends := item[table.AttrTTL].(*types.AttributeValueMemberN)
		if ends != tt.ends || ends && ttl.Value != "1830168000" {
			t.Errorf("%s after %d days: %v", tt.action, tt.days, item[table.AttrTTL])
		}
	}
}
