package table

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// WholeRequests hands next each request with a body that net/http knows to be in memory.
//
// The SDK closes a request's body as soon as the answer's head is there. Where net/http has not looked for the end of that
// body by then, which it does after the last byte is sent, it takes the closed body for an error and cuts the connection:
// the answer is lost, and the SDK sends a request again that was done. It happens once in a thousand calls on a busy
// machine. A body in memory is not looked at again, and head and body go out in one packet.
func WholeRequests(next aws.HTTPClient) aws.HTTPClient { return wholeRequests{next} }

type wholeRequests struct{ next aws.HTTPClient }

// Do sends a request of the SDK.
func (w wholeRequests) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return w.next.Do(r)
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read request to send: %w", err)
	}
	whole := *r
	whole.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }
	whole.Body, _ = whole.GetBody()
	return w.next.Do(&whole)
}
