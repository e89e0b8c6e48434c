package overview

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
