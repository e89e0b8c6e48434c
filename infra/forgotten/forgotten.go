// Package forgotten keeps what is left of a customer number after its personal data were deleted on request: an item that says so, under
// a hash of the number, so that no import brings the customer back. It is for the commands that write beside the functions.
package forgotten

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// Put notes that a number was forgotten.
func Put(names table.Names, number string, at time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{TableName: &names.Customers, Item: table.With(table.Gone(number), table.Item{"at": table.Time(at)})}}
}

// Lift lets an import bring the number again.
func Lift(names table.Names, number string) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: &names.Customers, Key: table.Gone(number)}}
}

// At is when a number was forgotten; the zero time if it never was.
func At(ctx context.Context, s table.Store, number string) (time.Time, error) {
	item, err := s.Get(ctx, s.Names.Customers, table.Gone(number))
	if err != nil || item == nil {
		return time.Time{}, err
	}
	at, err := time.Parse(table.TimeLayout, table.String(item, "at"))
	if err != nil {
		return time.Time{}, fmt.Errorf("read when a number was forgotten: %w", err)
	}
	return at, nil
}
