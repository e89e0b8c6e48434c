package masterdata

import (
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/web"
)

// conflict shows both versions beside each other. Nothing was overwritten; the form below holds the entry and the
// current version, so that saving once more is a decision.
func (d Room) conflict(r *web.Request, p customer.Profile, e entry) (web.Response, error) {
	stored := form.DataOf(p)
	_, changed := masterdata.Apply(stored, e.data)
	newEmail := e.newEmail(p, r.Now)
	if len(changed) == 0 && !newEmail {
		return unchanged(e, p, r.Now), nil
	}
	view := masterDataView{Form: kept(p, e)}
	refused := web.Conflict("version_old", lang.T("Ihre Stammdaten wurden inzwischen geändert, zum Beispiel in einem anderen Fenster. Wir haben nichts überschrieben. Vergleichen Sie beide Fassungen und speichern Sie dann noch einmal."))
	differences := make([]difference, 0, len(changed)+1)
	for _, f := range changed {
		differences = append(differences, difference{Field: f, Stored: stored.Get(f), Entered: e.data.Get(f)})
	}
	if newEmail {
		differences = append(differences, difference{Field: merge.Email, Stored: p.Email, Entered: e.email})
	}
	for _, diff := range differences {
		f := diff.Field
		diff.Label = f.Words()
		view.Differences = append(view.Differences, diff)
		refused.Fields = append(refused.Fields, web.Invalid(string(f), "changed_meanwhile", diff.sentence()))
	}
	page, err := d.masterDataPage(r, p, view)
	if err != nil {
		return nil, err
	}
	r.Note("outcome", "version_old")
	return page.WithError(refused), nil
}
