package overview_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
)

// with is anna's account with one package that has a contract.
func with(t *testing.T, p customer.Package) *visitor.Visitor {
	w := visitor.Anna(t)
	p.ID, p.Number, p.Product = "P-1", "10000017", "shop"
	w.Only(p)
	return w
}

func TestTheListSaysUntilWhenAContractRunsAndWhenItCanEnd(t *testing.T) {
	for _, c := range []struct {
		name, company string
		p             customer.Package
		de, en        string
	}{
		{"a consumer's since March 2022", "", customer.Package{ContractStart: "2023-05-01", TermMonths: 12, NoticePeriodMonths: 1},
			"unbefristet kündbar zum 23.12.2026", "open-ended can end on 23 December 2026"},
		{"a company's", "Nordlicht GmbH", customer.Package{ContractStart: "2023-05-01", TermMonths: 12, NoticePeriodMonths: 1},
			"30.04.2027 kündbar zum 30.04.2027", "30 April 2027 can end on 30 April 2027"},
		{"a blank is no company", " ", customer.Package{ContractStart: "2023-05-01", TermMonths: 12, NoticePeriodMonths: 1},
			"unbefristet kündbar zum 23.12.2026", "open-ended can end on 23 December 2026"},
		{"two years, then a year each", "", customer.Package{ContractStart: "2021-01-01", TermMonths: 24, NoticePeriodMonths: 3, Renewal: "12"},
			"31.12.2026 kündbar zum 31.12.2027", "31 December 2026 can end on 31 December 2027"},
		{"cancelled", "", customer.Package{ContractStart: "2021-01-01", TermMonths: 24, EndedAt: "2027-12-31"}, "endet am 31.12.2027", "ends on 31 December 2027"},
		{"its last day", "", customer.Package{ContractStart: "2021-01-01", TermMonths: 24, EndedAt: "2026-11-23"}, "endet am 23.11.2026", "ends on 23 November 2026"},
		{"over", "", customer.Package{ContractStart: "2021-01-01", TermMonths: 24, EndedAt: "2026-11-22"}, "beendet 22.11.2026", "ended 22 November 2026"},
		{"without dates", "", customer.Package{TermMonths: 12}, "unbekannt", "unknown"},
		{"a start that stands for never", "", customer.Package{ContractStart: "9999-12-31", TermMonths: 12}, "unbekannt", "unknown"},
		{"an end that stands for never", "", customer.Package{ContractStart: "2021-01-01", EndedAt: "9999-12-31"}, "endet am unbekannt", "ends on unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := with(t, c.p)
			w.Is(func(p *customer.Profile) { p.Company = c.company })
			for lang, want := range map[string]string{"de": c.de, "en": c.en} {
				if got := w.Get("/account?lang=" + lang).Text("tbody td:nth-child(4)"); got != want {
					t.Errorf("the row says %q, want %q", got, want)
				}
			}
		})
	}
}

