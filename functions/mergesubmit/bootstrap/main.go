// Command bootstrap is the Lambda function mergesubmit.
package main

import (
	"kundenkonto/functions/mergesubmit"
	"kundenkonto/shared/web"
)

func main() { web.Main(mergesubmit.Open) }
