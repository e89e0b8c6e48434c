package mergediff

import (
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// StartView is GET /merge: the own master data and the form for another number.
type StartView struct {
	Own       merge.Record  `json:"own"`
	Version   int64         `json:"version"` // goes along with a change of the master data
	Draft     []string      `json:"draft"`   // numbers proven already
	Blocked   *merge.Reason `json:"blocked"` // why the own number cannot take part; then there is no form
	OpenOrder string        `json:"openOrder,omitempty"`
	Entry     Entry         `json:"-"`
	Country   []web.Option  `json:"-"`
}

// start shows the first step of the merge.
func (d Deps) start(r *web.Request, s session.Signed) (web.Response, error) {
	return d.startPage(r, s, Entry{})
}

// startPage is the first step with what was entered before; the password never comes back.
func (d Deps) startPage(r *web.Request, s session.Signed, e Entry) (web.Response, error) {
	e.Password = ""
	v := StartView{Own: order.RecordOf(s.Profile), Version: s.Profile.Version, Entry: e, Draft: []string{}, Country: countries(r.Lang, s.Profile.Country)}
	var draft order.Draft
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() (err error) { draft, err = d.Orders.Draft(ctx, s.Profile.Number); return err })
	group.Go(func() (err error) { v.OpenOrder, err = d.Orders.OpenOrder(ctx, s.Profile.Number); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, source := range draft.Sources {
		v.Draft = append(v.Draft, source.Number)
	}
	own := order.FactsOf(s.Profile)
	own.OpenMerge = v.OpenOrder != ""
	v.Blocked = merge.BlockOwn(own)
	return web.Page("merge", v), nil
}

// countries are the options for a country; one that is not among them stays as it is.
func countries(lang web.Lang, current string) []web.Option {
	codes := []string{"DE", "AT", "CH", "LI", "LU", "BE", "CZ", "DK", "ES", "FR", "GB", "IE", "IT", "NL", "PL", "SE", "US"}
	var options []web.Option
	known := current == ""
	for _, code := range codes {
		known = known || code == current
		options = append(options, web.Option{Value: code, Label: web.Country(lang, code)})
	}
	if !known {
		options = append(options, web.Option{Value: current, Label: web.Country(lang, current)})
	}
	return options
}
