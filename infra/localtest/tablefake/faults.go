package tablefake

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Fault is what may happen to a request on its way (L1).
type Fault int

// The faults of a request.
const (
	Fine      Fault = iota
	Throttle        // refused, not done
	Vanish          // never arrives
	LoseReply       // done, but the answer never comes
	Double          // arrives twice; the answer is the second one's
)

// Faults stands between a client and the tables. Choose decides for each request.
type Faults struct {
	Next   http.RoundTripper
	Choose func() Fault
}

var errCut = errors.New("tablefake: connection was cut")

// RoundTrip does with the request what was chosen.
func (f Faults) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	send := func() (*http.Response, error) {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(raw))
		return f.Next.RoundTrip(again)
	}
	switch f.Choose() {
	case Throttle:
		return Throttled(r), nil
	case Vanish:
		return nil, errCut
	case LoseReply:
		if _, err := send(); err != nil {
			return nil, err
		}
		return nil, errCut
	case Double:
		if _, err := send(); err != nil {
			return nil, err
		}
	}
	return send()
}

// Decode turns an item of the wire into one of the SDK.
func Decode(item Item) map[string]types.AttributeValue {
	out := map[string]types.AttributeValue{}
	for name, v := range item {
		out[name] = decode(v)
	}
	return out
}

func decode(v Value) types.AttributeValue {
	for kind, x := range v {
		switch kind {
		case "S":
			return &types.AttributeValueMemberS{Value: x.(string)}
		case "N":
			return &types.AttributeValueMemberN{Value: x.(string)}
		case "BOOL":
			return &types.AttributeValueMemberBOOL{Value: x.(bool)}
		case "SS":
			var set []string
			for _, s := range x.([]any) {
				set = append(set, s.(string))
			}
			return &types.AttributeValueMemberSS{Value: set}
		case "L":
			list := []types.AttributeValue{}
			for _, e := range x.([]any) {
				list = append(list, decode(e.(map[string]any)))
			}
			return &types.AttributeValueMemberL{Value: list}
		case "M":
			m := map[string]types.AttributeValue{}
			for k, e := range x.(map[string]any) {
				m[k] = decode(e.(map[string]any))
			}
			return &types.AttributeValueMemberM{Value: m}
		}
	}
	return &types.AttributeValueMemberNULL{Value: true}
}