func TestThePageOfAPackageSaysHowItsContractGoesOn(t *testing.T) {
	for _, c := range []struct {
		name     string
		p        customer.Package
		says     []string
		saysNone string
	}{
		{"renewed for an indefinite time", customer.Package{ContractStart: "2023-05-01", TermMonths: 12, NoticePeriodMonths: 3},
			[]string{"Laufzeit 12 Monate, danach unbefristet", "Vertrag bis unbefristet", "Kündigungsfrist 1 Monat", "Kündbar zum 23.12.2026, wenn Sie heute kündigen"}, "zum Ende der Laufzeit"},
		{"in its first term", customer.Package{ContractStart: "2026-05-01", TermMonths: 12, NoticePeriodMonths: 1},
			[]string{"Vertrag bis 30.04.2027", "Kündbar zum 30.04.2027, wenn uns die Kündigung bis 31.03.2027 erreicht", "1 Monat zum Ende der Laufzeit"}, ""},
		{"with a renewal of its own", customer.Package{ContractStart: "2021-01-01", TermMonths: 24, Renewal: "6"},
			[]string{"Laufzeit 24 Monate, danach jeweils 6 Monate", "Vertrag bis 31.12.2026"}, "Abbuchung"},
		{"with a price", customer.Package{ContractStart: "2021-01-31", PriceCents: cents(1200), BillingMonths: 3},
			[]string{"Preis 12,00 € alle 3 Monate", "Nächste Abbuchung 31.01.2027"}, ""},
		{"free of charge", customer.Package{ContractStart: "2021-01-31", PriceCents: cents(0), BillingMonths: 3}, []string{"Preis kostenlos"}, "Abbuchung"},
		{"with a period alone", customer.Package{ContractStart: "2021-01-31", BillingMonths: 1}, []string{"Nächste Abbuchung 30.11.2026"}, "Preis"},
		{"with a price alone", customer.Package{ContractStart: "2021-01-31", PriceCents: cents(1200)}, []string{"Preis 12,00 € je Abrechnungszeitraum"}, "Abbuchung"},
		{"cancelled before the next debit", customer.Package{ContractStart: "2021-01-31", PriceCents: cents(1200), BillingMonths: 3, EndedAt: "2027-01-30"},
			[]string{"Preis 12,00 €"}, "Abbuchung"},
		{"cancelled to a day that is none", customer.Package{ContractStart: "2021-01-31", BillingMonths: 3, EndedAt: "9999-12-31"}, nil, "Abbuchung"},
		{"cancelled", customer.Package{ContractStart: "2021-01-01", TermMonths: 24, EndedAt: "2027-12-31"}, []string{"Endet am 31.12.2027 gekündigt", "Einstellungen speichern", "Paketpasswort speichern"}, "beendet"},
		{"over", customer.Package{ContractStart: "2021-01-01", TermMonths: 24, EndedAt: "2026-11-22"}, []string{"Vertragsende 22.11.2026 beendet"}, "speichern"},
		{"not known", customer.Package{}, []string{"Vertragsbeginn unbekannt", "Laufzeit unbekannt", "Vertrag bis unbekannt", "Kündigungsfrist unbekannt", "Kündbar zum unbekannt"}, "noch nicht begonnen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.ReplaceAll(with(t, c.p).Get("/account/packages/P-1").Text("main"), "\u00a0", " ")
			for _, want := range c.says {
				if !strings.Contains(got, want) {
					t.Errorf("the page does not say %q:\n%s", want, got)
				}
			}
			if c.saysNone != "" && strings.Contains(got, c.saysNone) {
				t.Errorf("the page says %q:\n%s", c.saysNone, got)
			}
		})
	}
}

func cents(n int64) *int64 { return &n }

// A cancelled package runs on, with all that belongs to it, until its last day is past.
func TestACancelledPackageCanBeSetUntilItsLastDay(t *testing.T) {
	for end, want := range map[string]int{"2027-12-31": http.StatusSeeOther, "2026-11-23": http.StatusSeeOther, "2026-11-22": http.StatusConflict} {
		w := with(t, customer.Package{ContractStart: "2021-01-01", EndedAt: end})
		if a := w.Post("/account/packages/P-1/settings", url.Values{"language": {"fr"}}); a.Status != want {
			t.Errorf("ends on %s: settings world.Page %d, want %d", end, a.Status, want)
		}
		if a := w.Post("/account/packages/P-1/password", url.Values{"currentPassword": {visitor.Password}, "newPassword": {visitor.PackagePassword}}); a.Status != want {
			t.Errorf("ends on %s: the package password answers %d, want %d", end, a.Status, want)
		}
	}
}

// Whatever is stored of a contract, no page fails on it.
func TestNoStoredDateBreaksAPage(t *testing.T) {
	date := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{4,5}-[0-9]{2}-[0-9]{2}`), rapid.SampledFrom([]string{"", "9999-12-31", "0000-00-00", "2024-02-30", "31.12.2020", "2026-11-23T00:00:00Z"}))
	figure := rapid.OneOf(rapid.IntRange(-2, 130), rapid.Int())
	rapid.Check(t, func(r *rapid.T) {
		w := visitor.Anna(t)
		w.Is(func(p *customer.Profile) {
			p.Company = rapid.SampledFrom([]string{"", "Nordlicht GmbH"}).Draw(r, "company")
		})
		var packages []customer.Package
		for i := range 12 {
			packages = append(packages, customer.Package{ID: fmt.Sprintf("P-%d", i), Number: "10000017", Product: "shop", ContractStart: date.Draw(r, "start"), EndedAt: date.Draw(r, "end"),
				TermMonths: figure.Draw(r, "months"), BillingMonths: figure.Draw(r, "billing"), PriceCents: cents(rapid.Int64().Draw(r, "price")), NoticePeriodMonths: figure.Draw(r, "notice"), Renewal: contract.Renewal(date.Draw(r, "renewal"))})
		}
		w.Only(packages...)
		for _, path := range []string{"/account", "/account?sort=end", "/account/packages/P-0", "/account/packages/P-1"} {
			for _, accept := range []string{"text/html", "application/json"} {
				if a := w.Get(path, "Accept", accept); a.Status != http.StatusOK || strings.Count(a.Body, "<tr>") != 13 && path == "/account" && accept == "text/html" {
					r.Fatalf("%s as %s answers %d: %s", path, accept, a.Status, a.Body)
				}
			}
		}
	})
}
