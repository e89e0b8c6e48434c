// Command bootstrap is the Lambda function cancel.
package main

import (
	"kundenkonto/functions/cancel"
	"kundenkonto/shared/lambda"
)

func main() { lambda.Main(cancel.Open) }
