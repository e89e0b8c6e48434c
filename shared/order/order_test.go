package order

import (
	"testing"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/spelling"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func twoSides(ownMail, otherMail string) Order {
	return Order{
		SubmittedAt: noon, VetoHours: 72,
		Survivor: Party{Record: merge.Record{Email: ownMail}, CustomerSince: longAgo},
		Sources:  []Source{{Party: Party{Record: merge.Record{Email: otherMail}, CustomerSince: longAgo}}},
	}
}

// longAgo is when customers came that are known for years.
var longAgo = time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC)

func TestVetoPeriodStartsWithTheAnnouncement(t *testing.T) {
	swapped := twoSides("a@a.example", "a@a.example")
	swapped.Sources[0].EmailChanged = noon.Add(-29 * 24 * time.Hour)
	settled := twoSides("a@a.example", "a@a.example")
	settled.Sources[0].EmailChanged = noon.Add(-31 * 24 * time.Hour)
	announced := twoSides("a@a.example", "b@b.example")
	announced.AnnouncedAt = noon.Add(time.Hour)
	tests := map[string]struct {
		order Order
		end   time.Time
		known bool
	}{
		"the clock does not run before the other side was told": {twoSides("a@a.example", "b@b.example"), time.Time{}, false},
		"it runs for the veto hours from then on":               {announced, noon.Add(73 * time.Hour), true},
		"one mailbox on both sides for 30 days needs none":      {settled, noon, true},
		"an address made equal lately does not shorten it":      {swapped, time.Time{}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if end, known := tt.order.VetoUntil(); !end.Equal(tt.end) || known != tt.known {
				t.Errorf("VetoUntil = %v, %v; want %v, %v", end, known, tt.end, tt.known)
			}
		})
	}
}

// M4: an address counts from the day on which it came into force, by whatever way, and an imported number's from its import.
func TestTheVetoPeriodIsSkippedOnlyForAnAddressThatIsKnownFor30Days(t *testing.T) {
	const address = "a@a.example"
	known := customer.Profile{Number: "1", Email: address, CreatedAt: longAgo}
	other := known
	other.Email = "z@z.example"
	for name, by := range map[string]func(at time.Time) customer.Profile{
		"imported": func(at time.Time) customer.Profile {
			return customer.Profile{Number: "2", Email: address, CreatedAt: at}
		},
		"confirmed by its link":     func(at time.Time) customer.Profile { return other.EmailReplaced(address, at) },
		"put back by the stop link": func(at time.Time) customer.Profile { return other.EmailRestored(address, at.Add(-time.Hour), at) },
		"adopted, undone or overwritten": func(at time.Time) customer.Profile {
			p := other
			p.Email = address
			return p.EmailGiven(other.Email, at)
		},
		"asked for by the service team, and confirmed": func(at time.Time) customer.Profile {
			p := other
			p.Pending = &customer.PendingEmail{ID: "x", Address: address, At: at.Add(-time.Hour), Until: at.Add(time.Hour)}
			return p.EmailReplaced(address, at)
		},
	} {
		for days, skipped := range map[int]bool{0: false, 29: false, 31: true} {
			changed := by(noon.Add(-time.Duration(days) * 24 * time.Hour))
			changed.Number = "2"
			for side, pair := range map[string][2]customer.Profile{"source": {known, changed}, "survivor": {changed, known}} {
				o := Order{SubmittedAt: noon, VetoHours: 72, Survivor: partyOf(pair[0]), Sources: []Source{{Party: partyOf(pair[1])}}}
				if _, started := o.VetoUntil(); started != skipped || o.VetoApplies() == skipped {
					t.Errorf("the address of the %s was %s %d days ago: the veto period is skipped: %v", side, name, days, started)
				}
			}
		}
	}
	unknown := known
	unknown.Number, unknown.CreatedAt = "2", time.Time{}
	o := Order{SubmittedAt: noon, VetoHours: 72, Survivor: partyOf(known), Sources: []Source{{Party: partyOf(unknown)}}}
	if !o.VetoApplies() {
		t.Error("nobody knows since when the address is known, and the veto period is skipped")
	}
}

