package mergediff

import (
	"net/http"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// draftView is GET /merge/draft: every number with its comparison, and once all are adopted the form that submits the order.
type draftView struct {
	Own            string        `json:"customerNumber"`
	Sources        []sourceView  `json:"sources"`
	Outcome        outcomeView   `json:"outcome"`
	Blocked        *merge.Reason `json:"blocked"` // why the own number cannot take part
	Ready          bool          `json:"ready"`   // nothing is missing before submitting
	NeedsPassword  bool          `json:"needsPassword"`
	Lost           []string      `json:"secondStepLost"` // numbers whose code or passkey guards nothing any more after the merge
	Digest         string        `json:"digest"`
	IdempotencyKey string        `json:"idempotencyKey"`
	Step           int           `json:"-"` // 2 or 3 of the merge
}

// Heading is the step of the merge.
func (v draftView) Heading() lang.Text {
	if v.Step == 3 {
		return lang.T("Auftrag abschicken")
	}
	return lang.T("Daten vergleichen")
}

// showDraft shows the draft; without one there is nothing to compare yet.
func (d Deps) showDraft(r *web.Request, s session.Visitor) (web.Response, error) {
	return d.draftPage(r, s)
}

func (d Deps) draftPage(r *web.Request, s session.Visitor) (web.Response, error) {
	m, err := d.readDraft(r.Context(), s.Profile, r.Now)
	if err != nil {
		return nil, err
	}
	if len(m.draft.Sources) == 0 && r.Method == http.MethodGet && !r.WantsJSON() {
		return web.SeeOther("/merge"), nil
	}
	v, err := d.draftView(r, m)
	if err != nil {
		return nil, err
	}
	page := web.Page("draft", v)
	sayAdopted(r, page, m)
	for _, replaced := range readReplaced(r.URL.Query().Get("replaced"), m) {
		page.WithNotice("info", replacedText(replaced))
	}
	return page, nil
}

func replacedText(r merge.Replaced) lang.Text {
	w := r.Group.Words()
	return lang.T("%s: Wir verwenden Ihre spätere Auswahl. Die Angabe der Kundennummer %s, die Sie vorher gewählt hatten, wird nicht mehr übernommen.", w, web.NumberHTML(r.From))
}

func (d Deps) draftView(r *web.Request, m material) (draftView, error) {
	key, err := web.NewIdempotencyKey(d.Rand)
	if err != nil {
		return draftView{}, err
	}
	v := draftView{Own: m.own.Number, Sources: []sourceView{}, Blocked: merge.BlockOwn(m.facts), IdempotencyKey: key, Step: 3, Lost: append([]string{}, m.lost...)}
	if m.allTold() {
		v.Digest = order.DigestOf(m.own, m.draft, m.others) // it changes with the data that it is over
	}
	v.Ready = v.Blocked == nil && len(m.draft.Sources) > 0
	for _, s := range m.draft.Sources {
		view := d.sourceView(r, m, s)
		v.Ready = v.Ready && view.Adopted && m.told(s.Number)
		if !view.Adopted {
			view.Later, v.Step = v.Step == 2, 2
		}
		v.Sources = append(v.Sources, view)
	}
	sources := m.merging(func(order.DraftSource) bool { return true })
	v.NeedsPassword = merge.NeedsPassword(sources)
	v.Outcome = d.outcomeView(r.Lang, m, sources)
	return v, nil
}
