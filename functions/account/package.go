package account

import (
	"errors"
	"slices"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// PackageView is a package and its contract. Days are YYYY-MM-DD.
type PackageView struct {
	PackageRow
	ContractStart string `json:"contractStart,omitempty"`
	TermMonths    int    `json:"termMonths"`
	NoticeMonths  int    `json:"noticePeriodMonths"`
	NextEnd       string `json:"nextPossibleEnd,omitempty"`
	NoticeBy      string `json:"noticeBy,omitempty"` // last day for the notice to this end
	Owner         string `json:"customerNumber"`     // whom it belongs to now
	Begun         bool   `json:"-"`
}

// packagePage shows a package of the own number or of one of its members. Any other is not there (S11).
func (d Deps) packagePage(r *web.Request, s session.Signed) (web.Response, error) {
	p, err := d.Customers.Package(r.Context(), r.PathValue("id"))
	if errors.Is(err, customer.ErrNotFound) {
		return nil, web.NotFound()
	}
	if err != nil {
		return nil, err
	}
	if !slices.Contains(s.Profile.Numbers(), p.Number) {
		r.Note("security_event", "authz_fail")
		return nil, web.NotFound()
	}
	return web.Page("package", packageView(p, s.Profile.Number, r.Now)), nil
}

func packageView(p customer.Package, owner string, now time.Time) PackageView {
	terms, known := termsOf(p)
	today := contract.Day(now)
	v := PackageView{PackageRow: rowOf(p, now), TermMonths: p.TermMonths, NoticeMonths: p.NoticePeriodMonths, Owner: owner}
	if !known {
		return v
	}
	v.ContractStart, v.Begun = terms.Start.Format(time.DateOnly), !today.Before(terms.Start)
	if end, ok := terms.NextEnd(today); ok && p.EndedAt == "" {
		v.NextEnd, v.NoticeBy = end.Format(time.DateOnly), terms.NoticeBy(end).Format(time.DateOnly)
	}
	return v
}
