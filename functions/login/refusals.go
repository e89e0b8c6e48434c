package login

import (
	"strconv"
	"time"

	"kundenkonto/shared/throttle"
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

// codesBlocked is the code of the answer when no codes of the app are taken any more.
const codesBlocked = "codes_blocked"

// blockedCodes tells the ways that are left.
func blockedCodes() *web.Error {
	message := web.T("Es gab "+strconv.Itoa(throttle.MaxWrongCodes)+" falsche Codes nacheinander. Codes der App nehmen wir deshalb nicht mehr an. Melden Sie sich mit einem Wiederherstellungscode oder Passkey an, oder wenden Sie sich an unser Serviceteam.",
		"There were "+strconv.Itoa(throttle.MaxWrongCodes)+" wrong codes in a row. So we take no codes of the app any more. Sign in with a recovery code or passkey, or turn to our service team.")
	return web.Unprocessable(codesBlocked, message, web.Invalid(fieldCode, codesBlocked, web.T("Codes der App gelten zurzeit nicht.", "Codes of the app are not taken at present.")))
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
