package berlin

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestTheEmbeddedZoneIsTheOneOfGo(t *testing.T) {
	want, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for at := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2060; at = at.Add(12 * time.Hour) {
		if got, want := at.In(Zone).Format(time.RFC1123Z+" MST"), at.In(want).Format(time.RFC1123Z+" MST"); got != want {
			t.Fatalf("%s, want %s: take the file anew from lib/time/zoneinfo.zip of Go", got, want)
		}
	}
}
