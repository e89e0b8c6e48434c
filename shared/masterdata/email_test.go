package masterdata

import (
	"strings"
	"testing"
)

func TestEmailAddressesAreCleaned(t *testing.T) {
	for entered, want := range map[string]string{
		" Anna@Schaefer.EXAMPLE ": "Anna@schaefer.example", "anna@schäfer.example": "anna@xn--schfer-dua.example", "anna": "anna",
		"anna@x.example\u200b": "anna@x.example", "\u00a0anna@x.example": "anna@x.example", "an\u00adna@x.example": "anna@x.example",
		"anna@müller-post.example": "anna@xn--mller-post-9db.example", "a@@B.example": "a@@b.example", "a@-x-.example": "a@-x-.example", "": "",
	} {
		if got := CleanEmail(entered); got != want {
			t.Errorf("%q becomes %q, want %q", entered, got, want)
		}
	}
}

func TestWrongEmailAddressesAreNamed(t *testing.T) {
	for entered, code := range map[string]string{
		"anna@schaefer.example": "", "a.b+c@mail.schaefer.example": "", "o'neil@x.example": "", "anna@schäfer.example": "", "1@2.de": "",
		"": "required", "anna": "email_form", "anna@": "email_form", "@x.example": "email_form", "a@b@c.example": "email_form", "anna@localhost": "email_form",
		"anna schaefer@x.example": "email_form", "anna@my_host.example": "email_form", "anna@-berg.example": "email_form", "anna@berg-.example": "email_form",
		"jürgen@x.example": "email_form", "a@x.example;b@y.example": "email_form", "anna@[IPv6:2001:db8::1]": "email_form", "anna@müller-post.example": "",
		"anna@x.example\u200b": "", "anna@x.example.": "email_form", "anna.@x.example": "email_form", "anna@x .example": "email_form", ".anna@x.example": "email_form", "an..na@x.example": "email_form",
		"anna@192.0.2.7": "email_form", "anna@[192.0.2.7]": "email_form", "änna@x.example": "email_form", "\"anna\"@x.example": "email_form",
		"Anna <anna@x.example>": "email_form", "a@x.example,b@x.example": "email_form", "анна@почта.example": "email_form", "a@x.example\r\nBcc: b@x.example": "email_form",
		"<script>@x.example": "email_form", "a' OR '1'='1@x.example": "email_form", "a@-x.example": "email_form", "a@x..example": "email_form",
		strings.Repeat("a", 65) + "@x.example": "too_long", "a@" + strings.Repeat("b.", 130) + "example": "too_long", strings.Repeat("a", 100_000): "too_long",
	} {
		p := CheckEmail(CleanEmail(entered))
		if got := ""; p != nil && p.Code != code || p == nil && got != code {
			t.Errorf("%.60q: %+v, want %q", entered, p, code)
		}
	}
}
