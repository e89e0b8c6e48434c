package masterdata

import (
	"strconv"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
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

// entry is what was sent.
type entry struct {
	data     masterdata.Data
	email    string // cleaned
	version  int64
	back     string
	password string
}

// readEntry takes the sent fields; those that were not sent stay as they are stored. A field that cannot be read is named by the
// error, and the entry is there all the same: the form comes back with it.
func readEntry(r *web.Request, stored form.Form) (entry, error) {
	f, unread := r.Form()
	if unread != nil && !f.Has("version") {
		return entry{}, unread
	}
	e := entry{data: stored.Data, email: stored.Email, back: form.ReturnPath(f.Get("return")), password: f.Get("currentPassword")}
	for _, field := range masterdata.Fields {
		if name := string(field); f.Has(name) {
			e.data.Set(field, f.Text(name))
		}
	}
	if name := string(merge.Email); f.Has(name) {
		e.email = masterdata.CleanEmail(f.Text(name))
	}
	var err error
	if e.version, err = strconv.ParseInt(f.Get("version"), 10, 64); err != nil {
		return entry{}, area.Incomplete()
	}
	return e, unread
}
