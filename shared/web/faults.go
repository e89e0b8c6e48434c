package web

import (
	"context"
	"errors"
	"net"

	"github.com/aws/smithy-go"
)

// ourFault are AWS error codes that asking again does not mend: a missing
// permission, a wrong request, a table that is not there.
var ourFault = map[string]bool{
	"AccessDeniedException": true, "AccessDenied": true, "ValidationException": true,
	"ResourceNotFoundException": true, "UnrecognizedClientException": true,
}

// asError turns whatever a handler returned into an Error: its own one, 503 when
// AWS or the network let us down (L1) or time ran out (L4), otherwise 500.
func asError(err error) *Error {
	var own *Error
	if errors.As(err, &own) && own != nil {
		return own
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return Unavailable(err)
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		if ourFault[api.ErrorCode()] {
			return internal(err)
		}
		return Unavailable(err)
	}
	var op *smithy.OperationError
	var network net.Error
	var passing interface{ Temporary() bool } // too many wrote at once, say
	if errors.As(err, &op) || errors.As(err, &network) || errors.As(err, &passing) && passing.Temporary() {
		return Unavailable(err)
	}
	return internal(err)
}
