package customer_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
)

var imported = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func owner() customer.Profile {
	return customer.Profile{Number: "10000017", Email: "anna@schaefer.example", CreatedAt: imported, Version: 1}
}

// S7: a warning goes to whoever had the mailbox a short time ago.
func TestAddressesOfTheLastDaysAreKnown(t *testing.T) {
	at := imported.Add(100 * day)
	for _, c := range []struct {
		name string
		make func() customer.Profile
		want []string
	}{
		{"one that never changed", owner, []string{"anna@schaefer.example"}},
		{"none at all", func() customer.Profile { return customer.Profile{} }, nil},
		{"the first one of a number that had none", func() customer.Profile { return customer.Profile{}.EmailReplaced("a@b.example", at) }, []string{"a@b.example"}},
		{"one taken away by an import", func() customer.Profile { return given(owner(), "", at) }, []string{"anna@schaefer.example"}},
		{"replaced an hour ago", func() customer.Profile { return owner().EmailReplaced("t@dieb.example", at.Add(-time.Hour)) },
			[]string{"t@dieb.example", "anna@schaefer.example"}},
		{"replaced 31 days ago", func() customer.Profile { return owner().EmailReplaced("b@c.example", at.Add(-31*day)) }, []string{"b@c.example"}},
		{"replaced twice", func() customer.Profile {
			return owner().EmailReplaced("b@c.example", at.Add(-20*day)).EmailReplaced("c@d.example", at.Add(-10*day))
		}, []string{"c@d.example", "b@c.example", "anna@schaefer.example"}},
		{"there and back", func() customer.Profile {
			return owner().EmailReplaced("b@c.example", at.Add(-20*day)).EmailReplaced("Anna@schaefer.example", at.Add(-10*day))
		}, []string{"Anna@schaefer.example", "b@c.example"}},
		{"by a merge", func() customer.Profile { return given(owner(), "b@c.example", at.Add(-time.Hour)) }, []string{"b@c.example", "anna@schaefer.example"}},
		{"by a merge that was undone", func() customer.Profile {
			return given(given(owner(), "b@c.example", at.Add(-2*time.Hour)), "anna@schaefer.example", at.Add(-time.Hour))
		}, []string{"anna@schaefer.example", "b@c.example"}},
		{"stopped by the owner", func() customer.Profile {
			asked := at.Add(-3 * day)
			return owner().EmailReplaced("t@dieb.example", asked.Add(time.Minute)).EmailReplaced("u@dieb.example", asked.Add(time.Hour)).
				EmailRestored("anna@schaefer.example", asked, at)
		}, []string{"anna@schaefer.example"}},
		{"stopped, and one before that the owner had given up", func() customer.Profile {
			asked := at.Add(-3 * day)
			return owner().EmailReplaced("b@c.example", asked.Add(-day)).EmailReplaced("t@dieb.example", asked.Add(time.Minute)).
				EmailRestored("b@c.example", asked, at)
		}, []string{"b@c.example", "anna@schaefer.example"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.make().AddressesSince(at.Add(-30 * day)); !slices.Equal(got, c.want) {
				t.Errorf("are %v, want %v", got, c.want)
			}
		})
	}
}

// given is the profile after a merge, its undo or an import wrote another address.
func given(p customer.Profile, address string, at time.Time) customer.Profile {
	next := p
	next.Email = address
	return next.EmailGiven(p.Email, at)
}

// S7: a thief who changes the address over and over does not push the owner's out.
func TestManyChangesPushOutTheShortest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, at := owner(), imported.Add(100*day)
		for range rapid.IntRange(1, 60).Draw(t, "changes") {
			at = at.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute)
			p = p.EmailReplaced(fmt.Sprintf("t%d@dieb.example", rapid.IntRange(0, 40).Draw(t, "address")), at)
		}
		if got := p.AddressesSince(at.Add(-30 * day)); !slices.Contains(got, "anna@schaefer.example") || len(got) > 11 {
			t.Fatalf("after many changes: %v", got)
		}
	})
}

// S7: the list goes the way through the table, makes no order stale by itself, and profiles without it work.
func TestEarlierAddressesAreKeptWithTheProfile(t *testing.T) {
	store := customer.Store{Store: tablefake.New().Store()}
	names := store.Names
	write := func(item types.TransactWriteItem) {
		t.Helper()
		if err := store.Transact(context.Background(), []types.TransactWriteItem{item}, ""); err != nil {
			t.Fatal(err)
		}
	}
	write(customer.PutNew(names, owner()))
	old, err := store.Profile(context.Background(), "10000017")
	if err != nil || old.EarlierEmails != nil {
		t.Fatalf("%+v, %v", old.EarlierEmails, err)
	}
	changed := old.EmailReplaced("neu@schaefer.example", imported.Add(day))
	write(customer.Update(names, old, changed))
	now, err := store.Profile(context.Background(), "10000017")
	if err != nil || now.Version != 2 || !slices.Equal(now.AddressesSince(imported), []string{"neu@schaefer.example", "anna@schaefer.example"}) {
		t.Errorf("%+v, %v", now, err)
	}
	pruned := now
	pruned.EarlierEmails = nil
	if customer.Changed(now, pruned) {
		t.Error("the list alone makes an order stale (M5)")
	}
}

// S6: what was mailed to an address before its change was stopped is void, and nothing else.
func TestAStoppedAddressIsKnownAsOne(t *testing.T) {
	asked := imported.Add(100 * day)
	p := owner().EmailReplaced("t@dieb.example", asked.Add(time.Minute)).EmailReplaced("u@dieb.example", asked.Add(time.Hour)).
		EmailRestored("anna@schaefer.example", asked, asked.Add(day))
	for _, c := range []struct {
		address string
		mailed  time.Time
		want    bool
	}{
		{"t@dieb.example", asked.Add(2 * time.Minute), true},
		{"U@dieb.example", asked.Add(2 * time.Hour), true},
		{"u@dieb.example", asked.Add(2 * day), false}, // in force again, by the owner's wish
		{"anna@schaefer.example", asked.Add(time.Minute), false},
	} {
		if got := p.Stopped(c.address, c.mailed); got != c.want {
			t.Errorf("%s, mailed %v after: %v", c.address, c.mailed.Sub(asked), got)
		}
	}
	if p.Reads("t@dieb.example") || !p.Reads("Anna@schaefer.example") || (customer.Profile{}).Reads("") {
		t.Error("another address than the one in force reads the mails")
	}
}

// S7: of two addresses that replace each other the older one comes back, whichever asks last.
func TestOfTwoAddressesTheOlderComesBack(t *testing.T) {
	const week = 7 * day
	at := imported.Add(100 * day)
	thiefs := owner().EmailReplaced("t@dieb.example", at)
	back := thiefs.EmailReplaced("Anna@schaefer.example", at.Add(3*day))
	again := back.EmailReplaced("t@dieb.example", at.Add(4*day))
	late := thiefs.EmailReplaced("anna@schaefer.example", at.Add(20*day))
	for _, c := range []struct {
		name    string
		profile customer.Profile
		link    string // the address whose link is used
		mailed  time.Time
		want    bool
	}{
		{"a first change", thiefs, "anna@schaefer.example", at, false},
		{"the owner came back, the thief's link", back, "T@dieb.example", at.Add(3 * day), true},
		{"the thief changes it once more, the owner's link", again, "anna@schaefer.example", at.Add(4 * day), false},
		{"back after it was settled", late, "t@dieb.example", at.Add(20 * day), false},
	} {
		if got := c.profile.CameBack(c.link, c.mailed, week); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
