package cloud

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// What API Gateway and Lambda take and hand on, which the emulator does not look at. Headers are counted with the request line.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	mostHeaders = 10_240
	mostBody    = 6 << 20
)

// withQuotas refuses requests as API Gateway does.
func withQuotas(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Method)+len(r.URL.RequestURI())+headerBytes(r.Header) > mostHeaders {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusRequestHeaderFieldsTooLarge)
			_, _ = io.WriteString(w, `{"message":"Request Header Fields Too Large"}`)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// overQuota makes the API's bare error of an answer that would not come out of AWS, so that a test meets it here.
func overQuota(res *http.Response) error {
	if headers := headerBytes(res.Header); headers <= mostHeaders && res.ContentLength <= mostBody {
		return nil
	}
	res.Body.Close()
	body := fmt.Sprintf(`{"message":"Internal Server Error: %d bytes of headers, %d of body"}`, headerBytes(res.Header), res.ContentLength)
	res.StatusCode, res.Status = http.StatusInternalServerError, "500 Internal Server Error"
	res.Header = http.Header{"Content-Type": {"application/json"}}
	res.ContentLength, res.Body = int64(len(body)), io.NopCloser(bytes.NewReader([]byte(body)))
	return nil
}

func headerBytes(h http.Header) (n int) {
	for name, values := range h {
		for _, v := range values {
			n += len(name) + len(v)
		}
	}
	return n
}
