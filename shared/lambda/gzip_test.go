package lambda

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestPagesAreCompressedForWhoTakesIt(t *testing.T) {
	long := strings.Repeat("<p>Ihre Kundennummern sind zusammengefasst.</p>", 400)
	for _, c := range []struct {
		name, accept, site, contentType, body string
		compressed                            bool
	}{
		{"a browser", "gzip, deflate, br, zstd", "same-origin", "text/html; charset=utf-8", long, true},
		{"an address that was typed", "gzip", "none", "text/html; charset=utf-8", long, true},
		{"another site caused it", "gzip", "cross-site", "text/html; charset=utf-8", long, false},
		{"a sister's site caused it", "gzip", "same-site", "text/html; charset=utf-8", long, false},
		{"nobody says who caused it", "gzip", "", "text/html; charset=utf-8", long, false},
		{"JSON", "gzip", "same-origin", "application/problem+json", long, true},
		{"by a star", "*", "same-origin", "text/css", long, true},
		{"in capitals, with a weight", "br;q=1, GZIP;q=0.8", "same-origin", "text/javascript", long, true},
		{"nobody said so", "", "same-origin", "text/html; charset=utf-8", long, false},
		{"other codings only", "br, zstd", "same-origin", "text/html; charset=utf-8", long, false},
		{"refused", "gzip;q=0, *", "same-origin", "text/html; charset=utf-8", long, false},
		{"a weight that is none", "gzip;q=x", "same-origin", "text/html; charset=utf-8", long, false},
		{"a short answer", "gzip", "same-origin", "text/html; charset=utf-8", "<p>Kurz</p>", false},
		{"a picture", "gzip", "same-origin", "image/png", long, false},
		{"an unknown kind", "gzip", "same-origin", "", long, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{c.contentType}
				_, _ = io.WriteString(w, c.body)
			})
			for range 2 { // writers are used again
				e, err := Adapt(context.Background(), h, gateway("GET", "/", "", http.Header{"Accept-Encoding": {c.accept}, "Sec-Fetch-Site": {c.site}}, nil, nil))
				if err != nil {
					t.Fatal(err)
				}
				if got := e.Headers["content-encoding"] == "gzip"; got != c.compressed {
					t.Fatalf("compressed: %v, want %v", got, c.compressed)
				}
				if !c.compressed {
					if e.Body != c.body {
						t.Errorf("the body changed: %.60q", e.Body)
					}
					continue
				}
				raw, err := base64.StdEncoding.DecodeString(e.Body)
				if err != nil || !e.IsBase64Encoded || len(e.Body) > len(c.body)/4 {
					t.Fatalf("%d bytes of %d, in base64: %v, %v", len(e.Body), len(c.body), e.IsBase64Encoded, err)
				}
				z, err := gzip.NewReader(bytes.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(z); err != nil || string(got) != c.body {
					t.Errorf("it decompresses to %.60q, %v", got, err)
				}
				if e.Headers["vary"] != "Accept-Encoding, Sec-Fetch-Site" {
					t.Errorf("Vary is %q: a cache would mix the two up", e.Headers["vary"])
				}
			}
		})
	}
}
