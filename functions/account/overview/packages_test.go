package overview

import (
	"strings"
	"testing"
)

func TestSearchTakesWhatPeopleType(t *testing.T) {
	for typed, want := range map[string]string{
		"schaefer": "schaefer", " https://www.schaefer.example/shop?x=1 ": "www.schaefer.example", "HTTP://Schäfer.example": "Schäfer.example",
		strings.Repeat("ä", 200): strings.Repeat("ä", 126), "": "",
	} {
		if got := searchText(typed); got != want {
			t.Errorf("%q searches for %q, want %q", typed, got, want)
		}
	}
}
