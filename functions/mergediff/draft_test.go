package mergediff

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestIdenticalDataNeedOnlyWeiter(t *testing.T) {
	w := newWorld()
	w.prove(t, twin)
	p := w.get(t, "/merge/draft")
	p.count("tr.differs", 0)
	p.count(`tr[data-field]`, 10) // the seed's eight, IBAN and BIC
	p.has(`tr[data-field=street] .verdict`, "≈ gleich andere Schreibweise (Str. = Straße)")
	p.has(`tr[data-field=phone] .verdict`, "+49 = 0049 = 0")
	p.has(`tr[data-field=iban] .verdict`, "die IBAN enthält Kontonummer und Bankleitzahl")
	p.has(`form[action="/merge/adopt"] button`, "Weiter")
	p.count(`form[action="/merge/adopt"] input[type=radio]`, 0)
	p.count(`form[action="/merge/submit"]`, 0)
	p.has(".result", "Bestehen bleibt die Kundennummer 10000017")
	p.has(".result", "Künftig verwenden wir für alle 2 Pakete:")
	p.has(".result", "Abgebucht wird von Konto DE•• ••• 3000")
}

func TestDifferingRowsAreMarkedAndMasked(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	p := w.get(t, "/merge/draft")
	p.count("tr.differs", 8)
	p.has(`tr[data-field=email].differs .verdict`, "≠ unterschiedlich")
	p.has(`tr[data-field=mobile] .verdict`, "nur bei Ihrer Kundennummer angegeben")
	p.has(`form[action="/merge/adopt"] button`, "Daten übernehmen")
	p.count(`input[name="choice.email"]`, 2)
	p.count(`input[name="choice.email"][value=own][checked]`, 1)
	p.count(`input[name="choice.mobile"]`, 0) // the other has none: nothing to choose
	p.has(".result", "Nicht mehr verwendet werden: von 10000031 Anschrift, Telefon, E-Mail-Adresse, Bankverbindung")
	for _, secret := range []string{"a.schaefer@alt.example", "040 7654321", "DE02120300000000202051", "BYLADEM1001"} { // M3
		if strings.Contains(p.body, secret) {
			t.Errorf("%q of the other number is shown in full", secret)
		}
	}
	if json := w.do(t, "GET", "/merge/draft", "application/json", nil); strings.Contains(json.body, "7654321") || !strings.Contains(json.body, "••• ••• 4321") {
		t.Errorf("as JSON: %s", json.body)
	}
}

func TestAnIncompleteGroupIsNotOfferedAndThePageSaysWhy(t *testing.T) { // M1
	w := newWorld()
	w.change(moved, func(p *customer.Profile) { p.Street, p.PostalCode, p.IBAN = "", "", "" })
	w.prove(t, moved)
	p := w.get(t, "/merge/draft")
	p.count(`input[name="choice.address"], input[name="choice.bank"]`, 0)
	p.has(`form[action="/merge/adopt"]`, "Anschrift, Bankverbindung: bei der anderen Kundennummer unvollständig. Deshalb verwenden wir, was bei Ihrer steht.")
	w.adopt(t, moved, "choice.address", "other", "choice.bank", "other")
	w.get(t, "/merge/draft").has(".result", "Anschrift: Hauptstr. 5, 10115 Berlin")
	if got := w.drafts[own].Sources[0].Choices; got.Of(merge.Address) != merge.Own || got.Of(merge.BankGroup) != merge.Own {
		t.Errorf("choices %v", got)
	}
}

func TestAdoptedDataLeadToTheOrder(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	if p := w.adopt(t, moved); p.location != "/merge/draft" {
		t.Errorf("leads to %s", p.location)
	}
	p := w.get(t, "/merge/draft")
	p.has("h1", "Auftrag abschicken")
	p.has(`form[action="/merge/submit"] button`, "Auftrag abschicken")
	p.count(`form[action="/merge/submit"] input[name=currentPassword]`, 0)
	p.count("button.primary", 1)
	p.has("main", "Kostenlos. Pakete, Domains, Preise und Laufzeiten bleiben unverändert.")
	p.count(`a[href="/merge"]:contains("Weitere Kundennummer zusammenfassen")`, 1)
	digest, _ := p.Find("input[name=digest]").Attr("value")
	if want := order.DigestOf(w.profiles[own], w.drafts[own], w.profiles); digest != want {
		t.Errorf("digest %s, the order would have %s", digest, want)
	}
	key, _ := p.Find("input[name=idempotencyKey]").Attr("value")
	again, _ := w.get(t, "/merge/draft").Find("input[name=idempotencyKey]").Attr("value")
	if len(key) < 16 || key == again {
		t.Errorf("idempotency keys %q and %q", key, again)
	}
}

