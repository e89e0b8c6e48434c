package mergediff

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestIdenticalDataNeedOnlyWeiter(t *testing.T) {
	w := newWorld(t)
	prove(w, twin)
	p := w.Get("/merge/draft")
	p.Count("tr.differs", 0)
	p.Count(`tr[data-field]`, 10) // the seed's eight, IBAN and BIC
	p.Has(`tr[data-field=street] .verdict`, "≈ gleich andere Schreibweise (Str. = Straße)")
	p.Has(`tr[data-field=phone] .verdict`, "+49 = 0049 = 0")
	p.Has(`tr[data-field=iban] .verdict`, "die IBAN enthält Kontonummer und Bankleitzahl")
	p.Has(`form[action="/merge/adopt"] button`, "Weiter")
	p.Count(`form[action="/merge/adopt"] input[type=radio]`, 0)
	p.Count(`form[action="/merge/submit"]`, 0)
	p.Has(".result", "Bestehen bleibt die Kundennummer 10000017")
	p.Has(".result", "Künftig verwenden wir für alle 2 Pakete:")
	p.Has(".result", "Abgebucht wird von Konto DE•• ••• 3000")
}

func TestDifferingRowsAreMarkedAndMasked(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	p := w.Get("/merge/draft")
	p.Count("tr.differs", 8)
	p.Has(`tr[data-field=email].differs .verdict`, "≠ unterschiedlich")
	p.Has(`tr[data-field=mobile] .verdict`, "nur bei Ihrer Kundennummer angegeben")
	p.Has(`form[action="/merge/adopt"] button`, "Daten übernehmen")
	p.Count(`input[name="choice.email"]`, 2)
	p.Count(`input[name="choice.email"][value=own][checked]`, 1)
	p.Count(`input[name="choice.mobile"]`, 0) // the other has none: nothing to choose
	p.Has(".result", "Nicht mehr verwendet werden: von 10000031 Anschrift, Telefon, E-Mail-Adresse, Bankverbindung")
	for _, secret := range []string{"a.schaefer@alt.example", "040 7654321", "DE02120300000000202051", "BYLADEM1001"} { // M3
		if strings.Contains(p.Body, secret) {
			t.Errorf("%q of the other number is shown in full", secret)
		}
	}
	if json := w.Get("/merge/draft", world.JSON...); strings.Contains(json.Body, "7654321") || !strings.Contains(json.Body, "••• ••• 4321") {
		t.Errorf("as JSON: %s", json.Body)
	}
}

func TestAnIncompleteGroupIsNotOfferedAndThePageSaysWhy(t *testing.T) { // M1
	w := newWorld(t)
	w.Change(moved, func(p *customer.Profile) { p.Street, p.PostalCode, p.IBAN = "", "", "" })
	prove(w, moved)
	p := w.Get("/merge/draft")
	p.Count(`input[name="choice.address"], input[name="choice.bank"]`, 0)
	p.Has(`form[action="/merge/adopt"]`, "Anschrift, Bankverbindung: bei der anderen Kundennummer unvollständig. Deshalb verwenden wir, was bei Ihrer steht.")
	adopt(w, moved, "choice.address", "other", "choice.bank", "other")
	w.Get("/merge/draft").Has(".result", "Anschrift: Hauptstr. 5, 10115 Berlin")
	if got := w.Draft(own).Sources[0].Choices; got.Of(merge.Address) != merge.Own || got.Of(merge.BankGroup) != merge.Own {
		t.Errorf("choices %v", got)
	}
}

