package e2e

import (
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/web"
)

var (
	saveSettings   = T("Einstellungen speichern", "Save settings")
	settingsSaved  = T("Die Einstellungen sind gespeichert", "The settings are saved")
	saveMasterData = T("Stammdaten speichern", "Save master data")
	emailField     = T("E-Mail-Adresse", "E-mail address")
)

// ways are how the journeys of the account are walked.
var ways = map[string]browser.Options{
	"in German":          {Lang: web.DE, Shots: "de"},
	"in English":         {Lang: web.EN, Shots: "en"},
	"without JavaScript": {Lang: web.DE, NoScript: true},
}

// One package of each product is set up without another sign-in, and its password set; S7: told by mail.
func TestTheCustomerSetsUpOnePackageOfEachProduct(t *testing.T) {
	localtest.Cloud(t)
	for name, o := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := person(t, o.Lang, 3)
			l.Password = secret
			importAll(t, l)
			v := travel(t, o)
			v.signsIn(l.CustomerNumber, secret)

			v.FollowIn(T(l.Packages[0].Domains[0], l.Packages[0].Domains[0]), T("Einstellungen", "Settings"))
			v.At("/account/packages/" + l.Packages[0].ID + "*")
			v.Shot("package-hosting")
			v.Fill(T("Anzeigename", "Display name"), "Mein Blog")
			v.Select(T("PHP-Version", "PHP version"), T("8.5", "8.5"))
			v.Choose(T("Aus", "Off"), T("Aufrufe auf HTTPS umleiten", "Redirect visitors to HTTPS"))
			v.Press(saveSettings)
			v.See(settingsSaved)
			v.Shot("package-saved")
			if !v.Chosen(T("Aus", "Off"), T("Aufrufe auf HTTPS umleiten", "Redirect visitors to HTTPS")) {
				t.Error("the redirect is on again")
			}

			v.Open("/account/packages/" + l.Packages[1].ID)
			v.Fill(T("Name für Reverse DNS", "Reverse DNS name"), "kein name")
			v.Press(saveSettings)
			v.Status(422)
			v.See(T("kein vollständiger Rechnername", "no complete host name"))
			v.Shot("package-server-wrong")
			v.Fill(T("Name für Reverse DNS", "Reverse DNS name"), "server1.beispiel.example")
			v.Choose(T("Immer", "Always"), T("E-Mail nach der Datensicherung", "E-mail after the backup"))
			v.Press(saveSettings)
			v.See(settingsSaved)

			v.Open("/account/packages/" + l.Packages[2].ID)
			v.Select(T("Sprache des Shops", "Language of the shop"), T("Französisch", "French"))
			v.Choose(T("An", "On"), T("Wartungsmodus", "Maintenance mode"))
			v.Press(saveSettings)
			v.See(settingsSaved)
			v.Shot("package-shop")

			v.Unfold(T("Paketpasswort festlegen", "Set a package password"))
			v.Fill(T("Neues Paketpasswort", "New package password"), "neun nilpferde ohne fahrkarte")
			v.Fill(confirmPassword, "falsch geraten")
			v.Press(T("Paketpasswort speichern", "Save package password"))
			v.Status(422)
			v.Shot("package-password-wrong")
			v.Fill(T("Neues Paketpasswort", "New package password"), "neun nilpferde ohne fahrkarte")
			v.Fill(confirmPassword, secret)
			v.Press(T("Paketpasswort speichern", "Save package password"))
			v.See(T("Das neue Paketpasswort gilt", "The new package password is in force"))
			mailTo(t, l.Email, v.T(T("Paketpasswort", "package password")), l.CustomerNumber)

			v.Open("/account")
			v.Sees("Mein Blog")
			v.Shot("overview-named")
		})
	}
}

// A new e-mail address is confirmed by its link at a browser that is not signed in; another one is stopped by the address
// before, and so is one that was confirmed already (S6, S7).
func TestTheCustomerChangesTheEmailAddressAndTheOldOneStopsIt(t *testing.T) {
	localtest.Cloud(t)
	for name, o := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := person(t, o.Lang, 1)
			l.Password = secret
			importAll(t, l)
			fresh, thief := "neu-"+l.Email, "dieb-"+l.Email
			v := travel(t, o)
			v.signsIn(l.CustomerNumber, secret)
			other := travel(t, o) // another device: no sign-in there
			asks := func(address string) {
				v.Open("/account/master-data")
				v.Fill(emailField, address)
				v.Fill(confirmPassword, secret)
				v.Press(saveMasterData)
				v.See(T("bis dahin bleibt es bei der bisherigen", "until then the present one stays"))
			}
			confirms := func(address string) {
				other.Open(linkIn(t, mailTo(t, address, v.T(T("Bestätigen", "Confirm")), l.CustomerNumber), "/account/email/confirm?token="))
				other.Sees(address, l.CustomerNumber)
				other.Shot("email-confirm")
				other.Press(T("Diese Adresse bestätigen", "Confirm this address"))
				other.See(T("Ihre neue E-Mail-Adresse gilt", "Your new e-mail address is in force"))
				other.Shot("email-confirmed")
			}
			warned := v.T(T("soll geändert werden", "is to be changed"))

			v.Open("/account/master-data")
			v.Fill(emailField, "keine adresse")
			v.Press(saveMasterData)
			v.Status(422)
			v.Shot("email-wrong")
			asks(fresh)
			v.Sees(l.Email, fresh)
			v.Shot("overview-email-waits")
			v.Open("/account/master-data")
			v.See(T("wartet noch auf die Bestätigung", "is waiting to be confirmed"))
			v.Shot("email-waits")
			mailTo(t, l.Email, warned, l.CustomerNumber)
			confirms(fresh)
			mailTo(t, l.Email, v.T(T("Stammdaten", "master data")), l.CustomerNumber)
			v.Open("/account")
			v.Sees(fresh)

			asks(thief)
			stop := linkIn(t, mailTo(t, fresh, warned, l.CustomerNumber), "/account/email/stop?token=")
			confirms(thief)
			other.Open(stop)
			other.See(T("gilt inzwischen eine andere E-Mail-Adresse", "another e-mail address is in force by now"))
			other.Shot("email-stop")
			other.Press(T("Änderung stoppen", "Stop the change"))
			other.See(T("Die Änderung ist gestoppt", "The change is stopped"))
			other.Shot("email-stopped")
			other.Open(stop)
			other.Status(410)
			other.See(T("Dieser Link gilt nicht mehr", "This link is no longer good"))
			other.Shot("email-link-gone")
			v.Open("/account")
			v.Sees(fresh)
			v.SeesNot(thief)
		})
	}
}
