package account

import (
	"testing"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
)

func TestTermAndNoticeOfAContractAreSaidAsFarAsTheyAreKnown(t *testing.T) {
	for _, c := range []struct {
		customer.Contract
		term, notice string
	}{
		{customer.Contract{}, "", ""},
		{customer.Contract{Known: true}, "ohne Mindestlaufzeit", "keine"},
		{customer.Contract{Known: true, FirstMonths: 12, NoticeMonths: 1}, "12 Monate, danach unbefristet", "1 Monat zum Ende der Laufzeit"},
		{customer.Contract{Known: true, FirstMonths: 24, RenewalMonths: 1, NoticeMonths: 3}, "24 Monate, danach jeweils 1 Monat", "3 Monate zum Ende der Laufzeit"},
		{customer.Contract{Known: true, FirstMonths: 12, NoticeMonths: 1, OpenTerm: true}, "12 Monate, danach unbefristet", "1 Monat"},
		{customer.Contract{Known: true, NoticeMonths: 1}, "ohne Mindestlaufzeit", "1 Monat"},
	} {
		v := packageView{packageRow: packageRow{Contract: c.Contract}}
		if term, notice := v.Term().In(lang.DE), v.Notice().In(lang.DE); term != c.term || notice != c.notice {
			t.Errorf("%+v: %q, %q", c.Contract, term, notice)
		}
	}
}

func TestAfterAStoppedChangeThePageSaysWhatIsGoneAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		view         emailLinkView
		gone, advice string
	}{
		{emailLinkView{}, "",
			"Wer die Änderung eingetragen hat, kannte Ihr Kundenpasswort. Legen Sie deshalb jetzt ein neues fest. Damit sind auch alle Geräte abgemeldet."},
		{emailLinkView{ByStaff: true}, "",
			"Die andere Adresse hat unser Serviceteam eingetragen, weil jemand darum gebeten hat. Legen Sie sicherheitshalber ein neues Kundenpasswort fest."},
		{emailLinkView{Confirmed: true, Passkeys: []string{"Handy", "Rechner"}},
			"Alle Geräte sind abgemeldet, und Links, die an die andere Adresse gingen, gelten nicht mehr. Seither angelegte Passkeys sind entfernt: Handy, Rechner.",
			"Wer die Änderung eingetragen hat, kannte Ihr Kundenpasswort. Legen Sie deshalb jetzt ein neues fest. " +
				"Sehen Sie danach auf der Seite „Sicherheit“ nach, ob die zweite Stufe noch Ihre ist."},
	} {
		if got := c.view.Consequences().In(lang.DE); c.view.Confirmed && got != c.gone {
			t.Errorf("%+v: %q", c.view, got)
		}
		if got := c.view.Advice().In(lang.DE); got != c.advice {
			t.Errorf("%+v: %q", c.view, got)
		}
	}
}

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
