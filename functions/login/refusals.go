package login

import (
	"strconv"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

func missingCode() *web.Error {
	message := lang.T("Geben Sie den Code aus Ihrer App ein.")
	return web.Unprocessable("code_required", message, web.Invalid(fieldCode, "code_required", message))
}

// wrongCode is the one answer to a code that is wrong, too old or used.
func wrongCode(recovery bool) *web.Error {
	if recovery {
		message := lang.T("Dieser Wiederherstellungscode stimmt nicht oder wurde schon benutzt. Jeder gilt nur einmal.")
		return web.Unprocessable("code_wrong", message, web.Invalid(fieldRecoveryCode, "code_wrong", lang.T("Geben Sie einen anderen Code ein.")))
	}
	message := lang.T("Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und prüfen Sie die Uhr Ihres Geräts.")
	return web.Unprocessable("code_wrong", message, web.Invalid(fieldCode, "code_wrong", lang.T("Geben Sie den nächsten Code ein.")))
}

// codesBlocked is the code of the answer when no codes of the app are taken any more.
const codesBlocked = "codes_blocked"

// blockedCodes tells the ways that are left.
func blockedCodes() *web.Error {
	message := lang.T("Es gab %s falsche Codes nacheinander. Codes der App nehmen wir deshalb nicht mehr an. Melden Sie sich mit einem Wiederherstellungscode oder Passkey an, oder wenden Sie sich an unser Serviceteam.", strconv.Itoa(throttle.MaxWrongCodes))
	return web.Unprocessable(codesBlocked, message, web.Invalid(fieldCode, codesBlocked, lang.T("Codes der App nehmen wir zurzeit nicht an.")))
}

func pausedCode(after time.Duration, now time.Time) *web.Error {
	return web.Paused(lang.T("Zu viele falsche Codes."), after, now, fieldCode)
}

// paused tells when the next try is allowed, on the clock or in seconds.
func paused(after time.Duration, now time.Time) *web.Error {
	err := web.Paused(web.TooManyTries, after, now)
	err.Message = err.Message.And(lang.T("„Passwort vergessen“ geht jederzeit."))
	return err
}
