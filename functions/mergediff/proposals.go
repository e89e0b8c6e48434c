package mergediff

import (
	"kundenkonto/shared/lang"
	"kundenkonto/shared/proposal"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// finder looks for numbers that look like the customer's own.
func (d Deps) finder() proposal.Finder {
	return proposal.Finder{Customers: d.Customers, Orders: d.Orders, Speller: d.Speller}
}

// saveProposals switches proposals off for good, or on again, and leads back to the page where that was asked.
func (d Deps) saveProposals(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	show := f.Get("show")
	if show != "yes" && show != "no" {
		return nil, web.Unprocessable("invalid_choice", lang.T("Wählen Sie, ob wir solche Hinweise anzeigen."))
	}
	if items := proposal.Show(d.Tables.Names, s.Profile, show == "yes", r.Now, d.Rand); items != nil {
		if err := d.Tables.Transact(r.Context(), items, ""); err != nil {
			return nil, err
		}
	}
	r.Note("outcome", "proposals_"+map[string]string{"no": "off", "yes": "on"}[show])
	back := "/merge"
	if asked := f.Get("return"); web.OwnPath(asked) { // S18
		back = asked
	}
	return web.SeeOther(back), nil
}
