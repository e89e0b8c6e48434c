package e2e

import (
	"strings"
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/web"
)

// The seed page: changes to the own master data can be made right on the page of the merge. S7: bank data ask for the
// password; S12: what was changed meanwhile is not overwritten.
func TestTheCustomerChangesMasterData(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	l := person(t, web.DE, 1)
	l.Password = secret
	importAll(t, l)
	street, save := T("Straße und Hausnummer", "Street and house number"), T("Stammdaten speichern", "Save master data")
	v := travel(t, browser.Options{Shots: "de"})
	v.signsIn(l.CustomerNumber, secret)
	second := travel(t, browser.Options{})
	second.signsIn(l.CustomerNumber, secret)
	second.Open("/account/master-data")

	v.toMerge()
	v.Unfold(T("Stammdaten ändern", "Change master data"))
	v.Fill(street, "Gartenweg 9")
	v.Fill(T("Postleitzahl", "Postal code"), "1011")
	v.Press(save)
	v.Status(422)
	v.Shot("master-data-wrong")
	if kept := v.Value(street); kept != "Gartenweg 9" {
		t.Errorf("the input %q was not kept", kept)
	}
	v.Fill(T("Postleitzahl", "Postal code"), "10117")
	v.Press(save)
	v.See(T("Ihre Stammdaten sind gespeichert", "Your master data are saved"))
	v.At("/merge*")
	v.Sees("Gartenweg 9", "10117")
	v.Shot("master-data-saved")

	second.Fill(T("Telefon", "Phone"), "030 7654321")
	second.Press(save)
	second.Status(409)
	second.See(T("wurden inzwischen geändert", "were changed meanwhile"))
	second.Sees("Gartenweg 9")

	v.Open("/account/master-data")
	v.Shot("master-data")
	v.Fill(T("IBAN", "IBAN"), "DE02 1203 0000 0000 2020 51")
	v.Fill(T("BIC", "BIC"), "")
	v.Press(save)
	v.Status(422)
	v.Fill(confirmPassword, secret)
	v.Press(save)
	v.See(T("Ihre Stammdaten sind gespeichert", "Your master data are saved"))
	told := ""
	await(t, mailTime, "mails about both changes", func() bool {
		told = ""
		for _, m := range mailbox(t, l.Email) {
			if all(m.Subject, []string{"Stammdaten"}) {
				told += m.Text
			}
		}
		return all(told, []string{"Gartenweg 9", "IBAN"})
	})
	if strings.Contains(told, "2020 51") {
		t.Error("a mail shows bank data in full")
	}
}