func TestChoicesOfTheOtherNumberAreSaidAndAskForThePassword(t *testing.T) { // S7
	w := newWorld()
	w.prove(t, moved)
	w.adopt(t, moved, "choice.email", "other", "choice.bank", "other", "choice.mobile", "other", "choice.address", "own")
	if got := w.drafts[own].Sources[0].Choices; got.Of(merge.EmailGroup) != merge.Other || got.Of(merge.MobileGroup) != merge.Own {
		t.Errorf("choices %v (there is no mobile number to take over)", got)
	}
	p := w.get(t, "/merge/draft")
	p.count(`form[action="/merge/submit"] input[name=currentPassword]`, 1)
	p.has(".result", "E-Mail-Adresse: a•••@alt.example (von 10000031)")
	p.has(".result", "Abgebucht wird von Konto DE•• ••• 2051")
	p.has(".result", "von 10000017 E-Mail-Adresse, Bankverbindung")
	p.count(`input[name="choice.email"][value=other][checked]`, 1)
}

func TestALaterChoiceReplacesTheEarlierAndThePageSaysSo(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	w.adopt(t, moved, "choice.address", "other")
	w.add("10000056", w.profiles[moved], "P-1005", "dritte.example", func(p *customer.Profile) { p.Street = "Ulmenweg 1" })
	w.prove(t, "10000056")
	p := w.adopt(t, "10000056", "choice.address", "other")
	w.get(t, p.location).has(".notice", "Die Angabe der Kundennummer 10000031, die Sie vorher gewählt hatten, wird nicht mehr übernommen")
	w.get(t, "/merge/draft").has(".result", "Anschrift: Ulmenweg 1, 20095 Hamburg (von 10000056)")
	forged := w.get(t, "/merge/draft?replaced=address:99999999,nonsense:10000031,x")
	forged.count(".notice", 0)
}

func TestAnExpiredProofKeepsTheChoices(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	w.adopt(t, moved, "choice.email", "other")
	w.now = w.now.Add(31 * time.Minute)
	p := w.get(t, "/merge/draft")
	p.count(`form[action="/merge/submit"]`, 0)
	p.has("main", "liegt mehr als 30 Minuten zurück")
	p.count(`form[action="/merge/check"] input[type=hidden][name=customerNumber][value="10000031"]`, 1)
	p.count(`form[action="/merge/check"] input[type=hidden][name=domain][value="alt.example"]`, 1)
	w.prove(t, moved)
	if s := w.drafts[own].Sources[0]; !s.Adopted || s.Choices.Of(merge.EmailGroup) != merge.Other || !s.ProvenAt.Equal(w.now) {
		t.Errorf("%+v", s)
	}
	w.get(t, "/merge/draft").count(`form[action="/merge/submit"]`, 1)
}

func TestWhatBlocksLaterHidesTheData(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	w.adopt(t, moved)
	w.change(moved, func(p *customer.Profile) { p.LastName = "Krause" }) // corrected by the company meanwhile
	p := w.get(t, "/merge/draft")
	p.has("main", "läuft auf einen anderen Namen")
	p.count("table", 0)
	p.count(`form[action="/merge/submit"]`, 0)
	p.count(`form[action="/merge/remove"]`, 2)
}

func TestRemovingANumber(t *testing.T) {
	w := newWorld()
	w.prove(t, twin)
	w.prove(t, moved)
	for range 2 { // twice is as good as once
		if p := w.post(t, "/merge/remove", "customerNumber", twin); p.status != 303 || p.location != "/merge/draft" {
			t.Errorf("%d %s", p.status, p.location)
		}
	}
	if p := w.post(t, "/merge/remove", "customerNumber", moved); p.location != "/merge" {
		t.Errorf("after the last number to %s", p.location)
	}
	if p := w.get(t, "/merge/draft"); p.status != 303 || p.location != "/merge" {
		t.Errorf("an empty draft: %d %s", p.status, p.location)
	}
}

