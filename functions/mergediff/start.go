package mergediff

import (
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/proposal"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// startView is GET /merge: the own master data and the form for another number.
type startView struct {
	Own       form.Form     `json:"own"`
	Draft     []string      `json:"draft"`   // numbers proven already
	Blocked   *merge.Reason `json:"blocked"` // why the own number cannot take part; then there is no form
	OpenOrder string        `json:"openOrder,omitempty"`
	Entry     entry         `json:"-"`

	Proposals []proposal.Proposal `json:"proposals"`    // numbers that look like the own
	Quiet     bool                `json:"proposalsOff"` // the customer does not want any
}

// ProposalsHeading is before the numbers that look like the own.
func (v startView) ProposalsHeading() lang.Text {
	if len(v.Proposals) == 1 {
		return lang.T("Gehört Ihnen noch eine Kundennummer?")
	}
	return lang.T("Gehören Ihnen noch weitere Kundennummern?")
}

// start shows the first step of the merge.
func (d Deps) start(r *web.Request, s session.Visitor) (web.Response, error) {
	return d.startPage(r, s, entry{})
}

// startPage is the first step with what was entered before; the password never comes back.
func (d Deps) startPage(r *web.Request, s session.Visitor, e entry) (web.Response, error) {
	e.Password = ""
	v := startView{Own: form.Of(s.Profile), Entry: e, Draft: []string{}}
	v.Own.Pending = form.PendingOf(s.Profile, r.Now)
	v.Own.Return = "/merge"
	var draft order.Draft
	var profiles order.Profiles
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() (err error) { profiles, err = order.WithMembers(ctx, d.Customers, s.Profile); return err })
	group.Go(func() (err error) { draft, err = d.Orders.Draft(ctx, s.Profile.Number); return err })
	group.Go(func() (err error) { v.OpenOrder, err = d.Orders.OpenOrder(ctx, s.Profile.Number); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	v.Own.OpenOrder = v.OpenOrder // a change of the data would hold it up, the form says so
	for _, source := range draft.Sources {
		v.Draft = append(v.Draft, source.Number)
	}
	own := profiles.Facts(s.Profile.Number)
	own.OpenMerge = v.OpenOrder != ""
	v.Blocked, v.Quiet, v.Proposals = merge.BlockOwn(own), s.Profile.NoProposals, []proposal.Proposal{}
	if v.Blocked == nil {
		var err error
		if v.Proposals, err = d.finder().Find(r.Context(), s.Profile); err != nil {
			return nil, err
		}
	}
	return form.Tell(r, web.Page("merge", v), s.Profile.Email), nil
}
