package login

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// secondStepPath is the page between the right password and the session.
const secondStepPath = "/login/second-factor"

// Names of the fields of the second step; one of the two is sent.
const (
	fieldCode         = "code"
	fieldRecoveryCode = "recoveryCode"
)

// secondStepView is the page of the second step. A code is never given back.
type secondStepView struct {
	Passkeys  bool   `json:"passkeys"`   // a passkey would do, too
	Codes     bool   `json:"codes"`      // there are recovery codes left
	ByCode    bool   `json:"-"`          // a recovery code was entered
	Recovery  bool   `json:"recovering"` // the service team is taking the second step away
	RecoverAt string `json:"recoveryEndsAt,omitempty"`
	Next      string `json:"-"` // for the sign-in with a passkey instead
}

// secondStep is the try to finish a sign-in.
type secondStep struct {
	Deps
	r       *web.Request
	pending session.Pending
	subject subject
}

func (d Deps) showSecondStep(r *web.Request) (web.Response, error) {
	step, err := d.pendingStep(r)
	if err != nil {
		return nil, err
	}
	if step == nil {
		return beginAgain(r)
	}
	if err := step.subject.read(r.Context(), d.Store); err != nil {
		return nil, err
	}
	return web.Page("secondstep", step.view()), nil
}

// pendingStep finds the sign-in under way; nil when there is none.
func (d Deps) pendingStep(r *web.Request) (*secondStep, error) {
	p, err := session.Store{Store: d.Store}.Pending(r.Context(), r.Request, r.Now)
	if errors.Is(err, session.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.Note("customer", web.MaskNumber(p.Number))
	return &secondStep{Deps: d, r: r, pending: p, subject: subject{number: p.Number}}, nil
}

// beginAgain leads back to the password when the sign-in under way is over or took too long.
func beginAgain(r *web.Request) (web.Response, error) {
	if r.WantsJSON() {
		return nil, web.Unauthorized()
	}
	return web.SeeOther("/login?done=toolate").WithCookie(session.EndSignInCookie()), nil
}

func (s *secondStep) view() secondStepView {
	f := s.subject.factor
	v := secondStepView{Passkeys: len(f.Passkeys) > 0, Codes: len(f.Codes) > 0, Recovery: f.Recovery.Going(s.r.Now), Next: s.pending.Next}
	if v.Recovery {
		v.RecoverAt = table.FormatTime(f.Recovery.EndAt)
	}
	return v
}

func (d Deps) takeSecondStep(r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	step, err := d.pendingStep(r)
	if err != nil {
		return nil, err
	}
	if step == nil {
		return beginAgain(r)
	}
	done, err := step.finish(r.Context(), form.Get(fieldCode), form.Get(fieldRecoveryCode))
	if errors.Is(err, session.ErrNone) {
		return beginAgain(r)
	}
	if refused := (*web.Error)(nil); errors.As(err, &refused) {
		view := step.view()
		view.ByCode = form.Get(fieldRecoveryCode) != "" || refused.Code == codesBlocked
		return web.Page("secondstep", view).WithError(refused), nil
	}
	if err != nil {
		return nil, fmt.Errorf("second step: %w", err)
	}
	return done.goOn(r, ownPath(step.pending.Next)).WithCookie(session.EndSignInCookie()), nil
}

// finish counts the try, compares, and opens the session. Who came so far knows the password: the count is by number all
// the same, so that a new sign-in brings no new tries.
func (s *secondStep) finish(ctx context.Context, code, recoveryCode string) (success, error) {
	if code == "" && recoveryCode == "" {
		if err := s.subject.read(ctx, s.Store); err != nil {
			return success{}, err
		}
		return success{}, missingCode()
	}
	bucket := throttle.SecondFactor(s.pending.Number, s.pending.Device)
	verdict, err := throttle.Store{Store: s.Store}.Try(ctx, bucket, s.r.Now)
	if err != nil {
		return success{}, err
	}
	if err := s.subject.read(ctx, s.Store); err != nil {
		return success{}, err
	}
	if !verdict.Allowed {
		s.r.Note("security_event", "authn_second_factor_lock")
		return success{}, pausedCode(verdict.RetryAfter, s.r.Now)
	}
	if s.subject.stale(s.pending) {
		return success{}, session.ErrNone
	}
	wrong := 0 // codes of the app in a row, this one counted
	if code != "" {
		counted, err := throttle.Store{Store: s.Store}.Try(ctx, throttle.WrongCodes(s.pending.Number), s.r.Now)
		if err != nil {
			return success{}, err
		}
		if !counted.Allowed { // this one compares nothing, and does not hold up a recovery code either
			s.r.Note("security_event", "authn_second_factor_lock")
			return success{}, errors.Join(throttle.Store{Store: s.Store}.TakeBack(ctx, verdict), blockedCodes())
		}
		wrong = counted.Tries
	}
	done, err := s.open(ctx, bucket, code, recoveryCode)
	if refused := (*web.Error)(nil); errors.As(err, &refused) {
		// The same form sent twice has finished the sign-in meanwhile: no wrong code, of which the customer would be told.
		if _, gone := (session.Store{Store: s.Store}).Pending(ctx, s.r.Request, s.r.Now); gone != nil {
			return success{}, gone
		}
		s.r.Note("security_event", "authn_second_factor_fail")
		s.noteFailure(ctx, verdict.Tries, wrong)
	}
	return done, err
}

// stale says whether a new password or a merge came since the password was right.
func (s *subject) stale(p session.Pending) bool {
	return s.profile.Number == "" || s.profile.MergedInto != "" || s.cred.Retired ||
		s.profile.Epoch != p.Epoch || s.cred.Epoch != p.Epoch
}

// open uses the code and opens the session in one transaction. A code that somebody else used at the same moment is
// wrong.
func (s *secondStep) open(ctx context.Context, bucket throttle.Bucket, code, recoveryCode string) (success, error) {
	names, f := s.Store.Names, s.subject.factor
	var used secondfactor.Factor
	var err error
	var told []types.TransactWriteItem
	if code != "" {
		used, err = f.UseCode(code, s.r.Now)
	} else if used, err = f.UseRecoveryCode(recoveryCode); err == nil {
		told = secondfactor.Tell(names, s.subject.profile, secondfactor.Happened{Event: outbox.RecoveryCodeUsed,
			Actor: s.pending.Number, Key: fmt.Sprint(f.Version), Values: map[string]string{secondfactor.ValueLeft: fmt.Sprint(len(used.Codes))}},
			s.r.Now, s.Rand)
	}
	if err != nil {
		return success{}, wrongCode(recoveryCode != "")
	}
	used, found := secondfactor.StopRecoveryOnUse(names, s.subject.profile, used, nil, s.r.Now, s.Rand)
	told = append(told, found...)
	start := opening{Deps: s.Deps, r: s.r, profile: s.subject.profile, via: s.pending.Via, failed: s.pending.Failed, renew: s.pending.RenewPassword, proven: true}
	done, err := start.session(ctx, append(told, secondfactor.Save(names, f, used), credential.CheckUnchanged(names, s.subject.cred),
		session.FinishPending(names, s.pending, s.r.Now), throttle.Clear(names, bucket))...)
	if errors.Is(err, table.ErrCondition) {
		return success{}, wrongCode(recoveryCode != "")
	}
	return done, err
}
