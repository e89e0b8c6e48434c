// Command bootstrap is the Lambda function reviewtask.
package main

import (
	"context"

	"kundenkonto/functions/reviewtask"
	"kundenkonto/shared/lambda"
)

func main() {
	lambda.Work(func(ctx context.Context) (any, error) {
		f, err := reviewtask.Open(ctx)
		return f.Handle, err
	})
}
