package mergediff

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// check proves another number and puts it into the draft, or renews its proof.
func (d Deps) check(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	e := readEntry(f)
	if refused := e.check(s.Profile.Number); refused != nil {
		return d.refuseEntry(r, s, e, refused)
	}
	p, err := d.prove(r, s.Profile.Number, e)
	var paused pausedError
	switch {
	case errors.Is(err, errProofFailed):
		r.Note("security_event", "authn_proof_fail")
		return d.refuseEntry(r, s, e, proofFailed())
	case errors.As(err, &paused):
		r.Note("security_event", "authn_proof_paused")
		return d.refuseEntry(r, s, e, web.Paused(web.TooManyTries, paused.after, r.Now))
	case err != nil:
		return nil, err
	}
	r.Note("security_event", "authn_proof_success")
	if err = d.tellProof(r.Context(), s.Profile.Number, p, r.Now); errors.As(err, &paused) {
		r.Note("security_event", "excess_rate_limit_exceeded")
		return d.refuseEntry(r, s, e, provenTooOften(paused.after, r.Now))
	}
	if err != nil {
		return nil, err
	}
	reason, err := d.addToDraft(r.Context(), s.Profile, p, r.Now)
	if errors.As(err, &paused) {
		r.Note("security_event", "excess_rate_limit_exceeded")
		return d.refuseEntry(r, s, e, comparedTooOften(paused.after, r.Now))
	}
	if err != nil {
		return nil, err
	}
	if reason != nil {
		r.Note("reason", reason.Code)
		return d.refuseEntry(r, s, e, refusal(*reason))
	}
	r.Note("outcome", "proof_given")
	return web.SeeOther("/merge/draft"), nil
}

// refuseEntry shows the form again with what was entered and why it was refused.
func (d Deps) refuseEntry(r *web.Request, s session.Visitor, e entry, refused *web.Error) (web.Response, error) {
	page, err := d.startPage(r, s, e)
	if err != nil {
		return nil, err
	}
	return page.WithError(refused), nil
}

// proofFailed marks all three fields alike: which one is wrong is not told.
func proofFailed() *web.Error {
	code := merge.ProofFailed.Code
	return web.Unprocessable(code, merge.ProofFailed.Text,
		web.Invalid("customerNumber", code, lang.T("Prüfen Sie die Kundennummer.")),
		web.Invalid("domain", code, lang.T("Prüfen Sie die Domain oder die Paketnummer.")),
		web.Invalid("password", code, lang.T("Geben Sie das Passwort dieses Pakets noch einmal ein.")))
}

// tabs bounds how often a change of the draft is done again because another tab was faster.
const tabs = 4

// changeDraft applies f to the newest draft and saves it; f may refuse by returning false.
func (d Deps) changeDraft(ctx context.Context, number string, f func(*order.Draft) (bool, error)) error {
	for range tabs {
		draft, err := d.Orders.Draft(ctx, number)
		if err != nil {
			return err
		}
		if save, err := f(&draft); err != nil || !save {
			return err
		}
		if _, err = d.Orders.SaveDraft(ctx, draft); !errors.Is(err, order.ErrDraftChanged) {
			return err
		}
	}
	return web.Conflict("draft_changed", lang.T("Ihr Auftrag ändert sich gerade in einem anderen Fenster. Laden Sie die Seite neu."))
}

// comparedTooOften refuses one more comparison with other own values.
func comparedTooOften(after time.Duration, now time.Time) *web.Error {
	next := now.Add(after + time.Minute - time.Nanosecond).Truncate(time.Minute)
	return web.TooMany(after, lang.T("Diese Kundennummer wurde heute schon mehrmals mit geänderten Daten verglichen. Den nächsten Vergleich zeigen wir ab %s.", lang.Moment(next)))
}

// addToDraft puts a proven number into the draft unless something blocks the merge. A proof that lets the customer compare
// other own values than before is counted first: each comparison is a guess at what is masked (M3). It is a pausedError when
// there were too many.
func (d Deps) addToDraft(ctx context.Context, own customer.Profile, p proof, now time.Time) (reason *merge.Reason, err error) {
	given := order.Proof{Number: p.profile.Number, Package: p.packageID, Domain: p.domain, Version: p.version,
		Fingerprint: merge.Fingerprint(order.RecordOf(own))}
	counted := false
	err = d.changeDraft(ctx, own.Number, func(draft *order.Draft) (bool, error) {
		reason, err = d.blocked(ctx, own, *draft, p.profile, now)
		if reason != nil || err != nil {
			return false, err
		}
		if draft.Compares(given) && !counted {
			if err := d.countComparison(ctx, own.Number, given.Number, now); err != nil {
				return false, err
			}
			counted = true
		}
		draft.Prove(given, now.UTC())
		return true, nil
	})
	return reason, err
}

func (d Deps) countComparison(ctx context.Context, own, other string, now time.Time) error {
	counts, err := d.Throttle.TryAll(ctx, now, throttle.Comparisons(own, other), throttle.ComparedWith(other))
	if err != nil {
		return err
	}
	if after := throttle.Pause(counts...); after > 0 {
		if err := d.Throttle.TakeBack(ctx, counts...); err != nil {
			return err
		}
		return pausedError{after}
	}
	return nil
}

// blocked says what stands between the two numbers, or between the draft and one number more. How many numbers were merged
// into the others of the draft counts only where their proofs are good (M3); the submission counts all.
func (d Deps) blocked(ctx context.Context, own customer.Profile, draft order.Draft, other customer.Profile, now time.Time) (*merge.Reason, error) {
	numbers := []string{}
	for _, s := range draft.Sources {
		if s.Number != other.Number {
			numbers = append(numbers, s.Number)
		}
	}
	var profiles order.Profiles
	var between order.Obstacles
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		profiles, err = d.Customers.Profiles(inGroup, slices.Concat(numbers, own.Members, other.Members))
		return err
	})
	group.Go(func() (err error) {
		between, err = d.Orders.Obstacles(inGroup, own.Number, other.Number)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	profiles[own.Number], profiles[other.Number] = own, other
	ownFacts, otherFacts := between.Facts(profiles, own.Number), between.Facts(profiles, other.Number)
	if reason := merge.Block(d.Speller, ownFacts, otherFacts); reason != nil {
		return reason, nil
	}
	standings, err := d.Orders.Standings(ctx, draft, own, profiles, now)
	if err != nil {
		return nil, err
	}
	all := []merge.Facts{otherFacts}
	for _, n := range numbers {
		facts := profiles.Facts(n)
		if standings[n] != order.ProofGood {
			facts.Members = nil
		}
		all = append(all, facts)
	}
	return merge.Limit(ownFacts, all), nil
}
