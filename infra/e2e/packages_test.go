package e2e

var (
	saveSettings  = T("Einstellungen speichern", "Save settings")
	settingsSaved = T("Die Einstellungen sind gespeichert", "The settings have been saved")
)

// setsUpPackages sets up one package of each product without another sign-in, and a package password; S7: told by mail.
func (r *resident) setsUpPackages() {
	r.t.Helper()
	packages := r.line.Packages
	r.Open("/account")
	r.FollowIn(T(packages[0].Domains[0], packages[0].Domains[0]), T("Einstellungen", "Settings"))
	r.At("/account/packages/" + packages[0].ID + "*")
	r.Shot("package-hosting")
	r.Fill(T("Anzeigename", "Display name"), "Mein Blog")
	r.Select(T("PHP-Version", "PHP version"), T("8.5", "8.5"))
	r.Choose(T("Aus", "Off"), T("Aufrufe auf HTTPS umleiten", "Redirect visitors to HTTPS"))
	r.Press(saveSettings)
	r.See(settingsSaved)
	r.Shot("package-saved")
	if !r.Chosen(T("Aus", "Off"), T("Aufrufe auf HTTPS umleiten", "Redirect visitors to HTTPS")) {
		r.t.Error("the redirect is on again")
	}

	r.Open("/account/packages/" + packages[1].ID)
	r.Fill(T("Name für Reverse DNS", "Reverse DNS name"), "kein name")
	r.Press(saveSettings)
	r.Status(422)
	r.See(T("kein vollständiger Rechnername", "not a complete host name"))
	r.Shot("package-server-wrong")
	r.Fill(T("Name für Reverse DNS", "Reverse DNS name"), "server1.beispiel.example")
	r.Choose(T("Immer", "Always"), T("E-Mail nach der Datensicherung", "E-mail after the backup"))
	r.Press(saveSettings)
	r.See(settingsSaved)

	r.Open("/account/packages/" + packages[2].ID)
	r.Select(T("Sprache des Shops", "Language of the shop"), T("Französisch", "French"))
	r.Choose(T("An", "On"), T("Wartungsmodus", "Maintenance mode"))
	r.Press(saveSettings)
	r.See(settingsSaved)
	r.Shot("package-shop")
	r.setsAPackagePassword()
	r.Open("/account")
	r.Sees("Mein Blog")
	r.Shot("overview-named")
}

func (r *resident) setsAPackagePassword() {
	r.t.Helper()
	r.Unfold(T("Paketpasswort festlegen", "Set package password"))
	r.Fill(T("Neues Paketpasswort", "New package password"), "neun nilpferde ohne fahrkarte")
	r.Fill(confirmPassword, "falsch geraten")
	r.Press(T("Paketpasswort speichern", "Save package password"))
	r.Status(422)
	r.Shot("package-password-wrong")
	r.Fill(T("Neues Paketpasswort", "New package password"), "neun nilpferde ohne fahrkarte")
	r.Fill(confirmPassword, secret)
	r.Press(T("Paketpasswort speichern", "Save package password"))
	r.See(T("Das Paketpasswort ist geändert", "The package password has been changed"))
	mailTo(r.t, r.line.Email, r.T(T("Paketpasswort", "package password")), r.line.CustomerNumber)
}
