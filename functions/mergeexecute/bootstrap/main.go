// Command bootstrap is the Lambda function mergeexecute.
package main

import (
	"context"

	"kundenkonto/functions/mergeexecute"
	"kundenkonto/shared/lambda"
)

func main() {
	lambda.Work(func(ctx context.Context) (any, error) {
		f, err := mergeexecute.Open(ctx)
		return f.Handle, err
	})
}
