package marks

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestWhatNobodySeesIsDropped(t *testing.T) {
	for in, want := range map[string]string{
		"\u202a030 1234567\u202c": "030 1234567", "\u200e0171\u200f": "0171", "\ufeffAnna": "Anna", "Schä\u00adfer": "Schäfer",
		"An\u200bna": "Anna", "an\u200dna": "anna", "\u2066Bonn\u2069": "Bonn", "\u202ennoB": "nnoB", "A\U000E0041": "A",
		"\u3164": "", "\u115f": "", "Anna": "Anna", "": "", "Müller\u2060": "Müller", "\u061cx": "x",
	} {
		if got := Drop(in); got != want {
			t.Errorf("%+q becomes %+q, want %+q", in, got, want)
		}
	}
}

func TestJoinersStayWhereAScriptIsWrittenWithThem(t *testing.T) {
	for _, name := range []string{"علی\u200cرضا", "ක්\u200dරිෂ්ණ", "क्\u200dष", "\u0600\u0661"} {
		if got := Drop(name); got != name {
			t.Errorf("%+q becomes %+q", name, got)
		}
	}
	for _, name := range []string{"\u200cعلی", "علی\u200c", "a\u200cb", "علی\u200c\u200cرضا", "علی\u200c1"} {
		if got := Drop(name); got == name {
			t.Errorf("%+q stays", name)
		}
	}
}

func TestOfAPasswordOnlyMarksOfDirectionAreDropped(t *testing.T) {
	if got := DropDirections("\u200eein 👨\u200d👩 \u202elang\u00ad"); got != "ein 👨\u200d👩 lang\u00ad" {
		t.Errorf("%+q", got)
	}
}

func TestDroppingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Drop(rapid.String().Draw(t, "s"))
		if again := Drop(s); again != s {
			t.Fatalf("%+q becomes %+q", s, again)
		}
		for _, r := range s {
			if unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%+q", s)
			}
		}
	})
}
