package dispatch

import (
	"context"
	"errors"
	"net"

	"github.com/aws/smithy-go"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/order"
)

// class is what is kept of an error: a name for the service team and the log. The text of the error is not kept,
// since SES quotes the address in it (S20).
type class struct {
	name      string
	permanent bool // no later try can succeed
	unknown   bool // it may have been done all the same
}

// classOf sorts errors. A refusal by SES is no reason to give up at once: an account may be paused, or an address not
// verified yet. The service team sees what is not delivered.
func classOf(err error) class {
	var (
		api  smithy.APIError
		dial *net.OpError
		wait net.Error
	)
	switch {
	case errors.Is(err, mail.ErrAddress):
		return class{name: "address", permanent: true}
	case errors.Is(err, order.ErrNotFound):
		return class{name: "order-not-found", permanent: true}
	case errors.Is(err, errFlood):
		return class{name: "flood"}
	case errors.As(err, &api):
		return class{name: api.ErrorCode(), unknown: api.ErrorFault() == smithy.FaultServer}
	case errors.As(err, &dial) && dial.Op == "dial":
		return class{name: "unreachable"}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &wait) && wait.Timeout():
		return class{name: "timeout", unknown: true}
	case errors.As(err, &wait):
		return class{name: "network", unknown: true}
	}
	return class{name: "other", unknown: true}
}
