// Package demo holds the customers of the local cloud: people and companies as they come, with addresses, phones and
// bank data written in the ways people write them. Everything is made up; all domains end in .example (RFC 2606).
//
// Anna Schäfer (10000017) is the customer of the walk through README.md: she never had a customer password, and three
// more numbers are hers: 10000023 and 10000031 hold the same data written differently, 10000048 really differs. Two more
// numbers under her name cannot be merged: 10000056 owes money, 10000064 is locked.
package demo

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"time"

	"kundenkonto/infra/importer"
	"kundenkonto/shared/table"
)

//go:embed customers.jsonl
var lines []byte

// known are the passwords of customers that come with a hash: bcrypt, and argon2id of weaker parameters than today's.
var known = map[string]string{
	"10000137": "Granatapfel-Basar-137",
	"10000145": "Olive-Grove-Lantern-145",
}

// Login is how a demo customer signs in; Password is empty for one who never had a customer password.
type Login struct{ CustomerNumber, Password, Name, Note string }

// Proof is what proves a demo customer's number when it is to be merged.
type Proof struct{ CustomerNumber, Domain, Password string }

// notes say what a demo customer is there for.
var notes = map[string]string{
	"10000017": "no customer password yet: the walk of README.md begins here",
	"10000023": "the same data, written differently",
	"10000031": "the same data, written differently",
	"10000048": "data that really differ, another mailbox",
	"10000056": "owes money",
	"10000064": "locked for merging",
	"10000102": "a company",
	"10000110": "the same company again",
	"10000129": "another company name",
	"10000137": "customer password imported as bcrypt",
	"10000145": "English; customer password imported as weaker argon2id",
	"10000153": "very long names",
	"10000161": "Austria",
	"10000170": "no e-mail address",
	"10000200": "300 packages",
	"10000218": "no package",
}

// Source is the file of the demo customers, for the import.
func Source() importer.File { return importer.Memory("infra/demo/customers.jsonl", lines) }

// Customers are the demo customers; a test holds that the file is good.
func Customers() ([]importer.Line, error) { return importer.Lines(Source()) }

// Logins are the demo customers' numbers and passwords, in the order of the file.
func Logins() ([]Login, error) {
	all, err := Customers()
	if err != nil {
		return nil, err
	}
	var logins []Login
	for _, l := range all {
		password := l.Password
		if l.PasswordHash != "" {
			password = known[l.CustomerNumber]
		}
		name := l.Company
		if name == "" {
			name = l.FirstName + " " + l.LastName
		}
		logins = append(logins, Login{l.CustomerNumber, password, name, notes[l.CustomerNumber]})
	}
	return logins, nil
}

// Proofs are a domain and package password of each demo customer that has them, in the order of the file.
func Proofs() ([]Proof, error) {
	all, err := Customers()
	if err != nil {
		return nil, err
	}
	var proofs []Proof
	for _, l := range all {
		for _, p := range l.Packages {
			if p.Password != "" && len(p.Domains) > 0 {
				proofs = append(proofs, Proof{l.CustomerNumber, p.Domains[0], p.Password})
				break
			}
		}
	}
	return proofs, nil
}

// Import writes the demo customers; it may run at every start.
func Import(ctx context.Context, tables table.Store, now func() time.Time, rand io.Reader) error {
	checked := importer.Check(Source())
	if len(checked.Problems) > 0 {
		return errors.New(checked.Problems[0].String())
	}
	report, err := importer.Importer{Tables: tables, Now: now, Rand: rand}.Import(ctx, checked, Source())
	if err != nil {
		return fmt.Errorf("demo customers: %w", err)
	}
	if len(report.Failures) > 0 {
		return fmt.Errorf("demo customers: %s", report.Failures[0])
	}
	return nil
}
