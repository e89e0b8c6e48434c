package credential

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

func hasher() Hasher { return Hasher{Rand: bytes.NewReader(bytes.Repeat([]byte{7}, 64))} }

func TestHashIsVerified(t *testing.T) {
	hash, err := hasher().Hash("pferd heftklammer batterie")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("parameters of the design are missing in %q", hash)
	}
	if ok, rehash, err := Verify(hash, "pferd heftklammer batterie"); !ok || rehash || err != nil {
		t.Errorf("right password: ok %v, rehash %v, %v", ok, rehash, err)
	}
	if ok, _, err := Verify(hash, "pferd heftklammer batteriE"); ok || err != nil {
		t.Errorf("wrong password: ok %v, %v", ok, err)
	}
}

func TestHashNeedsItsSalt(t *testing.T) {
	if _, err := (Hasher{Rand: bytes.NewReader(nil)}).Hash("x"); err == nil {
		t.Error("a hash without a salt was made")
	}
}

func TestNoHashIsNeverRight(t *testing.T) {
	for _, password := range []string{"", "anything"} {
		if ok, rehash, err := Verify("", password); ok || rehash || err != nil {
			t.Errorf("%q: ok %v, rehash %v, %v", password, ok, rehash, err)
		}
	}
}

func TestDummyHashCostsWhatARealOneCosts(t *testing.T) {
	p, _, key, err := parse(dummyHash)
	if err != nil || p != today || uint32(len(key)) != newKeyLen {
		t.Fatalf("%+v, %d bytes, %v", p, len(key), err)
	}
}

func TestOlderHashesAreMadeAnew(t *testing.T) {
	old, err := bcrypt.GenerateFromPassword([]byte("geheimes Paketpasswort"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	weak := today
	today.memory = 8192
	argon, err := hasher().Hash("geheimes Paketpasswort")
	today = weak
	if err != nil {
		t.Fatal(err)
	}
	for name, hash := range map[string]string{"bcrypt": string(old), "weak argon2id": argon} {
		if ok, rehash, err := Verify(hash, "geheimes Paketpasswort"); !ok || !rehash || err != nil {
			t.Errorf("%s: ok %v, rehash %v, %v", name, ok, rehash, err)
		}
		if ok, rehash, err := Verify(hash, "falsch"); ok || rehash || err != nil {
			t.Errorf("%s, wrong password: ok %v, rehash %v, %v", name, ok, rehash, err)
		}
	}
	if ok, _, err := Verify(string(old), strings.Repeat("x", 300)); ok || err != nil {
		t.Errorf("bcrypt with a long password: ok %v, %v", ok, err)
	}
}

func TestStoredHashesAreBounded(t *testing.T) {
	good, err := hasher().Hash("x")
	if err != nil {
		t.Fatal(err)
	}
	with := func(params string) string { return strings.Replace(good, "m=19456,t=2,p=1", params, 1) }
	for name, hash := range map[string]string{
		"four gigabytes of memory":    with("m=4194304,t=2,p=1"),
		"a million rounds":            with("m=19456,t=1000000,p=1"),
		"no rounds":                   with("m=19456,t=0,p=1"),
		"no threads":                  with("m=19456,t=2,p=0"),
		"200 threads":                 with("m=19456,t=2,p=200"),
		"hardly any memory":           with("m=1,t=2,p=1"),
		"a number too large to read":  with("m=99999999999999999999,t=2,p=1"),
		"a negative number":           with("m=-1,t=2,p=1"),
		"something behind parameters": with("m=19456,t=2,p=1,x=9"),
		"another kind":                strings.Replace(good, "argon2id", "argon2i", 1),
		"another version":             strings.Replace(good, "v=19", "v=16", 1),
		"no salt":                     "$argon2id$v=19$m=19456,t=2,p=1$$AAAAAAAAAAAAAAAAAAAAAA",
		"a key of one byte":           "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AA",
		"a bcrypt cost of 31":         "$2a$31$" + strings.Repeat("a", 53),
		"half a bcrypt":               "$2a$10$abc",
		"plain text":                  "geheim",
		"a megabyte":                  good + strings.Repeat("A", 1<<20),
	} {
		if ok, _, err := Verify(hash, "x"); ok || !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: ok %v, %v", name, ok, err)
		}
		if CheckStored(hash) == nil {
			t.Errorf("%s: the import would store it", name)
		}
	}
	if err := CheckStored(good); err != nil {
		t.Error(err)
	}
}

func ExampleHasher() {
	hash, _ := Hasher{Rand: strings.NewReader("sixteen bytes ok")}.Hash("pferd heftklammer batterie")
	fmt.Println(hash[:31])
	// Output: $argon2id$v=19$m=19456,t=2,p=1$
}
