package masterdata

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kundenkonto/shared/lang"
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
		p.add(merge.Email, required, lang.T("Geben Sie eine E-Mail-Adresse an. Ohne sie erreichen wir Sie nicht, und „Passwort vergessen“ geht nicht."))
	case len(v) > maxEmail || len(local) > maxLocal:
		p.add(merge.Email, "too_long", lang.T("Diese E-Mail-Adresse ist zu lang."))
	case !found || strings.Contains(domain, "@"):
		p.add(merge.Email, "email_form", lang.T("Eine E-Mail-Adresse hat genau ein @, zum Beispiel anna@beispiel.example."))
	case !localForm.MatchString(local):
		p.add(merge.Email, "email_form", lang.T("Vor dem @ sind Ziffern, Zeichen wie Punkt und Bindestrich und Buchstaben ohne Umlaute erlaubt."))
	case !lastLabel.MatchString(domain) || !validDomain(domain):
		p.add(merge.Email, "email_form", lang.T("Nach dem @ steht eine Domain, zum Beispiel beispiel.example. Prüfen Sie die Schreibweise."))
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
