package passwordreset

import (
	"context"
	"errors"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// resetView is the form. The token goes back to who sent it; the number fills the password manager's user name.
type resetView struct {
	Token  string `json:"-"`
	Number string `json:"customerNumber"`
	First  bool   `json:"first"` // the number never had a password

	Passkeys []passkeyRow `json:"passkeys,omitempty"`
	Young    int          `json:"youngPasskeys,omitempty"` // how many were added a short time ago
	Choice   string       `json:"-"`
	AppSince string       `json:"secondStepSince,omitempty"` // set up a short time ago
}

// Heading is what the page asks for.
func (v resetView) Heading() lang.Text {
	if v.First {
		return lang.T("Kundenpasswort festlegen")
	}
	return lang.T("Neues Kundenpasswort festlegen")
}

// errUsed is a link that is used, void, expired or made up.
var errUsed = errors.New("reset link is no longer good")

// grant is what a good token allows, as it was read.
type grant struct {
	key     string // of the token
	profile customer.Profile
	cred    credential.Credential
	factor  secondfactor.Factor
}

// showReset shows the form and consumes nothing: link scanners of mail programs call it, too (S6).
func (d Deps) showReset(r *web.Request) (web.Response, error) {
	secret := r.URL.Query().Get("token")
	g, err := d.find(r.Context(), r, secret)
	if errors.Is(err, errUsed) {
		return web.LinkUsed("used", nil), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Page("reset", viewOf(secret, g, "", r.Now)), nil
}

// tries is how often a reset is repeated that met another change of the profile or credential.
const tries = 3

// reset sets the password. A refused one leaves the link good, so that neither a scanner nor a slip costs it.
func (d Deps) reset(r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	secret, entered, choice := form.Get("token"), form.Get(newpassword.Field), form.Get(fieldPasskeys)
	hash := ""
	for range tries {
		g, err := d.find(r.Context(), r, secret)
		if errors.Is(err, errUsed) {
			return web.LinkUsed("used", nil), nil
		}
		if err != nil {
			return nil, err
		}
		r.Note("customer", web.MaskNumber(g.profile.Number))
		refusal, err := newpassword.Refusal(r.Context(), customer.Store{Store: d.Store}, g.profile, r.Config.Brand, entered)
		if err != nil {
			return nil, err
		}
		if refusal != nil {
			return web.Page("reset", viewOf(secret, g, choice, r.Now)).WithError(refusal), nil
		}
		if hash == "" {
			if hash, err = (credential.Hasher{Rand: d.Rand}).Hash(entered); err != nil {
				return nil, err
			}
		}
		device, err := d.set(r.Context(), r, g, hash, choice)
		if errors.Is(err, table.ErrCondition) {
			continue // used or changed meanwhile: find tells which
		}
		if err != nil {
			return nil, err
		}
		r.Note("security_event", "authn_password_change")
		return web.SeeOther("/login?done=reset").WithCookie(session.NewDeviceCookie(device)), nil
	}
	return nil, web.Unavailable(errors.New("profile or credential keeps changing"))
}

// find reads what a token allows. One that was made under an older epoch is void: another link was used since, or the
// change of the e-mail address was stopped. So is one that went to an address that is not in force, whatever became of
// the number meanwhile.
func (d Deps) find(ctx context.Context, r *web.Request, secret string) (grant, error) {
	t, key, err := token.Store{Store: d.Store}.Find(ctx, secret, token.PurposeReset, r.Now)
	if errors.Is(err, token.ErrNotFound) {
		return grant{}, errUsed
	}
	if err != nil {
		return grant{}, err
	}
	g := grant{key: key}
	if g.cred, err = (credential.Store{Store: d.Store}).Get(ctx, table.Customer(t.Subject)); err != nil {
		return grant{}, err
	}
	g.profile, err = customer.Store{Store: d.Store}.Profile(ctx, t.Subject)
	if errors.Is(err, customer.ErrNotFound) {
		return grant{}, errUsed
	}
	if err != nil {
		return grant{}, err
	}
	if t.Epoch != g.cred.Epoch || g.cred.Retired || g.profile.MergedInto != "" || !g.profile.Reads(t.Address) {
		return grant{}, errUsed
	}
	g.factor, err = secondfactor.Store{Store: d.Store}.Get(ctx, t.Subject)
	return g, err
}
