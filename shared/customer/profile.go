// Package customer holds customers and their packages: the profile (master data), the packages under a number, and the
// look-ups by domain and package id.
package customer

import (
	"strings"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/product"
)

// Profile is the master data of one customer number.
//
// Version counts what a merge compares or decides on (see [Update]) and nothing else: a login or a setting makes no order
// stale. Epoch is the session epoch: a session made under another one is void (S8). It goes up in every transaction
// that raises the credential's. MergedInto names the successor of a merged number, Members the numbers merged into this one, chains flattened.
type Profile struct {
	Number        string   `dynamodbav:"number" json:"number"`
	Company       string   `dynamodbav:"company,omitempty" json:"company"`
	FirstName     string   `dynamodbav:"firstName,omitempty" json:"firstName"`
	LastName      string   `dynamodbav:"lastName,omitempty" json:"lastName"`
	Street        string   `dynamodbav:"street,omitempty" json:"street"`
	PostalCode    string   `dynamodbav:"postalCode,omitempty" json:"postalCode"`
	City          string   `dynamodbav:"city,omitempty" json:"city"`
	Country       string   `dynamodbav:"country,omitempty" json:"country"` // ISO 3166-1 alpha-2
	Phone         string   `dynamodbav:"phone,omitempty" json:"phone"`
	Mobile        string   `dynamodbav:"mobile,omitempty" json:"mobile"`
	Email         string   `dynamodbav:"email,omitempty" json:"email"`
	IBAN          string   `dynamodbav:"iban,omitempty" json:"iban"`
	BIC           string   `dynamodbav:"bic,omitempty" json:"bic"`
	AccountNumber string   `dynamodbav:"accountNumber,omitempty" json:"accountNumber"`
	BankCode      string   `dynamodbav:"bankCode,omitempty" json:"bankCode"`
	Language      string   `dynamodbav:"language,omitempty" json:"language"` // one of lang.All
	BalanceCents  int64    `dynamodbav:"balanceCents" json:"balanceCents"`   // more than 0 is owed
	Locked        bool     `dynamodbav:"locked" json:"locked"`               // for merging, by the operator
	MergedInto    string   `dynamodbav:"mergedInto,omitempty" json:"mergedInto,omitempty"`
	MergedBy      string   `dynamodbav:"mergedBy,omitempty" json:"-"` // order that made it a source; stays when its successor is merged on
	Members       []string `dynamodbav:"members,stringset,omitempty" json:"members,omitempty"`
	Version       int64    `dynamodbav:"version" json:"version"`
	Epoch         int64    `dynamodbav:"epoch" json:"-"`

	PackageCounts map[string]int `dynamodbav:"packageCounts,omitempty" json:"-"` // by product, ended ones too; by the import, nil before its first

	CreatedAt                time.Time        `dynamodbav:"createdAt,omitempty" json:"createdAt"`
	EmailChangedAt           time.Time        `dynamodbav:"emailChangedAt,omitempty" json:"-"`
	PasswordChangedAt        time.Time        `dynamodbav:"passwordChangedAt,omitempty" json:"-"`
	PackagePasswordChangedAt time.Time        `dynamodbav:"packagePasswordChangedAt,omitempty" json:"-"`
	PackagePasswordsVoidAt   time.Time        `dynamodbav:"packagePasswordsVoidAt,omitempty" json:"-"` // by an undo after abuse; older ones prove nothing
	LastLogin                time.Time        `dynamodbav:"lastLogin,omitempty" json:"-"`
	FailedProofs             int64            `dynamodbav:"failedProofs,omitempty" json:"-"` // kept, not reset by success
	FailedBy                 map[string]int64 `dynamodbav:"-" json:"-"`                      // the same by whose tries they were; see CountFailedProof
	NoProposals              bool             `dynamodbav:"noProposals,omitempty" json:"-"`  // do not point to numbers that look like the own

	PackagePasswordVoids []VoidSpan `dynamodbav:"packagePasswordVoids,omitempty" json:"-"` // by undos and stopped changes of the address; those set in one of them prove nothing

	Pending       *PendingEmail  `dynamodbav:"pendingEmail,omitempty" json:"-"`
	EarlierEmails []HeldEmail    `dynamodbav:"earlierEmails,omitempty" json:"-"` // see AddressesSince; the one that was in force last stands last
	StoppedEmails []StoppedEmail `dynamodbav:"stoppedEmails,omitempty" json:"-"` // see EmailRestored; the latest stands last
	EmailStops    []StopSpan     `dynamodbav:"emailStops,omitempty" json:"-"`    // see EmailStopped
	EmailKey      string         `dynamodbav:"emailKey,omitempty" json:"-"`      // of index byEmail, as read; whoever writes the profile takes Email's
}

