package masterdata

import (
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// masterDataView is the page with the form. Differences are there when somebody else saved meanwhile.
type masterDataView struct {
	form.Form
	Differences []difference `json:"differences,omitempty"`
}

func (d Room) masterData(r *web.Request, s session.Visitor) (web.Response, error) {
	shown := form.Of(s.Profile)
	shown.Return = form.ReturnPath(r.URL.Query().Get("return"))
	page, err := d.masterDataPage(r, s.Profile, masterDataView{Form: shown})
	if err != nil {
		return nil, err
	}
	return form.Tell(r, page, s.Profile.Email), nil
}

// masterDataPage shows the form. A running merge is told before anything is saved: a change holds it up.
func (d Room) masterDataPage(r *web.Request, p customer.Profile, v masterDataView) (web.Response, error) {
	open, err := d.Orders.OpenOrder(r.Context(), v.Number)
	if err != nil {
		return nil, err
	}
	v.OpenOrder = open
	v.Pending = form.PendingOf(p, r.Now)
	return web.Page("masterdata", v), nil
}
