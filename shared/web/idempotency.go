package web

import (
	"encoding/base64"
	"fmt"
	"io"
)

// idempotencyKeyBytes of randomness make an idempotency key.
const idempotencyKeyBytes = 16

// NewIdempotencyKey makes the key by which a repeated submission of one page is known (M9).
func NewIdempotencyKey(rand io.Reader) (string, error) {
	raw := make([]byte, idempotencyKeyBytes)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("idempotency key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
