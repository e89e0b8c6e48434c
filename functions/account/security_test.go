package account

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/session"
)

// happened puts events into the audit, one a minute, the last a minute ago.
func (v *visitor) happened(events ...audit.Event) {
	v.t.Helper()
	at := time.Now().Add(-time.Duration(len(events)) * time.Minute)
	for i, e := range events {
		e.Number, e.At = v.number, at.Add(time.Duration(i)*time.Minute)
		if e.Actor == "" {
			e.Actor = v.number
		}
		v.put(audit.Put(v.admin.Names, e, rand.Reader))
	}
}

func lines(a answer, selector string) []string {
	return a.doc.Find(selector).Map(func(_ int, s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") })
}

func TestOnTheCloudTheSecurityPageTellsWhatHappened(t *testing.T) {
	v := visit(t)
	v.happened(
		audit.Event{Action: audit.SignInFailed, Actor: "unknown", New: map[string]string{"failed": "1", "browser": "Firefox", "system": "Windows"}},
		audit.Event{Action: audit.SignInFailed, Actor: "unknown", New: map[string]string{"failed": "5"}},
		audit.Event{Action: audit.SignedIn, New: map[string]string{"failed": "7", "browser": "Safari", "system": "iPhone", "via": "10000023"}},
		audit.Event{Action: audit.MasterDataChanged, Old: map[string]string{"city": "Berlin"}, New: map[string]string{"city": "Bonn"}},
		audit.Event{Action: audit.PasswordReset},
	)
	a := v.send("GET", securityPath, nil)
	rows := lines(a, "section[aria-labelledby=zuletzt] li")
	want := []string{
		"Kundenpasswort über den Link aus einer E-Mail festgelegt",
		"Anmeldung mit der Kundennummer 10000023. Vorher gab es 7 Versuche mit falschem Passwort.",
		"5 Anmeldungen mit falschem Passwort versucht, seitdem verzögern wir weitere Versuche",
		"Anmeldung mit falschem Passwort versucht",
	}
	if a.Code != http.StatusOK || len(rows) != len(want) {
		t.Fatalf("%d, %d lines: %q", a.Code, len(rows), rows)
	}
	for i, text := range want {
		if !strings.HasPrefix(rows[i], text) {
			t.Errorf("line %d is %q, want %q", i, rows[i], text)
		}
	}
	if !strings.Contains(rows[1], "Safari auf iPhone") || !strings.Contains(rows[3], "Firefox auf Windows") {
		t.Errorf("the devices are not told: %q", rows)
	}
	for _, link := range []string{passwordPath, sessionsPath, historyPath} {
		if a.doc.Find(`main a[href="`+link+`"]`).Length() == 0 {
			t.Errorf("there is no link to %s", link)
		}
	}
	if facts := strings.Join(lines(a, "section[aria-labelledby=zugang] div"), "\n"); !strings.Contains(facts, "nicht eingerichtet") {
		t.Errorf("the second step is not told: %s", facts)
	}
	if got := a.text(`.nav a[href="/account/security"][aria-current=page]`); got != "Sicherheit" {
		t.Errorf("the menu marks %q", got)
	}
	if en := v.send("GET", securityPath+"?lang=en", nil); en.text("h1") != "Security" || !strings.Contains(en.text("main"), "There were 7 failed attempts with a wrong password before.") {
		t.Errorf("in English: %s", en.text("main"))
	}
}

func TestOnTheCloudTheHistoryTellsAllChangesFieldByField(t *testing.T) {
	v := visit(t)
	v.happened(
		audit.Event{Action: audit.SignedIn}, audit.Event{Action: audit.MergeClaimed, Actor: session.StaffActor + "petra"},
		audit.Event{Action: audit.MergeApproved, Actor: session.StaffActor + "petra", Order: "K7QX-2M4D"},
		audit.Event{Action: audit.Imported, Actor: "import", Old: map[string]string{"balanceCents": "0"}, New: map[string]string{"balanceCents": "1999"}},
		audit.Event{Action: "something.new", Actor: "system"},
	)
	if a := v.send("POST", form.Path, url.Values{"version": {"1"}, "city": {"Bonn"}, "postalCode": {"53111"}, "street": {"Neue Straße 1"},
		"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""}, "currentPassword": {password}}); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text("main"))
	}
	a := v.send("GET", historyPath, nil)
	rows := lines(a, "ol.timeline > li")
	if len(rows) != 4 {
		t.Fatalf("%d lines: %q", len(rows), rows)
	}
	for i, parts := range [][]string{
		{"Stammdaten geändert", "Sie", "Ort", "Berlin", "Bonn", "Hauptstr. 5 Neue Straße 1", "IBAN", "2051"},
		{"Änderung an Ihrem Kundenkonto"},
		{"Daten aus unserer Verwaltung", "nichts offen", "19,99 € offen"},
		{"Zusammenfassung genehmigt (Auftrag K7QX-2M4D)", "Serviceteam"},
	} {
		for _, part := range parts {
			if !strings.Contains(strings.ReplaceAll(rows[i], "\u00a0", " "), part) {
				t.Errorf("line %d does not say %q: %q (M10)", i, part, rows[i])
			}
		}
	}
	if body := a.Body.String(); strings.Contains(body, "petra") || strings.Contains(body, "DE8937") || strings.Contains(body, "120300000000") {
		t.Error("the page names somebody of the team, or bank data (S13, S20)")
	}
}

func TestOnTheCloudTheHistoryIsPaged(t *testing.T) {
	v := visit(t)
	var events []audit.Event
	for i := range 60 {
		events = append(events, audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": fmt.Sprintf("Ort %d", i)}}, audit.Event{Action: audit.SignedIn})
	}
	v.happened(events...)
	seen := map[string]bool{}
	path, pages := historyPath, 0
	for ; path != ""; pages++ {
		a := v.send("GET", path, nil)
		for _, row := range lines(a, "ol.timeline td:last-child") {
			seen[row] = true
		}
		path = a.doc.Find("a[rel=next]").AttrOr("href", "")
	}
	if pages != 3 || len(seen) != 60 {
		t.Errorf("%d changes on %d pages", len(seen), pages)
	}
	if a := v.send("GET", historyPath+"?after=%3Cscript%3E", nil); a.Code != http.StatusOK {
		t.Errorf("a made-up cursor: %d (S17)", a.Code)
	}
}

func TestOnTheCloudAnotherCustomersHistoryIsNotShown(t *testing.T) {
	v, stranger := visit(t), visit(t)
	stranger.happened(audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": "Geheimdorf"}})
	for _, path := range []string{securityPath, historyPath, historyPath + "?number=" + stranger.number} {
		if a := v.send("GET", path, nil); a.Code != http.StatusOK || strings.Contains(a.Body.String(), "Geheimdorf") {
			t.Errorf("%s: %d shows it (S11)", path, a.Code)
		}
	}
}

// mergedWith makes a number one of the customer's, with what happened to it before.
func (v *visitor) mergedWith(member string) {
	v.t.Helper()
	old := v.profile()
	merged := old
	merged.Members = append(merged.Members, member)
	v.put(customer.Update(v.admin.Names, old, merged))
}

func TestOnTheCloudTheHistoryTellsOfMergedNumbersByName(t *testing.T) {
	v, member, stranger := visit(t), visit(t), visit(t)
	stranger.happened(audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": "Geheimdorf"}})
	member.happened(audit.Event{Action: audit.MasterDataChanged, Old: map[string]string{"iban": "DE02120300000000202051"}, New: map[string]string{"city": "Bonn", "iban": ""}})
	at := time.Now()
	for _, n := range []string{member.number, v.number} {
		v.put(audit.Put(v.admin.Names, audit.Event{Number: n, Action: audit.MergeExecuted, Actor: "system", Order: "K7QX-2M4D", At: at}, rand.Reader))
	}
	if rows := lines(v.send("GET", historyPath, nil), "ol.timeline > li"); len(rows) != 1 || strings.Contains(rows[0], member.number) {
		t.Fatalf("before the merge: %q", rows)
	}
	v.mergedWith(member.number)
	a := v.send("GET", historyPath, nil)
	rows := lines(a, "ol.timeline > li")
	if len(rows) != 2 || !strings.Contains(rows[1], "Kundennummer "+member.number) || !strings.Contains(rows[1], "Bonn") {
		t.Errorf("%q", rows)
	}
	if body := a.Body.String(); strings.Contains(body, "12030000") || strings.Contains(body, "Geheimdorf") {
		t.Error("bank data, or a stranger's, are shown (S11, S20)")
	}
	v.objected("K7QX-2M4D")
	if a := v.send("GET", historyPath, nil); strings.Contains(a.Body.String(), "Bonn") || !strings.Contains(a.text(".notice"), "Einspruch") {
		t.Errorf("while somebody objects to the merge: %s (M4)", a.text("main"))
	}
}

func TestOnTheCloudTheHistoryTellsSettingsInTheWordsOfThePage(t *testing.T) {
	v := visit(t)
	id := v.hasPackages()["hosting"]
	v.mustSend("POST", packagePath(id)+"/settings", url.Values{"displayName": {"Mein Blog"}, "httpsRedirect": {"false"}, "phpVersion": {"8.5"}}, http.StatusSeeOther)
	a := v.mustSend("GET", historyPath, nil, http.StatusOK)
	want := []string{"Anzeigename|nichts|Mein Blog", "Aufrufe auf HTTPS umleiten|An|Aus", "PHP-Version|8.4|8.5"}
	var got []string
	a.doc.Find("ol.timeline tbody tr").Each(func(_ int, row *goquery.Selection) {
		got = append(got, strings.Join(row.Children().Map(func(_ int, c *goquery.Selection) string { return strings.TrimSpace(c.Text()) }), "|"))
	})
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if a.doc.Find(`ol.timeline a[href="`+packagePath(id)+`"]`).Length() != 1 {
		t.Errorf("the package is not named: %s", a.text("ol.timeline"))
	}
	if en := v.mustSend("GET", historyPath+"?lang=en", nil, http.StatusOK); !strings.Contains(en.text("ol.timeline"), "Redirect visitors to HTTPS On Off") {
		t.Errorf("in English: %s", en.text("ol.timeline"))
	}
}

func TestOnTheCloudTheHistoryNamesTheDeviceThatWasSignedOut(t *testing.T) {
	v := visit(t)
	other := v.browser(firefox)
	v.mustSend("POST", sessionsPath+"/revoke", url.Values{"session": {other.id()}}, http.StatusSeeOther)
	if rows := lines(v.send("GET", historyPath, nil), "ol.timeline > li"); len(rows) != 1 || !strings.HasPrefix(rows[0], "Ein Gerät abgemeldet: Firefox auf Windows") {
		t.Errorf("%q", rows)
	}
}
