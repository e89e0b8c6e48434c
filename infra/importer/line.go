// Package importer brings an operator's customers into Kundenkonto: JSON Lines, one customer a line. It validates all
// input before it writes anything, names the file and line of whatever is wrong, can be stopped and started again at any
// time, and never shows half a customer: packages, domains and passwords are written first, the profile last.
//
// It is made for every night, too. Of a number that exists it brings up to date what the operator decides (balance,
// locked, company, names, packages) and leaves alone what the customer decides (passwords, master data), unless told to
// overwrite a field. A package that is no longer in the file has ended; nothing is ever deleted (M1).
//
// A line is read strictly: what is missing never means empty, and nothing that could be a mistake of the export is
// guessed at, since a guess would overwrite good data in silence.
package importer

import (
	"encoding/json"

	"kundenkonto/shared/contract"
)

// Line is one customer as it stands in the input. Its fields are described in infra/import/customer.schema.json.
type Line struct {
	CustomerNumber string    `json:"customerNumber"`
	Company        string    `json:"company"`
	FirstName      string    `json:"firstName"`
	LastName       string    `json:"lastName"`
	Street         string    `json:"street"`
	PostalCode     string    `json:"postalCode"`
	City           string    `json:"city"`
	Country        string    `json:"country,omitempty"` // ISO 3166-1 alpha-2; DE when missing
	Phone          string    `json:"phone"`
	Mobile         string    `json:"mobile"`
	Email          string    `json:"email"`
	IBAN           string    `json:"iban"`
	BIC            string    `json:"bic"`
	AccountNumber  string    `json:"accountNumber"`
	BankCode       string    `json:"bankCode"`
	Language       string    `json:"language,omitempty"` // one of lang.All; de when missing
	BalanceCents   int64     `json:"balanceCents"`       // more than 0 is owed
	Locked         bool      `json:"locked"`
	Password       string    `json:"password,omitempty"`     // hashed at import
	PasswordHash   string    `json:"passwordHash,omitempty"` // argon2id, or bcrypt that is rehashed at the next use
	Packages       []Package `json:"packages"`

	missing missing
}

// Package is one package of a customer as it stands in the input.
type Package struct {
	ID                 string   `json:"id"`
	Product            string   `json:"product"` // hosting, server or shop
	Tariff             string   `json:"tariff"`
	Domains            []string `json:"domains"`
	Password           string   `json:"password,omitempty"`
	PasswordHash       string   `json:"passwordHash,omitempty"`
	ContractStart      string   `json:"contractStart"` // YYYY-MM-DD
	TermMonths         int      `json:"termMonths"`
	NoticePeriodMonths int      `json:"noticePeriodMonths"`
	PriceCents         *int64   `json:"priceCents,omitempty"`    // of a billing period
	BillingMonths      int      `json:"billingMonths,omitempty"` // how long a billing period is
	EndedAt            string   `json:"endedAt"`                 // YYYY-MM-DD, the last day; a package that is left out has ended yesterday

	// Renewal is a number of months or "indefinite"; what follows from start and kind of customer when missing.
	Renewal contract.Renewal `json:"renewal,omitempty"`

	missing missing
}

// missing are the fields that were not in the input: they keep their value on a customer that exists.
type missing map[string]bool

// MarshalJSON writes the lists even when they are nil: a list must be there, if only an empty one.
func (l Line) MarshalJSON() ([]byte, error) {
	type plain Line
	if l.Packages == nil {
		l.Packages = []Package{}
	}
	return json.Marshal(plain(l))
}

// MarshalJSON is as that of Line.
func (p Package) MarshalJSON() ([]byte, error) {
	type plain Package
	if p.Domains == nil {
		p.Domains = []string{}
	}
	return json.Marshal(plain(p))
}
