// Package lambda runs a slice as a Lambda function: it starts it, and turns an event of API Gateway into a request of net/http
// and what is answered into its answer.
package lambda

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"kundenkonto/shared/web"
)

// serve is h as a function that the runtime calls.
func serve(h http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return Adapt(ctx, h, e)
	}
}

// Adapt runs one API Gateway event (HTTP API, payload 2.0) through h.
func Adapt(ctx context.Context, h http.Handler, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	r, err := toRequest(ctx, e)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	w := &recorder{header: http.Header{}}
	h.ServeHTTP(w, r)
	w.compress(r)
	return w.event(), nil
}

// toRequest makes the request net/http would have made of the visitor's bytes.
func toRequest(ctx context.Context, e events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	body := e.Body
	if e.IsBase64Encoded {
		b, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return nil, fmt.Errorf("decode body: %w", err)
		}
		body = string(b)
	}
	http2 := e.RequestContext.HTTP
	ctx = web.WithRequestID(ctx, e.RequestContext.RequestID)
	r := (&http.Request{
		Method: http2.Method, URL: requestURL(e), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: make(http.Header, len(e.Headers)+1), Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		RemoteAddr: net.JoinHostPort(http2.SourceIP, "0"), RequestURI: "",
	}).WithContext(ctx)
	for name, v := range e.Headers {
		r.Header.Set(name, v)
	}
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	if len(e.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	return r, nil
}

// requestURL keeps an encoded path as it came. API Gateway hands over some paths
// already decoded; one that does not decode (a lone %) is taken as it is.
func requestURL(e events.APIGatewayV2HTTPRequest) *url.URL {
	u := &url.URL{Path: e.RawPath, RawQuery: e.RawQueryString}
	if p, err := url.PathUnescape(e.RawPath); err == nil {
		u.Path, u.RawPath = p, e.RawPath
	}
	return u
}

// recorder gathers what a handler writes.
type recorder struct {
	header http.Header
	status int
	body   strings.Builder
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// event turns the answer into payload 2.0: cookies apart, repeated headers
// joined by commas (RFC 9110, 5.3), bytes that are no text in base64.
func (w *recorder) event() events.APIGatewayV2HTTPResponse {
	w.WriteHeader(http.StatusOK)
	e := events.APIGatewayV2HTTPResponse{StatusCode: w.status, Headers: make(map[string]string, len(w.header)),
		Cookies: w.header.Values("Set-Cookie"), Body: w.body.String()}
	for name, values := range w.header {
		if name != "Set-Cookie" && len(values) > 0 {
			e.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	if !utf8.ValidString(e.Body) {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(e.Body)), true
	}
	return e
}
