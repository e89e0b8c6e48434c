package mergediff

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// adopt is "Daten übernehmen", or "Weiter" for identical data: it records the choices for one number of the draft.
func (d Deps) adopt(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	number := customer.ReadNumber(f.Get("customerNumber"))
	choices, err := merge.ParseChoices(f.Get)
	if err != nil {
		return nil, web.Unprocessable("invalid_choice", lang.T("Wählen Sie bei jeder Angabe aus, welche wir verwenden sollen.")).Because(err)
	}
	var replaced []merge.Replaced
	refused := (*merge.Reason)(nil)
	found := false
	err = d.changeDraft(r.Context(), s.Profile.Number, func(draft *order.Draft) (bool, error) {
		if found = draft.Source(number) != nil; !found {
			return false, nil
		}
		allowed, reason, err := d.allowed(r.Context(), *draft, number, choices, r.Now)
		if refused = reason; reason != nil || err != nil {
			return false, err
		}
		replaced, _ = draft.Adopt(number, allowed)
		draft.Source(number).AdoptedAt = r.Now.UTC()
		return true, nil
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return d.gone(r, s)
	case refused != nil:
		return d.draftWith(r, s, refusal(*refused))
	}
	r.Note("outcome", "data_adopted")
	return web.SeeOther("/merge/draft" + replacedQuery(replaced)), nil
}

// justNow is how long the page says what was done last. It asks no cookie: browsers drop pages that they keep for going back when
// one changes, and with them what was typed there.
const justNow = time.Minute

// sayAdopted tells which number's data were adopted just now.
func sayAdopted(r *web.Request, page web.Response, m material) {
	if len(m.draft.Sources) == 0 {
		return
	}
	last := slices.MaxFunc(m.draft.Sources, func(a, b order.DraftSource) int { return a.AdoptedAt.Compare(b.AdoptedAt) })
	another := slices.ContainsFunc(m.draft.Sources, func(s order.DraftSource) bool { return s.ProvenAt.After(last.AdoptedAt) })
	if last.Adopted && !another && r.Now.Sub(last.AdoptedAt) < justNow && m.told(last.Number) {
		page.WithNotice("success", lang.T("Die Daten der Kundennummer %s sind übernommen.", web.NumberHTML(last.Number)))
	}
}

// allowed are the choices that the comparison as it is now offers; a proof that is not good offers none, and says why (M3).
func (d Deps) allowed(ctx context.Context, draft order.Draft, number string, choices merge.Choices, now time.Time) (merge.Choices, *merge.Reason, error) {
	numbers := []string{draft.Number}
	for _, s := range draft.Sources {
		numbers = append(numbers, s.Number)
	}
	profiles, err := d.Customers.Profiles(ctx, numbers)
	if err != nil {
		return nil, nil, err
	}
	own := profiles[draft.Number]
	standings, err := d.Orders.Standings(ctx, draft, own, profiles, now)
	if err != nil {
		return nil, nil, err
	}
	if reason := standings[number].Reason(); reason != nil {
		return nil, reason, nil
	}
	return merge.Compare(d.Speller, order.RecordOf(own), order.RecordOf(profiles[number])).Allowed(choices), nil, nil
}

// draftWith is the draft's page with what was refused on top.
func (d Deps) draftWith(r *web.Request, s session.Visitor, refused *web.Error) (web.Response, error) {
	page, err := d.draftPage(r, s)
	if err != nil {
		return nil, err
	}
	r.Note("reason", refused.Code)
	return page.WithError(refused), nil
}

// gone answers for a number that is not in the draft (any more): perhaps another tab removed it.
func (d Deps) gone(r *web.Request, s session.Visitor) (web.Response, error) {
	r.Note("security_event", "authz_fail")
	return d.draftWith(r, s, web.Conflict("not_in_draft", lang.T("Diese Kundennummer ist nicht mehr in Ihrem Auftrag. Geben Sie sie noch einmal an, wenn Sie sie hinzufügen möchten.")))
}

// remove takes a number out of the draft. Removing it twice is as good as once.
func (d Deps) remove(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	number, left := customer.ReadNumber(f.Get("customerNumber")), 0
	err = d.changeDraft(r.Context(), s.Profile.Number, func(draft *order.Draft) (bool, error) {
		before := len(draft.Sources)
		draft.Remove(number)
		left = len(draft.Sources)
		return left < before, nil
	})
	if err != nil {
		return nil, err
	}
	r.Note("outcome", "number_removed")
	if left == 0 {
		return web.SeeOther("/merge"), nil
	}
	return web.SeeOther("/merge/draft"), nil
}

// replacedQuery carries over the redirect which earlier choices gave way, as group:number pairs; the page tells it and believes nothing else of it.
func replacedQuery(replaced []merge.Replaced) string {
	if len(replaced) == 0 {
		return ""
	}
	var pairs []string
	for _, r := range replaced {
		pairs = append(pairs, string(r.Group)+":"+r.From)
	}
	return "?replaced=" + url.QueryEscape(strings.Join(pairs, ","))
}

// readReplaced reads replacedQuery back, taking only groups that exist and numbers of the draft of which something may be told.
func readReplaced(query string, m material) []merge.Replaced {
	var replaced []merge.Replaced
	for pair := range strings.SplitSeq(query, ",") {
		group, number, _ := strings.Cut(pair, ":")
		if g := merge.Group(group); g.Fields() != nil && m.told(number) {
			replaced = append(replaced, merge.Replaced{Group: g, From: number})
		}
	}
	return replaced
}
