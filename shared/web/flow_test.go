package web

import (
	"testing"

	"kundenkonto/shared/lang"
)

func TestAMergeIsDrawnAndSaid(t *testing.T) {
	one := newFlow("10000017", []string{"10000023"})
	if got := one.Said.In(lang.DE); got != "Die Kundennummer 10000023 kommt zu 10000017." {
		t.Error(got)
	}
	v := newFlow("10000017", []string{"10000023", "10000031", "10000048"})
	if got := v.Said.In(lang.DE); got != "Die Kundennummern 10000023, 10000031 und 10000048 kommen zu 10000017." {
		t.Error(got)
	}
	last := v.Rows[len(v.Rows)-1]
	if v.Rows[1].Middle != v.Middle || last.Top()+flowBox > v.Height || one.Below() > one.Height || v.Rows[0].Top() < 0 {
		t.Errorf("something lies outside the picture: %+v", v)
	}
}
