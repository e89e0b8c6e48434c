// Command bootstrap is the Lambda function mergediff.
package main

import (
	"kundenkonto/functions/mergediff"
	"kundenkonto/shared/lambda"
)

func main() { lambda.Main(mergediff.Open) }
