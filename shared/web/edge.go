package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"

	"kundenkonto/shared/lang"
)

// The headers by which the edge proves itself and tells the visitor's address.
const (
	edgeSecretHeader    = "X-Origin-Secret" // CloudFront adds no header that begins with X-Edge-
	viewerAddressHeader = "X-Viewer-Address"
)

// checkEdge refuses what did not come through the edge and returns the visitor's
// address. Two secrets may be valid at a time, for a change without an outage;
// none at all means a local run, where the connection's address counts. The
// headers are removed so that nothing behind can log or trust them by mistake.
func checkEdge(r *http.Request, secrets []string) (netip.Addr, *Error) {
	given, viewer := r.Header.Get(edgeSecretHeader), r.Header.Get(viewerAddressHeader)
	r.Header.Del(edgeSecretHeader)
	r.Header.Del(viewerAddressHeader)
	if len(secrets) == 0 {
		return connectionAddress(r), nil
	}
	if !oneOf(given, secrets) {
		return netip.Addr{}, Forbidden(pastTheEdge, lang.T("Bitte öffnen Sie diese Seite über ihre öffentliche Adresse."))
	}
	if a, err := parseAddress(viewer); err == nil {
		return a, nil
	}
	return connectionAddress(r), nil
}

// oneOf compares with every secret in constant time.
func oneOf(given string, secrets []string) bool {
	g, found := sha256.Sum256([]byte(given)), 0
	for _, s := range secrets {
		w := sha256.Sum256([]byte(s))
		found |= subtle.ConstantTimeCompare(g[:], w[:])
	}
	return found == 1
}

func connectionAddress(r *http.Request) netip.Addr {
	a, _ := parseAddress(r.RemoteAddr)
	return a
}

// parseAddress reads an address with or without a port, IPv6 with a port in
// brackets. The edge sends the bare address (event.viewer.ip of a CloudFront
// function), since CloudFront-Viewer-Address puts a port behind IPv6 unmarked.
func parseAddress(s string) (netip.Addr, error) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap(), nil
	}
	a, err := netip.ParseAddr(s)
	return a.Unmap().WithZone(""), err
}