func TestAdoptedDataLeadToTheOrder(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	if p := adopt(w, moved); p.Location != "/merge/draft" {
		t.Errorf("leads to %s", p.Location)
	}
	p := w.Get("/merge/draft")
	p.Has(".notice.success", "Die Daten der Kundennummer 10000031 sind übernommen.")
	w.Now = w.Now.Add(justNow)
	w.Get("/merge/draft").Count(".notice", 0) // a later visit
	adopt(w, moved)
	w.Now = w.Now.Add(justNow / 2)
	w.Get("/merge/draft").Count(".notice.success", 1)
	prove(w, twin)
	w.Get("/merge/draft").Count(".notice.success", 0) // it is about the next number now
	w.Post("/merge/remove", world.Form("customerNumber", twin))
	p.Has("h1", "Auftrag abschicken")
	p.Has(`form[action="/merge/submit"] button`, "Auftrag abschicken")
	p.Count(`form[action="/merge/submit"] input[name=currentPassword]`, 0)
	p.Count("button.primary", 1)
	p.Has("main", "Kostenlos. Pakete, Domains, Preise und Laufzeiten bleiben unverändert.")
	p.Count(`a[href="/merge"]:contains("Weitere Kundennummer zusammenfassen")`, 1)
	digest, _ := p.Find("input[name=digest]").Attr("value")
	if want := order.DigestOf(w.Profile(own), w.Draft(own), map[string]customer.Profile{moved: w.Profile(moved)}); digest != want {
		t.Errorf("digest %s, the order would have %s", digest, want)
	}
	key, _ := p.Find("input[name=idempotencyKey]").Attr("value")
	again, _ := w.Get("/merge/draft").Find("input[name=idempotencyKey]").Attr("value")
	if len(key) < 16 || key == again {
		t.Errorf("idempotency keys %q and %q", key, again)
	}
}

func TestChoicesOfTheOtherNumberAreSaidAndAskForThePassword(t *testing.T) { // S7
	w := newWorld(t)
	prove(w, moved)
	adopt(w, moved, "choice.email", "other", "choice.bank", "other", "choice.mobile", "other", "choice.address", "own")
	if got := w.Draft(own).Sources[0].Choices; got.Of(merge.EmailGroup) != merge.Other || got.Of(merge.MobileGroup) != merge.Own {
		t.Errorf("choices %v (there is no mobile number to take over)", got)
	}
	p := w.Get("/merge/draft")
	p.Count(`form[action="/merge/submit"] input[name=currentPassword]`, 1)
	p.Has(".result", "E-Mail-Adresse: a•••@alt.example (von 10000031)")
	p.Has(".result", "Abgebucht wird von Konto DE•• ••• 2051")
	p.Has(".result", "von 10000017 E-Mail-Adresse, Bankverbindung")
	p.Count(`input[name="choice.email"][value=other][checked]`, 1)
}

func TestALaterChoiceReplacesTheEarlierAndThePageSaysSo(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	adopt(w, moved, "choice.address", "other")
	add(w, another, w.Profile(moved), func(p *customer.Profile) { p.Street = "Ulmenweg 1" })
	prove(w, another)
	p := adopt(w, another, "choice.address", "other")
	w.Get(p.Location).Has(".notice", "Die Angabe der Kundennummer 10000031, die Sie vorher gewählt hatten, wird nicht mehr übernommen")
	w.Get("/merge/draft").Has(".result", "Anschrift: Ulmenweg 1, 20095 Hamburg (von 10000056)")
	w.Now = w.Now.Add(justNow)
	forged := w.Get("/merge/draft?replaced=address:99999999,nonsense:10000031,x")
	forged.Count(".notice", 0)
}

func TestAnExpiredProofKeepsTheChoices(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	adopt(w, moved, "choice.email", "other")
	wait(w, 31*time.Minute)
	p := w.Get("/merge/draft")
	p.Count(`form[action="/merge/submit"]`, 0)
	p.Has("main", "liegt mehr als 30 Minuten zurück")
	p.Count(`form[action="/merge/check"] input[type=hidden][name=customerNumber][value="10000031"]`, 1)
	p.Count(`form[action="/merge/check"] input[type=hidden][name=domain][value="alt.example"]`, 1)
	prove(w, moved)
	if s := w.Draft(own).Sources[0]; !s.Adopted || s.Choices.Of(merge.EmailGroup) != merge.Other || !s.ProvenAt.Equal(w.Now) {
		t.Errorf("%+v", s)
	}
	w.Get("/merge/draft").Count(`form[action="/merge/submit"]`, 1)
}

func TestWhatBlocksLaterHidesTheData(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	adopt(w, moved)
	w.Change(moved, func(p *customer.Profile) { p.LastName = "Krause" }) // corrected by the company meanwhile
	p := w.Get("/merge/draft")
	p.Has("main", "läuft auf einen anderen Namen")
	p.Count("table", 0)
	p.Count(`form[action="/merge/submit"]`, 0)
	p.Count(`form[action="/merge/remove"]`, 2)
}

