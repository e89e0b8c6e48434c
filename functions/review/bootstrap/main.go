// Command bootstrap is the Lambda function review.
package main

import (
	"kundenkonto/functions/review"
	"kundenkonto/shared/lambda"
)

func main() { lambda.Main(review.Open) }
