package e2e

var (
	emailField   = T("E-Mail-Adresse", "E-mail address")
	emailChanges = T("soll geändert werden", "is going to be changed") // in the subject of the mail to the address before
)

// changesTheEmailAddress confirms a new address by its link, at a browser that is not signed in (S6, S7).
func (r *resident) changesTheEmailAddress() {
	r.t.Helper()
	fresh, before := "neu-"+r.line.Email, r.line.Email
	r.Open("/account/master-data")
	r.Fill(emailField, "keine adresse")
	r.Press(saveMasterData)
	r.Status(422)
	r.Shot("email-wrong")
	r.asksForAddress(fresh)
	r.Sees(before, fresh)
	r.Shot("overview-email-waits")
	r.Open("/account/master-data")
	r.See(T("estätigung steht noch aus", "not confirmed yet"))
	r.Shot("email-waits")
	mailTo(r.t, before, r.T(emailChanges), r.line.CustomerNumber)
	r.confirms(travel(r.t, r.o), fresh)
	mailTo(r.t, before, r.T(T("Stammdaten", "details")), r.line.CustomerNumber)
	r.Open("/account")
	r.Sees(fresh)
	r.line.Email = fresh
}

// stopsAnotherAddress takes back a change that was confirmed already, by the link in the mail to the address before. Whoever
// made the change knew the password: it goes with all sessions, and the customer sets a new one (S6).
func (r *resident) stopsAnotherAddress() {
	r.t.Helper()
	thief := "dieb-" + r.line.Email
	other := travel(r.t, r.o) // another device: no sign-in there
	r.asksForAddress(thief)
	stop := linkIn(r.t, mailTo(r.t, r.line.Email, r.T(emailChanges), r.line.CustomerNumber), "/account/email/stop?token=")
	other.Open(stop) // looking stops nothing
	other.See(T("wurde eine andere E-Mail-Adresse eingetragen", "another e-mail address has been entered"))
	r.confirms(other, thief)
	other.Open(stop)
	other.See(T("verwenden wir inzwischen eine andere E-Mail-Adresse", "we now use another e-mail address"))
	other.Shot("email-stop")
	other.Press(T("Änderung stoppen", "Stop the change"))
	other.See(T("Die Änderung ist gestoppt", "The change has been stopped"))
	other.Shot("email-stopped")
	other.Open(stop)
	other.Status(410)
	other.See(T("Dieser Link gilt nicht mehr", "This link is no longer valid"))
	other.Shot("email-link-gone")
	r.Open("/account")
	r.At("/login*")
	r.tries(r.line.CustomerNumber, secret)
	r.Status(422)
	r.setsAPasswordAnew()
	r.signsIn(r.line.CustomerNumber, secret)
	r.second.signsIn(r.line.CustomerNumber, secret)
	r.Sees(r.line.Email)
	r.SeesNot(thief)
}

// setsAPasswordAnew does so by a mailed link.
func (r *resident) setsAPasswordAnew() {
	r.t.Helper()
	r.forgets(r.line.CustomerNumber)
	r.Open(linkIn(r.t, mailTo(r.t, r.line.Email, r.T(T("neues Kundenpasswort", "new customer password")), r.line.CustomerNumber), "/password/reset?token="))
	r.Fill(newPassword, secret)
	r.Press(setPassword)
	r.See(T("Ihr neues Kundenpasswort ist gespeichert", "Your customer password has been changed"))
}

// asksForAddress enters a new address and the password.
func (r *resident) asksForAddress(address string) {
	r.t.Helper()
	r.Open("/account/master-data")
	r.Fill(emailField, address)
	r.Fill(confirmPassword, secret)
	r.Press(saveMasterData)
	r.See(T("bis dahin bleibt es bei der bisherigen", "until then we use the previous one"))
}

// confirms opens the link in the mail to the new address at some browser.
func (r *resident) confirms(v traveller, address string) {
	v.t.Helper()
	v.Open(linkIn(v.t, mailTo(v.t, address, r.T(T("Bestätigen", "Confirm")), r.line.CustomerNumber), "/account/email/confirm?token="))
	v.Sees(address, r.line.CustomerNumber)
	v.Shot("email-confirm")
	v.Press(T("Diese Adresse bestätigen", "Confirm this address"))
	v.See(T("Ihre E-Mail-Adresse ist geändert", "Your e-mail address has been changed"))
	v.Shot("email-confirmed")
}
