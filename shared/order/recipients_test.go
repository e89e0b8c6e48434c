package order

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
)

func profile(number, email string) customer.Profile {
	return customer.Profile{Number: number, FirstName: "Anna", LastName: "Schäfer", Email: email, Language: "de", Version: 1, CreatedAt: longAgo}
}

func TestRecipientsAreOneMailboxEach(t *testing.T) {
	anna := func(own bool, numbers ...string) outbox.Recipient {
		return outbox.Recipient{Address: "anna@a.example", Language: "de", Name: "Anna Schäfer", Own: own, Numbers: numbers}
	}
	tests := map[string]struct {
		own     customer.Profile
		sources []customer.Profile
		want    []outbox.Recipient
	}{
		"both sides are told (M4)": {profile("1", "anna@a.example"), []customer.Profile{profile("2", "b@b.example")},
			[]outbox.Recipient{anna(true), {Address: "b@b.example", Language: "de", Name: "Anna Schäfer", Numbers: []string{"2"}}}},
		"one mailbox on both sides gets one mail that can stop it": {profile("1", "anna@a.example"), []customer.Profile{profile("2", "Anna@A.example")},
			[]outbox.Recipient{anna(true, "2")}},
		"two sources of one mailbox share a mail": {profile("1", "anna@a.example"), []customer.Profile{profile("2", "b@b.example"), profile("3", "b@b.example")},
			[]outbox.Recipient{anna(true), {Address: "b@b.example", Language: "de", Name: "Anna Schäfer", Numbers: []string{"2", "3"}}}},
		"a number without an address has nobody to write to": {profile("1", "anna@a.example"), []customer.Profile{profile("2", "")},
			[]outbox.Recipient{anna(true)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := recipients(tt.own, tt.sources, noon); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("recipients = %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestAnAddressSwappedDuringTheOrderDoesNotSilenceTheOldOne(t *testing.T) {
	before := recipients(profile("1", "anna@a.example"), []customer.Profile{profile("2", "owner@b.example")}, noon)
	after := recipients(profile("1", "anna@a.example"), []customer.Profile{profile("2", "thief@c.example")}, noon)
	var told []string
	for _, r := range later(before, after) {
		told = append(told, r.Address)
	}
	if want := []string{"anna@a.example", "owner@b.example", "thief@c.example"}; !reflect.DeepEqual(told, want) {
		t.Errorf("told %v, want %v (M4)", told, want)
	}
}

// Hours for a veto are named only where there is such a time, and numbers merged earlier go with their source (M4, M6).
func TestAnEventNamesTheTimeForAVetoAndEarlierNumbers(t *testing.T) {
	s := Store{Now: func() time.Time { return noon }}
	one := func(number, email string) Party { return partyOf(profile(number, email)) }
	o := Order{ID: "K7QX-2M4D", Customer: "10000017", SubmittedAt: noon, VetoHours: 72, Survivor: one("10000017", "a@a.example"), Sources: []Source{{Party: one("10000023", "b@b.example")}}}
	for name, c := range map[string]struct {
		set  func(*Order)
		want string
	}{
		"two mailboxes":                 {func(*Order) {}, "72"},
		"one mailbox":                   {func(o *Order) { o.Sources[0].Record.Email = "a@a.example" }, ""},
		"one mailbox that was not told": {func(o *Order) { o.Sources[0].Record.Email = "a@a.example"; o.Unreached = []Unreached{{Why: Bounced}} }, "72"},
		"no veto period at all":         {func(o *Order) { o.VetoHours = 0 }, ""},
	} {
		changed := o
		changed.Sources = slices.Clone(o.Sources)
		c.set(&changed)
		if got := s.event(changed, outbox.OrderAnnounced, "", nil).Values[ValueVetoHours]; got != c.want {
			t.Errorf("%s: %q hours, want %q", name, got, c.want)
		}
	}
	o.Sources[0].Members = []string{"10000031", "10000048"}
	if got := s.event(o, outbox.OrderExecuted, "", nil).Values[ValueEarlier+"10000023"]; got != "10000031,10000048" {
		t.Errorf("earlier numbers are %q", got)
	}
}
