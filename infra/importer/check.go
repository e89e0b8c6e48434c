package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kundenkonto/shared/berlin"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/marks"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/spelling"
)

// Limits of one customer, far above what is real; they keep an item below DynamoDB's 400 kB.
const (
	longestText     = 200
	longestDomain   = 253 // RFC 1035
	longestPassword = credential.MaxLength
	mostDomains     = 1000 // a package
	mostPackages    = 10000
)

// findings collects what is wrong with one line, each with the field it is about.
type findings []string

func (f *findings) add(field, format string, args ...any) {
	*f = append(*f, field+": "+fmt.Sprintf(format, args...))
}

// edited is a line as the form of the master data has it.
func (l Line) edited() masterdata.Data {
	return masterdata.Data{Street: l.Street, PostalCode: l.PostalCode, City: l.City, Country: l.Country, Phone: l.Phone, Mobile: l.Mobile,
		IBAN: l.IBAN, BIC: l.BIC, AccountNumber: l.AccountNumber, BankCode: l.BankCode}
}

// cleaned is the line in the form in which it is stored, the same as if it had been typed into the form. Passwords are left as
// they are but for marks of direction, which no page lets through either.
func (l Line) cleaned() Line {
	for _, name := range []*string{&l.Company, &l.FirstName, &l.LastName} {
		*name = masterdata.Text(*name)
	}
	d := masterdata.Clean(l.edited())
	l.Street, l.PostalCode, l.City, l.Country, l.Phone, l.Mobile = d.Street, d.PostalCode, d.City, d.Country, d.Phone, d.Mobile
	l.IBAN, l.BIC, l.AccountNumber, l.BankCode = d.IBAN, d.BIC, d.AccountNumber, d.BankCode
	l.Email, l.Language, l.Password = masterdata.CleanEmail(l.Email), strings.ToLower(l.Language), marks.DropDirections(l.Password)
	for i := range l.Packages {
		p := &l.Packages[i]
		p.Tariff, p.Password = masterdata.Text(p.Tariff), marks.DropDirections(p.Password)
		for j := range p.Domains {
			p.Domains[j] = masterdata.Text(p.Domains[j])
		}
	}
	return l
}

// check says everything that is wrong with a cleaned line by itself.
func (l Line) check(now time.Time) findings {
	var f findings
	if !customer.ValidNumber(l.CustomerNumber) {
		f.add("customerNumber", "must be 6 to 12 digits, the first one not 0")
	}
	if l.Company+l.FirstName+l.LastName == "" {
		f.add("lastName", "a customer needs a name or a company")
	}
	l.checkMasterData(&f)
	if _, known := lang.Parse(l.Language); !known {
		f.add("language", "must be one of %s", strings.Trim(fmt.Sprint(lang.All()), "[]"))
	}
	checkPassword(&f, "", l.Password, l.PasswordHash)
	if len(l.Packages) > mostPackages {
		f.add("packages", "more than %d", mostPackages)
	}
	l.checkPackages(&f, now)
	slices.Sort(f) // maps have no order, reports should
	return f
}

// kinds begin what is said about a field that has a form of its own.
var kinds = map[merge.Field]string{merge.IBAN: "is not an IBAN: ", merge.BIC: "is not a BIC: ", merge.Email: "is not an e-mail address: ",
	merge.BankCode: "is not a bank code: ", merge.AccountNumber: "is not an account number: "}

// checkMasterData is the check of the form in which customers edit their data.
func (l Line) checkMasterData(f *findings) {
	problems := masterdata.Wrong(l.edited(), spelling.Phone)
	for field, name := range map[merge.Field]string{merge.Company: l.Company, merge.FirstName: l.FirstName, merge.LastName: l.LastName} {
		if p := masterdata.CheckName(field, name); p != nil {
			problems = append(problems, *p)
		}
	}
	if l.Email != "" {
		if p := masterdata.CheckEmail(l.Email); p != nil {
			problems = append(problems, *p)
		}
	}
	for _, p := range problems {
		switch p.Code {
		case "unknown_country":
			f.add(string(p.Field), "must be two letters such as DE, a code of ISO 3166-1")
		case "accounts_differ":
			f.add(string(p.Field), "%s", p.Words.In(lang.EN))
		default:
			f.add(string(p.Field), "%s%s", kinds[p.Field], p.Words.In(lang.EN))
		}
	}
}

