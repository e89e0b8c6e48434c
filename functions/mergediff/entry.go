package mergediff

import (
	"regexp"
	"strings"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/typed"
	"kundenkonto/shared/web"
)

// entry is what the customer enters to prove another number.
type entry struct {
	Number   string
	Domain   string // a domain of the package, or the package number
	Password string
}

func readEntry(f web.Form) entry {
	return entry{Number: customer.ReadNumber(f.Get("customerNumber")), Domain: f.Text("domain"), Password: f.Get("password")}
}

// check refuses what cannot be right whoever the number belongs to. An empty password is not among it: it goes the way of a wrong one (S1).
func (e entry) check(own string) *web.Error {
	var fields []web.FieldError
	switch {
	case e.Number == "":
		fields = append(fields, web.Invalid("customerNumber", "missing", lang.T("Geben Sie die andere Kundennummer ein.")))
	case !digits.MatchString(e.Number):
		fields = append(fields, web.Invalid("customerNumber", "not_digits", lang.T("Eine Kundennummer besteht nur aus Ziffern, zum Beispiel 10000017.")))
	case !customer.ValidNumber(e.Number):
		fields = append(fields, web.Invalid("customerNumber", "not_a_number", lang.T("Eine Kundennummer hat 6 bis 12 Ziffern und beginnt nicht mit 0.")))
	case e.Number == own:
		fields = append(fields, web.Invalid("customerNumber", merge.Self.Code, merge.Self.Text))
	}
	if e.Domain == "" {
		fields = append(fields, web.Invalid("domain", "missing", lang.T("Geben Sie eine Domain aus dem Paket oder die Paketnummer ein.")))
	}
	if len(fields) == 0 {
		return nil
	}
	if fields[0].Code == merge.Self.Code && len(fields) == 1 {
		return web.Unprocessable(merge.Self.Code, fields[0].Message, fields...)
	}
	return web.Unprocessable("invalid_input", lang.T("Die Prüfung braucht noch eine Angabe von Ihnen."), fields...)
}

var digits = regexp.MustCompile(`^[0-9]+$`)

// names are the forms under which the package may be stored: the domain without what is copied along from a browser, with
// and without "www.", or the package number in capitals, too. How many there are depends on what was entered alone.
func (e entry) names() []string {
	name := typed.Name(e.Domain)
	if _, rest, found := strings.Cut(name, "://"); found {
		name = rest
	}
	if end := strings.IndexAny(name, "/?#"); end >= 0 {
		name = name[:end]
	}
	if at := strings.LastIndexByte(name, '@'); at >= 0 {
		name = name[at+1:]
	}
	name = strings.TrimRight(port.ReplaceAllString(name, ""), ". ")
	if len(name) > 4 && strings.EqualFold(name[:4], "www.") {
		return []string{name, name[4:]}
	}
	return customer.ReadPackageID(name)
}

// port is what stands behind a domain in some addresses.
var port = regexp.MustCompile(`:[0-9]*$`)
