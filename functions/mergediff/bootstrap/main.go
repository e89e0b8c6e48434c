// Command bootstrap is the Lambda function mergediff.
package main

import (
	"kundenkonto/functions/mergediff"
	"kundenkonto/shared/web"
)

func main() { web.Main(mergediff.Open) }
