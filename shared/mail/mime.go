package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"kundenkonto/shared/marks"
)

// Envelope is what one sending adds to a message.
type Envelope struct {
	To   string // one bare address
	ID   string // left part of the Message-ID; the same for every try to send the same mail (M9)
	Date time.Time
}

// ErrAddress means that an address cannot receive mail, now or at a later try.
var ErrAddress = errors.New("mail: unusable address")

// Raw is the message as MIME: multipart/alternative, plain text first. It carries Auto-Submitted (RFC 3834), so that
// answering machines stay silent, and nothing that tracks or looks like a mailing list.
func (m Message) Raw(e Envelope) ([]byte, error) {
	to, err := parseAddress(e.To)
	if err != nil || to.Name != "" {
		return nil, ErrAddress // without the address: errors end in logs (S20)
	}
	from, err := parseAddress(m.settings.Sender)
	if err != nil {
		return nil, fmt.Errorf("mail: sender address: %w", err)
	}
	if from.Name == "" {
		from.Name = m.settings.Brand
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	if reply, err := parseAddress(m.settings.Contact); err == nil {
		msg.ReplyToMailAddress(reply)
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	msg.SetMessageIDWithValue(safeID(e.ID) + "@" + domain)
	msg.SetDateWithValue(e.Date)
	msg.Subject(m.Subject)
	msg.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated")
	msg.SetGenHeader(gomail.HeaderContentLang, m.Language)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("mail: building MIME: %w", err)
	}
	return raw.Bytes(), nil
}

// Bare is the address alone, as SES wants a source and a destination.
func Bare(address string) (string, error) {
	a, err := parseAddress(address)
	if err != nil {
		return "", ErrAddress
	}
	return a.Address, nil
}

// parseAddress takes one address and refuses control characters, which a header must never see (S19). SES takes 7-bit ASCII
// only: a domain with umlauts is written in ASCII (RFC 5891), and what stands before the @ cannot be.
func parseAddress(s string) (*netmail.Address, error) {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return nil, ErrAddress
	}
	a, err := netmail.ParseAddress(marks.Drop(s))
	if err != nil {
		return nil, err
	}
	at := strings.LastIndex(a.Address, "@")
	domain, err := idna.Lookup.ToASCII(a.Address[at+1:])
	if err != nil || strings.ContainsFunc(a.Address[:at], func(r rune) bool { return r > unicode.MaxASCII }) {
		return nil, ErrAddress
	}
	a.Address = a.Address[:at+1] + domain
	return a, nil
}

// safeID keeps what may stand in a Message-ID without quotes (RFC 5322, atext).
func safeID(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '.') {
			return r
		}
		return '-'
	}, s)
}
