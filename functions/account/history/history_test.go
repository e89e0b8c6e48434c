package history_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/session"
)

func TestOnTheCloudTheHistoryTellsAllChangesFieldByField(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Happened(
		audit.Event{Action: audit.SignedIn}, audit.Event{Action: audit.MergeClaimed, Actor: session.StaffActor + "petra"},
		audit.Event{Action: audit.MergeApproved, Actor: session.StaffActor + "petra", Order: "K7QX-2M4D"},
		audit.Event{Action: audit.Imported, Actor: "import", Old: map[string]string{"balanceCents": "0"}, New: map[string]string{"balanceCents": "1999"}},
		audit.Event{Action: "something.new", Actor: "system"},
	)
	if a := v.Post(form.Path, url.Values{"version": {"1"}, "city": {"Bonn"}, "postalCode": {"53111"}, "street": {"Neue Straße 1"},
		"iban": {"DE02120300000000202051"}, "bic": {""}, "accountNumber": {""}, "bankCode": {""}, "currentPassword": {visitor.Password}}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Text("main"))
	}
	a := v.Get("/account/history")
	rows := a.Lines("ol.timeline > li")
	if len(rows) != 4 {
		t.Fatalf("%d lines: %q", len(rows), rows)
	}
	for i, parts := range [][]string{
		{"Stammdaten geändert", "Sie", "Ort", "Berlin", "Bonn", "Hauptstr. 5 → jetzt: Neue Straße 1", "IBAN", "2051"},
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
	if body := a.Body; strings.Contains(body, "petra") || strings.Contains(body, "DE8937") || strings.Contains(body, "120300000000") {
		t.Error("the page names somebody of the team, or bank data (S13, S20)")
	}
}

func TestOnTheCloudTheHistoryIsPaged(t *testing.T) {
	v := visitor.OnCloud(t)
	var events []audit.Event
	for i := range 60 {
		events = append(events, audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": fmt.Sprintf("Ort %d", i)}}, audit.Event{Action: audit.SignedIn})
	}
	v.Happened(events...)
	seen := map[string]bool{}
	path, pages := "/account/history", 0
	for ; path != ""; pages++ {
		a := v.Get(path)
		for _, row := range a.Lines("ol.timeline .changes li") {
			seen[row] = true
		}
		path = a.Find("a[rel=next]").AttrOr("href", "")
	}
	if pages != 3 || len(seen) != 60 {
		t.Errorf("%d changes on %d pages", len(seen), pages)
	}
	if a := v.Get("/account/history" + "?after=%3Cscript%3E"); a.Status != http.StatusOK {
		t.Errorf("a made-up cursor: %d (S17)", a.Status)
	}
}

func TestOnTheCloudAnotherCustomersHistoryIsNotShown(t *testing.T) {
	v, stranger := visitor.OnCloud(t), visitor.OnCloud(t)
	stranger.Happened(audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": "Geheimdorf"}})
	for _, path := range []string{"/account/security", "/account/history", "/account/history" + "?number=" + stranger.Number} {
		if a := v.Get(path); a.Status != http.StatusOK || strings.Contains(a.Body, "Geheimdorf") {
			t.Errorf("%s: %d shows it (S11)", path, a.Status)
		}
	}
}

func TestOnTheCloudTheHistoryTellsOfMergedNumbersByName(t *testing.T) {
	v, member, stranger := visitor.OnCloud(t), visitor.OnCloud(t), visitor.OnCloud(t)
	stranger.Happened(audit.Event{Action: audit.MasterDataChanged, New: map[string]string{"city": "Geheimdorf"}})
	member.Happened(audit.Event{Action: audit.MasterDataChanged, Old: map[string]string{"iban": "DE02120300000000202051"}, New: map[string]string{"city": "Bonn", "iban": ""}})
	at := time.Now()
	for _, n := range []string{member.Number, v.Number} {
		v.Put(audit.Put(v.Store.Names, audit.Event{Number: n, Action: audit.MergeExecuted, Actor: "system", Order: "K7QX-2M4D", At: at}, rand.Reader))
	}
	if rows := v.Get("/account/history").Lines("ol.timeline > li"); len(rows) != 1 || strings.Contains(rows[0], member.Number) {
		t.Fatalf("before the merge: %q", rows)
	}
	v.MergedWith(member.Number)
	a := v.Get("/account/history")
	rows := a.Lines("ol.timeline > li")
	if len(rows) != 2 || !strings.Contains(rows[1], "Kundennummer "+member.Number) || !strings.Contains(rows[1], "Bonn") {
		t.Errorf("%q", rows)
	}
	if body := a.Body; strings.Contains(body, "12030000") || strings.Contains(body, "Geheimdorf") {
		t.Error("bank data, or a stranger's, are shown (S11, S20)")
	}
	v.Held("K7QX-2M4D")
	if a := v.Get("/account/history"); strings.Contains(a.Body, "Bonn") || !strings.Contains(a.Text(".notice"), "Einspruch") {
		t.Errorf("while somebody objects to the merge: %s (M4)", a.Text("main"))
	}
}

func TestOnTheCloudTheHistoryTellsSettingsInTheWordsOfThePage(t *testing.T) {
	v := visitor.OnCloud(t)
	id := v.HasPackages()["hosting"]
	v.Post("/account/packages/"+id+"/settings", url.Values{"displayName": {"Mein Blog"}, "httpsRedirect": {"false"}, "phpVersion": {"8.5"}}).Is(http.StatusSeeOther)
	a := v.Get("/account/history").Is(http.StatusOK)
	want := []string{"Anzeigename: nichts → jetzt: Mein Blog", "Aufrufe auf HTTPS umleiten: An → jetzt: Aus", "PHP-Version: 8.4 → jetzt: 8.5"}
	got := a.Lines("ol.timeline .changes li")
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if a.Find(`ol.timeline a[href="`+"/account/packages/"+id+`"]`).Length() != 1 {
		t.Errorf("the package is not named: %s", a.Text("ol.timeline"))
	}
	if en := v.Get("/account/history" + "?lang=en").Is(http.StatusOK); !strings.Contains(en.Text("ol.timeline"), "Redirect visitors to HTTPS: On → now: Off") {
		t.Errorf("in English: %s", en.Text("ol.timeline"))
	}
}

func TestOnTheCloudTheHistoryNamesTheDeviceThatWasSignedOut(t *testing.T) {
	v := visitor.OnCloud(t)
	other := v.Another(visitor.Firefox)
	v.Post("/account/sessions/revoke", url.Values{"session": {visitor.SessionID(other)}}).Is(http.StatusSeeOther)
	if rows := v.Get("/account/history").Lines("ol.timeline > li"); len(rows) != 1 || !strings.HasPrefix(rows[0], "Ein Gerät abgemeldet: Firefox auf Windows") {
		t.Errorf("%q", rows)
	}
}
