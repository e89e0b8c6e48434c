package secondfactor

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what authenticator apps speak (RFC 6238); HMAC needs no collision resistance
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"kundenkonto/shared/typed"
)

// What authenticator apps agree on (RFC 6238 with the defaults of RFC 4226).
const (
	secretBytes = 20 // 160 bit, as RFC 4226 recommends
	digits      = 6
	period      = 30 // seconds
	back        = 1  // steps that a code may be old (RFC 6238, 5.2: one at most)
)

var base32NoPad = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret makes the secret of an authenticator app, in base32.
func NewSecret(rand io.Reader) (string, error) {
	raw := make([]byte, secretBytes)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("secret of an authenticator app: %w", err)
	}
	return base32NoPad.EncodeToString(raw), nil
}

// Code is the code of a secret at a time; "" for a secret that is none.
func Code(secret string, at time.Time) string { return codeOf(secret, at.Unix()/period) }

func codeOf(secret string, step int64) string {
	key, err := base32NoPad.DecodeString(secret)
	if err != nil || len(key) == 0 {
		return ""
	}
	return hotp(key, step, digits)
}

// hotp is RFC 4226, 5.3.
func hotp(key []byte, counter int64, digits int) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, counter)
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	text := fmt.Sprintf("%010d", n)
	return text[len(text)-digits:]
}

// match finds the step that a code belongs to: the present one or the one before, for what takes time on the way, and
// later than the last one used, so that each code is good once. All are compared whatever the result.
func match(secret, code string, now time.Time, used int64) (step int64, ok bool) {
	code = typed.Plain(code)
	present := now.Unix() / period
	for at := present - back; at <= present; at++ {
		want := codeOf(secret, at)
		if want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && at > used {
			step, ok = at, true
		}
	}
	return step, ok
}

// Address is what the QR code says to an authenticator app.
func Address(secret, brand, number string) string {
	query := url.Values{"secret": {secret}, "issuer": {brand}, "algorithm": {"SHA1"},
		"digits": {fmt.Sprint(digits)}, "period": {fmt.Sprint(period)}}
	// Apps read a plus as a plus, not as a blank.
	return "otpauth://totp/" + url.PathEscape(brand+":"+number) + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// Grouped is a secret as people type it: in fours.
func Grouped(secret string) string {
	var groups []string
	for ; len(secret) > 4; secret = secret[4:] {
		groups = append(groups, secret[:4])
	}
	return strings.Join(append(groups, secret), " ")
}
