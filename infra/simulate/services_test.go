package simulate

import (
	"context"
	"crypto/md5" //nolint:gosec // SQS's checksum
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/localtest/tablefake"
)

// letter is a mail that SES took: id is its own, that stays the same whenever it is sent, and message is SES's.
type letter struct {
	id, message, to, text string
	at                    time.Time
}

// mails is SES with the mailboxes behind it. Its answers get lost as those of the tables do.
type mails struct {
	wire *wire

	mu      sync.Mutex
	taken   []letter
	links   []link
	unknown map[string]int // by a mail's own id: how often nobody can say whether it went out
}

func (m *mails) SendRawEmail(_ context.Context, in *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
	l, err := read(string(in.RawMessage.Data))
	if err != nil {
		return nil, err
	}
	l.to, l.at = in.Destinations[0], time.Now()
	fault := m.wire.meet("SendRawEmail "+l.id, false)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch fault {
	case tablefake.Throttle:
		return nil, &smithy.GenericAPIError{Code: "Throttling", Fault: smithy.FaultClient}
	case tablefake.Vanish, lost:
		m.unknown[l.id]++
		return nil, errCut
	}
	l.message = fmt.Sprint("0102-", len(m.taken))
	m.taken = append(m.taken, l)
	m.links = append(m.links, linksOf(l)...)
	if fault == tablefake.LoseReply || fault == unheard {
		m.unknown[l.id]++
		return nil, &smithy.GenericAPIError{Code: "InternalFailure", Fault: smithy.FaultServer}
	}
	return &ses.SendRawEmailOutput{MessageId: &l.message}, nil
}

// twice is a mail that went out oftener than lost answers explain (M9).
func (m *mails) twice() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := map[string]int{}
	for _, l := range m.taken {
		if count[l.id]++; count[l.id] > 1+m.unknown[l.id] {
			return fmt.Sprintf("M9: a mail to %s went out %d times, and %d times SES's answer stayed unknown", l.to, count[l.id], m.unknown[l.id])
		}
	}
	return ""
}

// since are the mails from the n-th on.
func (m *mails) since(n int) []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.taken[n:]
}

// read takes the id and the plain text out of a raw mail.
func read(raw string) (letter, error) {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return letter{}, err
	}
	id, _, _ := strings.Cut(strings.Trim(m.Header.Get("Message-Id"), "<>"), "@")
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || id == "" {
		return letter{}, fmt.Errorf("mail without an id or content type: %w", err)
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart() // plain text is the first
	if err != nil {
		return letter{}, err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	return letter{id: id, text: string(text)}, err
}

// link is a one-time link of a mail: the path it leads to, its secret, and the mailbox.
type link struct{ path, token, to string }

var linkPattern = regexp.MustCompile(regexp.QuoteMeta(publicURL) + `(/[a-z/-]+)\?token=([A-Za-z0-9_%-]+)`)

// linksOf are the one-time links of a mail.
func linksOf(l letter) (all []link) {
	for _, found := range linkPattern.FindAllStringSubmatch(l.text, -1) {
		if secret, err := url.QueryUnescape(found[2]); err == nil {
			all = append(all, link{found[1], secret, l.to})
		}
	}
	return all
}

// to are the links to a page that were mailed so far.
func (m *mails) to(path string) (all []link) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.links {
		if l.path == path {
			all = append(all, l)
		}
	}
	return all
}

// queue is the one of forgotten passwords, behind the real client. A message comes again until it was done.
type queue struct {
	wire *wire

	mu       sync.Mutex
	messages []message
	sent     int
}

type message struct{ id, body string }

// client is one of the SDK that tries three times without waiting.
func (q *queue) client() *sqs.Client {
	return sqs.New(sqs.Options{Region: "eu-central-1", BaseEndpoint: aws.String("http://queue.invalid"), HTTPClient: &http.Client{Transport: q},
		Credentials: credentials.NewStaticCredentialsProvider("fake", "fake", ""),
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff, o.Backoff, o.RateLimiter = 3, 1, retry.NewExponentialJitterBackoff(1), ratelimit.None
		})})
}

// RoundTrip takes a message.
func (q *queue) RoundTrip(r *http.Request) (*http.Response, error) {
	var in struct{ MessageBody string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	fault := q.wire.meet("SendMessage", false)
	q.mu.Lock()
	defer q.mu.Unlock()
	switch fault {
	case tablefake.Throttle:
		return tablefake.Throttled(r), nil
	case tablefake.Vanish, lost:
		return nil, errCut
	}
	q.sent++
	q.messages = append(q.messages, message{fmt.Sprint("message-", q.sent), in.MessageBody})
	if fault == tablefake.LoseReply || fault == unheard {
		return nil, errCut
	}
	sum := md5.Sum([]byte(in.MessageBody)) //nolint:gosec // SQS's checksum
	body := fmt.Sprintf(`{"MessageId":"1","MD5OfMessageBody":%q}`, hex.EncodeToString(sum[:]))
	return &http.Response{StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}, nil
}

// take is the oldest message, which is back if nobody says that it was done.
func (q *queue) take() (message, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.messages) == 0 {
		return message{}, false
	}
	return q.messages[0], true
}

// done takes the oldest message out, or puts it behind the others.
func (q *queue) done(well bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	first := q.messages[0]
	if q.messages = q.messages[1:]; !well {
		q.messages = append(q.messages, first)
	}
}

// bus takes the events for the operator's other systems.
type bus struct {
	wire    *wire
	mu      sync.Mutex
	details []string
}

func (b *bus) PutEvents(_ context.Context, in *eventbridge.PutEventsInput, _ ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	b.mu.Lock()
	for _, e := range in.Entries {
		b.details = append(b.details, *e.Detail)
	}
	b.mu.Unlock()
	switch b.wire.meet("PutEvents", false) {
	case tablefake.Fine, tablefake.Double:
		return &eventbridge.PutEventsOutput{Entries: nil}, nil
	}
	return nil, errCut
}
