package review

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kundenkonto/shared/merge"
)

func TestAnOrderShowsTheMarksThatItsCustomerSaw(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(anna())
	doc := s.page(s.get("/service/orders/K7QX-2M4D"), http.StatusOK)
	rows := map[string]string{}
	doc.Find("table.compare tbody tr").Each(func(_ int, tr *goquery.Selection) {
		rows[words(tr.Find("th"))] = tr.AttrOr("class", "") + ": " + words(tr.Find(".verdict"))
	})
	for label, want := range map[string]string{
		"Nachname":       "same: = gleich",
		"Straße":         "same: ≈ gleich andere Schreibweise (Str. = Straße)",
		"Telefon":        "same: ≈ gleich andere Schreibweise (+49 = 0049 = 0)",
		"Handy":          "differs: ≠ unterschiedlich bleibt wie bei 10000017",
		"E-Mail-Adresse": "differs: ≠ unterschiedlich übernommen von 10000023",
	} {
		if rows[label] != want {
			t.Errorf("%s: %q, want %q", label, rows[label], want)
		}
	}
	if got := words(doc.Find(".result")); !strings.Contains(got, "a•••@alt.example (von 10000023)") || !strings.Contains(got, "Abgebucht wird von Konto DE") {
		t.Errorf("result %q", got)
	}
	if got := words(doc.Find(".decision")); !strings.Contains(got, "frühestens am 26.11.2026 um 11:01 Uhr") {
		t.Errorf("decision %q", got)
	}
	if doc.Find(`.decision input[name=digest]`).AttrOr("value", "") != anna().Digest {
		t.Error("the form does not carry the digest")
	}
}

// S13, M3: neither page nor JSON tells what the customer was not told, and no full account at all.
func TestNoFullBankDataAndNothingMaskedLeavesTheOrderPage(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(anna())
	changed := s.Profile("10000023")
	changed.Version, changed.IBAN, changed.Mobile = 8, "DE02120300000000202051", "0171 9998888"
	s.Save(changed)
	for _, accept := range []string{"text/html", "application/json"} {
		body := text(s.get("/service/orders/K7QX-2M4D", "Accept", accept))
		if !strings.Contains(body, "K7QX-2M4D") {
			t.Fatalf("no order: %s", body)
		}
		for _, secret := range []string{"DE89370400440532013000", "0532013000", "0648489890", "50010517", "7654321", "anna@alt.example",
			"DE02120300000000202051", "0000202051", "9998888"} {
			if strings.Contains(strings.ReplaceAll(body, " ", ""), secret) {
				t.Errorf("%s shows %s", accept, secret)
			}
		}
	}
}

func TestAnUnknownOrderIsNotFound(t *testing.T) {
	s := newSite(t)
	s.signIn()
	for _, id := range []string{"AAAA-2222", "nonsense", "%00"} {
		if resp := s.get("/service/orders/" + id); resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s answers %d", id, resp.StatusCode)
		}
	}
}

func TestWhatCustomersChangedSinceIsShownBesideTheOrder(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(anna())
	p := s.Profile("10000017")
	p.Version, p.City = 4, "Potsdam"
	s.Save(p)
	doc := s.page(s.get("/service/orders/K7QX-2M4D"), http.StatusOK)
	if got := words(doc.Find("section:has(#changes) tbody tr")); got != "Ort (10000017) Berlin Potsdam" {
		t.Errorf("changes %q", got)
	}
	if got := words(doc.Find(".risks")); !strings.Contains(got, "Daten seither geändert (10000017)") {
		t.Errorf("signs %q", got)
	}
}

func TestOnlyAnOrderInReviewCanBeApproved(t *testing.T) {
	for _, state := range merge.States() {
		s := newSite(t)
		s.signIn()
		o := anna()
		o.State, o.ExecutedAt = state, start
		s.put(o)
		doc := s.page(s.get("/service/orders/K7QX-2M4D"), http.StatusOK)
		buttons := doc.Find(".decision form:not([action$=claim]) .actions button").Map(func(_ int, b *goquery.Selection) string { return words(b) })
		want := map[merge.State][]string{merge.InReview: {"Genehmigen", "Ablehnen"}, merge.Approved: {"Ablehnen"}, merge.Stale: {"Ablehnen"}, merge.Failed: {"Wiederholen", "Ablehnen"},
			merge.Executed: {"Rückgängig machen"}}[state]
		if !slices.Equal(buttons, want) {
			t.Errorf("%s offers %v, want %v", state, buttons, want)
		}
	}
}

func TestAnOrderIsJSONWhenAskedFor(t *testing.T) {
	s := newSite(t)
	s.signIn()
	s.put(anna())
	var got struct {
		State, Digest string
		MayApprove    bool
		Sides         []struct {
			CustomerNumber string
			Proof          struct{ Domain string }
		}
	}
	if err := json.NewDecoder(s.get("/service/orders/K7QX-2M4D", "Accept", "application/json").Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.State != "IN_REVIEW" || !got.MayApprove || got.Sides[0].Proof.Domain != "schaefer-foto.example" || got.Digest == "" {
		t.Errorf("%+v", got)
	}
}

func TestNamesAreEscaped(t *testing.T) {
	s := newSite(t)
	s.signIn()
	o := anna()
	o.Survivor.Record.Company, o.Sources[0].Domain = "<script>alert(1)</script>", `"><img src=x>`
	s.put(o)
	for _, path := range []string{"/service", "/service/orders/K7QX-2M4D"} {
		if body := text(s.get(path)); strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
			t.Errorf("%s is not escaped", path)
		}
	}
}