func TestAnOrderIsUnchangedOnlyAtTheVersionsShown(t *testing.T) {
	o := Order{Survivor: Party{Record: merge.Record{Number: "1"}, Version: 3}, Sources: []Source{{Party: Party{Record: merge.Record{Number: "2"}, Version: 5}}}}
	same := map[string]customer.Profile{"1": {Number: "1", Version: 3}, "2": {Number: "2", Version: 5}}
	if !o.unchanged(same) {
		t.Error("unchanged records count as changed")
	}
	for name, p := range map[string]customer.Profile{
		"a newer version":      {Number: "2", Version: 6},
		"a source merged away": {Number: "2", Version: 5, MergedInto: "9"},
	} {
		if o.unchanged(map[string]customer.Profile{"1": same["1"], "2": p}) {
			t.Errorf("%s counts as unchanged (M5)", name)
		}
	}
	if o.unchanged(map[string]customer.Profile{"1": same["1"]}) {
		t.Error("a missing source counts as unchanged (M5)")
	}
}

func TestALaterChoiceTakesTheGroupFromTheEarlierSource(t *testing.T) {
	d := Draft{Number: "1"}
	d.Prove(Proof{Number: "2", Package: "P-2", Domain: "b.example", Version: 1}, noon)
	d.Prove(Proof{Number: "3", Package: "P-3", Domain: "c.example", Version: 1}, noon)
	if _, ok := d.Adopt("2", merge.Choices{merge.EmailGroup: merge.Other}); !ok {
		t.Fatal("a proven number cannot be adopted")
	}
	replaced, _ := d.Adopt("3", merge.Choices{merge.EmailGroup: merge.Other})
	if len(replaced) != 1 || replaced[0].From != "2" || d.Source("2").Choices.Of(merge.EmailGroup) != merge.Own {
		t.Errorf("replaced %+v, choices of 2 %v", replaced, d.Source("2").Choices)
	}
	if _, ok := d.Adopt("4", nil); ok {
		t.Error("a number without a proof was adopted (M3)")
	}
}

func TestARenewedProofKeepsTheChoices(t *testing.T) {
	d := Draft{Number: "1"}
	d.Prove(Proof{Number: "2", Package: "P-2", Domain: "b.example", Version: 1}, noon)
	d.Adopt("2", merge.Choices{merge.EmailGroup: merge.Other})
	d.Prove(Proof{Number: "2", Package: "P-2", Domain: "b.example", Version: 1}, noon.Add(time.Hour))
	if s := d.Source("2"); !s.Adopted || !s.ProvenAt.Equal(noon.Add(time.Hour)) || len(d.Sources) != 1 {
		t.Errorf("after a second proof: %+v", d.Sources)
	}
}

func TestWhatBlocksASubmission(t *testing.T) {
	own := profile("10000017", "a@a.example")
	other := profile("10000023", "b@b.example")
	adopted := DraftSource{Number: other.Number, ProvenAt: noon.Add(-time.Minute), Adopted: true}
	with := func(change func(*DraftSource, *customer.Profile)) (Draft, Profiles) {
		source, p := adopted, other
		change(&source, &p)
		return Draft{Number: own.Number, Sources: []DraftSource{source}}, Profiles{own.Number: own, p.Number: p}
	}
	many := make([]string, merge.MaxOrderNumbers)
	tests := map[string]struct {
		change func(*DraftSource, *customer.Profile)
		want   string
	}{
		"nothing":                                {func(*DraftSource, *customer.Profile) {}, ""},
		"a comparison that was not finished":     {func(s *DraftSource, _ *customer.Profile) { s.Adopted = false }, "not_adopted"},
		"a balance that came up meanwhile":       {func(_ *DraftSource, p *customer.Profile) { p.BalanceCents = 1 }, "open_balance"},
		"a lock that came up meanwhile":          {func(_ *DraftSource, p *customer.Profile) { p.Locked = true }, "locked"},
		"a name that was corrected meanwhile":    {func(_ *DraftSource, p *customer.Profile) { p.LastName = "Schreiber" }, "name_differs"},
		"a merge that was faster":                {func(_ *DraftSource, p *customer.Profile) { p.MergedInto = "10000099" }, "already_merged"},
		"too many earlier numbers of the source": {func(_ *DraftSource, p *customer.Profile) { p.Members = many }, "limit"},
	}
	s := Store{Now: func() time.Time { return noon }, Speller: spelling.Speller{}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, profiles := with(tt.change)
			got := ""
			if blocked := s.blockedBy(d, profiles); blocked != nil {
				got = blocked.Reason.Code
			}
			if got != tt.want {
				t.Errorf("blocked by %q, want %q", got, tt.want)
			}
		})
	}
}
