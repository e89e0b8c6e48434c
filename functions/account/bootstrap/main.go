// Command bootstrap is the Lambda function account.
package main

import (
	"kundenkonto/functions/account"
	"kundenkonto/shared/lambda"
)

func main() { lambda.Main(account.Open) }
