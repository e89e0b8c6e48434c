package merge_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kundenkonto/shared/merge"
)

func TestResultTakesGroupsAsAWhole(t *testing.T) {
	got := merge.Result(anna, []merge.Source{{Record: oldAnna, Choices: merge.Choices{merge.BankGroup: merge.Other, merge.MobileGroup: merge.Other}}})
	want := anna
	want.IBAN, want.BIC, want.AccountNumber, want.BankCode = "", "", oldAnna.AccountNumber, oldAnna.BankCode
	if got != want { // mobile stays: the other has none, and nothing is adopted to delete the own value
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestALaterChoiceReplacesAnEarlierOne(t *testing.T) {
	third := oldAnna
	third.Number = "10000031"
	sources := []merge.Source{
		{Record: oldAnna, Choices: merge.Choices{merge.Address: merge.Other, merge.EmailGroup: merge.Other}},
		{Record: third},
	}
	after, replaced := merge.Choose(sources, third.Number, merge.Choices{merge.EmailGroup: merge.Other, merge.PhoneGroup: merge.Other})
	if want := []merge.Replaced{{Group: merge.EmailGroup, From: oldAnna.Number, To: third.Number}}; !slices.Equal(replaced, want) {
		t.Errorf("replaced %v", replaced)
	}
	if after[0].Choices.Of(merge.EmailGroup) != merge.Own || after[0].Choices.Of(merge.Address) != merge.Other {
		t.Errorf("choices of the first are now %v", after[0].Choices)
	}
	if sources[0].Choices.Of(merge.EmailGroup) != merge.Other {
		t.Error("the sources given were changed")
	}
	if i := merge.Supplier(after, merge.EmailGroup); i != 1 {
		t.Errorf("supplier of the e-mail is %d", i)
	}
}

func TestParseChoices(t *testing.T) {
	form := map[string]string{"choice.address": "other", "choice.bank": "own", "choice.nonsense": "other"}
	got, err := merge.ParseChoices(func(n string) string { return form[n] })
	if err != nil || !reflect.DeepEqual(got, merge.Choices{merge.Address: merge.Other, merge.BankGroup: merge.Own}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := merge.ParseChoices(func(string) string { return "both" }); err == nil {
		t.Error("a choice of both sides was taken")
	}
}

func TestChoicesThatAreNotOfferedStayOwn(t *testing.T) {
	all := merge.Choices{}
	for _, g := range merge.Groups() {
		all[g] = merge.Other
	}
	got := merge.Compare(plain{}, anna, oldAnna).Allowed(all)
	if got.Of(merge.MobileGroup) != merge.Own || got.Of(merge.BankGroup) != merge.Other {
		t.Errorf("allowed %v", got)
	}
}

func TestEmailAndBankOfAnotherNumberNeedThePassword(t *testing.T) { // S7
	for g, want := range map[merge.Group]bool{merge.Address: false, merge.PhoneGroup: false, merge.EmailGroup: true, merge.BankGroup: true} {
		if got := merge.NeedsPassword([]merge.Source{{Record: oldAnna, Choices: merge.Choices{g: merge.Other}}}); got != want {
			t.Errorf("%s: %v", g, got)
		}
	}
}

func TestDescribeSaysWhatHoldsAndWhatLapses(t *testing.T) {
	got := merge.Describe(plain{}, anna, []merge.Source{{Record: oldAnna, Choices: merge.Choices{merge.BankGroup: merge.Other, merge.EmailGroup: merge.Other}}})
	if got.Survivor != anna.Number || !slices.Equal(got.Ending, []string{oldAnna.Number}) || got.Debit != "•••9890" {
		t.Errorf("%+v", got)
	}
	if email := got.Holds[3]; !email.Other || email.From != oldAnna.Number || !slices.Equal(email.Values, []string{"a•••@alt.example"}) {
		t.Errorf("e-mail: %+v", email)
	}
	want := []merge.OutcomeLapsed{
		{Number: anna.Number, Groups: []merge.Group{merge.EmailGroup, merge.BankGroup}},
		{Number: oldAnna.Number, Groups: []merge.Group{merge.Address, merge.PhoneGroup}},
	}
	if !reflect.DeepEqual(got.Lapses, want) {
		t.Errorf("lapses %+v", got.Lapses)
	}
}

func TestAtMostOneSourceSuppliesAGroupWhateverIsChosen(t *testing.T) {
	numbers := []string{"1", "2", "3", "4"}
	rapid.Check(t, func(t *rapid.T) {
		var sources []merge.Source
		for _, n := range numbers {
			r := oldAnna
			r.Number = n
			sources = append(sources, merge.Source{Record: r})
		}
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			ch := merge.Choices{}
			for _, g := range merge.Groups() {
				ch[g] = rapid.SampledFrom([]merge.Choice{merge.Own, merge.Other}).Draw(t, "choice")
			}
			sources, _ = merge.Choose(sources, rapid.SampledFrom(numbers).Draw(t, "number"), ch)
		}
		for _, g := range merge.Groups() {
			suppliers := 0
			for _, s := range sources {
				if s.Choices.Of(g) == merge.Other {
					suppliers++
				}
			}
			if suppliers > 1 {
				t.Fatalf("%d sources supply %s", suppliers, g)
			}
		}
	})
}
