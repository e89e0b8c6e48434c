// Command bootstrap is the Lambda function mergesubmit.
package main

import (
	"kundenkonto/functions/mergesubmit"
	"kundenkonto/shared/lambda"
)

func main() { lambda.Main(mergesubmit.Open) }
