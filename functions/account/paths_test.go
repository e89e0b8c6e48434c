package account

import (
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// Addresses that pages, mails and programs know.
const (
	sessionsPath = "/account/sessions"
	passwordPath = "/account/password"
	securityPath = "/account/security"
	factorPath   = "/account/second-factor"
	historyPath  = "/account/history"
	mailsPath    = "/account/mails"
	exportPath   = "/account/export"
	confirmPath  = "/account/email/confirm"
	stopPath     = "/account/email/stop"
	resendPath   = "/account/email/resend"
	withdrawPath = "/account/email/withdraw"
)

// What pages hold: packages, and mails.
const (
	pageSize  = 50
	mailsSize = 25
)

// fieldCode is the field with a code of the app.
const fieldCode = "code"

func packagePath(id string) string { return "/account/packages/" + id }

// passkeyKey names a passkey in addresses.
func passkeyKey(k secondfactor.Passkey) string { return table.Hash(k.ID)[:16] }
