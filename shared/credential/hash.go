package credential

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"slices"
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

// Hash makes an argon2id hash of the normal form of a password, in the PHC string format.
func (h Hasher) Hash(password string) (string, error) {
	return argon2Of([]byte(Normal(password)), h.Rand)
}

func argon2Of(form []byte, rand io.Reader) (string, error) {
	salt := make([]byte, newSaltLen)
	if _, err := io.ReadFull(rand, salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	key := argon2.IDKey(form, salt, today.time, today.memory, today.threads, newKeyLen)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, today.memory, today.time, today.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// Verify compares a password with a stored hash, argon2id or bcrypt, in each of its forms. rehash says that the hash
// should be made anew with today's parameters, now that the password is known. An empty hash costs the same and is never
// right. A hash that cannot be read costs the same, too, and is ErrCorrupt.
func Verify(hash, password string) (ok, rehash bool, err error) {
	compare, err := comparison(hash)
	for _, form := range forms(password) {
		if ok, rehash = compare(form); ok {
			return true, rehash || form != Normal(password) && !cutOff(hash, form), nil
		}
	}
	return false, false, err
}

// comparison reads a stored hash and gives what compares one form of a password with it.
func comparison(hash string) (compare func(form string) (ok, rehash bool), err error) {
	switch {
	case hash == "":
		return compareDummy, nil
	case strings.HasPrefix(hash, "$2"):
		if err := checkBcrypt(hash); err != nil {
			return compareDummy, err
		}
		return func(form string) (ok, rehash bool) {
			ok = bcrypt.CompareHashAndPassword([]byte(hash), []byte(form)) == nil
			return ok, ok && !cutOff(hash, form)
		}, nil
	}
	p, salt, want, err := parse(hash)
	if err != nil {
		return compareDummy, err
	}
	return func(form string) (ok, rehash bool) {
		got := argon2.IDKey([]byte(form), salt, p.time, p.memory, p.threads, uint32(len(want)))
		ok = subtle.ConstantTimeCompare(got, want) == 1
		return ok, ok && p != today
	}, nil
}

// bcryptBytes is how much of a password bcrypt looks at.
const bcryptBytes = 72

// CutOff says whether a password that matched the hash may be a longer one's beginning: bcrypt looks at 72 bytes and
// leaves the rest. Made anew from what was typed, the hash would lock out who knows the whole of it. So it stays as it is,
// and the customer is asked to set a new password.
func CutOff(hash, password string) bool {
	return slices.ContainsFunc(forms(password), func(form string) bool { return cutOff(hash, form) })
}

func cutOff(hash, form string) bool { return strings.HasPrefix(hash, "$2") && len(form) >= bcryptBytes }

// CheckStored says whether a hash could be verified; the import asks before it stores one.
func CheckStored(hash string) error {
	if strings.HasPrefix(hash, "$2") {
		return checkBcrypt(hash)
	}
	_, _, _, err := parse(hash)
	return err
}

func compareDummy(form string) (ok, rehash bool) {
	p, salt, want, err := parse(dummyHash)
	if err != nil {
		panic(err) // a constant of ours, held by a test
	}
	argon2.IDKey([]byte(form), salt, p.time, p.memory, p.threads, uint32(len(want)))
	return false, false
}

// bcryptForm is "$2b$10$", then salt and key in bcrypt's own base 64. Other letters would only be found while comparing.
var bcryptForm = regexp.MustCompile(`^\$2[a-z]?\$[0-9]{2}\$[./A-Za-z0-9]{53}$`)

func checkBcrypt(hash string) error {
	cost, err := bcrypt.Cost([]byte(hash))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	if cost > maxCost || !bcryptForm.MatchString(hash) {
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