func (l Line) checkPackages(f *findings, now time.Time) {
	ids, domains := map[string]bool{}, map[string]string{}
	for i, p := range l.Packages {
		at := fmt.Sprintf("packages[%d].", i)
		if !customer.ValidPackageID(p.ID) {
			f.add(at+"id", "must be 1 to 64 letters, digits, dots, dashes or underscores")
		} else if ids[p.ID] {
			f.add(at+"id", "%s is twice in this customer", p.ID)
		}
		ids[p.ID] = true
		p.check(f, at, now)
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

func (p Package) check(f *findings, at string, now time.Time) {
	if !slices.Contains(customer.Products, p.Product) {
		f.add(at+"product", "must be one of %s", strings.Join(customer.Products, ", "))
	}
	if len(p.Domains) > mostDomains {
		f.add(at+"domains", "more than %d", mostDomains)
	}
	checkDate(f, at+"contractStart", p.ContractStart, now)
	checkDate(f, at+"endedAt", p.EndedAt, now)
	checkPassword(f, at, p.Password, p.PasswordHash)
}

// Contracts begin after the web did, and end within the longest term that is sold. Dates outside are placeholders in
// many systems: 0000-00-00 and 1970-01-01 for unknown, 9999-12-31 for never.
const (
	firstDay   = "1990-01-01"
	yearsAhead = 5
)

func checkDate(f *findings, field, date string, now time.Time) {
	if date == "" {
		return
	}
	day, err := time.Parse(time.DateOnly, date)
	last := now.In(berlin.Zone).AddDate(yearsAhead, 0, 0).Format(time.DateOnly)
	switch {
	case err != nil || day.Format(time.DateOnly) != date:
		f.add(field, `must be a date such as 2019-05-01, or "" if there is none`)
	case date < firstDay || date > last:
		f.add(field, `must be a date from %s to %s, or "" if there is none`, firstDay, last)
	}
}

func checkPassword(f *findings, at, password, hash string) {
	if password != "" && hash != "" {
		f.add(at+"password", "give password or passwordHash, not both")
	}
	if strings.ContainsFunc(password, unicode.IsControl) {
		f.add(at+"password", "has a control character or line break in it, which no form takes")
	}
	if credential.Length(password) > longestPassword {
		f.add(at+"password", "is longer than %d characters", longestPassword)
	}
	if hash != "" && credential.CheckStored(hash) != nil {
		f.add(at+"passwordHash", "is neither an argon2id nor a bcrypt hash that we accept")
	}
}

// texts are the fields that hold text, as they stand in the input.
func (l Line) texts(each func(field, text string, longest int)) {
	for _, t := range []struct{ field, text string }{
		{"customerNumber", l.CustomerNumber}, {"company", l.Company}, {"firstName", l.FirstName}, {"lastName", l.LastName}, {"street", l.Street},
		{"postalCode", l.PostalCode}, {"city", l.City}, {"country", l.Country}, {"phone", l.Phone}, {"mobile", l.Mobile}, {"iban", l.IBAN},
		{"bic", l.BIC}, {"accountNumber", l.AccountNumber}, {"bankCode", l.BankCode}, {"language", l.Language},
	} {
		each(t.field, t.text, longestText)
	}
	each("email", l.Email, 4*longestText) // has a limit of its own, for the form in which it is stored
	for i, p := range l.Packages {
		at := fmt.Sprintf("packages[%d].", i)
		for _, t := range []struct{ field, text string }{{"id", p.ID}, {"product", p.Product}, {"tariff", p.Tariff}, {"contractStart", p.ContractStart}, {"endedAt", p.EndedAt}} {
			each(at+t.field, t.text, longestText)
		}
		for _, d := range p.Domains {
			each(at+"domains", d, 4*longestDomain)
		}
	}
}

var twoLetters = regexp.MustCompile(`^[A-Za-z]{2}$`)

// broken says what is wrong with the texts of a line before it is cleaned.
func (l Line) broken() findings {
	var f findings
	l.texts(func(field, text string, longest int) {
		switch {
		case utf8.RuneCountInString(text) > longest:
			f.add(field, "is longer than %d characters", longest)
		case strings.ContainsFunc(text, unicode.IsControl):
			f.add(field, "has a control character or line break in it")
		case strings.ContainsRune(text, utf8.RuneError):
			f.add(field, "has the character U+FFFD in it: an earlier program put it where a letter was lost. Export the data anew")
		}
	})
	if !twoLetters.MatchString(l.Country) {
		f.add("country", "must be two letters such as DE; leave the field out for Germany")
	}
	return f
}
