// Command bootstrap is the Lambda function account.
package main

import (
	"kundenkonto/functions/account"
	"kundenkonto/shared/web"
)

func main() { web.Main(account.Open) }
