package credential

import (
	"crypto/rand"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// quick makes hashes cheap where a test makes many.
func quick(t *testing.T) {
	t.Helper()
	before := today
	today.memory, today.time = 64, 1
	t.Cleanup(func() { today = before })
}

// raw makes a hash of the very bytes, as another system or a former version did.
func raw(t *testing.T, password string) string {
	t.Helper()
	hash, err := argon2Of([]byte(password), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func bcryptOf(t *testing.T, password string) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password)[:min(len(password), bcryptBytes)], bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

// S5: one password, however keyboards send it.
var spellings = map[string]string{
	"German":               "fünf Bäume über Köln",
	"French":               "déjà vu à la forêt",
	"Vietnamese":           "Nguyễn ở Huế đọc sách",
	"Korean":               "한국어 비밀번호 열다섯글자",
	"a ring":               "Ångström misst Wellen", // U+212B composes to U+00C5
	"a no-break space":     "Pferd\u00a0Heftklammer\u00a0Batterie",
	"a narrow one":         "Pferd\u202fHeftklammer Batterie",
	"an ideographic space": "Pferd\u3000Heftklammer Batterie",
	"half of each":         "fu\u0308nf Bäume im Garten",
}

func TestAPasswordIsTheSameHoweverAKeyboardSendsIt(t *testing.T) {
	quick(t)
	for name, password := range spellings {
		ways := []string{password, norm.NFC.String(password), norm.NFD.String(password), Normal(password)}
		for _, set := range ways {
			hash, err := (Hasher{Rand: rand.Reader}).Hash(set)
			if err != nil {
				t.Fatal(err)
			}
			for _, typed := range ways {
				if ok, rehash, err := Verify(hash, typed); !ok || rehash || err != nil {
					t.Errorf("%s: set as %+q, typed as %+q: ok %v, rehash %v, %v", name, set, typed, ok, rehash, err)
				}
			}
		}
	}
}

func TestAHashMadeOfAnotherFormIsFoundAndMadeAnew(t *testing.T) {
	quick(t)
	for name, password := range spellings {
		ways := map[string]string{"NFC": norm.NFC.String(password), "NFD": norm.NFD.String(password)}
		for made, from := range ways {
			for kind, hash := range map[string]string{"argon2id": raw(t, from), "bcrypt": bcryptOf(t, from)} {
				for typedAs, typed := range ways {
					ok, rehash, err := Verify(hash, typed)
					if !ok || err != nil || rehash != ((kind == "bcrypt" || from != Normal(from)) && !cutOff(hash, from)) {
						t.Errorf("%s: %s of %s, typed as %s: ok %v, rehash %v, %v", name, kind, made, typedAs, ok, rehash, err)
					}
				}
			}
		}
	}
	// What was typed neither composed nor decomposed is found only when it is typed so again.
	mixed := spellings["half of each"]
	if ok, rehash, _ := Verify(raw(t, mixed), mixed); !ok || !rehash {
		t.Errorf("mixed: ok %v, rehash %v", ok, rehash)
	}
}

func TestOtherPasswordsStayDifferent(t *testing.T) {
	quick(t)
	for set, typed := range map[string]string{
		"fünf Bäume über Köln": "funf Baume uber Koln", "Straße der Sonne 17": "Strasse der Sonne 17", "x² + y² = z² gilt": "x2 + y2 = z2 gilt",
		"Pferd Heftklammer": "PferdHeftklammer", "pferd heftklammer": "Pferd heftklammer", "１２３４５ Gabeln Löffel": "12345 Gabeln Löffel",
	} {
		hash, err := (Hasher{Rand: rand.Reader}).Hash(set)
		if err != nil {
			t.Fatal(err)
		}
		if ok, _, _ := Verify(hash, typed); ok {
			t.Errorf("%q opens with %q", set, typed)
		}
	}
}

// S1: how many hashes a try costs depends on what was typed alone, and nearly always it is one.
func TestTheNumberOfHashesDependsOnWhatIsTypedAlone(t *testing.T) {
	for typed, want := range map[string]int{"": 1, "pferd heftklammer": 1, "日本 の 森": 1, "fünf Bäume": 2, "Pferd\u00a0Heft": 2} {
		if n := len(forms(typed)); n != want {
			t.Errorf("%+q: %d forms, want %d", typed, n, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed")
		all := forms(typed)
		if len(all) < 1 || len(all) > 4 || all[0] != Normal(typed) || Normal(all[0]) != all[0] {
			t.Fatalf("%+q", all)
		}
	})
}

func TestLengthsAreCountedAfterNormalising(t *testing.T) { // S5
	if n := Length(norm.NFD.String(strings.Repeat("ä", 14))); n != 14 {
		t.Errorf("14 letters count as %d", n)
	}
	if v := CheckPolicy(norm.NFD.String("zwölf Bäume ö"), PolicyContext{}); v == nil || v.Code != "too_short" {
		t.Errorf("13 letters, decomposed: %+v", v)
	}
	if v := CheckPolicy(norm.NFD.String(strings.Repeat("Lämpenfüße&Öle", 18)), PolicyContext{}); v != nil {
		t.Errorf("252 letters, decomposed: %+v", v)
	}
}

// bcrypt looks at 72 bytes: whoever types these and anything else is let in, and the hash must not become one of it.
func TestAPasswordThatBcryptCutsOffIsNotHashedAnew(t *testing.T) {
	long := "Ein Kundenpasswort, das aus einem anderen System kommt und siebenundachtzig Bytes hat!!"
	if len(long) != 87 {
		t.Fatalf("%d bytes", len(long))
	}
	hash := bcryptOf(t, long)
	for what, typed := range map[string]string{"the whole": long, "72 bytes": long[:72], "72 bytes and other text": long[:72] + " irgendetwas"} {
		if ok, rehash, err := Verify(hash, typed); !ok || rehash || err != nil || !CutOff(hash, typed) {
			t.Errorf("%s: ok %v, rehash %v, cut off %v, %v", what, ok, rehash, CutOff(hash, typed), err)
		}
	}
	if ok, _, _ := Verify(hash, long[:71]); ok {
		t.Error("71 bytes of it are enough")
	}
	short := long[:71]
	if ok, rehash, _ := Verify(bcryptOf(t, short), short); !ok || !rehash || CutOff(hash, short) {
		t.Errorf("71 bytes: ok %v, rehash %v", ok, rehash)
	}
	umlauts := strings.Repeat("ü", 30) // 60 bytes, decomposed 90
	if ok, rehash, _ := Verify(bcryptOf(t, norm.NFD.String(umlauts)), umlauts); !ok || rehash || !CutOff(hash, umlauts) {
		t.Errorf("decomposed by another system: ok %v, rehash %v", ok, rehash)
	}
	if CutOff(raw(t, long), long) {
		t.Error("argon2id cuts nothing off")
	}
}
