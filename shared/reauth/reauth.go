// Package reauth asks a signed-in customer for the password again, before e-mail
// or bank data change hands (S7). It counts tries in a bucket of its own: a thief
// at an open session cannot guess without end, and nobody's sign-in is paused.
package reauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// Field is the name of the form field with the current password.
const Field = "currentPassword"

// Checker compares the password given with the customer's.
type Checker struct{ Store table.Store }

// Check returns nil for the right password, a *web.Error that belongs to Field for
// a missing or wrong one or too many tries, and any other error when the tables
// do not answer. A right password clears the count.
func (c Checker) Check(ctx context.Context, number, password string, now time.Time) error {
	if password == "" {
		return refusal("password_required", lang.T("Geben Sie Ihr Kundenpasswort ein."))
	}
	counter := throttle.Store{Store: c.Store}
	verdict, err := counter.Try(ctx, throttle.Password(number), now)
	if err != nil {
		return fmt.Errorf("count password entry: %w", err)
	}
	if !verdict.Allowed {
		return web.Paused(web.TooManyTries, verdict.RetryAfter, now, Field)
	}
	cred, err := credential.Store{Store: c.Store}.Get(ctx, table.Customer(number))
	if err != nil {
		return fmt.Errorf("read credential: %w", err)
	}
	ok, _, err := credential.Verify(cred.Hash, password)
	if err != nil && !errors.Is(err, credential.ErrCorrupt) {
		return fmt.Errorf("compare password: %w", err)
	}
	if !ok || cred.Retired {
		refused := refusal("password_wrong", lang.T("Dieses Kundenpasswort stimmt nicht. Geben Sie das Passwort ein, mit dem Sie sich anmelden."))
		if err != nil {
			refused.Alarm = credential.Alarm // S4
		}
		return refused
	}
	return c.clear(ctx, number)
}

func (c Checker) clear(ctx context.Context, number string) error {
	cleared := throttle.Clear(c.Store.Names, throttle.Password(number))
	if err := c.Store.Transact(ctx, []types.TransactWriteItem{cleared}, ""); err != nil {
		return fmt.Errorf("clear password entries: %w", err)
	}
	return nil
}

func refusal(code string, message lang.Text) *web.Error {
	return web.Unprocessable(code, message, web.Invalid(Field, code, message))
}
