package localtest

import (
	"encoding/base64"

	"golang.org/x/crypto/argon2"
)

// CheapHash is an argon2id hash of the fewest steps: histories compare passwords a thousand times.
func CheapHash(password string) string {
	salt := []byte("saltsaltsaltsalt")
	b64 := base64.RawStdEncoding
	return "$argon2id$v=19$m=8,t=1,p=1$" + b64.EncodeToString(salt) + "$" + b64.EncodeToString(argon2.IDKey([]byte(password), salt, 1, 8, 1, 32))
}
