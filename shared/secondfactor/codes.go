package secondfactor

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"

	"kundenkonto/shared/table"
)

// Recovery codes: ten of 80 bit, so that a plain hash at rest is enough.
const (
	NumberOfCodes = 10
	codeBytes     = 10
)

// codeLetters leave out i, l, o and u (Crockford's base 32).
const codeLetters = "0123456789abcdefghjkmnpqrstvwxyz"

var codeText = base32.NewEncoding(codeLetters).WithPadding(base32.NoPadding)

// NewCodes makes the recovery codes of a number, to be shown once, and what is kept of them.
func NewCodes(rand io.Reader, number string) (codes, hashes []string, err error) {
	for range NumberOfCodes {
		raw := make([]byte, codeBytes)
		if _, err := io.ReadFull(rand, raw); err != nil {
			return nil, nil, fmt.Errorf("recovery code: %w", err)
		}
		text := codeText.EncodeToString(raw)
		code := strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
		codes, hashes = append(codes, code), append(hashes, HashCode(number, code))
	}
	return codes, hashes, nil
}

// HashCode is what is kept of a recovery code, however it is typed.
func HashCode(number, code string) string { return table.Hash(number + "#" + plain(code)) }

// plain reads a code as it was meant: without hyphens and blanks, in lower case, look-alikes as what they look like.
func plain(code string) string {
	return strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(code))
}
