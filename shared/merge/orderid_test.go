package merge_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"kundenkonto/shared/merge"
)

func TestOrderIDHasNoLookAlikes(t *testing.T) {
	form := regexp.MustCompile(`^[2-9ACDEFGHJKMNPQRTVWXY]{4}-[2-9ACDEFGHJKMNPQRTVWXY]{4}$`)
	source := rand.NewChaCha8([32]byte{1})
	seen := map[string]bool{}
	for range 10_000 {
		id, err := merge.NewOrderID(source)
		if err != nil || !form.MatchString(id) || seen[id] {
			t.Fatalf("%q, %v, seen before: %v", id, err, seen[id])
		}
		seen[id] = true
	}
}

func TestOrderIDNeedsRandomness(t *testing.T) {
	if _, err := merge.NewOrderID(iotest.ErrReader(errors.New("no entropy"))); err == nil {
		t.Error("made without randomness")
	}
	if _, err := merge.NewOrderID(bytes.NewReader([]byte{1, 2, 3})); err == nil {
		t.Error("made with too little randomness")
	}
}

func TestParseOrderIDReadsWhatPeopleWrite(t *testing.T) {
	for in, want := range map[string]string{
		"K7QX-2M4D": "K7QX-2M4D", "k7qx-2m4d": "K7QX-2M4D", "K7QX2M4D": "K7QX-2M4D", " k7 qx 2m 4d ": "K7QX-2M4D", "K7QX–2M4D": "K7QX-2M4D", "K7QX-ZM4D": "K7QX-2M4D",
		"": "", "K7QX": "", "K7QX-2M4D9": "", "K7QX-2M40": "", "K7QX-2M4ß": "", "\xff7QX-2M4D": "", strings.Repeat(" ", 100): "",
	} {
		if got, ok := merge.ParseOrderID(in); got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v", in, got, ok)
		}
	}
}

func TestParsingAnOrderIDIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if id, ok := merge.ParseOrderID(rapid.String().Draw(t, "text")); ok {
			if again, ok := merge.ParseOrderID(id); !ok || again != id {
				t.Fatalf("%q is read as %q", id, again)
			}
		}
	})
}
