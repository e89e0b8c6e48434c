package overview

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/proposal"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// overviewView is the first page after the sign-in.
type overviewView struct {
	Number       string         `json:"customerNumber"`
	Members      []string       `json:"mergedNumbers"`          // numbers that belong to this one since a merge
	SignedInWith string         `json:"signedInWith,omitempty"` // an old number that was typed at the sign-in
	Merges       []runningMerge `json:"runningMerges"`
	MasterData   form.Form      `json:"masterData"`
	Balances     balances       `json:"balances"`
	Lost         []string       `json:"secondStepLost"` // merged numbers that were guarded by more than this one is

	Proposals []proposal.Proposal `json:"proposals"` // numbers that look like the own
	packageList
}

// overview reads all that the page shows beside the profile in one round. Only to point to numbers that look like the
// own takes more, where there are any.
func (d Room) overview(r *web.Request, s session.Visitor) (web.Response, error) {
	list := listFrom(r.URL.Query())
	view := overviewView{Number: s.Profile.Number, Members: append([]string{}, s.Profile.Members...), MasterData: form.Of(s.Profile)}
	view.MasterData.Pending = form.PendingOf(s.Profile, r.Now)
	slices.Sort(view.Members)
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() (err error) { view.Merges, err = d.runningMerges(ctx, s.Profile.Number, r.Now); return err })
	group.Go(func() (err error) { view.Lost, err = d.lostSecondSteps(ctx, s.Profile, list); return err })
	group.Go(func() (err error) { view.Balances, err = d.balances(ctx, s.Profile); return err })
	group.Go(func() (err error) { view.Proposals, err = d.proposals(ctx, s.Profile, list); return err })
	var found customer.PackagePage
	group.Go(func() (err error) {
		found, err = d.Customers.Packages(ctx, s.Profile.Numbers(), list.query(s.Profile, r.Now))
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	list.fill(found, s.Profile, r.Now)
	view.packageList = list
	if slices.Contains(view.Members, s.Session.Via) { // no longer, once the merge has been undone
		view.SignedInWith = s.Session.Via
	}
	return form.Tell(r, area.AskToRenew(s, web.Page("overview", view)), s.Profile.Email), nil
}

// proposals are looked for when the customer comes to the page, not at each look for a package.
func (d Room) proposals(ctx context.Context, own customer.Profile, list packageList) ([]proposal.Proposal, error) {
	if list.Filtered() || list.After != "" || list.Sort != "" {
		return []proposal.Proposal{}, nil
	}
	return proposal.Finder{Customers: d.Customers, Orders: d.Orders, Speller: d.Speller}.Find(ctx, own)
}

// lostSecondSteps are asked for like proposals, by customers with merged numbers alone: most have none, and nothing is asked.
func (d Room) lostSecondSteps(ctx context.Context, own customer.Profile, list packageList) ([]string, error) {
	if list.Filtered() || list.After != "" || list.Sort != "" {
		return []string{}, nil
	}
	lost, err := secondfactor.Store{Store: d.Store}.Lost(ctx, own.Number, own.Members)
	return append([]string{}, lost...), err
}

// manyPackages is the number from which on the page is for its packages, and the customer's data are one line above them.
const manyPackages = 20

// Many tells whether there are so many packages.
func (v overviewView) Many() bool { return v.Total >= manyPackages }

// NextNotice is the first day by which a notice has to be there for a contract not to go on, "" where there is none, or where
// not all packages are shown.
func (v overviewView) NextNotice() string {
	if v.Filtered() || len(v.Packages) < v.Total {
		return ""
	}
	soonest := ""
	for _, p := range v.Packages {
		if by := p.NoticeBy; by != "" && !p.AnyTime && !p.Cancelled && (soonest == "" || by < soonest) {
			soonest = by
		}
	}
	return soonest
}

// Endings are what the numbers end with that look like the own.
func (v overviewView) Endings() template.HTML {
	list := make([]string, len(v.Proposals))
	for i, p := range v.Proposals {
		list[i] = string(web.Strong(p.EndsWith))
	}
	return template.HTML(strings.Join(list, ", ")) //nolint:gosec // each is escaped
}

// Successor says to whom the old number belongs that was typed at the sign-in (M6).
func (v overviewView) Successor(l lang.Lang) template.HTML {
	return web.Markup(l, lang.T("Die Kundennummer %s gehört jetzt zu %s. Anmelden können Sie sich mit beiden.",
		web.NumberHTML(v.SignedInWith), web.NumberHTML(v.Number)))
}
