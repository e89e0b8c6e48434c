package lambda

import (
	"compress/gzip"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// leastToCompress is the size of a body below which gzip saves no packet, in bytes.
const leastToCompress = 1400

// writers are kept: a new gzip.Writer allocates far more than a page has.
var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// compress makes the answer smaller for a browser that takes gzip. CloudFront compresses nothing that it does not cache
// (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html), and pages of
// customers are never cached. The length of a compressed page tells about its content to who reads the line and can make the
// visitor's browser ask for pages with words of his choice (BREACH, CVE-2013-3587). So a request that another site caused,
// and one that does not say who did, gets the page as it is.
func (w *recorder) compress(r *http.Request) {
	if w.header.Get("Content-Encoding") != "" || w.body.Len() < leastToCompress || !compressible(w.header.Get("Content-Type")) {
		return
	}
	w.header.Add("Vary", "Accept-Encoding, Sec-Fetch-Site")
	if r.Method == http.MethodHead || !ownRequest(r) || !takesGzip(r.Header.Get("Accept-Encoding")) {
		return
	}
	var small strings.Builder
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(&small)
	_, _ = z.Write([]byte(w.body.String())) // a Builder takes everything
	_ = z.Close()
	w.body = small
	w.header.Set("Content-Encoding", "gzip")
	w.header.Del("Content-Length")
}

// ownRequest says whether the visitor or one of our pages asked (Fetch Metadata, Sec-Fetch-Site).
func ownRequest(r *http.Request) bool {
	from := r.Header.Get("Sec-Fetch-Site")
	return from == "same-origin" || from == "none"
}

// compressible says whether a media type is text.
func compressible(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "javascript")
}

// takesGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip by its name or by "*", unless its weight is 0.
func takesGzip(header string) bool {
	named, wild := weight(header, "gzip"), weight(header, "*")
	if named >= 0 {
		return named > 0
	}
	return wild > 0
}

// weight of a coding, -1 for one that is not listed.
func weight(header, coding string) float64 {
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, q, given := strings.Cut(parameters, "=")
		if !given {
			return 1
		}
		if f, err := strconv.ParseFloat(strings.TrimSpace(q), 64); err == nil {
			return f
		}
		return 0
	}
	return -1
}
