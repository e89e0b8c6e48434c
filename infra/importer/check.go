package importer

import (
	"fmt"
	"math/big"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
)

// Limits of one customer, far above what is real; they keep an item below DynamoDB's 400 kB.
const (
	longestText     = 200
	longestPassword = 256
	mostDomains     = 1000 // a package
	mostPackages    = 10000
)

var (
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	ibanForm    = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`)
	bicForm     = regexp.MustCompile(`^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
	digits      = regexp.MustCompile(`^[0-9]{1,12}$`)
)

// findings collects what is wrong with one line, each with the field it is about.
type findings []string

func (f *findings) add(field, format string, args ...any) {
	*f = append(*f, field+": "+fmt.Sprintf(format, args...))
}

// check says everything that is wrong with a line by itself.
func (l Line) check() findings {
	var f findings
	if !customer.ValidNumber(l.CustomerNumber) {
		f.add("customerNumber", "must be 6 to 12 digits, the first one not 0")
	}
	if strings.TrimSpace(l.Company+l.FirstName+l.LastName) == "" {
		f.add("lastName", "a customer needs a name or a company")
	}
	for field, text := range l.texts() {
		checkText(&f, field, text)
	}
	l.checkForms(&f)
	checkPassword(&f, "", l.Password, l.PasswordHash)
	if len(l.Packages) > mostPackages {
		f.add("packages", "more than %d", mostPackages)
	}
	l.checkPackages(&f)
	slices.Sort(f) // maps have no order, reports should
	return f
}

func (l Line) texts() map[string]string {
	return map[string]string{"company": l.Company, "firstName": l.FirstName, "lastName": l.LastName, "street": l.Street,
		"postalCode": l.PostalCode, "city": l.City, "phone": l.Phone, "mobile": l.Mobile, "email": l.Email, "iban": l.IBAN,
		"bic": l.BIC, "accountNumber": l.AccountNumber, "bankCode": l.BankCode}
}

func (l Line) checkForms(f *findings) {
	if !countryForm.MatchString(l.Country) {
		f.add("country", "must be two letters such as DE")
	}
	if l.Language != "de" && l.Language != "en" {
		f.add("language", "must be de or en")
	}
	if a, err := netmail.ParseAddress(l.Email); l.Email != "" && (err != nil || a.Address != l.Email) {
		f.add("email", "is not an e-mail address")
	}
	if iban := squeeze(l.IBAN); iban != "" && !validIBAN(iban) {
		f.add("iban", "is not an IBAN (form or check digits)")
	}
	if bic := squeeze(l.BIC); bic != "" && !bicForm.MatchString(bic) {
		f.add("bic", "is not a BIC")
	}
	if n := squeeze(l.AccountNumber); n != "" && !digits.MatchString(n) {
		f.add("accountNumber", "must be digits")
	}
	if n := squeeze(l.BankCode); n != "" && !digits.MatchString(n) {
		f.add("bankCode", "must be digits")
	}
}

func (l Line) checkPackages(f *findings) {
	ids, domains := map[string]bool{}, map[string]string{}
	for i, p := range l.Packages {
		at := fmt.Sprintf("packages[%d].", i)
		if !customer.ValidPackageID(p.ID) {
			f.add(at+"id", "must be 1 to 64 letters, digits, dots, dashes or underscores")
		} else if ids[p.ID] {
			f.add(at+"id", "%s is twice in this customer", p.ID)
		}
		ids[p.ID] = true
		p.check(f, at)
		for _, d := range p.Domains {
			folded, err := customer.FoldDomain(d)
			if err != nil {
				f.add(at+"domains", "%q is not a domain name", d)
			} else if other, taken := domains[folded]; taken && other != p.ID && p.EndedAt == "" {
				f.add(at+"domains", "%s is in package %s already", d, other)
			}
			if p.EndedAt == "" {
				domains[folded] = p.ID
			}
		}
	}
}

func (p Package) check(f *findings, at string) {
	if !slices.Contains(customer.Products, p.Product) {
		f.add(at+"product", "must be one of %s", strings.Join(customer.Products, ", "))
	}
	checkText(f, at+"tariff", p.Tariff)
	if len(p.Domains) > mostDomains {
		f.add(at+"domains", "more than %d", mostDomains)
	}
	for field, date := range map[string]string{"contractStart": p.ContractStart, "endedAt": p.EndedAt} {
		if _, err := time.Parse(time.DateOnly, date); date != "" && err != nil {
			f.add(at+field, "must be a date such as 2019-05-01")
		}
	}
	if p.TermMonths < 0 || p.TermMonths > 120 {
		f.add(at+"termMonths", "must be 0 to 120")
	}
	if p.NoticePeriodMonths < 0 || p.NoticePeriodMonths > 36 {
		f.add(at+"noticePeriodMonths", "must be 0 to 36")
	}
	if !p.Renewal.Valid() {
		f.add(at+"renewal", "must be 1 to %d months or %q", contract.MostMonths, contract.Indefinite)
	}
	checkPassword(f, at, p.Password, p.PasswordHash)
}

func checkText(f *findings, field, text string) {
	switch {
	case !utf8.ValidString(text):
		f.add(field, "is not valid UTF-8")
	case utf8.RuneCountInString(text) > longestText:
		f.add(field, "is longer than %d characters", longestText)
	case strings.ContainsFunc(text, unicode.IsControl):
		f.add(field, "has a control character or line break in it")
	}
}

func checkPassword(f *findings, at, password, hash string) {
	if password != "" && hash != "" {
		f.add(at+"password", "give password or passwordHash, not both")
	}
	if utf8.RuneCountInString(password) > longestPassword {
		f.add(at+"password", "is longer than %d characters", longestPassword)
	}
	if hash != "" && credential.CheckStored(hash) != nil {
		f.add(at+"passwordHash", "is neither an argon2id nor a bcrypt hash that we accept")
	}
}

func squeeze(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

// validIBAN checks the check digits (ISO 13616: the number with the first four characters at its end is 1 modulo 97).
func validIBAN(iban string) bool {
	if !ibanForm.MatchString(iban) {
		return false
	}
	var b strings.Builder
	for _, r := range iban[4:] + iban[:4] {
		if unicode.IsLetter(r) {
			fmt.Fprint(&b, r-'A'+10)
		} else {
			b.WriteRune(r)
		}
	}
	n, ok := new(big.Int).SetString(b.String(), 10)
	return ok && n.Mod(n, big.NewInt(97)).Int64() == 1
}
