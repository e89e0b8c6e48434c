package passwordreset

import (
	"context"
	"fmt"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// set does everything in one transaction: the token is consumed, the password in force, all sessions and other links
// void by the epoch, young passkeys removed, the pause cleared, the browser known, the mail to the address as it was and the audit written.
func (d Deps) set(ctx context.Context, r *web.Request, g grant, hash, choice string) (device string, err error) {
	if device, err = session.KeepDevice(r.Request, d.Rand); err != nil {
		return "", err
	}
	names, now, number := d.Store.Names, r.Now, g.profile.Number
	left, gone := without(g.factor, choice, now)
	items := append(newpassword.Set(names, g.profile, g.cred, hash, audit.PasswordReset, newpassword.Besides(left, gone), now, d.Rand),
		token.Consume(names, g.key, now), throttle.PutDevice(names, table.Hash(device), number, now))
	if len(gone) > 0 {
		items = append(items, secondfactor.Save(names, g.factor, left))
	}
	if err := d.Store.Transact(ctx, items, ""); err != nil {
		return "", fmt.Errorf("set password: %w", err)
	}
	return device, nil
}
