package orders

import (
	"kundenkonto/shared/lang"
	"kundenkonto/shared/order"
)

// untoldView is a side that the announcement did not reach.
type untoldView struct {
	Numbers []string  `json:"customerNumbers"`
	Why     lang.Text `json:"why"`
}

func untoldOf(o order.Order) []untoldView {
	var list []untoldView
	for _, u := range o.Unreached {
		list = append(list, untoldView{Numbers: u.Numbers, Why: whyUntold(u.Why)})
	}
	return list
}

func whyUntold(why string) lang.Text {
	switch why {
	case order.NoAddress:
		return lang.T("keine E-Mail-Adresse hinterlegt")
	case order.Bounced:
		return lang.T("E-Mail kam zurück")
	case order.Complained:
		return lang.T("E-Mail als Spam gemeldet")
	}
	return lang.T("E-Mail ließ sich nicht senden")
}
