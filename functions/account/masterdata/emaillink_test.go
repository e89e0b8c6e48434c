package masterdata

import (
	"testing"

	"kundenkonto/shared/lang"
)

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
