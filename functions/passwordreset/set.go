package passwordreset

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// set does everything in one transaction: the token is consumed, the password in force, all sessions and other links
// void by the epoch, the pause cleared, the browser known, the mail to the address as it was and the audit written.
func (d Deps) set(ctx context.Context, r *web.Request, g grant, hash string) (device string, err error) {
	if device, err = d.device(r); err != nil {
		return "", err
	}
	names, now, number := d.Store.Names, r.Now, g.profile.Number
	items := []types.TransactWriteItem{
		token.Consume(names, g.key, now),
		credential.SetPassword(names, g.cred, hash, true, now),
		customer.PasswordSet(names, g.profile, now),
		throttle.Clear(names, throttle.Login(number)),
		throttle.PutDevice(names, table.Hash(device), number, now),
		audit.Put(names, audit.Event{Number: number, Action: audit.PasswordReset, Actor: number, At: now}, d.Rand),
	}
	if g.profile.Email != "" {
		items = append(items, outbox.Put(names, outbox.Item{
			Event: outbox.PasswordChanged, Key: fmt.Sprintf("%s#%d", number, g.cred.Epoch+1), CreatedAt: now,
			Recipients: []outbox.Recipient{{Address: g.profile.Email, Language: g.profile.Language,
				Name: g.profile.DisplayName(), Numbers: []string{number}, Own: true}},
		}))
	}
	if err := d.Store.Transact(ctx, items, ""); err != nil {
		return "", fmt.Errorf("set password: %w", err)
	}
	return device, nil
}

// device keeps the cookie of a browser that has one: it may be known for other numbers.
func (d Deps) device(r *web.Request) (string, error) {
	if value, _ := session.DeviceOf(r.Request); value != "" {
		return value, nil
	}
	return session.Secret(d.Rand)
}
