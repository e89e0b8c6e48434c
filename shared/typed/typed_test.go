package typed

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestNumbersAndCodesAreReadAsMeant(t *testing.T) {
	for in, want := range map[string]string{
		"123456": "123456", "123-456": "123456", "123 456": "123456", " 123456 ": "123456", "123.456": "123456", "123·456": "123456", "12/34/56": "123456",
		"123\u00a0456": "123456", "123\u2009456": "123456", "123\u202f456": "123456", "123456\u00a0": "123456", "123\u3000456": "123456", "123\t456": "123456",
		"123\u2011456": "123456", "123\u2013456": "123456", "123\u2014456": "123456", "123\u2212456": "123456", "123\u00ad456": "123456", "123－456": "123456",
		"\u200b123456\ufeff": "123456", "\u200e123456\u202c": "123456", "12\u200d3456": "123456",
		"１２３４５６": "123456", "١٢٣٤٥٦": "123456", "۱۲۳۴۵۶": "123456", "१२३४५६": "123456", "𝟏𝟐𝟑𝟒𝟓𝟔": "123456",
		"ａＢ３": "aB3", "abc": "abc", "12e3": "12e3", "+49": "+49", "": "", "\u00a0": "",
	} {
		if got := Plain(in); got != want {
			t.Errorf("%+q: %+q, want %+q", in, got, want)
		}
	}
}

func TestNamesKeepTheirHyphensAndDots(t *testing.T) {
	for in, want := range map[string]string{
		"P\u20111002": "P-1002", "Ｐ－１００２": "P-1002", " schaefer.example\u00a0": "schaefer.example", "scha\u00adefer.exam\u200bple": "schaefer.example",
		"\u200eschaefer.example\u200e": "schaefer.example", "müller.example": "müller.example", "mu\u0308ller.example": "müller.example", "a b": "a b",
	} {
		if got := Name(in); got != want {
			t.Errorf("%+q: %+q, want %+q", in, got, want)
		}
	}
}

func TestEveryDigitOfEveryScriptIsOneOfTen(t *testing.T) {
	next := '0'
	for r := rune(unicode.MaxASCII); r <= unicode.MaxRune; r++ {
		if !unicode.Is(unicode.Nd, r) {
			continue
		}
		if got := digit(r); got != next {
			t.Fatalf("%U: %c, want %c", r, got, next)
		}
		if composed := []rune(norm.NFKC.String(string(r))); composed[0] < unicode.MaxASCII && composed[0] != next {
			t.Errorf("%U is %c for Unicode", r, composed[0])
		}
		if next++; next > '9' {
			next = '0'
		}
	}
}

func TestReadingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := Plain(s); Plain(once) != once {
			t.Errorf("%+q, then %+q", once, Plain(once))
		}
		if once := Name(s); Name(once) != once {
			t.Errorf("%+q, then %+q", once, Name(once))
		}
	})
}
