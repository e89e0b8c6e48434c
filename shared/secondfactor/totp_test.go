package secondfactor

import (
	"bytes"
	"encoding/base32"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/table"
)

// The key of the test vectors of RFC 6238, appendix B, for SHA-1.
var rfcKey = []byte("12345678901234567890")

func TestCodesAreThoseOfRFC6238(t *testing.T) {
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got := hotp(rfcKey, at/period, 8); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
		if got := Code(base32.StdEncoding.EncodeToString(rfcKey), time.Unix(at, 0)); got != want[2:] {
			t.Errorf("six digits at %d: %s, want %s", at, got, want[2:])
		}
	}
}

var noon = time.Unix(1795431600, 0) // the beginning of a step

func inForce(t *testing.T) Factor {
	t.Helper()
	secret, err := NewSecret(bytes.NewReader(rfcKey))
	if err != nil || len(secret) != 32 {
		t.Fatalf("%q, %v", secret, err)
	}
	_, hashes, err := NewCodes(bytes.NewReader(bytes.Repeat(rfcKey, 10)), "10000017")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Factor{Number: "10000017"}.Begin(secret, noon.Add(-time.Minute)).Confirm(Code(secret, noon.Add(-time.Minute)), hashes, noon.Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// RFC 6238, 5.2: one step back for what takes time on the way, and none ahead.
func TestACodeMayBeOneStepOldAndNoMore(t *testing.T) {
	for steps, good := range map[time.Duration]bool{-2: false, -1: true, 0: true, 1: false, 2: false} {
		f := inForce(t)
		_, err := f.UseCode(Code(f.Secret, noon.Add(steps*period*time.Second)), noon)
		if (err == nil) != good {
			t.Errorf("%d steps away: %v", steps, err)
		}
	}
	f, code := inForce(t), Code(inForce(t).Secret, noon)
	for at, good := range map[time.Duration]bool{-time.Second: false, 0: true, 59 * time.Second: true, 60 * time.Second: false} {
		if _, err := f.UseCode(code, noon.Add(at)); (err == nil) != good {
			t.Errorf("%v after its step began: %v", at, err)
		}
	}
}

func TestACodeIsReadAsMeant(t *testing.T) {
	f := inForce(t)
	code := Code(f.Secret, noon)
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, code)
	arabic := strings.Map(func(r rune) rune { return r - '0' + '٠' }, code)
	for _, typed := range []string{code[:3] + "-" + code[3:], code[:3] + "\u00a0" + code[3:], code[:3] + "\u2009" + code[3:], code[:3] + "\u202f" + code[3:],
		code[:3] + "\u2011" + code[3:], code[:3] + "." + code[3:], code + "\u00a0", "\u200b" + code, wide, wide[:9] + "\u3000" + wide[9:], arabic} {
		if _, err := f.UseCode(typed, noon); err != nil {
			t.Errorf("%+q: %v", typed, err)
		}
	}
	for _, typed := range []string{"", "-", code[:5], code + "0", "0" + code, code[1:] + code[:1]} {
		if _, err := f.UseCode(typed, noon); typed != code && err == nil {
			t.Errorf("%+q is taken", typed)
		}
	}
}

func TestACodeIsGoodOnce(t *testing.T) {
	f := inForce(t)
	code := Code(f.Secret, noon)
	used, err := f.UseCode(code[:3]+" "+code[3:], noon)
	if err != nil {
		t.Fatal(err)
	}
	for at, why := range map[time.Duration]string{0: "again at once", 29 * time.Second: "at the end of its step", 31 * time.Second: "in the next step"} {
		if _, err := used.UseCode(code, noon.Add(at)); !errors.Is(err, ErrWrong) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, err := used.UseCode(Code(f.Secret, noon.Add(-period*time.Second)), noon); !errors.Is(err, ErrWrong) {
		t.Errorf("the one before the last used: %v", err)
	}
	if _, err := used.UseCode(Code(f.Secret, noon.Add(period*time.Second)), noon.Add(period*time.Second)); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestTheCodeThatConfirmedDoesNotSignIn(t *testing.T) {
	f := inForce(t)
	at := noon.Add(-time.Minute)
	if _, err := f.UseCode(Code(f.Secret, at), at); !errors.Is(err, ErrWrong) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutASecretNoCodeIsRight(t *testing.T) {
	for _, code := range []string{"", "000000", Code("", noon)} {
		if _, err := (Factor{}).UseCode(code, noon); !errors.Is(err, ErrWrong) {
			t.Errorf("%q: %v", code, err)
		}
		if _, err := (Factor{}).UseRecoveryCode(code); !errors.Is(err, ErrWrong) {
			t.Errorf("recovery code %q: %v", code, err)
		}
		if _, err := (Factor{Draft: ""}).Confirm(code, nil, noon); !errors.Is(err, ErrWrong) {
			t.Errorf("confirmed by %q: %v", code, err)
		}
	}
}

func TestASecretCountsOnlyWhenConfirmedInTime(t *testing.T) {
	f := Factor{}.Begin("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", noon)
	if f.Demanded(noon) {
		t.Error("a draft is in force")
	}
	late := noon.Add(draftLasts)
	if _, err := f.Confirm(Code(f.Draft, late), nil, late); !errors.Is(err, ErrWrong) {
		t.Errorf("after its time: %v", err)
	}
	if _, err := f.Confirm("000000", nil, noon); !errors.Is(err, ErrWrong) {
		t.Errorf("a wrong code: %v", err)
	}
	if g, err := f.Confirm(Code(f.Draft, noon), nil, noon); err != nil || !g.Demanded(noon) || g.Draft != "" {
		t.Errorf("%+v, %v", g, err)
	}
}

func TestRecoveryCodesAreGoodOnceHoweverTyped(t *testing.T) {
	codes, hashes, err := NewCodes(bytes.NewReader(bytes.Repeat([]byte("\x00\x01\xfe\x80 a random thing"), 20)), "10000017")
	if err != nil || len(codes) != NumberOfCodes {
		t.Fatal(codes, err)
	}
	f := inForce(t).WithCodes(hashes, noon)
	typed := strings.NewReplacer("-", " ", "0", "O", "1", "l").Replace(strings.ToUpper(codes[3]))
	for _, dash := range []string{"\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\u00a0", "\u2009", ".", "", " - "} {
		if _, err := f.UseRecoveryCode("\u200b" + strings.ReplaceAll(codes[2], "-", dash) + "\u00a0"); err != nil {
			t.Errorf("with %+q between the groups: %v", dash, err)
		}
	}
	used, err := f.UseRecoveryCode(typed)
	if err != nil || len(used.Codes) != NumberOfCodes-1 || len(f.Codes) != NumberOfCodes {
		t.Fatalf("%q: %d left, %v", typed, len(used.Codes), err)
	}
	if _, err := used.UseRecoveryCode(codes[3]); !errors.Is(err, ErrWrong) {
		t.Errorf("again: %v", err)
	}
	other := f
	other.Number = "10000023"
	if _, err := other.UseRecoveryCode(codes[4]); !errors.Is(err, ErrWrong) {
		t.Errorf("with another number: %v", err)
	}
	for _, h := range hashes {
		if strings.Contains(strings.Join(codes, " "), h) || len(h) != 64 {
			t.Errorf("%q is no hash", h)
		}
	}
}

// At least 112 bit, or a plain hash would not be enough (NIST SP 800-63B, look-up secrets).
func TestRecoveryCodesAreLongEnoughForAPlainHash(t *testing.T) {
	codes, _, err := NewCodes(bytes.NewReader(bytes.Repeat(rfcKey, 10)), "10000017")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range codes {
		if groups := strings.Split(code, "-"); len(groups) != 6 || 5*len(strings.Join(groups, "")) < 112 {
			t.Errorf("%q", code)
		}
	}
}

// Codes of 80 bit were made before; their owners have printed them.
func TestARecoveryCodeThatWasMadeBeforeIsStillGood(t *testing.T) {
	f := inForce(t).WithCodes([]string{table.Hash("10000017#0123456789abcdef")}, noon)
	if used, err := f.UseRecoveryCode("0123-4567-89AB-CDEF"); err != nil || len(used.Codes) != 0 {
		t.Errorf("%v", err)
	}
}

func TestARecoveryEndsTheSecondStepWhenItsTimeHasCome(t *testing.T) {
	f := inForce(t)
	f.Recovery = Recovery{ID: "x", EndAt: noon}
	if !f.Demanded(noon) {
		t.Error("it ends before its customer was warned")
	}
	f.Recovery.WarnedAt = noon.Add(-time.Hour)
	if !f.Demanded(noon.Add(-time.Nanosecond)) || f.Demanded(noon) {
		t.Error("the waiting time is not kept")
	}
	if f.Stopped().Recovery.Running() || !f.Stopped().Demanded(noon) {
		t.Error("a stopped recovery still ends it")
	}
}

func TestTheAddressForAppsIsReadAsMeant(t *testing.T) {
	u, err := url.Parse(Address("ABCD", "Meine Marke & Co", "10000017"))
	if err != nil || u.Scheme != "otpauth" || u.Path != "/Meine Marke & Co:10000017" || strings.Contains(u.String(), "+") {
		t.Fatal(u, err)
	}
	if q := u.Query(); q.Get("issuer") != "Meine Marke & Co" || q.Get("secret") != "ABCD" || q.Get("digits") != "6" || q.Get("period") != "30" {
		t.Error(q)
	}
	if got := Grouped("ABCDEFGHIJ"); got != "ABCD EFGH IJ" {
		t.Errorf("%q", got)
	}
}