func TestRemovingANumber(t *testing.T) {
	w := newWorld(t)
	prove(w, twin)
	prove(w, moved)
	for range 2 { // twice is as good as once
		if p := w.Post("/merge/remove", world.Form("customerNumber", twin)); p.Status != 303 || p.Location != "/merge/draft" {
			t.Errorf("%d %s", p.Status, p.Location)
		}
	}
	if p := w.Post("/merge/remove", world.Form("customerNumber", moved)); p.Location != "/merge" {
		t.Errorf("after the last number to %s", p.Location)
	}
	if p := w.Get("/merge/draft"); p.Status != 303 || p.Location != "/merge" {
		t.Errorf("an empty draft: %d %s", p.Status, p.Location)
	}
}

func TestANumberThatIsNotInTheDraftCannotBeAdopted(t *testing.T) { // S11
	w := newWorld(t)
	prove(w, twin)
	p := w.Post("/merge/adopt", world.Form("customerNumber", moved, "choice.email", "other"))
	if p.Status != 409 || len(w.Draft(own).Sources) != 1 {
		t.Errorf("%d %+v", p.Status, w.Draft(own))
	}
	p.Has(".error-summary", "nicht mehr in Ihrem Auftrag")
	if strings.Contains(p.Body, "alt.example") {
		t.Error("data of the unproven number are shown")
	}
	newWorld(t).Post("/merge/adopt", world.Form("customerNumber", moved)).Is(409) // with no draft at all
}

func TestAChoiceOfNeitherSideIsRefused(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	if p := w.Post("/merge/adopt", world.Form("customerNumber", moved, "choice.email", "both")); p.Status != 422 {
		t.Errorf("%d", p.Status)
	}
}

func TestTheDraftAsJSON(t *testing.T) {
	w := newWorld(t)
	prove(w, twin)
	adopt(w, twin)
	p := w.Get("/merge/draft", world.JSON...)
	var v struct {
		Ready          bool
		Digest         string
		IdempotencyKey string
		Sources        []struct {
			CustomerNumber string
			Adopted        bool
			Rows           []struct {
				Field, Verdict, Reason string
				Sentence               struct{ DE, EN string }
			}
		}
		Outcome struct {
			Survivor string
			Ending   []string
			Packages int
		}
	}
	if err := json.Unmarshal([]byte(p.Body), &v); err != nil {
		t.Fatal(err)
	}
	if !v.Ready || len(v.Digest) != 64 || v.IdempotencyKey == "" || v.Outcome.Survivor != own || v.Outcome.Packages != 2 || len(v.Sources) != 1 {
		t.Fatalf("%+v", v)
	}
	if row := v.Sources[0].Rows[0]; row.Field != "street" || row.Verdict != "equal_spelling" || row.Reason != "street_word" || row.Sentence.EN == "" {
		t.Errorf("%+v", row)
	}
}

func TestPagesInEnglish(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	p := w.Get("/merge/draft?lang=en")
	p.Has("h1", "Compare data")
	p.Has(`tr[data-field=street] .verdict`, "different")
	p.Has(".result", "The customer number that is kept is")
	for _, path := range []string{"/merge?lang=en", "/merge/draft?lang=en"} {
		if got := w.Get(path).Text("main"); strings.Contains(got, "Kundennummer") {
			t.Errorf("%s speaks German: %s", path, got)
		}
	}
}

func TestIDsAreUniqueWithSeveralNumbers(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	add(w, another, w.Profile(moved), func(p *customer.Profile) { p.Street = "Ulmenweg 1" })
	prove(w, another)
	wait(w, time.Hour)
	for _, path := range []string{"/merge", "/merge/draft"} {
		p := w.Get(path)
		seen := map[string]bool{}
		for _, n := range p.Find("[id]").Nodes {
			for _, a := range n.Attr {
				if a.Key == "id" && seen[a.Val] {
					t.Errorf("%s has the id %s twice", path, a.Val)
				}
				if a.Key == "id" {
					seen[a.Val] = true
				}
			}
		}
	}
}

