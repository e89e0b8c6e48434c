// Package merge holds what merging customer numbers means, without any input or output: comparing two customers' master
// data, choosing between them, what blocks a merge, what comes out of it, the digest of what was shown, and the states
// of a merge order. It imports the standard library only; how values are spelled is told by a Speller.
package merge

import (
	"slices"
	"strings"
	"unicode"
)

// Record is the master data of one customer number as far as a merge compares or shows it. Values are as the customer wrote them.
type Record struct {
	Number        string `json:"customerNumber"`
	Company       string `json:"company"`
	FirstName     string `json:"firstName"`
	LastName      string `json:"lastName"`
	Street        string `json:"street"`
	PostalCode    string `json:"postalCode"`
	City          string `json:"city"`
	Country       string `json:"country"` // ISO 3166 two letters; empty means DE
	Phone         string `json:"phone"`
	Mobile        string `json:"mobile"`
	Email         string `json:"email"`
	AccountNumber string `json:"accountNumber"`
	BankCode      string `json:"bankCode"`
	IBAN          string `json:"iban"`
	BIC           string `json:"bic"`
}

// Field names one value of a Record; the text is the form's field name.
type Field string

// The fields of a Record. The first eight are the ones a merge compares; IBAN and BIC stand beside the last two of them.
const (
	Street        Field = "street"
	PostalCode    Field = "postalCode"
	City          Field = "city"
	Phone         Field = "phone"
	Mobile        Field = "mobile"
	Email         Field = "email"
	AccountNumber Field = "accountNumber"
	BankCode      Field = "bankCode"
	IBAN          Field = "iban"
	BIC           Field = "bic"
	Country       Field = "country"
	Company       Field = "company"
	FirstName     Field = "firstName"
	LastName      Field = "lastName"
)

// compared lists the rows of a comparison in the order of the page.
var compared = []Field{Street, PostalCode, City, Phone, Mobile, Email, AccountNumber, BankCode, IBAN, BIC}

// names lists the fields that decide who may merge; they must mean the same on both sides.
var names = []Field{Company, FirstName, LastName}

// Fields returns all fields as pages and mails show them: the names, then DataFields.
func Fields() []Field { return slices.Concat(names, DataFields()) }

// DataFields returns the fields that customers enter, in the order of the form.
func DataFields() []Field {
	return []Field{Street, PostalCode, City, Country, Phone, Mobile, Email, IBAN, BIC, AccountNumber, BankCode}
}

// Get returns the value of a field, empty for an unknown one.
func (r Record) Get(f Field) string {
	if p := r.at(f); p != nil {
		return *p
	}
	return ""
}

func (r *Record) at(f Field) *string {
	switch f {
	case Street:
		return &r.Street
	case PostalCode:
		return &r.PostalCode
	case City:
		return &r.City
	case Phone:
		return &r.Phone
	case Mobile:
		return &r.Mobile
	case Email:
		return &r.Email
	case AccountNumber:
		return &r.AccountNumber
	case BankCode:
		return &r.BankCode
	case IBAN:
		return &r.IBAN
	case BIC:
		return &r.BIC
	case Country:
		return &r.Country
	case Company:
		return &r.Company
	case FirstName:
		return &r.FirstName
	case LastName:
		return &r.LastName
	}
	return nil
}

// Group is a set of fields that are chosen together and never mixed: a street of one side with the city of the other is nobody's address.
type Group string

// The groups of a choice, in the order of the page.
const (
	Address     Group = "address"
	PhoneGroup  Group = "phone"
	MobileGroup Group = "mobile"
	EmailGroup  Group = "email"
	BankGroup   Group = "bank"
)

// Groups returns all groups in the order of the page.
func Groups() []Group {
	return []Group{Address, PhoneGroup, MobileGroup, EmailGroup, BankGroup}
}

// Fields returns the fields that the group's choice carries along.
func (g Group) Fields() []Field {
	switch g {
	case Address:
		return []Field{Street, PostalCode, City, Country}
	case PhoneGroup:
		return []Field{Phone}
	case MobileGroup:
		return []Field{Mobile}
	case EmailGroup:
		return []Field{Email}
	case BankGroup:
		return []Field{IBAN, BIC, AccountNumber, BankCode}
	}
	return nil
}

// GroupOf returns the group a compared field belongs to, empty for the names.
func GroupOf(f Field) Group {
	for _, g := range Groups() {
		for _, of := range g.Fields() {
			if of == f {
				return g
			}
		}
	}
	return ""
}

// Has reports whether the record has any value of the group; a country alone is no address.
func (r Record) Has(g Group) bool {
	for _, f := range g.Fields() {
		if f != Country && r.Get(f) != "" {
			return true
		}
	}
	return false
}

// Complete reports whether the record has enough of the group to be used in place of another's: a letter arrives only with street,
// postal code and city, and nothing is debited from a bank code alone. Only such a group can be chosen, since it replaces the
// other side's as a whole.
func (r Record) Complete(g Group) bool {
	switch g {
	case Address:
		return r.usable(Street) && r.usable(PostalCode) && r.usable(City)
	case BankGroup:
		return r.usable(IBAN) || r.usable(AccountNumber) && r.usable(BankCode)
	}
	for _, f := range g.Fields() {
		if !r.usable(f) {
			return false
		}
	}
	return true
}

// The least that a value must hold to be one.
const (
	shortestPhone = 3  // 110
	shortestIBAN  = 15 // Norway's (ISO 13616)
)

// usable reports whether a value may be what it stands for; a dash, or blanks, is no value.
func (r Record) usable(f Field) bool {
	v := r.Get(f)
	letters, digits := count(v, unicode.IsLetter), count(v, unicode.IsDigit)
	switch f {
	case Phone, Mobile:
		return digits >= shortestPhone
	case IBAN:
		return digits > 0 && letters+digits >= shortestIBAN
	case AccountNumber, BankCode:
		return strings.ContainsAny(v, "123456789") // zeros fill what an old system had to fill
	case Email:
		local, domain, found := strings.Cut(v, "@")
		return found && strings.TrimSpace(local) != "" && strings.TrimSpace(domain) != ""
	}
	return letters+digits > 0
}

func count(v string, is func(rune) bool) (n int) {
	for _, r := range v {
		if is(r) {
			n++
		}
	}
	return n
}
