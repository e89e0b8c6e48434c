package web

import (
	"bytes"
	"testing"
)

func TestAddressesAreShownAsPeopleWriteThem(t *testing.T) {
	for stored, want := range map[string]string{
		"anna@xn--mller-post-9db.example": "anna@müller-post.example", "anna@x.example": "anna@x.example", "": "", "anna": "anna",
		"anna@xn--a.example": "anna@xn--a.example", "anna@xn--.example": "anna@xn--.example",
	} {
		if got := Email(stored); got != want {
			t.Errorf("%q is shown as %q, want %q", stored, got, want)
		}
	}
}

func TestNoPageHasAMarkOfDirection(t *testing.T) {
	b := bytes.NewBufferString("<p>\u202eannA</p><p>علی\u200cرضا</p>")
	dropDirections(b)
	if got := b.String(); got != "<p>annA</p><p>علی\u200cرضا</p>" {
		t.Errorf("%+q", got)
	}
}
