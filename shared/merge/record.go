// Package merge holds what merging customer numbers means, without any input or output: comparing two customers' master
// data, choosing between them, what blocks a merge, what comes out of it, the digest of what was shown, and the states
// of a merge order. It imports the standard library only; how values are spelled is told by a Speller.
package merge

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
