package importer

import "kundenkonto/shared/contract"

// field is one key of an object of the input.
type field[T any] struct {
	name     string
	optional bool // may be missing
	read     func(r *reader, name string, into *T)
}

func text[T any](name string, at func(*T) *string) field[T] {
	return field[T]{name: name, read: func(r *reader, name string, into *T) { *at(into) = r.text(name) }}
}

func number[T any](name string, least, most int64, set func(*T, int64)) field[T] {
	return field[T]{name: name, read: func(r *reader, name string, into *T) { set(into, r.number(name, least, most)) }}
}

// mayMiss marks a field as one that the README lists as optional.
func mayMiss[T any](f field[T]) field[T] {
	f.optional = true
	return f
}

// Bounds of numbers: what is beyond is a mistake, such as a date or a customer number in the wrong column.
const (
	mostCents     = 10_000_000_000 // 100 million euros
	mostTerm      = contract.MostMonths
	mostNotice    = 36
	mostBilling   = 120
	longestNumber = 18 // digits of a number; what is longer is in no bounds
)

// lineFields are all fields of a customer.
var lineFields = []field[Line]{
	text("customerNumber", func(l *Line) *string { return &l.CustomerNumber }),
	text("company", func(l *Line) *string { return &l.Company }),
	text("firstName", func(l *Line) *string { return &l.FirstName }),
	text("lastName", func(l *Line) *string { return &l.LastName }),
	text("street", func(l *Line) *string { return &l.Street }),
	text("postalCode", func(l *Line) *string { return &l.PostalCode }),
	text("city", func(l *Line) *string { return &l.City }),
	mayMiss(text("country", func(l *Line) *string { return &l.Country })),
	text("phone", func(l *Line) *string { return &l.Phone }),
	text("mobile", func(l *Line) *string { return &l.Mobile }),
	text("email", func(l *Line) *string { return &l.Email }),
	text("iban", func(l *Line) *string { return &l.IBAN }),
	mayMiss(text("bic", func(l *Line) *string { return &l.BIC })),
	text("accountNumber", func(l *Line) *string { return &l.AccountNumber }),
	text("bankCode", func(l *Line) *string { return &l.BankCode }),
	mayMiss(text("language", func(l *Line) *string { return &l.Language })),
	number("balanceCents", -mostCents, mostCents, func(l *Line, n int64) { l.BalanceCents = n }),
	mayMiss(field[Line]{name: "locked", read: func(r *reader, name string, l *Line) { l.Locked = r.boolean(name) }}),
	mayMiss(text("password", func(l *Line) *string { return &l.Password })),
	mayMiss(text("passwordHash", func(l *Line) *string { return &l.PasswordHash })),
	{name: "packages", read: func(r *reader, name string, l *Line) {
		r.list(name, func(name string) { l.Packages = append(l.Packages, object[Package](r, name, packageFields)) })
	}},
}

// packageFields are all fields of a package.
var packageFields = []field[Package]{
	text("id", func(p *Package) *string { return &p.ID }),
	text("product", func(p *Package) *string { return &p.Product }),
	text("tariff", func(p *Package) *string { return &p.Tariff }),
	{name: "domains", read: func(r *reader, name string, p *Package) {
		r.list(name, func(name string) { p.Domains = append(p.Domains, r.text(name)) })
	}},
	mayMiss(text("password", func(p *Package) *string { return &p.Password })),
	mayMiss(text("passwordHash", func(p *Package) *string { return &p.PasswordHash })),
	text("contractStart", func(p *Package) *string { return &p.ContractStart }),
	mayMiss(number("termMonths", 0, mostTerm, func(p *Package, n int64) { p.TermMonths = int(n) })),
	mayMiss(field[Package]{name: "renewal", read: func(r *reader, name string, p *Package) { p.Renewal = r.renewal(name) }}),
	number("noticePeriodMonths", 0, mostNotice, func(p *Package, n int64) { p.NoticePeriodMonths = int(n) }),
	mayMiss(number("priceCents", 0, mostCents, func(p *Package, n int64) { p.PriceCents = &n })),
	mayMiss(number("billingMonths", 1, mostBilling, func(p *Package, n int64) { p.BillingMonths = int(n) })),
	mayMiss(text("endedAt", func(p *Package) *string { return &p.EndedAt })),
}

func (l *Line) missingFields(m missing)    { l.missing = m }
func (p *Package) missingFields(m missing) { p.missing = m }
