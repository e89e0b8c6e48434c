package web

import (
	"net/http"

	"kundenkonto/shared/lang"
)

// checkCrossSite refuses a state-changing request unless the browser says that
// it comes from our own page (S16). Sec-Fetch-Site cannot be set by a page's
// script; "none" is the visitor's own doing (a reload of a sent form). Without
// it, Origin must be ours. Neither of them is a refusal, too.
func checkCrossSite(r *http.Request, publicOrigin string) *Error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case site == "same-origin", site == "none":
		return nil
	case site == "" && publicOrigin != "" && r.Header.Get("Origin") == publicOrigin:
		return nil
	}
	return Forbidden("cross_site", lang.T("Diese Anfrage kam nicht von unserer Seite und wurde deshalb nicht ausgeführt. Bitte beginnen Sie auf der Startseite."))
}
