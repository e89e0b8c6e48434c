package mail

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"kundenkonto/shared/lang"
)

// nasty are values of the kinds that have broken mail before (S17, S19).
var nasty = []string{
	"x\r\nBcc: thief@evil.example", "x\nSubject: y", "\x00", "\u202Egnp.exe", "<script>alert(1)</script>", `"><a href=x>`,
	"- item\n\n- item", "a :: b", "a\u2028b", "{{.ID}}", "=?utf-8?q?x?=", "\xff\xfe", strings.Repeat("ä", 5000), "-- \nBrand", ".\r\n.\r\n",
}

func TestNoValueCanAddALineOrAHeader(t *testing.T) {
	c := composer(t)
	plain := map[lang.Lang]Message{}
	for _, l := range lang.All() {
		m, err := c.Compose(OrderRejected{Order: sampleOwn, Reason: "x"}, Reader{Name: "x", Language: string(l)})
		if err != nil {
			t.Fatal(err)
		}
		plain[l] = m
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.SampledFrom(nasty), rapid.String()).Draw(t, "value")
		in := rapid.SampledFrom(lang.All()).Draw(t, "language")
		o := sampleOwn
		o.ID, o.Survivor, o.Sources = value, value, []string{value, value}
		m, err := c.Compose(OrderRejected{Order: o, Reason: value}, Reader{Name: value, Language: string(in)})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(m.Subject, unicode.IsControl) {
			t.Fatalf("subject %q has a control character", m.Subject)
		}
		if got, want := strings.Count(m.Text, "\n-- \n"), 1; got != want {
			t.Fatalf("%d signatures in %q", got, m.Text)
		}
		if strings.Count(m.HTML, "<p") > strings.Count(plain[in].HTML, "<p") || strings.Count(m.HTML, "<a") != strings.Count(plain[in].HTML, "<a") {
			t.Fatalf("value %q changed the structure:\n%s", value, m.HTML)
		}
		raw, err := m.Raw(Envelope{To: "anna@schaefer.example", ID: value, Date: sampleTime})
		if err != nil {
			t.Fatal(err)
		}
		checkHeaders(t, raw)
	})
}

// checkHeaders takes a raw mail apart as a mail program does.
func checkHeaders(t interface{ Fatalf(string, ...any) }, raw []byte) {
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("not a mail: %v", err)
	}
	allowed := map[string]bool{"From": true, "To": true, "Reply-To": true, "Subject": true, "Date": true, "Message-Id": true,
		"Mime-Version": true, "Content-Type": true, "Content-Language": true, "Auto-Submitted": true}
	for name, values := range msg.Header {
		if !allowed[name] || len(values) != 1 {
			t.Fatalf("header %s: %q", name, values)
		}
	}
	if len(msg.Header) != len(allowed) {
		t.Fatalf("%d headers, want %d: %v", len(msg.Header), len(allowed), msg.Header)
	}
}

func TestAddressesThatAreNoneAreRefusedWithoutTellingThem(t *testing.T) {
	m, err := composer(t).Compose(OrderWithdrawn{sampleOwn}, Reader{})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"", "anna", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "A <a@b.example>", "a@b.example\x00",
		"jürgen@b.example", "анна@b.example", "a@my_host.example", "a@-b.example"} {
		if _, err := m.Raw(Envelope{To: to, Date: sampleTime}); err != ErrAddress {
			t.Errorf("%q: got %v, want ErrAddress alone", to, err)
		}
	}
}

// SES takes addresses of 7-bit ASCII only; some stored ones are from before an import wrote domains in ASCII.
func TestMailsGoToAddressesInASCII(t *testing.T) {
	m, err := composer(t).Compose(OrderWithdrawn{sampleOwn}, Reader{})
	if err != nil {
		t.Fatal(err)
	}
	for stored, want := range map[string]string{"anna@müller-post.example": "anna@xn--mller-post-9db.example", "anna@b.example\u200b": "anna@b.example", "Anna@B.example": "Anna@b.example"} {
		raw, err := m.Raw(Envelope{To: stored, Date: sampleTime})
		if err != nil {
			t.Fatal(err)
		}
		msg, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil || msg.Header.Get("To") != "<"+want+">" {
			t.Errorf("%q: to %q, %v", stored, msg.Header.Get("To"), err)
		}
		if bare, err := Bare(stored); err != nil || bare != want {
			t.Errorf("%q: bare %q, %v", stored, bare, err)
		}
	}
}

func TestRawMailIsTextThenHTMLForPeopleAndSilentForMachines(t *testing.T) {
	m, err := composer(t).Compose(PasswordChanged{Number: "10000017", At: sampleTime}, Reader{Name: "Zoë Grün"})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := m.Raw(Envelope{To: "zoe@gruen.example", ID: "password.changed#10000017#3", Date: sampleTime})
	if err != nil {
		t.Fatal(err)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-generated", "Message-Id": "<password.changed-10000017-3@kundenkonto.example>",
		"From": `"Kundenkonto" <noreply@kundenkonto.example>`, "To": "<zoe@gruen.example>", "Date": "Mon, 23 Nov 2026 13:02:00 +0000",
	} {
		if got := msg.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if subject, _ := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); subject != m.Subject {
		t.Errorf("subject %q, want %q", subject, m.Subject)
	}
	_, params, _ := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, want := range []struct{ kind, body string }{{"text/plain", m.Text}, {"text/html", m.HTML}} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(quotedprintable.NewReader(part))
		if got := strings.ReplaceAll(string(body), "\r\n", "\n"); !strings.HasPrefix(part.Header.Get("Content-Type"), want.kind) || strings.TrimSpace(got) != strings.TrimSpace(want.body) {
			t.Errorf("%s: %q", part.Header.Get("Content-Type"), got)
		}
	}
}
