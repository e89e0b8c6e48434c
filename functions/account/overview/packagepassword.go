package overview

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

const donePackagePassword = "package-password"

// setPackagePassword sets the password that proves a merge. It asks for the customer password and is told by mail (S7),
// since whoever sets it can give the package away. One that a veto voided is set in the same way.
func (d Room) setPackagePassword(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	p, err := d.ownPackage(r, s)
	if err != nil {
		return nil, err
	}
	current, entered := f.Get(reauth.Field), f.Get(newpassword.Field)
	refused := (*web.Error)(nil)
	err = d.maySetPackagePassword(r, s, p, current, entered)
	if errors.As(err, &refused) {
		page, err := d.showPackage(r, s, p, d.settingsOf(p))
		if err != nil {
			return nil, err
		}
		return page.WithError(refused), nil
	}
	if err != nil {
		return nil, err
	}
	hash, err := credential.Hasher{Rand: d.Rand}.Hash(entered)
	if err != nil {
		return nil, err
	}
	return d.writePackagePassword(r, s, p, hash)
}

// maySetPackagePassword checks both passwords. A new one that is missing costs no try of the customer password.
func (d Room) maySetPackagePassword(r *web.Request, s session.Visitor, p customer.Package, current, entered string) error {
	if p.Ended(contract.Day(r.Now)) {
		return packageEnded()
	}
	return d.MaySet(r, s, current, entered, area.PasswordWords{
		Missing: lang.T("Geben Sie ein neues Paketpasswort ein."),
		Same:    lang.T("Das ist Ihr Kundenpasswort. Ein Paketpasswort geben Sie vielleicht einer Agentur weiter, verwenden Sie deshalb ein anderes."),
	})
}

// writePackagePassword replaces the password that was read, on condition that the package is still the customer's (S12).
func (d Room) writePackagePassword(r *web.Request, s session.Visitor, p customer.Package, hash string) (web.Response, error) {
	for range table.Tries(r.Context(), area.Attempts) {
		held, refused, err := d.heldPackage(r, s.Profile, p)
		if err != nil {
			return nil, err
		}
		if refused != nil {
			return d.settingsAgain(r, s, p, d.settingsOf(p), refused)
		}
		c, err := d.Credentials.Get(r.Context(), table.PackageSubject(p.ID))
		if err != nil {
			return nil, err
		}
		err = d.Transact(r.Context(), append(d.packagePasswordItems(r, s, p, c, hash), d.stillHeld(held)...), "")
		if err == nil {
			r.Note("security_event", "authn_password_change")
			return web.SeeOther(packagePath(p.ID) + "?" + area.DoneKey + "=" + donePackagePassword), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, fmt.Errorf("set package password: %w", err)
		}
		if ended, err := d.Ended(r, s); err != nil || ended != nil {
			return ended, err
		}
	}
	return nil, web.Unavailable(errors.New("the package's credential keeps changing"))
}

func (d Room) packagePasswordItems(r *web.Request, s session.Visitor, p customer.Package, c credential.Credential, hash string) []types.TransactWriteItem {
	own := s.Profile
	items := []types.TransactWriteItem{
		customer.PackagePasswordSet(d.Names, own, p.Number, r.Now),
		credential.SetPassword(d.Names, c, hash, false, r.Now),
		audit.Put(d.Names, audit.Event{Number: own.Number, Action: audit.PackagePassword, Actor: own.Number, At: r.Now,
			New: map[string]string{outbox.ValuePackage: p.ID}}, d.Rand),
	}
	readers := emailchange.Owner(own, r.Now)
	if len(readers) == 0 {
		return items
	}
	return append(items, outbox.Put(d.Names, outbox.Item{
		Event: outbox.PackagePassword, Key: fmt.Sprintf("%s#%d", p.ID, c.Version+1), CreatedAt: r.Now,
		Values:     map[string]string{outbox.ValueNumber: own.Number, outbox.ValuePackage: p.ID, outbox.ValueName: p.DisplayName()},
		Recipients: readers,
	}))
}
