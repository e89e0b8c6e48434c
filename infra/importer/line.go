// Package importer brings an operator's customers into Kundenkonto: JSON Lines, one customer a line. It validates all
// input before it writes anything, names the file and line of whatever is wrong, can be stopped and started again at any
// time, and never shows half a customer: packages, domains and passwords are written first, the profile last.
//
// It is made for every night, too. Of a number that exists it brings up to date what the operator decides (balance,
// locked, company, names, packages) and leaves alone what the customer decides (passwords, master data), unless told to
// overwrite a field. A package that is no longer in the file has ended; nothing is ever deleted (M1).
package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"kundenkonto/shared/contract"
)

// Line is one customer as it stands in the input.
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
	BIC            string    `json:"bic,omitempty"`
	AccountNumber  string    `json:"accountNumber"`
	BankCode       string    `json:"bankCode"`
	Language       string    `json:"language,omitempty"` // de or en; de when missing
	BalanceCents   int64     `json:"balanceCents"`       // more than 0 is owed
	Locked         bool      `json:"locked,omitempty"`
	Password       string    `json:"password,omitempty"`     // hashed at import
	PasswordHash   string    `json:"passwordHash,omitempty"` // argon2id, or bcrypt that is rehashed at the next use
	Packages       []Package `json:"packages"`
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
	TermMonths         int      `json:"termMonths,omitempty"`
	NoticePeriodMonths int      `json:"noticePeriodMonths,omitempty"`
	EndedAt            string   `json:"endedAt,omitempty"` // YYYY-MM-DD, the last day; a package that is left out has ended yesterday

	// Renewal is a number of months or "indefinite"; what follows from start and kind of customer when missing.
	Renewal contract.Renewal `json:"renewal,omitempty"`
}

// parse reads one line. Unknown fields are refused: a misspelt one would be lost in silence.
func parse(text []byte) (Line, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	l := Line{Country: "DE", Language: "de"}
	if err := d.Decode(&l); err != nil {
		return Line{}, errors.New(plain(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Line{}, errors.New("more than one JSON object on the line")
	}
	l.Country, l.Language = strings.ToUpper(l.Country), strings.ToLower(l.Language)
	return l, nil
}

// plain says what the JSON decoder found in words for the operator, without values of the line (S20).
func plain(err error) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return fmt.Sprintf("field %s must be a %s, not a %s", kind.Field, kind.Type, kind.Value)
	case errors.As(err, &syntax):
		return fmt.Sprintf("not valid JSON: %v (after %d bytes)", syntax, syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "not valid JSON: the line ends too early"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}
