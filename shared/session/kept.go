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

// A form that is sent after its session ended is not lost (S9, WCAG 3.3.7): its input waits in the Sessions table, sealed
// with a key that stands in the browser's cookie and nowhere else, bound to the customer number and the page. After the
// sign-in the page shows it once; sending it is up to the customer. Passwords and codes are never kept.

// KeptCookie holds the key of kept input and the page it is for.
const KeptCookie = "__Host-kept"

// KeptLasts is how long input waits for the sign-in.
const KeptLasts = 30 * time.Minute

// Bounds of what is kept: the values of all fields, and the page's address.
const (
	maxKept     = 16 << 10
	maxKeptPage = 200
)

var errKept = errors.New("session: nothing kept")

// keep stores the input of a form for a customer and page. Input that is too large is not kept: nil, no error.
func (s Store) keep(ctx context.Context, number, page string, fields map[string]string, now time.Time) (*http.Cookie, error) {
	plain, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("keep input: %w", err)
	}
	if len(plain) > maxKept || len(page) > maxKeptPage || len(fields) == 0 {
		return nil, nil
	}
	secret, err := Secret(s.random())
	if err != nil {
		return nil, err
	}
	box, err := seal(s.random(), secret, plain, boundTo(number, page))
	if err != nil {
		return nil, err
	}
	item := table.With(table.Kept(secret), table.Item{
		"box": &types.AttributeValueMemberB{Value: box}, "expires": table.Time(now.Add(KeptLasts)),
		table.AttrTTL: table.N(now.Add(KeptLasts).Unix()),
	})
	if _, err := s.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Names.Sessions, Item: item}); err != nil {
		return nil, fmt.Errorf("keep input: %w", err)
	}
	value := secret + "." + base64.RawURLEncoding.EncodeToString([]byte(page))
	return hostCookie(KeptCookie, value, int(KeptLasts.Seconds())), nil
}

// takeKept gives the input that was kept for a customer and page, once. errKept when there is none: another customer
// signed in, the time is over, or it was shown already.
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

// box makes the cipher of a cookie's secret. The table's key is another hash of it, so that who reads the table cannot
// open it.
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
