package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"time"
)

// Headers between edge and functions; edge.yaml lets CloudFront set the same ones.
const (
	headerViewer = "X-Viewer-Address"
	headerSecret = "X-Origin-Secret"
)

// servers are the edge and the mailbox. They listen from the beginning, so that a taken port is told before
// anything else is done, and serve once the stack is there.
type servers struct {
	edge, mailbox net.Listener
	running       []*http.Server
}

// listen takes port and the one above, or two free ones for 0.
func listen(port int) (*servers, error) {
	edge, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, taken(port)
	}
	above := 0
	if port != 0 {
		above = port + 1
	}
	mailbox, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(above)))
	if err != nil {
		edge.Close()
		return nil, taken(above)
	}
	return &servers{edge: edge, mailbox: mailbox}, nil
}

func taken(port int) error {
	return fmt.Errorf("port %d is taken; end the program that uses it or choose another pair with PORT=%d", port, port+10)
}

func (s *servers) url() string        { return address(s.edge) }
func (s *servers) mailboxURL() string { return address(s.mailbox) }

// address names localhost: there browsers take cookies marked Secure over plain HTTP.
func address(l net.Listener) string {
	return fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port)
}

func (s *servers) serve(e *engine, api, secret string) {
	s.start(s.edge, newEdge(e, api, secret))
	s.start(s.mailbox, newMailbox(e.url))
}

func (s *servers) start(l net.Listener, h http.Handler) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.running = append(s.running, server)
	go server.Serve(l) // ends with close
}

func (s *servers) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, server := range s.running {
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
	}
	s.edge.Close()
	s.mailbox.Close()
}

// newEdge does CloudFront's part, and holds to the API's quotas: it hands requests to the API under the API's own host name, with the
// viewer's address and the proof that the request came through the edge. What a viewer sends of that is dropped.
func newEdge(e *engine, api, secret string) http.Handler {
	target, _ := url.Parse(e.url) // made by us
	// The stage is named in the path, or the emulator would take /health, /login and /logout for its own pages.
	target.Path = "/$default"
	return withQuotas(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = fmt.Sprintf("%s.execute-api.localhost:%d", api, e.port)
			for _, h := range []string{headerViewer, headerSecret, "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip"} {
				r.Out.Header.Del(h)
			}
			viewer, _, _ := net.SplitHostPort(r.In.RemoteAddr) // always host:port
			r.Out.Header.Set(headerViewer, viewer)
			r.Out.Header.Set(headerSecret, secret)
		},
		Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		ModifyResponse: func(res *http.Response) error {
			return errors.Join(overQuota(res), clearError(res))
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "The local cloud does not answer: "+err.Error(), http.StatusBadGateway)
		},
	})
}
