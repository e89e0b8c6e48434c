package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kundenkonto/shared/customer"
)

// Overwrite names the fields that the import takes from the input although the customer may have changed them.
type Overwrite map[string]bool

// The two passwords are fields, too; the others are those of fields.
const (
	fieldPassword        = "password"
	fieldPackagePassword = "packagePassword"
)

// fields are what a customer edits online, with where they stand in a profile and in a line.
var fields = map[string]struct {
	profile func(*customer.Profile) *string
	line    func(*Line) string
}{
	"street":        {func(p *customer.Profile) *string { return &p.Street }, func(l *Line) string { return l.Street }},
	"postalCode":    {func(p *customer.Profile) *string { return &p.PostalCode }, func(l *Line) string { return l.PostalCode }},
	"city":          {func(p *customer.Profile) *string { return &p.City }, func(l *Line) string { return l.City }},
	"country":       {func(p *customer.Profile) *string { return &p.Country }, func(l *Line) string { return l.Country }},
	"phone":         {func(p *customer.Profile) *string { return &p.Phone }, func(l *Line) string { return l.Phone }},
	"mobile":        {func(p *customer.Profile) *string { return &p.Mobile }, func(l *Line) string { return l.Mobile }},
	"email":         {func(p *customer.Profile) *string { return &p.Email }, func(l *Line) string { return l.Email }},
	"iban":          {func(p *customer.Profile) *string { return &p.IBAN }, func(l *Line) string { return l.IBAN }},
	"bic":           {func(p *customer.Profile) *string { return &p.BIC }, func(l *Line) string { return l.BIC }},
	"accountNumber": {func(p *customer.Profile) *string { return &p.AccountNumber }, func(l *Line) string { return l.AccountNumber }},
	"bankCode":      {func(p *customer.Profile) *string { return &p.BankCode }, func(l *Line) string { return l.BankCode }},
	"language":      {func(p *customer.Profile) *string { return &p.Language }, func(l *Line) string { return l.Language }},
}

// OverwriteFields are all fields that Set takes.
func OverwriteFields() []string {
	return append(slices.Sorted(maps.Keys(fields)), fieldPassword, fieldPackagePassword)
}

// Set adds a field, so that Overwrite serves as a repeatable command line flag.
func (o Overwrite) Set(field string) error {
	if !slices.Contains(OverwriteFields(), field) {
		return fmt.Errorf("one of %s", strings.Join(OverwriteFields(), ", "))
	}
	o[field] = true
	return nil
}

// String lists the fields.
func (o Overwrite) String() string { return strings.Join(slices.Sorted(maps.Keys(o)), ",") }
