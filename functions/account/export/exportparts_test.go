package export

import (
	"encoding/json"
	"strings"
	"testing"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
)

func TestAnExportedPackageSaysWhatIsStoredAndHowItStands(t *testing.T) {
	price := int64(1200)
	p := customer.Package{ID: "P-1", PriceCents: &price, BillingMonths: 3, ContractStart: "2021-01-01", TermMonths: 24, NoticePeriodMonths: 3, Renewal: "12", Domains: []string{}}
	b, err := json.Marshal(exportedPackage{p, p.Contract(contract.Day(noon), true)})
	for _, want := range []string{`"contractStart":"2021-01-01"`, `"termMonths":24`, `"renewal":12`, `"contractUntil":"2026-12-31"`, `"nextPossibleEnd":"2027-12-31"`, `"noticeBy":"2027-09-30"`,
		`"priceCents":1200`, `"billingMonths":3`, `"nextDebit":"2027-01-01"`} {
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s is missing in %s, %v", want, b, err)
		}
	}
	p.EndedAt = "2026-11-22"
	if b, err = json.Marshal(exportedPackage{p, p.Contract(contract.Day(noon), true)}); err != nil || !strings.Contains(string(b), `"endedAt":"2026-11-22"`) || !strings.Contains(string(b), `"ended":true`) {
		t.Errorf("an ended one is %s, %v", b, err)
	}
}