// PendingEmail is a new e-mail address that waits for its confirmation; until then the profile's stays in force. A later
// one replaces it. Epoch is the session epoch under which it was asked for.
type PendingEmail struct {
	ID      string    `dynamodbav:"id"`
	Address string    `dynamodbav:"address"`
	At      time.Time `dynamodbav:"at"`
	Until   time.Time `dynamodbav:"until"`
	Epoch   int64     `dynamodbav:"epoch"`
}

// Waiting is the new e-mail address that still can be confirmed; nil when there is none. A new customer password since
// it was asked for voids it: what somebody began with the old password ends with it.
func (p Profile) Waiting(now time.Time) *PendingEmail {
	if p.Pending == nil || p.Pending.Epoch != p.Epoch || !now.Before(p.Pending.Until) {
		return nil
	}
	return p.Pending
}

// DisplayName is how the pages and mails call the customer: the person, else the company, else the number.
func (p Profile) DisplayName() string {
	if name := strings.TrimSpace(p.FirstName + " " + p.LastName); name != "" {
		return name
	}
	if p.Company != "" {
		return p.Company
	}
	return p.Number
}

// Numbers is the own number and then its members: whose packages the customer sees.
func (p Profile) Numbers() []string {
	return append([]string{p.Number}, p.Members...)
}

// Owes reports whether an amount is due for this number alone; its members have balances of their own.
func (p Profile) Owes() bool { return merge.Owes(p.BalanceCents) }

// Package is one product that was ordered. It stays under the number it was ordered with (Number), even after a merge.
type Package struct {
	ID                 string   `dynamodbav:"id" json:"id"`
	Number             string   `dynamodbav:"number" json:"number"`
	Product            string   `dynamodbav:"product" json:"product"` // hosting, server or shop
	Tariff             string   `dynamodbav:"tariff,omitempty" json:"tariff"`
	Domains            []string `dynamodbav:"domains,omitempty" json:"domains"`
	ContractStart      string   `dynamodbav:"contractStart,omitempty" json:"contractStart"` // YYYY-MM-DD
	TermMonths         int      `dynamodbav:"termMonths,omitempty" json:"termMonths"`       // of the first term
	NoticePeriodMonths int      `dynamodbav:"noticePeriodMonths,omitempty" json:"noticePeriodMonths"`
	PriceCents         *int64   `dynamodbav:"priceCents,omitempty" json:"priceCents,omitempty"`       // of a billing period; nil when not told
	BillingMonths      int      `dynamodbav:"billingMonths,omitempty" json:"billingMonths,omitempty"` // length of a billing period; 0 when not told
	EndedAt            string   `dynamodbav:"endedAt,omitempty" json:"endedAt,omitempty"`             // YYYY-MM-DD, the last day; "" while no end is known. See Ended
	// Renewal is how the contract goes on after its first term.
	Renewal contract.Renewal `dynamodbav:"renewal,omitempty" json:"renewal,omitempty"`
	// LeftOut says that the contract has ended because an import no longer had it, not because the operator named a day.
	LeftOut bool `dynamodbav:"leftOut,omitempty" json:"-"`
	// Cancellation is the customer's notice, as long as the operator's data do not name the end of the contract. It stays with
	// a package that was left out, which may be a mistake.
	Cancellation *Cancellation `dynamodbav:"cancellation,omitempty" json:"cancellation,omitempty"`

	// Settings are what the customer set, by the names of package product; SettingsVersion counts the changes.
	Settings        map[string]string `dynamodbav:"settings,omitempty" json:"settings,omitempty"`
	SettingsVersion int64             `dynamodbav:"settingsVersion,omitempty" json:"settingsVersion,omitempty"`

	Places `json:"-"`
}

// Consumer tells a consumer from a company (BGB sections 13 and 14): who gave no company's name is taken for a consumer.
func (p Profile) Consumer() bool { return strings.TrimSpace(p.Company) == "" }

// Products are the kinds of packages there are.
var Products = []string{product.Hosting, product.Server, product.Shop}
