// Command bootstrap is the Lambda function dispatch.
package main

import (
	"context"

	"kundenkonto/functions/dispatch"
	"kundenkonto/shared/lambda"
)

func main() {
	lambda.Work(func(ctx context.Context) (any, error) {
		f, err := dispatch.Open(ctx)
		return f.Handle, err
	})
}
