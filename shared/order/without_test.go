package order

import (
	"encoding/json"
	"strings"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
)

// S21
func TestWithoutLeavesNothingOfANumberAndAllOfTheOthers(t *testing.T) {
	const gone, stays = "10000017", "10000023"
	record := func(n string) merge.Record { return merge.Record{Number: n, Street: "Weg " + n, IBAN: "DE00" + n} }
	party := func(n string) Party {
		return Party{Record: record(n), Members: []string{"8" + n}, Balances: []merge.Balance{{Number: n, Cents: 5}, {Number: "8" + n, Cents: 7}}}
	}
	sources := func() []Source {
		return []Source{{Party: party(gone), Package: "P-" + gone, Domain: gone + ".example", Choices: merge.Choices{"address": merge.Other}}}
	}
	o := Order{ID: "K7QX-2M4D", Customer: stays, State: merge.Vetoed, Rev: 3, Survivor: party(stays), Sources: sources(), Salt: "a secret salt",
		First: &Shown{Survivor: party(stays), Sources: sources(), Digest: "d"}, Before: &Before{Survivor: record(stays), Members: map[string][]string{gone: {stays}}},
		Reason: "wegen " + gone, Note: gone, Contact: gone, Failure: gone, Opposed: []string{gone}, Held: []string{gone, stays}, Announced: []string{"order.announced#" + gone},
		Recipients: []outbox.Recipient{{Address: gone + "@kunde.example", Numbers: []string{gone}}, {Address: stays + "@kunde.example", Numbers: []string{stays}}},
		Unreached:  []Unreached{{Numbers: []string{gone}}}, History: []Step{{Actor: gone, Numbers: []string{gone}, Reason: gone, Note: gone, Contact: gone}}}
	before, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	left := o.Without([]string{gone, "8" + gone})
	text, err := json.Marshal(left)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), gone) || strings.Contains(string(text), o.Salt) || left.Before != nil || left.Sources[0].Choices != nil {
		t.Errorf("something is left: %s", text)
	}
	if left.Survivor.Record != record(stays) || len(left.Survivor.Balances) != 2 || left.First.Survivor.Record != record(stays) || len(left.Recipients) != 1 || left.State != merge.Vetoed ||
		len(left.History) != 1 || left.Rev != 4 || left.Held[1] != stays || left.Opposed[0] != Nobody {
		t.Errorf("the other side's are gone: %s", text)
	}
	if after, _ := json.Marshal(o); string(after) != string(before) {
		t.Error("the order that it was made of is another")
	}
}
