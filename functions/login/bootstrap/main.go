// Command bootstrap is the Lambda function login.
package main

import (
	"kundenkonto/functions/login"
	"kundenkonto/shared/lambda"
)

func main() { lambda.Main(login.Open) }
