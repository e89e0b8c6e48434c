package login

import (
	"time"

	"kundenkonto/shared/web"
)

func missingCode() *web.Error {
	message := web.T("Geben Sie den Code aus Ihrer App ein.", "Enter the code from your app.")
	return web.Unprocessable("code_required", message, web.Invalid(fieldCode, "code_required", message))
}

// wrongCode is the one answer to a code that is wrong, too old or used.
func wrongCode(recovery bool) *web.Error {
	if recovery {
		message := web.T("Dieser Wiederherstellungscode stimmt nicht oder wurde schon benutzt. Jeder gilt nur einmal.",
			"This recovery code is not right or was used before. Each is good once.")
		return web.Unprocessable("code_wrong", message, web.Invalid(fieldRecoveryCode, "code_wrong", web.T("Geben Sie einen anderen Code ein.", "Enter another code.")))
	}
	message := web.T("Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und prüfen Sie die Uhr Ihres Geräts.",
		"This code is not right or was used before. Wait for the next one and check the clock of your device.")
	return web.Unprocessable("code_wrong", message, web.Invalid(fieldCode, "code_wrong", web.T("Geben Sie den nächsten Code ein.", "Enter the next code.")))
}

func pausedCode(after time.Duration, now time.Time) *web.Error {
	return web.Paused(web.T("Zu viele falsche Codes.", "Too many wrong codes."), after, now, fieldCode)
}

// paused tells when the next try is allowed, on the clock or in seconds.
func paused(after time.Duration, now time.Time) *web.Error {
	err := web.Paused(web.TooManyTries, after, now)
	err.Message.DE += " Passwort vergessen geht jederzeit."
	err.Message.EN += " You can always use Forgot password."
	return err
}
