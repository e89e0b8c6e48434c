package orders

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

func TestTheHistoryTellsWhatHappenedAndWhatComesNext(t *testing.T) {
	o := sampleorder.Anna()
	var got []string
	for _, e := range timelineOf(o, sampleorder.Start) {
		got = append(got, e.Class+" "+e.What.In(lang.DE))
	}
	want := []string{"done Abgeschickt", "done In Prüfung", "done Andere Seite benachrichtigt", "now Entscheidung des Serviceteams", "open Ausführung"}
	if !slices.Equal(got, want) {
		t.Errorf("history %q", got)
	}
	o.AnnouncedAt = time.Time{}
	o.State = merge.Approved
	last := timelineOf(o, sampleorder.Start)
	if e := last[len(last)-1]; e.Class != "now" || !strings.Contains(e.Detail.In(lang.EN), "only starts when the other side has been notified") {
		t.Errorf("without an announcement the execution says %+v", e)
	}
}
