package security_test

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
)

func TestOnTheCloudTheSecurityPageTellsWhatHappened(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Happened(
		audit.Event{Action: audit.SignInFailed, Actor: "unknown", New: map[string]string{"failed": "1", "browser": "Firefox", "system": "Windows"}},
		audit.Event{Action: audit.SignInFailed, Actor: "unknown", New: map[string]string{"failed": "5"}},
		audit.Event{Action: audit.SignedIn, New: map[string]string{"failed": "7", "browser": "Safari", "system": "iPhone", "via": "10000023"}},
		audit.Event{Action: audit.MasterDataChanged, Old: map[string]string{"city": "Berlin"}, New: map[string]string{"city": "Bonn"}},
		audit.Event{Action: audit.PasswordReset},
	)
	a := v.Get(securityPath)
	rows := a.Lines("section[aria-labelledby=zuletzt] li")
	want := []string{
		"Kundenpasswort über den Link aus einer E-Mail festgelegt",
		"Anmeldung mit der Kundennummer 10000023. Vorher gab es 7 Versuche mit falschem Passwort.",
		"5 Anmeldungen mit falschem Passwort versucht, seitdem verzögern wir weitere Versuche",
		"Anmeldung mit falschem Passwort versucht",
	}
	if a.Status != http.StatusOK || len(rows) != len(want) {
		t.Fatalf("%d, %d lines: %q", a.Status, len(rows), rows)
	}
	for i, text := range want {
		if !strings.HasPrefix(rows[i], text) {
			t.Errorf("line %d is %q, want %q", i, rows[i], text)
		}
	}
	if !strings.Contains(rows[1], "Safari auf iPhone") || !strings.Contains(rows[3], "Firefox auf Windows") {
		t.Errorf("the devices are not told: %q", rows)
	}
	for _, link := range []string{passwordPath, sessionsPath, "/account/history"} {
		if a.Find(`main a[href="`+link+`"]`).Length() == 0 {
			t.Errorf("there is no link to %s", link)
		}
	}
	if facts := strings.Join(a.Lines("section[aria-labelledby=zugang] div"), "\n"); !strings.Contains(facts, "nicht eingerichtet") {
		t.Errorf("the second step is not told: %s", facts)
	}
	if got := a.Text(`.nav a[href="/account/security"][aria-current=page]`); got != "Sicherheit" {
		t.Errorf("the menu marks %q", got)
	}
	if en := v.Get(securityPath + "?lang=en"); en.Text("h1") != "Security" || !strings.Contains(en.Text("main"), "There were 7 failed attempts with a wrong password before.") {
		t.Errorf("in English: %s", en.Text("main"))
	}
}

func TestSecurityPageSwitchesProposals(t *testing.T) {
	v := visitor.OnCloud(t)
	button := func() string {
		return v.Get("/account/security").Text(`form[action="/merge/proposals"] button`)
	}
	if got := button(); got != "Solche Hinweise nicht mehr anzeigen" {
		t.Errorf("the button says %q", got)
	}
	own := v.Own()
	off := own
	off.NoProposals = true
	v.Put(customer.Update(v.Store.Names, own, off))
	if got := button(); got != "Solche Hinweise wieder anzeigen" || v.Own().Version != own.Version {
		t.Errorf("the button says %q, version %d", got, v.Own().Version)
	}
}
