// Package form is the form in which customers edit their master data, shown by the master-data page and by the merge. Its
// partial "masterDataForm" takes (dict "page" $ "form" <Form>) and posts to /account/master-data.
package form

import (
	"embed"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kundenkonto/shared/country"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/web"
)

// Partials holds the form's template, for web.ParsePages.
//
//go:embed partials
var Partials embed.FS

// Path is where the form is posted to, and a page of its own.
const Path = "/account/master-data"

// Form is what the form shows and keeps. Its JSON names are those of the fields.
type Form struct {
	masterdata.Data
	Version   int64    `json:"version"` // of the profile that the values come from
	Number    string   `json:"customerNumber"`
	Company   string   `json:"company"`
	FirstName string   `json:"firstName"`
	LastName  string   `json:"lastName"`
	Email     string   `json:"email"`
	Pending   *Pending `json:"pendingEmail,omitempty"` // new e-mail address that waits for its confirmation
	OpenOrder string   `json:"openOrder,omitempty"`    // running merge order that a change holds up
	Return    string   `json:"return,omitempty"`       // own path to go to after saving
}

// Pending is a new e-mail address and the end of the link that confirms it.
type Pending struct {
	Address string    `json:"address"`
	Until   time.Time `json:"until"`
}

// PendingOf is the new e-mail address of a profile that waits now, nil when there is none.
func PendingOf(p customer.Profile, now time.Time) *Pending {
	if w := p.Waiting(now); w != nil {
		return &Pending{w.Address, w.Until}
	}
	return nil
}

// Of is the form with the values of a profile.
func Of(p customer.Profile) Form {
	return Form{Data: DataOf(p), Version: p.Version, Number: p.Number,
		Company: p.Company, FirstName: p.FirstName, LastName: p.LastName, Email: p.Email}
}

// DataOf takes from a profile what its customer edits.
func DataOf(p customer.Profile) masterdata.Data {
	return masterdata.Data{
		Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country, Phone: p.Phone, Mobile: p.Mobile,
		IBAN: p.IBAN, BIC: p.BIC, AccountNumber: p.AccountNumber, BankCode: p.BankCode,
	}
}

// Into is the profile with the data put in.
func Into(p customer.Profile, d masterdata.Data) customer.Profile {
	p.Street, p.PostalCode, p.City, p.Country, p.Phone, p.Mobile = d.Street, d.PostalCode, d.City, d.Country, d.Phone, d.Mobile
	p.IBAN, p.BIC, p.AccountNumber, p.BankCode = d.IBAN, d.BIC, d.AccountNumber, d.BankCode
	return p
}

// MaskedIBAN is enough to know the account by, on a page that lies open.
func (f Form) MaskedIBAN() string { return merge.MaskOther(merge.IBAN, f.IBAN) }

// MaskedAccount is the number of the account without its first digits.
func (f Form) MaskedAccount() string { return merge.MaskOther(merge.AccountNumber, f.AccountNumber) }

// Name is the person and the company, for the line that cannot be edited.
func (f Form) Name() string {
	name := strings.TrimSpace(f.FirstName + " " + f.LastName)
	if f.Company == "" || name == "" {
		return f.Company + name
	}
	return f.Company + ", " + name
}

// SpacedIBAN is the IBAN in groups of four.
func (f Form) SpacedIBAN() string { return masterdata.Spaced(f.IBAN) }

// ChosenCountry is the country that the list shows chosen.
func (f Form) ChosenCountry() string {
	if f.Country == "" {
		return masterdata.DefaultCountry
	}
	return f.Country
}

// CountryOptions are the countries to choose from, the first ones those of most customers, the others by name. What was
// stored before and is no country stays.
func (f Form) CountryOptions(l lang.Lang) []web.Option {
	option := func(code string) web.Option {
		return web.Option{Value: code, Label: web.Country(l, code)}
	}
	var list, others []web.Option
	for _, code := range masterdata.FirstCountries {
		list = append(list, option(code))
	}
	for _, code := range country.Codes() {
		if !slices.Contains(masterdata.FirstCountries, code) {
			others = append(others, option(code))
		}
	}
	slices.SortFunc(others, func(a, b web.Option) int { return strings.Compare(letters(a.Label), letters(b.Label)) })
	list = append(list, others...)
	chosen := f.ChosenCountry()
	if _, known := country.Of(chosen); !known {
		list = append(list, option(chosen))
	}
	return list
}

// letters are what a name is sorted by: Ä stands with A.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name))
}
