package masterdata

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kundenkonto/shared/marks"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/typed"
)

// Longest address and local part, in bytes (RFC 5321, 4.5.3.1).
const (
	maxEmail = 254
	maxLocal = 64
)

// localForm is a local part without quotes (RFC 5322, dot-atom). Letters outside ASCII would need SMTPUTF8 all the way.
var localForm = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")

// lastLabel keeps addresses in numbers out.
var lastLabel = regexp.MustCompile(`\.[a-z][a-z0-9-]*[a-z0-9]$`)

// CleanEmail is the form in which an e-mail address is stored: without blanks around it or characters that nobody sees, its
// domain in lower-case ASCII. Where mails are sent, no other letters are taken.
func CleanEmail(v string) string {
	v = norm.NFC.String(strings.TrimSpace(marks.Drop(v)))
	at := strings.LastIndex(v, "@")
	if at < 0 || len(v) > 4*maxEmail {
		return v
	}
	domain, err := typed.Domain(v[at+1:])
	if err != nil {
		return v
	}
	return v[:at+1] + domain
}

// CheckEmail says what is wrong with a cleaned e-mail address; nil for a good one. Whether somebody reads it shows when
// it is confirmed.
func CheckEmail(v string) *Problem {
	var p problems
	local, domain, found := strings.Cut(v, "@")
	switch {
	case v == "":
		p.add(merge.Email, required, "Geben Sie eine E-Mail-Adresse an. Ohne sie erreichen wir Sie nicht, und „Passwort vergessen“ geht nicht.",
			"Enter an e-mail address. Without it we cannot reach you, and “Forgot password” does not work.")
	case len(v) > maxEmail || len(local) > maxLocal:
		p.add(merge.Email, "too_long", "Diese E-Mail-Adresse ist zu lang.", "This e-mail address is too long.")
	case !found || strings.Contains(domain, "@"):
		p.add(merge.Email, "email_form", "Eine E-Mail-Adresse hat genau ein @, zum Beispiel anna@beispiel.example.",
			"An e-mail address has exactly one @, for example anna@my-company.example.")
	case !localForm.MatchString(local):
		p.add(merge.Email, "email_form", "Vor dem @ stehen nur Buchstaben ohne Umlaute, Ziffern und Zeichen wie Punkt und Bindestrich.",
			"Before the @ there are only letters without accents, digits and signs such as dot and hyphen.")
	case !lastLabel.MatchString(domain) || !validDomain(domain):
		p.add(merge.Email, "email_form", "Nach dem @ steht eine Domain, zum Beispiel beispiel.example. Prüfen Sie die Schreibweise.",
			"After the @ there is a domain, for example my-company.example. Check the spelling.")
	}
	if len(p) == 0 {
		return nil
	}
	return &p[0]
}

func validDomain(d string) bool {
	ascii, err := typed.Domain(d)
	return err == nil && ascii == d
}
