package session

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// The input of a form that was sent after its session ended is not lost (S9, WCAG 3.3.7). It waits in the Sessions
// table, encrypted with a key that only the browser's cookie has, and bound to the customer number and the page.
// After the sign-in the page shows it once; the customer decides whether to send it. Passwords and codes are never
// kept. The key is derived from the cookie of the ended session, so that each session has one place and its next form
// replaces the one before: made-up cookies cannot fill the table.

// KeptCookie holds the key of kept input and the page it is for.
const KeptCookie = "__Host-kept"

// KeptLasts is how long input waits for the sign-in.
const KeptLasts = 30 * time.Minute

// Bounds of what is kept: the values of all fields, the page's address, and how often a session may keep something.
const (
	maxKept      = 16 << 10
	maxKeptPage  = 200
	maxKeptTimes = 10
)

var errKept = errors.New("session: nothing kept")

// keep stores the input of a form for a customer and page, in the place that belongs to the ended session. It returns
// nil, and stores nothing, when the input is too large or more than a person would send.
func (s Store) keep(ctx context.Context, ended, number, page string, fields map[string]string, now time.Time) (*http.Cookie, error) {
	plain, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("keep input: %w", err)
	}
	if len(plain) > maxKept || len(page) > maxKeptPage || len(fields) == 0 {
		return nil, nil
	}
	secret, err := keptSecret(ended)
	if err != nil {
		return nil, err
	}
	box, err := seal(s.random(), secret, plain, boundTo(number, page))
	if err != nil {
		return nil, err
	}
	_, err = s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Names.Sessions, Key: table.Kept(secret),
		UpdateExpression:         aws.String("SET box = :box, expires = :expires, #ttl = :ttl, #times = if_not_exists(#times, :zero) + :one"),
		ConditionExpression:      aws.String("attribute_not_exists(#times) OR #times < :most"),
		ExpressionAttributeNames: map[string]string{"#ttl": table.AttrTTL, "#times": "times"},
		ExpressionAttributeValues: table.Item{
			":box": &types.AttributeValueMemberB{Value: box}, ":expires": table.Time(now.Add(KeptLasts)), ":ttl": table.N(now.Add(KeptLasts).Unix()),
			":zero": table.N(0), ":one": table.N(1), ":most": table.N(maxKeptTimes),
		},
	})
	if _, often := table.ConditionFailed(err); often {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("keep input: %w", err)
	}
	value := secret + "." + base64.RawURLEncoding.EncodeToString([]byte(page))
	return hostCookie(KeptCookie, value, int(KeptLasts.Seconds())), nil
}

// keptSecret is the encryption key of what a session keeps. It does not reveal the session's cookie.
func keptSecret(cookieValue string) (string, error) {
	key, err := hkdf.Key(sha256.New, []byte(cookieValue), nil, "kept input of a session", 32)
	if err != nil {
		return "", fmt.Errorf("key of kept input: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(key), nil
}

// takeKept returns the kept input of a customer and page, once. errKept when there is none: another customer signed
// in, it expired, or it was shown already.
func (s Store) takeKept(ctx context.Context, secret, number, page string, now time.Time) (map[string]string, error) {
	item, err := s.Get(ctx, s.Names.Sessions, table.Kept(secret))
	if err != nil {
		return nil, fmt.Errorf("kept input: %w", err)
	}
	box, ok := item["box"].(*types.AttributeValueMemberB)
	if !ok || table.String(item, "expires") <= table.FormatTime(now) {
		return nil, errKept
	}
	plain, err := open(secret, box.Value, boundTo(number, page))
	if err != nil {
		return nil, errKept
	}
	_, err = s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.Names.Sessions, Key: table.Kept(secret),
		ConditionExpression: aws.String("attribute_exists(pk)")})
	if _, taken := table.ConditionFailed(err); taken {
		return nil, errKept
	}
	if err != nil {
		return nil, fmt.Errorf("take kept input: %w", err)
	}
	fields := map[string]string{}
	if err := json.Unmarshal(plain, &fields); err != nil {
		return nil, errKept
	}
	return fields, nil
}

// keptFor is the key in the request's cookie when it is for this page, else "".
func keptFor(r *http.Request) (secret string) {
	c, err := r.Cookie(KeptCookie)
	if err != nil || r.Method != http.MethodGet {
		return ""
	}
	secret, encoded, _ := strings.Cut(c.Value, ".")
	page, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || string(page) != r.URL.Path {
		return ""
	}
	return secret
}

func boundTo(number, page string) []byte { return []byte(number + "\x00" + page) }

func seal(random io.Reader, secret string, plain, bound []byte) ([]byte, error) {
	gcm, err := box(secret)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("nonce: %w", err)
	}
	return gcm.Seal(nonce, nonce, plain, bound), nil
}

func open(secret string, sealed, bound []byte) ([]byte, error) {
	gcm, err := box(secret)
	if err != nil {
		return nil, err
	}
	if len(sealed) < gcm.NonceSize() {
		return nil, errKept
	}
	return gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], bound)
}

// box makes the cipher from a cookie's secret. The table's key is a different hash of it, so that whoever reads the
// table cannot decrypt it.
func box(secret string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "kept input", 32)
	if err != nil {
		return nil, fmt.Errorf("key of kept input: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("cipher of kept input: %w", err)
	}
	return cipher.NewGCM(block)
}

// random is the source of secrets, the system's unless a test gives one.
func (s Store) random() io.Reader {
	if s.Rand != nil {
		return s.Rand
	}
	return rand.Reader
}
