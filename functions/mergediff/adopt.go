package mergediff

import (
	"context"
	"net/url"
	"strings"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// adopt is "Daten übernehmen", or "Weiter" for identical data: it records the choices for one number of the draft.
func (d Deps) adopt(r *web.Request, s session.Signed) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	number := customer.ReadNumber(f.Get("customerNumber"))
	choices, err := merge.ParseChoices(f.Get)
	if err != nil {
		return nil, web.Unprocessable("invalid_choice", web.T(
			"Wählen Sie bei jeder Angabe aus, welche gelten soll.", "Choose for each entry which one is to hold.")).Because(err)
	}
	var replaced []merge.Replaced
	found := false
	err = d.changeDraft(r.Context(), s.Profile.Number, func(draft *order.Draft) (bool, error) {
		source := draft.Source(number)
		if found = source != nil && source.Proven(); !found {
			return false, nil
		}
		allowed, err := d.allowed(r.Context(), s.Profile.Number, number, choices)
		if err != nil {
			return false, err
		}
		replaced, _ = draft.Adopt(number, allowed)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return d.gone(r, s)
	}
	r.Note("outcome", "data_adopted")
	return web.SeeOther("/merge/draft" + replacedQuery(replaced)), nil
}

// allowed are the choices that the comparison as it is now offers.
func (d Deps) allowed(ctx context.Context, own, number string, choices merge.Choices) (merge.Choices, error) {
	profiles, err := d.Customers.Profiles(ctx, []string{own, number})
	if err != nil {
		return nil, err
	}
	return merge.Compare(d.Speller, order.RecordOf(profiles[own]), order.RecordOf(profiles[number])).Allowed(choices), nil
}

// gone answers for a number that is not in the draft (any more): perhaps another tab removed it.
func (d Deps) gone(r *web.Request, s session.Signed) (web.Response, error) {
	r.Note("security_event", "authz_fail")
	page, err := d.draftPage(r, s)
	if err != nil {
		return nil, err
	}
	return page.WithError(web.Conflict("not_in_draft", web.T(
		"Diese Kundennummer ist nicht mehr in Ihrer Zusammenstellung. Geben Sie sie noch einmal an, wenn Sie sie aufnehmen möchten.",
		"This customer number is no longer in your selection. Enter it once more if you want to add it."))), nil
}

// remove takes a number out of the draft. Removing it twice is as good as once.
func (d Deps) remove(r *web.Request, s session.Signed) (web.Response, error) {
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

// readReplaced reads replacedQuery back, taking only groups that exist and numbers of the draft.
func readReplaced(query string, draft order.Draft) []merge.Replaced {
	var replaced []merge.Replaced
	for pair := range strings.SplitSeq(query, ",") {
		group, number, _ := strings.Cut(pair, ":")
		if g := merge.Group(group); g.Fields() != nil && draft.Source(number) != nil {
			replaced = append(replaced, merge.Replaced{Group: g, From: number})
		}
	}
	return replaced
}
