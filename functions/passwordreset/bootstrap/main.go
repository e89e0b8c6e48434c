// Command bootstrap is the Lambda function passwordreset.
package main

import (
	"kundenkonto/functions/passwordreset"
	"kundenkonto/shared/lambda"
)

func main() { lambda.Main(passwordreset.Open) }
