package e2e

import "strings"

var (
	saveMasterData  = T("Stammdaten speichern", "Save details")
	masterDataSaved = T("Ihre Stammdaten sind gespeichert", "Your details have been saved")
	street          = T("Straße und Hausnummer", "Street and house number")
	postalCode      = T("Postleitzahl", "Postcode")
	phone           = T("Telefon", "Phone")
)

// moves changes the address right on the page of the merge, as on the seed page.
func (r *resident) moves() {
	r.t.Helper()
	r.second.Open("/account/master-data") // and leaves the form open
	r.toMerge()
	r.Unfold(T("Stammdaten ändern", "Change your details"))
	r.Fill(street, "Gartenweg 9")
	r.Fill(postalCode, "1011")
	r.Press(saveMasterData)
	r.Status(422)
	r.Shot("master-data-wrong")
	if kept := r.Value(street); kept != "Gartenweg 9" {
		r.t.Errorf("the input %q was not kept", kept)
	}
	r.Fill(postalCode, "10117")
	r.Press(saveMasterData)
	r.See(masterDataSaved, T("Geändert: Straße, Postleitzahl.", "Changed: Street, Postcode."))
	r.At("/merge*")
	r.Sees("Gartenweg 9", "10117")
	r.Shot("master-data-saved")
}

// meetsTheSecondBrowser: a form that was open meanwhile overwrites nothing without being asked; both versions stand side
// by side (S12).
func (r *resident) meetsTheSecondBrowser() {
	r.t.Helper()
	v := r.second
	v.Fill(street, "Seestraße 12")
	v.Press(saveMasterData)
	v.Status(409)
	v.See(T("wurden inzwischen geändert", "have been changed in the meantime"))
	if row := strings.Join(strings.Fields(strings.Join(v.Texts("main table tbody tr"), " ")), " "); !all(row, []string{v.T(T("Straße", "Street")), "Gartenweg 9", "Seestraße 12"}) {
		r.t.Errorf("both versions side by side: %q", row)
	}
	r.Open("/account")
	r.Sees("Gartenweg 9") // nothing is overwritten
	r.SeesNot("Seestraße 12")
	if kept := v.Value(street); kept != "Seestraße 12" {
		r.t.Errorf("the input %q was not kept", kept)
	}
	v.Press(saveMasterData) // this time it was seen
	v.See(masterDataSaved)
	v.Open("/account/master-data")
	if got := v.Value(street); got != "Seestraße 12" {
		r.t.Errorf("the second browser's choice is %q", got)
	}
	v.Fill(street, "Gartenweg 9")
	v.Press(saveMasterData)
	v.See(masterDataSaved)
	r.changesTheBankAccount()
}

// changesTheBankAccount is asked for the password, and told by mail without the data (S7).
func (r *resident) changesTheBankAccount() {
	r.t.Helper()
	r.Open("/account/master-data")
	r.Shot("master-data")
	r.Fill(T("IBAN", "IBAN"), "DE02 1203 0000 0000 2020 51")
	r.Fill(T("BIC", "BIC"), "")
	r.Press(saveMasterData)
	r.Status(422)
	r.Fill(confirmPassword, secret)
	r.Press(saveMasterData)
	r.See(masterDataSaved)
	told := ""
	await(r.t, mailTime, "mails about both changes", func() bool {
		told = ""
		for _, m := range mailbox(r.t, r.line.Email) {
			if all(m.Subject, []string{r.T(T("Stammdaten", "details"))}) {
				told += m.Text
			}
		}
		return all(told, []string{"Gartenweg 9", "IBAN"})
	})
	if strings.Contains(told, "2020 51") {
		r.t.Error("a mail shows bank data in full")
	}
}
