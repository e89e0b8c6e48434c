package security

import (
	"testing"

	"kundenkonto/shared/lang"
)

func TestEachStepThatAsksForThePasswordSaysWhatItDoes(t *testing.T) {
	for _, step := range guardedSteps {
		words := step.says(guardView{Name: "Handy"})
		if words.Heading.Empty() || words.Lead.Empty() || words.Button.Empty() || words.ButtonKind == "" {
			t.Errorf("%s: %+v", step.Name, words)
		}
	}
	if begin := beginWords(guardView{On: true}).Heading.In(lang.DE); begin != "Authenticator-App wechseln" {
		t.Error(begin)
	}
}