func TestANumberOfAnEarlierOrderShowsNothingBeforeItsProof(t *testing.T) { // M3
	w := newWorld(t)
	w.SaveDraft(order.Draft{Number: own, Sources: []order.DraftSource{
		{Number: moved, Package: "P-1003", Domain: "alt.example", Choices: merge.Choices{merge.Address: merge.Other}}}})
	w.Change(moved, func(p *customer.Profile) { p.Locked = true })
	for _, accept := range []string{"", "application/json"} {
		p := w.Get("/merge/draft", "Accept", accept)
		for _, secret := range []string{"Lindenweg", "Hamburg", merge.LockedOther.Text.In(lang.DE)} {
			if strings.Contains(p.Body, secret) {
				t.Errorf("%q of the unproven number is shown (%s)", secret, accept)
			}
		}
	}
	p := w.Get("/merge/draft")
	p.Count("table", 0)
	p.Count(`form[action="/merge/submit"], form[action="/merge/adopt"]`, 0)
	p.Has("main", "Geben Sie das Paketpasswort noch einmal ein, dann sehen Sie den Vergleich")
	if refused := w.Post("/merge/adopt", world.Form("customerNumber", moved)); refused.Status != 422 {
		t.Errorf("adopted without a proof: %d", refused.Status)
	}
	w.Change(moved, func(p *customer.Profile) { p.Locked = false })
	prove(w, moved)
	w.Get("/merge/draft").Count(`input[name="choice.address"][value=other][checked]`, 1)
}

func TestTheResultNamesTheLapsingNumbersInASentence(t *testing.T) {
	w := newWorld(t)
	prove(w, twin)
	adopt(w, twin)
	w.Get("/merge/draft").Has(".result", "Mit 10000023 können Sie sich weiter anmelden")
	prove(w, moved)
	adopt(w, moved)
	w.Get("/merge/draft").Has(".result", "Mit 10000023 und 10000031 können Sie sich weiter anmelden")
	w.Get("/merge/draft?lang=en").Has(".result", "You can still sign in with 10000023 and 10000031")
}

func TestWhatDiffersComesFirstWithTheChoiceInItsRows(t *testing.T) {
	w := newWorld(t)
	prove(w, moved)
	p := w.Get("/merge/draft")
	differing := p.Find("table.pairs").First()
	if got := differing.Find("tr[data-field]").Length(); got != 8 || differing.Find("tr.same").Length() > 0 {
		t.Errorf("%d rows come first", got)
	}
	p.Count("details tr.same", 2)
	p.Has("details > summary", "2 gleiche Angaben")
	p.Count(`tr[data-field=street] .own input[name="choice.address"][value=own]`, 1)
	p.Count(`tr[data-field=street] .other input[name="choice.address"][value=other]`, 1)
	p.Has(`tr[data-field=street] th`, "Welche Anschrift sollen wir verwenden?")
	for field, side := range map[string]string{"postalCode": "10115", "city": "Berlin"} { // click there as well
		label := p.Find("tr[data-field=" + field + "] .own label")
		if id, _ := label.Attr("for"); label.Text() != side || p.Value("#"+id) != "own" {
			t.Errorf("%s is %q, for %q", field, label.Text(), id)
		}
	}
	p.Has(".outcome", "10000031 gehört danach zu 10000017, und für alle Pakete gilt, was Sie oben auswählen.")
	w.Change(moved, func(p *customer.Profile) { p.Country = "AT" })
	p = w.Get("/merge/draft")
	p.Has("tr[data-field=postalCode] .own", "10115, Deutschland")
	p.Has("tr[data-field=postalCode] .other", "20095, Österreich")
}

func TestTheResultHoldsWhateverIsChosen(t *testing.T) {
	w := newWorld(t)
	prove(w, twin)
	w.Get("/merge/draft").Has(".outcome", "10000023 gehört danach zu 10000017. An den Daten ändert sich nichts.")
	w.Change(twin, func(p *customer.Profile) { p.Mobile = "" })
	p := w.Get("/merge/draft")
	p.Has(".outcome", "für alle Pakete gelten die Angaben von 10000017")
	p.Count("input[type=radio]", 0)
	prove(w, moved)
	w.Get("/merge/draft").Count(`form[action="/merge/adopt"] button.primary`, 1) // one after the other
}
