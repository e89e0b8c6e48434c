package cloud

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"strings"
)

//go:embed unavailable.html
var unavailableHTML []byte

const unavailableJSON = `{"type":"about:blank","title":"Service Unavailable","status":503,"code":"unavailable","detail":"Please try again in a moment."}`

// clearError is what the function Unavailable of edge.yaml does: a function that died without an answer (memory, time-out) or
// was not started is a bare text of the API, which a visitor gets as a page that says what to do (L1). Answers of functions
// stay as they are: no function answers an error as application/json.
func clearError(res *http.Response) error {
	if res.StatusCode < 500 && res.StatusCode != http.StatusTooManyRequests || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		return nil
	}
	res.Body.Close()
	kind, body := "text/html; charset=utf-8", unavailableHTML
	if strings.Contains(res.Request.Header.Get("Accept"), "json") {
		kind, body = "application/problem+json", []byte(unavailableJSON)
	}
	res.StatusCode, res.Status = http.StatusServiceUnavailable, "503 Service Unavailable"
	res.Header = http.Header{
		"Content-Type": {kind}, "Content-Length": {fmt.Sprint(len(body))}, "Cache-Control": {"no-store"}, "Retry-After": {"2"},
		"Content-Security-Policy": {"default-src 'none'; img-src data:; base-uri 'none'; frame-ancestors 'none'"},
		"X-Content-Type-Options":  {"nosniff"}, "Strict-Transport-Security": {"max-age=63072000; includeSubDomains"},
	}
	res.ContentLength = int64(len(body))
	res.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}
