package browser

import (
	"net/http"
	"net/http/httputil"
)

// ownAddress is a forward proxy that goes out by a transport with a client address of its own, so that no visitor
// meets another's count of tries (S3). It opens no tunnels: the browser's own calls home go nowhere.
func ownAddress(out http.RoundTripper) http.Handler {
	forward := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host }, // the URL is absolute already
		Transport: out,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		forward.ServeHTTP(w, r)
	})
}
