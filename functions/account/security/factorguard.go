package security

import (
	"errors"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// guardedStep is something done to the second factor for which the password is asked again. Needs says that there must
// be a second step in force.
type guardedStep struct {
	Name, Summary string
	Path          string // below factorPath, if it is not the name
	Needs         bool
	says          func(v guardView) guardWords
	act           func(d Room, r *web.Request, s session.Visitor, f secondfactor.Factor) (web.Response, error)
}

var guardedSteps = []guardedStep{
	{Name: "begin", Summary: "Begin to set up an authenticator app; leads to its secret", act: Room.beginSetup, says: beginWords},
	{Name: "codes", Summary: "Make new recovery codes; the old ones are void", Needs: true, act: Room.renewCodes, says: codesWords},
	{Name: "remove", Summary: "Take the second step away", Needs: true, act: Room.removeFactor, says: removeWords},
	{Name: nameStop, Summary: "Stop a recovery that the service team started", act: Room.stopRecovery, says: stopWords},
	{Name: "passkey", Summary: "Begin to add a passkey; answers with what to ask the browser", act: Room.beginPasskey, says: passkeyWords},
	{Name: "remove-passkey", Path: "passkeys/{key}/remove", Summary: "Remove a passkey", act: Room.removePasskey, says: removePasskeyWords},
}

// nameStop is the step that there is only while a recovery is running.
const nameStop = "stop-recovery"

func (d Room) guardPage(step guardedStep) func(*web.Request, session.Visitor) (web.Response, error) {
	return func(r *web.Request, s session.Visitor) (web.Response, error) {
		f, err := d.factorOf(r, s)
		if err != nil {
			return nil, err
		}
		view, err := guardOf(r, step, f)
		if err != nil || view == nil {
			return web.SeeOther(factorPath), err
		}
		return web.Page("guard", view), nil
	}
}

// guardOf is what the form shows; nil when there is nothing to do, 404 for a passkey that is not the customer's (S11).
func guardOf(r *web.Request, step guardedStep, f secondfactor.Factor) (*guardView, error) {
	view := &guardView{Number: f.Number, Step: step.Name, Action: r.URL.Path, On: f.Secret != ""}
	if key := r.PathValue("key"); key != "" {
		i := passkeyOf(f, key)
		if i < 0 {
			return nil, web.NotFound()
		}
		view.Name = f.Passkeys[i].Name
	}
	view.guardWords = step.says(*view)
	if step.Needs && !view.On || step.Name == nameStop && !f.Recovery.Going(r.Now) || step.Name == "passkey" && len(f.Passkeys) >= passkey.Most {
		return nil, nil
	}
	return view, nil
}

// onFactor hands what was sent to answer, with the customer's second factor.
func (d Room) onFactor(answer func(r *web.Request, s session.Visitor, form web.Form, f secondfactor.Factor) (web.Response, error)) func(*web.Request, session.Visitor) (web.Response, error) {
	return func(r *web.Request, s session.Visitor) (web.Response, error) {
		form, err := r.Form()
		if err != nil {
			return nil, err
		}
		f, err := d.factorOf(r, s)
		if err != nil {
			return nil, err
		}
		return answer(r, s, form, f)
	}
}

// guarded asks for the password before it acts (S7).
func (d Room) guarded(step guardedStep) func(*web.Request, session.Visitor) (web.Response, error) {
	return d.onFactor(func(r *web.Request, s session.Visitor, form web.Form, f secondfactor.Factor) (web.Response, error) {
		view, err := guardOf(r, step, f)
		if err != nil || view == nil {
			return web.SeeOther(factorPath), err
		}
		err = d.Passwords.Check(r.Context(), s.Profile.Number, form.Get(reauth.Field), r.Now)
		if refused := (*web.Error)(nil); errors.As(err, &refused) {
			r.Note("security_event", area.ReauthEvent(refused))
			return web.Page("guard", view).WithError(refused), nil
		}
		if err != nil {
			return nil, err
		}
		return step.act(d, r, s, f)
	})
}

func (d Room) beginSetup(r *web.Request, s session.Visitor, f secondfactor.Factor) (web.Response, error) {
	secret, err := secondfactor.NewSecret(d.Rand)
	if err != nil {
		return nil, err
	}
	if err := d.saveFactor(r, s, f, f.Begin(secret, r.Now), nil, d.stillSignedIn(s)); err != nil {
		return nil, err
	}
	return web.SeeOther(factorPath + "/setup"), nil
}

func (d Room) renewCodes(r *web.Request, s session.Visitor, f secondfactor.Factor) (web.Response, error) {
	codes, hashes, err := secondfactor.NewCodes(d.Rand, f.Number)
	if err != nil {
		return nil, err
	}
	cookie, err := d.changeFactor(r, s, f, f.WithCodes(hashes, r.Now), secondfactor.Happened{Event: outbox.RecoveryCodesRenewed})
	if err != nil {
		return nil, err
	}
	return web.Page("recoverycodes", codesView{Codes: codes}).WithCookie(cookie), nil
}

func (d Room) removeFactor(r *web.Request, s session.Visitor, f secondfactor.Factor) (web.Response, error) {
	cookie, err := d.changeFactor(r, s, f, f.Off(), secondfactor.Happened{Event: outbox.SecondFactorRemoved})
	if err != nil {
		return nil, err
	}
	return web.SeeOther(factorPath + "?" + area.DoneKey + "=removed").WithCookie(cookie), nil
}
