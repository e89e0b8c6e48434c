package secondfactor

import (
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"

	"kundenkonto/shared/table"
	"kundenkonto/shared/typed"
)

// Recovery codes: ten of 120 bit, so that a plain hash at rest is enough: NIST SP 800-63B asks for a slow one below 112 bit.
// Those of 80 bit that were made before are good until they are used or made anew.
const (
	NumberOfCodes = 10
	codeBytes     = 15
	codeGroup     = 4
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
		var groups []string
		for group := range slices.Chunk([]byte(codeText.EncodeToString(raw)), codeGroup) {
			groups = append(groups, string(group))
		}
		code := strings.Join(groups, "-")
		codes, hashes = append(codes, code), append(hashes, HashCode(number, code))
	}
	return codes, hashes, nil
}

// HashCode is what is kept of a recovery code, however it is typed.
func HashCode(number, code string) string { return table.Hash(number + "#" + plain(code)) }

// plain reads a code as it was meant: without what stands between its groups, in lower case, look-alikes as what they look
// like.
func plain(code string) string {
	return lookAlikes.Replace(strings.ToLower(typed.Plain(code)))
}

var lookAlikes = strings.NewReplacer("o", "0", "i", "1", "l", "1")
