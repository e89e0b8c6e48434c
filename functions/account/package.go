package account

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// PackageView is a package and its contract. Days are YYYY-MM-DD.
type PackageView struct {
	PackageRow
	ContractStart string `json:"contractStart,omitempty"`
	TermMonths    int    `json:"termMonths"`
	NoticeMonths  int    `json:"noticePeriodMonths"`
	NoticeBy      string `json:"noticeBy,omitempty"` // last day for the notice to this end
	Owner         string `json:"customerNumber"`     // whom it belongs to now
	HasPassword   bool   `json:"hasPassword"`        // a package password is in force
	Begun         bool   `json:"-"`
	Settings
}

func (d Deps) packagePage(r *web.Request, s session.Signed) (web.Response, error) {
	p, err := d.ownPackage(r, s)
	if err != nil {
		return nil, err
	}
	page, err := d.showPackage(r, s, p, d.settingsOf(p))
	if err != nil {
		return nil, err
	}
	return tellPackage(r, page, s.Profile.Email), nil
}

// ownPackage is the package of the address, if it is one of the own number or of a member. Any other is not there (S11).
func (d Deps) ownPackage(r *web.Request, s session.Signed) (customer.Package, error) {
	p, err := d.Customers.Package(r.Context(), r.PathValue("id"))
	if errors.Is(err, customer.ErrNotFound) {
		return p, web.NotFound()
	}
	if err != nil {
		return p, err
	}
	if !slices.Contains(s.Profile.Numbers(), p.Number) {
		r.Note("security_event", "authz_fail")
		return p, web.NotFound()
	}
	return p, nil
}

// showPackage is the page of a package with its forms.
func (d Deps) showPackage(r *web.Request, s session.Signed, p customer.Package, settings Settings) (web.Response, error) {
	view := packageView(p, s.Profile.Number, r.Now)
	view.Settings = settings
	c, err := d.Credentials.Get(r.Context(), table.PackageSubject(p.ID))
	if err != nil {
		return nil, err
	}
	owner := s.Profile
	if p.Number != owner.Number {
		if owner, err = d.Customers.Profile(r.Context(), p.Number); err != nil {
			return nil, err
		}
	}
	// Voided by a veto, the hash is empty.
	view.HasPassword = c.Exists && c.Hash != "" && !c.Voided(owner.PackagePasswordsVoidAt)
	return web.Page("package", view), nil
}

// packagePath is the address of a package's page.
func packagePath(id string) string { return "/account/packages/" + url.PathEscape(id) }

func packageView(p customer.Package, owner string, now time.Time) PackageView {
	terms, known := p.Terms()
	today := contract.Day(now)
	v := PackageView{PackageRow: rowOf(p, now), TermMonths: p.TermMonths, NoticeMonths: p.NoticePeriodMonths, Owner: owner}
	if !known {
		return v
	}
	v.ContractStart, v.Begun = terms.Start.Format(time.DateOnly), !today.Before(terms.Start)
	if end, ok := terms.NextEnd(today); ok && p.EndedAt == "" {
		v.NoticeBy = terms.NoticeBy(end).Format(time.DateOnly)
	}
	return v
}
