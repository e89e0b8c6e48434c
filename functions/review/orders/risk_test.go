package orders

import (
	"slices"
	"testing"
	"time"

	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestSignsAreWhatAReviewerShouldLookAtTwice(t *testing.T) {
	day := 24 * time.Hour
	tests := []struct {
		name string
		set  func(o *order.Order, p map[string]customer.Profile)
		want []string
	}{
		{"nothing odd", func(*order.Order, map[string]customer.Profile) {}, nil},
		{"the surviving side's e-mail changed 29 days before", func(o *order.Order, _ map[string]customer.Profile) {
			o.Survivor.EmailChanged = o.SubmittedAt.Add(-29 * day)
		},
			[]string{"email_new 10000017"}},
		{"the source's e-mail changed after the submission", func(o *order.Order, _ map[string]customer.Profile) {
			o.Sources[0].EmailChanged = o.SubmittedAt.Add(day)
		},
			[]string{"email_new 10000023"}},
		{"the e-mail changed 30 days before", func(o *order.Order, _ map[string]customer.Profile) {
			o.Survivor.EmailChanged = o.SubmittedAt.Add(-30 * day)
		}, nil},
		{"customer for 89 days", func(o *order.Order, _ map[string]customer.Profile) {
			o.Survivor.CustomerSince = o.SubmittedAt.Add(-89 * day)
		},
			[]string{"new_customer 10000017"}},
		{"customer for 90 days", func(o *order.Order, _ map[string]customer.Profile) {
			o.Survivor.CustomerSince = o.SubmittedAt.Add(-90 * day)
		}, nil},
		{"unknown since when", func(o *order.Order, _ map[string]customer.Profile) { o.Survivor.CustomerSince = time.Time{} }, nil},
		{"other e-mail domains", func(o *order.Order, _ map[string]customer.Profile) { o.Sources[0].Record.Email = "anna@other.example" },
			[]string{"email_domains_differ 10000023"}},
		{"the same domain in capitals", func(o *order.Order, _ map[string]customer.Profile) {
			o.Sources[0].Record.Email = "anna@SCHAEFER.example"
		}, nil},
		{"no e-mail", func(o *order.Order, _ map[string]customer.Profile) { o.Sources[0].Record.Email = "" }, []string{"email_missing 10000023"}},
		{"e-mail under the proven domain", func(o *order.Order, _ map[string]customer.Profile) { o.Sources[0].Domain = "www.schaefer.example" },
			[]string{"email_under_proof 10000017", "email_under_proof 10000023"}},
		{"e-mail under a name that only ends alike", func(o *order.Order, _ map[string]customer.Profile) { o.Sources[0].Domain = "fer.example" }, nil},
		{"proof by package number", func(o *order.Order, _ map[string]customer.Profile) { o.Sources[0].Domain = "P-1002" }, nil},
		{"passwords changed lately", func(o *order.Order, p map[string]customer.Profile) {
			p["10000023"] = customer.Profile{Version: 7, PasswordChangedAt: o.SubmittedAt.Add(-day), PackagePasswordChangedAt: o.SubmittedAt.Add(-2 * day)}
		}, []string{"password_new 10000023", "package_password_new 10000023"}},
		{"many failed proofs", func(_ *order.Order, p map[string]customer.Profile) {
			p["10000023"] = customer.Profile{Version: 7, FailedProofs: 5}
		}, []string{"failed_proofs 10000023"}},
		{"own data changed and compared again", func(o *order.Order, _ map[string]customer.Profile) {
			o.Sources[0].Compared.Times = 2
		}, []string{"compared_again 10000023"}},
		{"compared once", func(o *order.Order, _ map[string]customer.Profile) { o.Sources[0].Compared.Times = 1 }, nil},
		{"data changed since", func(_ *order.Order, p map[string]customer.Profile) { p["10000017"] = customer.Profile{Version: 4} },
			[]string{"changed_since 10000017"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, profiles := sampleorder.Anna(), map[string]customer.Profile{}
			o.Sources[0].Record.Email = "anna.schaefer@schaefer.example"
			test.set(&o, profiles)
			var got []string
			for _, s := range signs(o, profiles) {
				got = append(got, s.Code+" "+s.Number)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("signs %q, want %q", got, test.want)
			}
		})
	}
}

func TestEverySignHasWordsInBothLanguages(t *testing.T) {
	o := sampleorder.Anna()
	o.Survivor.EmailChanged, o.Survivor.CustomerSince, o.Sources[0].Domain = sampleorder.Start, sampleorder.Start, "alt.example"
	for _, s := range signs(o, map[string]customer.Profile{"10000023": {PasswordChangedAt: sampleorder.Start, PackagePasswordChangedAt: sampleorder.Start, FailedProofs: 9}}) {
		if s.Label.In(lang.DE) == "" || s.Label.In(lang.EN) == "" || s.Label.In(lang.DE) == s.Label.In(lang.EN) {
			t.Errorf("%s: %+v", s.Code, s.Label)
		}
	}
}

func TestAnAddressThatTheOrderItselfChangedIsNoSign(t *testing.T) {
	o := sampleorder.Anna()
	o.State, o.ExecutedAt = merge.Executed, sampleorder.Start
	for at, want := range map[time.Time]bool{sampleorder.Start: false, sampleorder.Start.Add(time.Hour): true} {
		list := signs(o, map[string]customer.Profile{o.Customer: {Number: o.Customer, EmailChangedAt: at}})
		if got := slices.ContainsFunc(list, func(s sign) bool { return s.Code == "email_changed_since" }); got != want {
			t.Errorf("changed at %s: %v", at, got)
		}
	}
}

func TestTheSignOfFailedProofsSaysWhoseTheyWere(t *testing.T) {
	for _, c := range []struct {
		p      customer.Profile
		de, en string
	}{
		{customer.Profile{FailedProofs: 6}, "6 Versuche", "6 attempts"},
		{customer.Profile{FailedProofs: 12, FailedBy: map[string]int64{"10000017": 1, "10000031": 11}},
			"12 Versuche: 11 von 10000031, 1 von 10000017", "12 attempts: 11 by 10000031, 1 by 10000017"},
		{customer.Profile{FailedProofs: 20, FailedBy: map[string]int64{"1": 5, "2": 4, "3": 3, "4": 2}},
			"20 Versuche: 5 von 1, 4 von 2, 3 von 3, 8 von anderen", "20 attempts: 5 by 1, 4 by 2, 3 by 3, 8 by others"},
	} {
		if got := whoseTries(c.p); got.In(lang.DE) != c.de || got.In(lang.EN) != c.en {
			t.Errorf("%q and %q", got.In(lang.DE), got.In(lang.EN))
		}
	}
}

func TestEarlierVetoesRejectionsAndManyMergesAreSigns(t *testing.T) {
	o := sampleorder.Anna()
	vetoed, rejected, fine := sampleorder.Anna(), sampleorder.Anna(), sampleorder.Anna()
	vetoed.ID, vetoed.State = "AAAA-2222", merge.Vetoed
	rejected.ID, rejected.State = "AAAA-3333", merge.Rejected
	fine.ID, fine.State = "AAAA-4444", merge.Executed
	var codes []string
	for _, s := range earlierSigns(o, []order.Order{o, vetoed, rejected, fine}) {
		codes = append(codes, s.Code)
		if !s.Earlier() {
			t.Errorf("%s is since a day, not of one", s.Code)
		}
	}
	if !slices.Equal(codes, []string{"earlier_veto", "earlier_rejection"}) {
		t.Errorf("signs %v", codes)
	}
	o.Sources[0].Members = []string{"1", "2", "3", "4", "5"}
	has := func(list []sign, code string) bool {
		return slices.ContainsFunc(list, func(s sign) bool { return s.Code == code })
	}
	if !has(signs(o, nil), "many_merges") {
		t.Error("many merges are no sign")
	}
	profiles := map[string]customer.Profile{"10000023": {Version: o.Sources[0].Version, EmailChangedAt: o.SubmittedAt.Add(time.Hour)}}
	if !has(signs(o, profiles), "email_changed_since") {
		t.Error("an e-mail changed during the order is no sign")
	}
}

func TestOnlyWhatIsDueForAnOpenOrderIsASign(t *testing.T) {
	o := sampleorder.Anna()
	profiles := map[string]customer.Profile{"10000017": {Number: "10000017", Version: 3, Members: []string{"10000031"}}, "10000023": {Number: "10000023", Version: 7, BalanceCents: -1},
		"10000031": {Number: "10000031", BalanceCents: 1}}
	due := func() (numbers []string) {
		for _, s := range signs(o, profiles) {
			if s.Code == "open_balance" {
				numbers = append(numbers, s.Number)
			}
		}
		return numbers
	}
	if got := due(); !slices.Equal(got, []string{"10000031"}) {
		t.Errorf("signs of %v", got)
	}
	if o.State = merge.Executed; due() != nil {
		t.Errorf("after the execution: %v", due())
	}
}
