// Package newpassword sets a customer's password: what may be taken, and what is written when it changes. A reset by the
// mailed link and a change by the signed-in customer do the same.
package newpassword

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// Field is the name of the form field with the new password.
const Field = "newPassword"

// contextPackages bounds the packages whose domains a password is compared with.
const contextPackages = 50

// Refusal checks a new password against the policy (S5), with what everybody may know about the customer: numbers, names,
// domains, the brand. nil is a good one.
func Refusal(ctx context.Context, packages customer.Store, p customer.Profile, brand, password string) (*web.Error, error) {
	page, err := packages.Packages(ctx, p.Numbers(), customer.PackageQuery{Limit: contextPackages, Uncounted: true})
	if err != nil {
		return nil, fmt.Errorf("context of the password policy: %w", err)
	}
	known := append(p.Numbers(), p.Company, p.FirstName, p.LastName, p.Email, p.City, brand)
	for _, pkg := range page.Packages {
		known = append(append(known, pkg.ID), pkg.Domains...)
	}
	v := credential.CheckPolicy(password, credential.PolicyContext{Words: known})
	if v == nil {
		return nil, nil
	}
	return Invalid("password_"+v.Code, v.Text), nil
}

// Invalid is a refusal of the new password that stands at its field.
func Invalid(code string, message lang.Text) *web.Error {
	return web.Unprocessable(code, message, web.Invalid(Field, code, message))
}

// Keys of the values that the mail about a new password prints, and the first the audit, too: what else opens the account.
const (
	ValuePasskeysGone = "passkeysRemoved" // names of those removed with it
	ValuePasskeys     = "passkeys"        // names of those that stay
	ValueSecondStep   = "secondStepSince" // time since when codes of an app are asked for

	ValuePasswordVoid = "passwordVoid" // for the audit: the password was taken away
)

// Besides says what else opens the account, for whoever did not set the password, or had lost it to somebody.
func Besides(left secondfactor.Factor, gone []string) map[string]string {
	values := map[string]string{}
	if len(gone) > 0 {
		values[ValuePasskeysGone] = strings.Join(gone, ", ")
	}
	var stay []string
	for _, k := range left.Passkeys {
		stay = append(stay, k.Name)
	}
	if len(stay) > 0 {
		values[ValuePasskeys] = strings.Join(stay, ", ")
	}
	if left.Secret != "" {
		values[ValueSecondStep] = table.FormatTime(left.Since)
	}
	return values
}

// Set is what a new password writes, in one transaction with what allowed it: the hash, the epoch in credential and
// profile, by which all sessions and reset links are void (S8), the end of a pause, the audit event (action) and the mail
// to the addresses as they were (S7), with what else opens the account.
func Set(names table.Names, p customer.Profile, c credential.Credential, hash, action string, besides map[string]string, now time.Time, rand io.Reader) []types.TransactWriteItem {
	event := audit.Event{Number: p.Number, Action: action, Actor: p.Number, At: now}
	if gone := besides[ValuePasskeysGone]; gone != "" {
		event.New = map[string]string{ValuePasskeysGone: gone}
	}
	items := []types.TransactWriteItem{
		credential.SetPassword(names, c, hash, true, now),
		customer.PasswordSet(names, p, now),
		throttle.Clear(names, throttle.Login(p.Number)),
		audit.Put(names, event, rand),
	}
	readers := emailchange.Owner(p, now)
	if len(readers) == 0 {
		return items
	}
	return append(items, outbox.Put(names, outbox.Item{
		Event: outbox.PasswordChanged, Key: fmt.Sprintf("%s#%d", p.Number, c.Epoch+1), CreatedAt: now, Values: besides,
		Recipients: readers,
	}))
}
