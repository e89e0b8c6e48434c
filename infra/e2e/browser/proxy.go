package browser

import (
	"net/http"
	"net/http/httputil"
)

// ownAddress is a forward proxy that goes out by a transport with a client address of its own, so that no visitor
// meets another's count of tries (S3).
func ownAddress(out http.RoundTripper) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host }, // the URL is absolute already
		Transport: out,
	}
}
