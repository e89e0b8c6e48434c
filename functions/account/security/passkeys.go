package security

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// Bounds of what a browser sends; fieldName is what the customer calls the passkey.
const (
	fieldName      = "name"
	maxPasskeyName = 240 // bytes: 60 characters
	maxAnswer      = 16 << 10
)

// passkeyOf finds a passkey by its key; -1 when it is not the customer's.
func passkeyOf(f secondfactor.Factor, key string) int {
	return slices.IndexFunc(f.Passkeys, func(k secondfactor.Passkey) bool { return keyOf(k) == key })
}

// newPasskeyView is the page on which the script asks the browser for a new passkey.
type newPasskeyView struct {
	Options string `json:"options"` // PublicKeyCredentialCreationOptions, as JSON
	Name    string `json:"name"`
}

// waiting is what is kept while the browser makes the passkey. The handle becomes the customer's with the first one.
type waiting struct{ Handle, Challenge string }

// beginPasskey asks for a passkey after the password. The answer is good once and for this session only.
func (d Room) beginPasskey(r *web.Request, s session.Visitor, f secondfactor.Factor) (web.Response, error) {
	handle, err := f.Handle, error(nil)
	if handle == "" {
		if handle, err = passkey.NewHandle(d.Rand); err != nil {
			return nil, err
		}
	}
	options, challenge, err := d.Passkeys.BeginAdd(s.Profile, f, handle)
	if err != nil {
		return nil, err
	}
	asked, err := json.Marshal(options)
	kept, err2 := json.Marshal(waiting{Handle: handle, Challenge: challenge})
	if err := errors.Join(err, err2); err != nil {
		return nil, fmt.Errorf("begin passkey: %w", err)
	}
	if err := (passkey.Challenges{Store: d.Store}).Keep(r.Context(), s.Session.ID, string(kept), r.Now); err != nil {
		return nil, err
	}
	return web.Page("newpasskey", newPasskeyView{Options: string(asked), Name: proposedName(r, f)}), nil
}

// proposedName is a name that is not taken yet.
func proposedName(r *web.Request, f secondfactor.Factor) string {
	return fmt.Sprintf("Passkey %d (%s)", len(f.Passkeys)+1, lang.Day(r.Now).In(r.Lang))
}

// addPasskey takes what the browser made.
func (d Room) addPasskey(r *web.Request, s session.Visitor, form web.Form, f secondfactor.Factor) (web.Response, error) {
	added, handle, err := d.answered(r, s, f, form.Get("response"), form.Text(fieldName))
	if errors.Is(err, passkey.ErrNoChallenge) || errors.Is(err, passkey.ErrRefused) {
		r.Note("refusal", err.Error())
		return web.Page("secondfactor", FactorOf(f, r.Now)).WithError(refusedPasskey()), nil
	}
	if err != nil {
		return nil, err
	}
	k := added.Passkeys[len(added.Passkeys)-1]
	var more []types.TransactWriteItem
	if f.Handle == "" {
		more = append(more, secondfactor.PutHandle(d.Names, handle, s.Profile.Number))
	}
	cookie, err := d.changeFactor(r, s, f, added, secondfactor.Happened{Event: outbox.PasskeyAdded,
		Values: map[string]string{secondfactor.ValueName: k.Name}}, more...)
	if err != nil {
		return nil, err
	}
	return web.SeeOther(factorPath + "?" + area.DoneKey + "=passkey-added").WithCookie(cookie), nil
}

func (d Room) answered(r *web.Request, s session.Visitor, f secondfactor.Factor, answer, name string) (added secondfactor.Factor, handle string, err error) {
	kept, err := passkey.Challenges{Store: d.Store}.Take(r.Context(), s.Session.ID, r.Now)
	if err != nil {
		return f, "", err
	}
	var w waiting
	if err := json.Unmarshal([]byte(kept), &w); err != nil {
		return f, "", fmt.Errorf("passkey under way: %w", err)
	}
	if len(f.Passkeys) >= passkey.Most || f.Handle != "" && f.Handle != w.Handle {
		return f, "", passkey.ErrRefused
	}
	if name == "" {
		name = proposedName(r, f)
	}
	added, err = d.Passkeys.FinishAdd(s.Profile, f, w.Handle, w.Challenge, answer, name, r.Now)
	return added, w.Handle, err
}

func (d Room) removePasskey(r *web.Request, s session.Visitor, f secondfactor.Factor) (web.Response, error) {
	i := passkeyOf(f, r.PathValue("key"))
	if i < 0 {
		return nil, web.NotFound()
	}
	left := f
	left.Passkeys = slices.Delete(slices.Clone(f.Passkeys), i, i+1)
	cookie, err := d.changeFactor(r, s, f, left, secondfactor.Happened{Event: outbox.PasskeyRemoved,
		Values: map[string]string{secondfactor.ValueName: f.Passkeys[i].Name}})
	if err != nil {
		return nil, err
	}
	return web.SeeOther(factorPath + "?" + area.DoneKey + "=passkey-removed").WithCookie(cookie), nil
}

func refusedPasskey() *web.Error {
	return web.Unprocessable("passkey_refused", lang.T("Der Passkey wurde nicht angelegt. Versuchen Sie es noch einmal, oder verwenden Sie ein anderes Gerät."))
}
