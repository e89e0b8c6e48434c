package merge_test

import (
	"reflect"
	"strings"
	"testing"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
)

func TestBlock(t *testing.T) {
	facts := func(r merge.Record, change func(*merge.Facts)) merge.Facts {
		f := merge.Facts{Record: r}
		if change != nil {
			change(&f)
		}
		return f
	}
	bernd := oldAnna
	bernd.FirstName = "Bernd"
	nobody := merge.Record{Number: "1"}
	for _, c := range []struct {
		name       string
		own, other merge.Facts
		want       *merge.Reason
	}{
		{"nothing in the way", facts(anna, nil), facts(oldAnna, nil), nil},
		{"the own number", facts(anna, nil), facts(anna, nil), &merge.Self},
		{"another name", facts(anna, nil), facts(bernd, nil), &merge.NameDiffers},
		{"no name at all", facts(nobody, nil), facts(merge.Record{Number: "2"}, nil), &merge.NameDiffers},
		{"names of nothing but signs", facts(merge.Record{Number: "1", FirstName: "-", LastName: "."}, nil), facts(merge.Record{Number: "2", FirstName: "-", LastName: "."}, nil), &merge.NameDiffers},
		{"names whose letters a data carrier lost", facts(merge.Record{Number: "1", FirstName: "????", LastName: "??????"}, nil), facts(merge.Record{Number: "2", FirstName: "????", LastName: "??????"}, nil), &merge.NameDiffers},
		{"a company that is called by a number", facts(merge.Record{Number: "1", Company: "4711"}, nil), facts(merge.Record{Number: "2", Company: "4711"}, nil), nil},
		{"merged already", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.MergedInto = "1" }), &merge.AlreadyMerged},
		{"merged into the own number", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.MergedInto = anna.Number }), &merge.AlreadyMergedHere},
		{"another order of the own number", facts(anna, func(f *merge.Facts) { f.OpenMerge = true }), facts(oldAnna, nil), &merge.OpenMergeOwn},
		{"another order of the other number", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.OpenMerge = true }), &merge.OpenMergeOther},
		{"a cent owed", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.BalanceCents = 1 }), merge.OpenBalanceOther.Owing(1)},
		{"a cent owed by the own number", facts(anna, func(f *merge.Facts) { f.BalanceCents = 1 }), facts(oldAnna, nil), merge.OpenBalanceOwn.Owing(1)},
		{"a cent owed for an earlier number", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.MemberOwes = true }), &merge.OpenBalanceOtherMember},
		{"a cent owed for an earlier number of the own", facts(anna, func(f *merge.Facts) { f.MemberOwes = true }), facts(oldAnna, nil), &merge.OpenBalanceOwnMember},
		{"a cent owed for an earlier number, whatever credit there is", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.MemberOwes, f.BalanceCents = true, -100 }), &merge.OpenBalanceOtherMember},
		{"a credit", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.BalanceCents = -100 }), nil},
		{"locked by the operator", facts(anna, nil), facts(oldAnna, func(f *merge.Facts) { f.Locked = true }), &merge.LockedOther},
		{"the own number locked", facts(anna, func(f *merge.Facts) { f.Locked = true }), facts(oldAnna, nil), &merge.LockedOwn},
		{"barred by an earlier veto", facts(anna, func(f *merge.Facts) { f.Barred = true }), facts(oldAnna, nil), &merge.Barred},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := merge.Block(plain{}, c.own, c.other); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestLimit(t *testing.T) {
	members := func(n int) merge.Facts { return merge.Facts{Members: make([]string, n)} }
	for _, c := range []struct {
		name    string
		own     merge.Facts
		sources []merge.Facts
		want    *merge.Reason
	}{
		{"20 numbers", merge.Facts{}, make([]merge.Facts, 20), nil},
		{"21 numbers", merge.Facts{}, make([]merge.Facts, 21), &merge.LimitOrder},
		{"a source with 19 earlier numbers", merge.Facts{}, []merge.Facts{members(19)}, nil},
		{"a source with 20 earlier numbers", merge.Facts{}, []merge.Facts{members(20)}, &merge.LimitOrder},
		{"the 50th number of a customer", members(48), make([]merge.Facts, 1), nil},
		{"the 51st number of a customer", members(49), make([]merge.Facts, 1), &merge.LimitCustomer},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := merge.Limit(c.own, c.sources); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestSentencesSpeakBothLanguagesPlainly(t *testing.T) {
	reasons := []merge.Reason{merge.Self, merge.LimitOrder, merge.LimitCustomer, merge.ProofFailed, merge.NameDiffers, merge.AlreadyMerged, merge.AlreadyMergedHere, merge.OpenMergeOwn,
		merge.OpenMergeOther, merge.OpenBalanceOwn, merge.OpenBalanceOther, merge.OpenBalanceOwnMember, merge.OpenBalanceOtherMember, merge.LockedOwn, merge.LockedOther, merge.Barred, merge.NotAdopted, merge.ProofExpired, merge.ProofGone}
	for _, r := range reasons {
		if r.Text.In(lang.DE) == "" || r.Text.In(lang.EN) == r.Text.In(lang.DE) {
			t.Errorf("%s lacks a language", r.Code)
		}
		for _, bad := range []string{"leider", "!", "gesperrt", "unfortunately"} {
			if strings.Contains(strings.ToLower(r.Text.In(lang.DE)+r.Text.In(lang.EN)), bad) {
				t.Errorf("%s says %q", r.Code, bad)
			}
		}
	}
	for _, s := range merge.States() {
		if s.Words().In(lang.DE) == "" || s.Words().In(lang.EN) == string(s) {
			t.Errorf("%s has no words", s)
		}
	}
	for _, g := range merge.Groups() {
		if g.Words().In(lang.DE) == "" || g.Words().In(lang.EN) == "" {
			t.Errorf("%s has no words", g)
		}
		for _, f := range g.Fields() {
			if f.Words().In(lang.DE) == "" || f.Words().In(lang.EN) == "" {
				t.Errorf("%s has no words", f)
			}
		}
	}
}

func TestCreditsAreNotTakenFromWhatIsOwed(t *testing.T) {
	owed, credit := merge.Sums([]merge.Balance{{Number: "1", Cents: 700}, {Number: "2", Cents: -2500}, {Number: "3", Cents: 1}, {Number: "4"}})
	if owed != 701 || credit != 2500 {
		t.Errorf("%d owed, credit %d", owed, credit)
	}
}
