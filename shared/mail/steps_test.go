package mail

import (
	"strings"
	"testing"
)

// Each step of an order is told to both sides, in both languages (M4). What their words are, the golden files hold.
func TestEachStepOfAnOrderHasWordsForBothSides(t *testing.T) {
	c := composer(t)
	reasons := []string{"Die Namen stehen", "Auf Ihren Wunsch", "am Telefon vereinbart", "Die Rechnungen gehen"}
	sides := map[string]int{}
	for _, s := range samples() {
		kind, side, _ := strings.Cut(s.name, "-")
		if side != "own" && side != "other" {
			continue
		}
		sides[kind+side]++
		for _, lang := range []string{"de", "en"} {
			m, err := c.Compose(s.mail, Reader{Language: lang})
			if err != nil {
				t.Fatal(err)
			}
			for _, reason := range reasons {
				if side == "other" && strings.Contains(m.Text+m.HTML, reason) {
					t.Errorf("%s in %s tells the other side the reason", s.name, lang)
				}
			}
		}
	}
	for _, kind := range []string{"orderAnnounced", "orderApproved", "orderRejected", "orderExecuted", "orderUndone", "orderWithdrawn",
		"orderVetoed", "orderExpired", "orderFailed", "orderStale", "orderConfirmed"} {
		if sides[kind+"own"] != 1 || sides[kind+"other"] != 1 {
			t.Errorf("%s is written to %d ordering customers and %d other sides", kind, sides[kind+"own"], sides[kind+"other"])
		}
	}
}

// After a merge the old number is named with its successor (M6).
func TestAnExecutedMergeNamesTheSuccessorOfEachNumber(t *testing.T) {
	for lang, want := range map[string]string{"de": "10000023:  gehört jetzt zu 10000017", "en": "10000023:       now belongs to 10000017"} {
		m, err := composer(t).Compose(OrderExecuted{Order: sampleOther}, Reader{Language: lang})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Text, want) {
			t.Errorf("%q is not in: %s", want, m.Text)
		}
	}
}
