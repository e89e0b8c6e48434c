// Package newpassword sets a customer's password: what may be taken, and what is written when it changes. A reset by the
// mailed link and a change by the signed-in customer do the same.
package newpassword

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// Field is the name of the form field with the new password.
const Field = "newPassword"

// contextPackages bounds the packages whose domains a password is compared with.
const contextPackages = 50

// Packages lists the packages of a number.
type Packages interface {
	Packages(ctx context.Context, numbers []string, q customer.PackageQuery) (customer.PackagePage, error)
}

// Refusal checks a new password against the policy (S5), with what everybody may know about the customer: numbers, names,
// domains, the brand. nil is a good one.
func Refusal(ctx context.Context, packages Packages, p customer.Profile, brand, password string) (*web.Error, error) {
	page, err := packages.Packages(ctx, p.Numbers(), customer.PackageQuery{Limit: contextPackages})
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
	return Invalid("password_"+v.Code, web.T(v.DE, v.EN)), nil
}

// Invalid is a refusal of the new password that stands at its field.
func Invalid(code string, message web.Text) *web.Error {
	return web.Unprocessable(code, message, web.Invalid(Field, code, message))
}

// Set is what a new password writes, in one transaction with what allowed it: the hash, the epoch in credential and
// profile, by which all sessions and reset links are void (S8), the end of a pause, the audit event (action) and the mail
// to the address as it was (S7).
func Set(names table.Names, p customer.Profile, c credential.Credential, hash, action string, now time.Time, rand io.Reader) []types.TransactWriteItem {
	items := []types.TransactWriteItem{
		credential.SetPassword(names, c, hash, true, now),
		customer.PasswordSet(names, p, now),
		throttle.Clear(names, throttle.Login(p.Number)),
		audit.Put(names, audit.Event{Number: p.Number, Action: action, Actor: p.Number, At: now}, rand),
	}
	if p.Email == "" {
		return items
	}
	return append(items, outbox.Put(names, outbox.Item{
		Event: outbox.PasswordChanged, Key: fmt.Sprintf("%s#%d", p.Number, c.Epoch+1), CreatedAt: now,
		Recipients: []outbox.Recipient{{Address: p.Email, Language: p.Language, Name: p.DisplayName(), Numbers: []string{p.Number}, Own: true}},
	}))
}
