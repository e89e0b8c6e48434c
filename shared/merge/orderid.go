package merge

import (
	"fmt"
	"io"
	"strings"
)

// orderAlphabet has none of the characters that are taken for another in print or on the phone: 0 O, 1 I L, 2 Z, 5 S, 8 B, V U keep one each at most.
const orderAlphabet = "23456789ACDEFGHJKMNPQRTVWXY"

// orderMistaken maps what people write for a character of the alphabet to it.
var orderMistaken = strings.NewReplacer("Z", "2", "S", "5", "B", "8", "U", "V")

const orderIDLength = 8

// NewOrderID returns a new short number of an order, such as K7QX-2M4D, from the random source. 27^8 are 38 bits: it names, it does not protect, and the
// first write of an order is conditional on the number being free.
func NewOrderID(rand io.Reader) (string, error) {
	id := make([]byte, 0, orderIDLength)
	one := make([]byte, 1)
	for len(id) < orderIDLength {
		if _, err := io.ReadFull(rand, one); err != nil {
			return "", fmt.Errorf("read randomness for an order number: %w", err)
		}
		if n := int(one[0]); n < 256-256%len(orderAlphabet) { // the rest would make the first characters likelier
			id = append(id, orderAlphabet[n%len(orderAlphabet)])
		}
	}
	return dashed(string(id)), nil
}

// ParseOrderID reads an order number as people write it: any case, with or without dash and blanks, with look-alikes. It returns the number as NewOrderID makes it.
func ParseOrderID(s string) (id string, ok bool) {
	if len(s) > 64 { // nobody writes that; keeps the work bounded
		return "", false
	}
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '–' || r == '\t' || r == '\u00a0' {
			return -1
		}
		return r
	}, s)
	s = orderMistaken.Replace(strings.ToUpper(s))
	if len(s) != orderIDLength {
		return "", false
	}
	for _, r := range s {
		if !strings.ContainsRune(orderAlphabet, r) {
			return "", false
		}
	}
	return dashed(s), true
}

func dashed(id string) string { return id[:orderIDLength/2] + "-" + id[orderIDLength/2:] }
