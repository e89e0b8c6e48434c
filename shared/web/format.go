package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"kundenkonto/shared/berlin"
	"kundenkonto/shared/country"
	"kundenkonto/shared/lang"
)

// again says when something may be tried again, in seconds or on the clock, never too early: "In 3 Sekunden", "Ab 14:07 Uhr".
func again(after time.Duration, now time.Time) lang.Text {
	seconds := int((after + time.Second - 1) / time.Second)
	until := now.Add(after + time.Minute - time.Nanosecond).Truncate(time.Minute)
	switch {
	case seconds == 1:
		return lang.T("In einer Sekunde")
	case seconds < 60:
		return lang.T("In %d Sekunden", seconds)
	}
	return lang.T("Ab %s", lang.Hour(until))
}

// NumberHTML shows a customer number in groups of four; the gaps are margins of
// the spans, so that it copies and is found without blanks, and never breaks.
func NumberHTML(n string) template.HTML {
	var b strings.Builder
	b.WriteString(`<span class="number">`)
	for i := 0; i < len(n); i += 4 {
		b.WriteString("<span>" + template.HTMLEscapeString(n[i:min(i+4, len(n))]) + "</span>")
	}
	b.WriteString("</span>")
	return template.HTML(b.String()) //nolint:gosec // every part is escaped above
}

// NumbersHTML are customer numbers with commas between them.
func NumbersHTML(list []string) template.HTML {
	shown := make([]string, len(list))
	for i, n := range list {
		shown[i] = string(NumberHTML(n))
	}
	return template.HTML(strings.Join(shown, ", ")) //nolint:gosec // each is escaped
}

// numbersAnd lists customer numbers within a sentence: "A, B und C".
func numbersAnd(l lang.Lang, numbers []string) template.HTML {
	if len(numbers) < 2 {
		return NumbersHTML(numbers)
	}
	last := len(numbers) - 1
	return Markup(l, lang.T("%s und %s", NumbersHTML(numbers[:last]), NumberHTML(numbers[last])))
}

// reachable matches an e-mail address, or groups of digits as in telephone numbers.
var reachable = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+|\+?\d+([ /-]\d+)+`)

// shortestTelephone is more digits than a postal code has.
const shortestTelephone = 6

// contactHTML shows how to reach the company: an e-mail address and a telephone number as links. Numbers never break, and copy as
// they were configured. A mail begins with the subject, if there is one.
func contactHTML(contact string, subject ...string) template.HTML {
	var html strings.Builder
	end := 0
	for _, at := range reachable.FindAllStringIndex(contact, -1) {
		html.WriteString(template.HTMLEscapeString(contact[end:at[0]]))
		html.WriteString(reachHTML(contact[at[0]:at[1]], strings.Join(subject, " ")))
		end = at[1]
	}
	return template.HTML(html.String() + template.HTMLEscapeString(contact[end:])) //nolint:gosec // each part is escaped
}

// reachHTML is a match of reachable. A number that may be none of a telephone is no link: those begin with 0 or +.
func reachHTML(shown, subject string) string {
	escaped := template.HTMLEscapeString(shown)
	if strings.Contains(shown, "@") {
		if subject != "" { // a plus is no blank there (RFC 6068)
			subject = "?subject=" + strings.ReplaceAll(url.QueryEscape(subject), "+", "%20")
		}
		return `<a href="mailto:` + escaped + subject + `">` + escaped + `</a>`
	}
	digits := strings.NewReplacer(" ", "", "/", "", "-", "").Replace(shown)
	switch {
	case len(digits) >= shortestTelephone && strings.ContainsAny(digits[:1], "0+"):
		return `<a class="nowrap" href="tel:` + digits + `">` + escaped + `</a>`
	case strings.Contains(shown, " "):
		return `<span class="nowrap">` + escaped + `</span>`
	}
	return escaped
}

// grouped is a customer number in groups of four for attributes that CSS prints: what it prints is never copied.
func grouped(n string) string {
	for i := (len(n) - 1) / 4 * 4; i > 0; i -= 4 {
		n = n[:i] + "\u00a0" + n[i:]
	}
	return n
}

// errNoTime is a stored string that is no time. A page tells of it as of one that is not known and never fails on it; a value
// of another kind is a mistake in the page.
var errNoTime = errors.New("no time")

// unknownTime stands where a time should.
var unknownTime = lang.T("unbekannt")

// toTime takes what views hold: a time, or a string as the tables keep it.
func toTime(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v, nil
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t, nil
		}
		if t, err := time.ParseInLocation(time.DateOnly, v, berlin.Zone); err == nil {
			return t, nil
		}
		return time.Time{}, errNoTime
	}
	return time.Time{}, fmt.Errorf("%T is no time", v)
}

// Email shows an address as people write it: a domain with umlauts is stored and mailed in ASCII (RFC 5891).
func Email(address string) string {
	at := strings.LastIndex(address, "@")
	if at < 0 || !strings.Contains(address[at:], "xn--") {
		return address
	}
	shown, err := idna.Display.ToUnicode(address[at+1:])
	if err != nil {
		return address
	}
	if back, err := idna.Lookup.ToASCII(shown); err != nil || back != address[at+1:] {
		return address
	}
	return address[:at+1] + shown
}

// ConfirmedTo says, after what was done, where the mail goes that confirms it; "" is nowhere.
func ConfirmedTo(done lang.Text, address string) lang.Text {
	if address == "" {
		return done
	}
	return done.And(lang.T("Eine Bestätigung geht an %s.", Email(address)))
}

// Country names a country code.
func Country(l lang.Lang, code string) string { return country.Name(code).In(l) }
