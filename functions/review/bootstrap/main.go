// Command bootstrap is the Lambda function review.
package main

import (
	"kundenkonto/functions/review"
	"kundenkonto/shared/web"
)

func main() { web.Main(review.Open) }
