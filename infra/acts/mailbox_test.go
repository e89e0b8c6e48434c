package acts

import (
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
)

// letter is a mail as it arrived.
type letter struct {
	to, subject, text string
	at                time.Time
}

// mailbox is SES with the mailboxes behind it.
type mailbox struct {
	mu      sync.Mutex
	letters []letter
}

func (m *mailbox) SendRawEmail(_ context.Context, in *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	subject, text, err := read(string(in.RawMessage.Data))
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter{to: in.Destinations[0], subject: subject, text: text, at: time.Now()})
	return &ses.SendRawEmailOutput{MessageId: aws.String(fmt.Sprint("message-", len(m.letters)))}, nil
}

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.letters)
}

// of are the letters of some addresses, newest first.
func (m *mailbox) of(addresses ...string) []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []letter
	for _, l := range slices.Backward(m.letters) {
		if slices.Contains(addresses, l.to) {
			all = append(all, l)
		}
	}
	return all
}

// read takes subject and plain text out of a raw mail.
func read(raw string) (subject, text string, err error) {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return "", "", err
	}
	if subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return "", "", err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return "", "", err
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart() // plain text is the first
	if err != nil {
		return "", "", err
	}
	plain, err := io.ReadAll(quotedprintable.NewReader(part))
	return subject, string(plain), err
}

// link is a one-time link: the path it leads to, and its secret.
type link struct{ path, token string }

var linkPattern = regexp.MustCompile(regexp.QuoteMeta(publicURL) + `(/[a-z/-]+)\?token=([A-Za-z0-9_%-]+)`)

// links are the one-time links in some mailboxes, newest first.
func (m *mailbox) links(path string, addresses ...string) []link {
	var all []link
	for _, l := range m.of(addresses...) {
		for _, found := range linkPattern.FindAllStringSubmatch(l.text, -1) {
			secret, err := url.QueryUnescape(found[2])
			if err == nil && (path == "" || found[1] == path) {
				all = append(all, link{found[1], secret})
			}
		}
	}
	return all
}