func TestANumberThatIsNotInTheDraftCannotBeAdopted(t *testing.T) { // S11
	w := newWorld()
	w.prove(t, twin)
	p := w.post(t, "/merge/adopt", "customerNumber", moved, "choice.email", "other")
	if p.status != 409 || len(w.drafts[own].Sources) != 1 {
		t.Errorf("%d %+v", p.status, w.drafts[own])
	}
	p.has(".error-summary", "nicht mehr in Ihrem Auftrag")
	if strings.Contains(p.body, "alt.example") {
		t.Error("data of the unproven number are shown")
	}
	if empty := newWorld().post(t, "/merge/adopt", "customerNumber", moved); empty.status != 409 {
		t.Errorf("with no draft at all: %d", empty.status)
	}
}

func TestAChoiceOfNeitherSideIsRefused(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	if p := w.post(t, "/merge/adopt", "customerNumber", moved, "choice.email", "both"); p.status != 422 {
		t.Errorf("%d", p.status)
	}
}

func TestTheDraftAsJSON(t *testing.T) {
	w := newWorld()
	w.prove(t, twin)
	w.adopt(t, twin)
	p := w.do(t, "GET", "/merge/draft", "application/json", nil)
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
	if err := json.Unmarshal([]byte(p.body), &v); err != nil {
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
	w := newWorld()
	w.prove(t, moved)
	p := w.get(t, "/merge/draft?lang=en")
	p.has("h1", "Compare data")
	p.has(`tr[data-field=street] .verdict`, "different")
	p.has(".result", "The customer number that is kept is")
	for _, path := range []string{"/merge?lang=en", "/merge/draft?lang=en"} {
		if got := w.get(t, path).text("main"); strings.Contains(got, "Kundennummer") {
			t.Errorf("%s speaks German: %s", path, got)
		}
	}
}

func TestIDsAreUniqueWithSeveralNumbers(t *testing.T) {
	w := newWorld()
	w.prove(t, moved)
	w.add("10000056", w.profiles[moved], "P-1005", "dritte.example", func(p *customer.Profile) { p.Street = "Ulmenweg 1" })
	w.prove(t, "10000056")
	w.now = w.now.Add(time.Hour)
	for _, path := range []string{"/merge", "/merge/draft"} {
		p := w.get(t, path)
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
	w := newWorld()
	w.drafts[own] = order.Draft{Number: own, Version: 1, Sources: []order.DraftSource{
		{Number: moved, Package: "P-1003", Domain: "alt.example", Choices: merge.Choices{merge.Address: merge.Other}}}}
	w.change(moved, func(p *customer.Profile) { p.Locked = true })
	for _, accept := range []string{"", "application/json"} {
		p := w.do(t, "GET", "/merge/draft", accept, nil)
		for _, secret := range []string{"Lindenweg", "Hamburg", merge.LockedOther.Text.In(lang.DE)} {
			if strings.Contains(p.body, secret) {
				t.Errorf("%q of the unproven number is shown (%s)", secret, accept)
			}
		}
	}
	p := w.get(t, "/merge/draft")
	p.count("table", 0)
	p.count(`form[action="/merge/submit"], form[action="/merge/adopt"]`, 0)
	p.has("main", "Geben Sie das Paketpasswort noch einmal ein, dann sehen Sie den Vergleich")
	if refused := w.post(t, "/merge/adopt", "customerNumber", moved); refused.status != 422 {
		t.Errorf("adopted without a proof: %d", refused.status)
	}
	w.change(moved, func(p *customer.Profile) { p.Locked = false })
	w.prove(t, moved)
	w.get(t, "/merge/draft").count(`input[name="choice.address"][value=other][checked]`, 1)
}

func TestTheResultNamesTheLapsingNumbersInASentence(t *testing.T) {
	w := newWorld()
	w.prove(t, twin)
	w.adopt(t, twin)
	w.get(t, "/merge/draft").has(".result", "Mit 10000023 können Sie sich weiter anmelden")
	w.prove(t, moved)
	w.adopt(t, moved)
	w.get(t, "/merge/draft").has(".result", "Mit 10000023 und 10000031 können Sie sich weiter anmelden")
	w.get(t, "/merge/draft?lang=en").has(".result", "You can still sign in with 10000023 and 10000031")
}
