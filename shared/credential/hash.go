package credential

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// params are what argon2id is told.
type params struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// today is what new hashes are made with: OWASP's first choice for argon2id with 19 MiB (Password Storage Cheat Sheet).
var today = params{memory: 19456, time: 2, threads: 1}

// Bounds of what a stored hash may ask for (S4): a planted hash must not take the function's memory or time.
var (
	atMost     = params{memory: 65536, time: 8, threads: 4}
	saltBytes  = [2]int{8, 64}
	keyBytes   = [2]int{16, 64}
	maxCost    = 12 // bcrypt, about 250 ms
	newSaltLen = 16
	newKeyLen  = uint32(32)
)

// dummyHash is compared with when there is no password, so that it takes as long as a real one (S1). It is the argon2id
// of random bytes nobody kept.
const dummyHash = "$argon2id$v=19$m=19456,t=2,p=1$Y+jQqH0IpK0XEE/7C4oNzw$1+r7rVf4CFjF+apkxMeHMk0UHWthPlvBmAWQNhtkfek"

// Hasher makes hashes with salts from Rand.
type Hasher struct{ Rand io.Reader }

// Hash makes an argon2id hash in the PHC string format.
func (h Hasher) Hash(password string) (string, error) {
	salt := make([]byte, newSaltLen)
	if _, err := io.ReadFull(h.Rand, salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, today.time, today.memory, today.threads, newKeyLen)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, today.memory, today.time, today.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// Verify compares a password with a stored hash, argon2id or bcrypt. rehash says that the hash should be made anew with
// today's parameters, now that the password is known. An empty hash costs the same and is never right. A hash that
// cannot be read costs the same, too, and is ErrCorrupt.
func Verify(hash, password string) (ok, rehash bool, err error) {
	switch {
	case hash == "":
		compareDummy(password)
		return false, false, nil
	case strings.HasPrefix(hash, "$2"):
		return verifyBcrypt(hash, password)
	}
	p, salt, want, err := parse(hash)
	if err != nil {
		compareDummy(password)
		return false, false, err
	}
	got := argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, uint32(len(want)))
	ok = subtle.ConstantTimeCompare(got, want) == 1
	return ok, ok && p != today, nil
}

// CheckStored says whether a hash could be verified; the import asks before it stores one.
func CheckStored(hash string) error {
	if strings.HasPrefix(hash, "$2") {
		return checkBcrypt(hash)
	}
	_, _, _, err := parse(hash)
	return err
}

func compareDummy(password string) {
	p, salt, want, err := parse(dummyHash)
	if err != nil {
		panic(err) // a constant of ours, held by a test
	}
	argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, uint32(len(want)))
}

// verifyBcrypt never hashes more than 72 bytes, as bcrypt itself; the policy of ours came later.
func verifyBcrypt(hash, password string) (ok, rehash bool, err error) {
	if err := checkBcrypt(hash); err != nil {
		compareDummy(password)
		return false, false, err
	}
	err = bcrypt.CompareHashAndPassword([]byte(hash), []byte(password))
	switch {
	case err == nil:
		return true, true, nil
	case errors.Is(err, bcrypt.ErrMismatchedHashAndPassword), errors.Is(err, bcrypt.ErrPasswordTooLong):
		return false, false, nil
	}
	return false, false, fmt.Errorf("%w: %w", ErrCorrupt, err)
}

func checkBcrypt(hash string) error {
	cost, err := bcrypt.Cost([]byte(hash))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	if cost > maxCost || len(hash) != 60 {
		return fmt.Errorf("%w: bcrypt cost %d, length %d", ErrCorrupt, cost, len(hash))
	}
	return nil
}

// parse reads "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>" and refuses what is out of bounds.
func parse(hash string) (p params, salt, key []byte, err error) {
	fail := func(what string) (params, []byte, []byte, error) {
		return params{}, nil, nil, fmt.Errorf("%w: %s", ErrCorrupt, what)
	}
	if len(hash) > 300 {
		return fail("too long")
	}
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v=19" {
		return fail("not argon2id version 19")
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); n != 3 || err != nil {
		return fail("parameters")
	}
	if parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", p.memory, p.time, p.threads) {
		return fail("parameters written oddly")
	}
	if p.memory > atMost.memory || p.time > atMost.time || p.threads > atMost.threads ||
		p.threads < 1 || p.time < 1 || p.memory < 8*uint32(p.threads) {
		return fail("parameters out of bounds")
	}
	salt, errSalt := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	key, errKey := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if errSalt != nil || errKey != nil || !within(len(salt), saltBytes) || !within(len(key), keyBytes) {
		return fail("salt or key")
	}
	return p, salt, key, nil
}

func within(n int, bounds [2]int) bool { return bounds[0] <= n && n <= bounds[1] }
