package review

import (
	"net/http"
	"strings"
	"testing"

	"kundenkonto/shared/audit"
)

func TestTheHistoryTellsWhatChangedFromWhatToWhat(t *testing.T) { // M10, S13
	s := knownSite(t)
	s.happened([]audit.Event{
		{Number: "10000017", Action: audit.MasterDataChanged, Actor: "10000017", At: start,
			Old: map[string]string{"street": "Alter Weg 1", "iban": "DE02120300000000202051", "country": "DE"},
			New: map[string]string{"street": "Hauptstr. 5", "iban": "••3000", "country": "AT"}},
		{Number: "10000017", Action: audit.SettingsChanged, Actor: "10000017", At: start, Old: map[string]string{"package": "P-1001", "backupNotification": "off"}, New: map[string]string{"package": "P-1001", "displayName": "Blog"}},
		{Number: "10000017", Action: audit.Imported, Actor: "import", At: start, Old: map[string]string{"balanceCents": "0", "locked": "false"}, New: map[string]string{"balanceCents": "1999", "locked": "true"}},
		{Number: "10000017", Action: audit.NumberProven, Actor: "unknown", At: start, New: map[string]string{audit.KeyAsker: "10000099"}},
		{Number: "10000017", Action: audit.ProofGiven, Actor: "10000017", At: start, New: map[string]string{audit.KeyProven: "10000088"}},
		{Number: "10000017", Action: audit.MergingLocked, Actor: "staff:eva", At: start, New: map[string]string{audit.KeyReason: "Anruf des Inhabers"}},
	}...)
	shown := words(s.page(s.get(annaPath), http.StatusOK).Find("section[aria-labelledby=events] tbody"))
	for _, want := range []string{"Alter Weg 1 →jetzt Hauptstr. 5", "Deutschland →jetzt Österreich", "Blog", "19,99", "nein →jetzt ja", "Anruf des Inhabers",
		"Jemand hat diese Kundennummer mit Domain und Paketpasswort belegt", "Kundennummer 10000099", "10000088"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing in %q", want, shown)
		}
	}
	if strings.Contains(shown, "202051") {
		t.Errorf("bank data are shown: %q", shown)
	}
}
