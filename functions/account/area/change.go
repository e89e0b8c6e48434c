package area

import (
	"errors"
	"fmt"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// DoneKey is the query parameter that tells a page what its form has done.
const DoneKey = "done"

// Attempts is how often a change is repeated that met another write of the same item, such as a rehash.
const Attempts = 3

// NothingSaved is said above fields that are wrong.
var NothingSaved = lang.T("Es ist noch nichts gespeichert.")

// Incomplete refuses a form without the version of what it showed.
func Incomplete() *web.Error {
	return web.Unprocessable("version_required", lang.T("Das Formular kam unvollständig an. Laden Sie die Seite neu und versuchen Sie es noch einmal."))
}

// Ended is the way to the sign-in when the session was ended while its request was under way; nil when it was not.
func (d Deps) Ended(r *web.Request, s session.Visitor) (web.Response, error) {
	p, err := d.Customers.Profile(r.Context(), s.Profile.Number)
	if err != nil && !errors.Is(err, customer.ErrNotFound) {
		return nil, fmt.Errorf("read profile again: %w", err)
	}
	if err == nil && p.Epoch == s.Profile.Epoch && p.MergedInto == "" {
		return nil, nil
	}
	if r.WantsJSON() {
		return nil, web.Unauthorized()
	}
	return web.SeeOther("/login"), nil
}
