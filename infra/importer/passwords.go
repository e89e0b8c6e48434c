package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// passwordWork is what became of the passwords of one customer.
type passwordWork struct {
	changes         []Change
	packageReplaced bool
	replace         *types.TransactWriteItem // writes another customer password; goes with the profile's epoch
}

// given is a password in the input.
type given struct {
	field                   string // in a report
	subject, password, hash string
	ofPackage               bool
}

func (l Line) passwords() []given {
	all := []given{{fieldPassword, table.Customer(l.CustomerNumber), l.Password, l.PasswordHash, false}}
	for _, p := range l.Packages {
		all = append(all, given{"packages[" + p.ID + "].password", table.PackageSubject(p.ID), p.Password, p.PasswordHash, true})
	}
	return slices.DeleteFunc(all, func(g given) bool { return g.password == "" && g.hash == "" })
}

// passwords adds the passwords that are missing. One that exists stays, the customer may have changed it, unless it is to
// be overwritten. It runs after packages, so that a package id is known to be this customer's.
func (im Importer) passwords(ctx context.Context, l Line, old customer.Profile) (passwordWork, error) {
	var work passwordWork
	wanted := l.passwords()
	stored, err := im.credentials(ctx, wanted)
	if err != nil {
		return work, err
	}
	for _, g := range wanted {
		c := stored[g.subject]
		what := im.change(g, c)
		switch {
		case what == "":
			continue
		case what == passwordSet:
			err = im.add(ctx, g, old.Epoch)
		case g.ofPackage:
			work.packageReplaced = true
			err = im.replacePackage(ctx, g, c)
		default:
			work.replace, err = im.replacement(ctx, g, c, true)
		}
		if err != nil {
			return work, fmt.Errorf("password: %w", err)
		}
		work.changes = append(work.changes, Change{Field: g.field, New: what})
	}
	return work, nil
}

// What a report says of a password.
const (
	passwordSet      = "set"
	passwordReplaced = "replaced"
)

// change says what becomes of a stored password, "" when it stays.
func (im Importer) change(g given, c credential.Credential) string {
	overwrite := im.Overwrite[fieldPassword]
	if g.ofPackage {
		overwrite = im.Overwrite[fieldPackagePassword]
	}
	switch {
	case !c.Exists:
		return passwordSet
	case c.Retired: // of a merged number: kept for an undo
		return ""
	case overwrite && !g.is(c):
		return passwordReplaced
	}
	return ""
}

// passwordChanges says what an import would do with the passwords of a customer.
func (im Importer) passwordChanges(ctx context.Context, l Line) ([]Change, error) {
	wanted := l.passwords()
	stored, err := im.credentials(ctx, wanted)
	var list []Change
	for _, g := range wanted {
		if what := im.change(g, stored[g.subject]); what != "" && err == nil {
			list = append(list, Change{Field: g.field, New: what})
		}
	}
	return list, err
}

// is says whether the stored password is the given one already.
func (g given) is(c credential.Credential) bool {
	if g.hash != "" {
		return g.hash == c.Hash
	}
	ok, _, err := credential.Verify(c.Hash, g.password)
	return err == nil && ok
}

// add writes a password that was not there. Customer passwords are made under the epoch of the profile.
func (im Importer) add(ctx context.Context, g given, epoch int64) error {
	c := credential.Credential{Subject: g.subject}
	if !g.ofPackage {
		c.Epoch = epoch
	}
	write, err := im.replacement(ctx, g, c, false)
	if err != nil {
		return err
	}
	err = im.Tables.Transact(ctx, []types.TransactWriteItem{*write}, "")
	if errors.Is(err, table.ErrCondition) {
		return nil // set by the customer a moment ago: theirs counts
	}
	return err
}

func (im Importer) replacePackage(ctx context.Context, g given, c credential.Credential) error {
	write, err := im.replacement(ctx, g, c, true)
	if err != nil {
		return err
	}
	return im.Tables.Transact(ctx, []types.TransactWriteItem{*write}, "")
}

// replacement is the write of the given password over c.
func (im Importer) replacement(ctx context.Context, g given, c credential.Credential, raiseEpoch bool) (*types.TransactWriteItem, error) {
	hash := g.hash
	if hash == "" {
		var err error
		if hash, err = im.hash(ctx, g.password); err != nil {
			return nil, err
		}
	}
	write := credential.SetPassword(im.Tables.Names, c, hash, raiseEpoch, im.Now())
	return &write, nil
}

// credentials reads those that exist of the given ones.
func (im Importer) credentials(ctx context.Context, wanted []given) (map[string]credential.Credential, error) {
	keys := make([]table.Key, len(wanted))
	for i, g := range wanted {
		keys[i] = table.Credential(g.subject)
	}
	items, err := im.Tables.Batch(ctx, im.Tables.Names.Credentials, keys)
	if err != nil {
		return nil, fmt.Errorf("read passwords: %w", err)
	}
	found := map[string]credential.Credential{}
	for _, item := range items {
		c := credential.Credential{Subject: table.String(item, table.AttrPK), Exists: true}
		if err := table.Unmarshal(item, &c); err != nil {
			return nil, err
		}
		found[c.Subject] = c
	}
	return found, nil
}
