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
	r.See(T("11,97 € alle 3 Monate", "€11.97 every 3 months"))
	r.Shot("overview-named")
	r.looksForADomain()
}

// looksForADomain comes by the menu to the domains of all packages, and from one of them to its package.
func (r *resident) looksForADomain() {
	r.t.Helper()
	r.Open("/account/domains")
	for _, p := range r.line.Packages {
		r.Sees(p.Domains[0])
	}
	r.Shot("domains")
	r.Fill(T("Domain suchen", "Search for a domain"), r.line.Packages[1].Domains[0][:8])
	r.Press(T("Suchen", "Search"))
	r.Sees(r.line.Packages[1].Domains[0])
	r.SeesNot(r.line.Packages[2].Domains[0])
	r.Follow(T(r.line.Packages[1].Domains[0], r.line.Packages[1].Domains[0]))
	r.See(T("Nächste Abbuchung", "Next debit"), T("Kündigungsfrist in den Kalender", "Add the last day to cancel to your calendar"),
		T("Vereinbarung zur Auftragsverarbeitung", "Data processing agreement"))
	r.Shot("package-contract")
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
