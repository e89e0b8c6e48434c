package masterdata

import (
	"strconv"
	"time"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/web"
)

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

// newEmail says whether the entry asks for another e-mail address.
func (e entry) newEmail(p customer.Profile, now time.Time) bool {
	return e.request(p, now).New(p)
}

// waits says whether the address was asked for a moment ago.
func (e entry) waits(p customer.Profile, now time.Time) bool {
	return e.request(p, now).JustAsked(p)
}

func (e entry) request(p customer.Profile, now time.Time) emailchange.Request {
	return emailchange.Request{Address: e.email, Actor: p.Number, At: now}
}

// unchanged leads back without writing. Under an older version the same entry was saved a moment ago: a form sent twice.
func unchanged(e entry, p customer.Profile, now time.Time) web.Response {
	switch {
	case e.waits(p, now):
		return form.LeadBack(e.back, form.EmailSent)
	case e.version != p.Version:
		return form.LeadBack(e.back, form.Saved)
	}
	return form.LeadBack(e.back, form.Unchanged)
}

// kept is the form with what was entered, for the data as they are stored now.
func kept(p customer.Profile, e entry) form.Form {
	shown := form.Of(p)
	shown.Data, shown.Email, shown.Return = e.data, e.email, e.back
	return shown
}
