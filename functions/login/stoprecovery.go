package login

import (
	"errors"
	"net/http"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// stopPath is where the mail about a recovery leads: it is stopped without signing in.
const stopPath = "/login/stop-recovery"

// errGone is a link that is used, too old, or whose recovery is over.
var errGone = errors.New("nothing left to stop")

// stopView is the page of the link.
type stopView struct {
	Token string `json:"-"`
	Gone  bool   `json:"gone"`
	EndAt string `json:"endAt,omitempty"`
}

// Heading is the title of the page.
func (v stopView) Heading() lang.Text {
	if v.Gone {
		return lang.T("Dieser Link gilt nicht mehr")
	}
	return lang.T("Zweite Stufe behalten")
}

// stoppable is a running recovery that a link stops.
type stoppable struct {
	key     string // of the token
	profile customer.Profile
	factor  secondfactor.Factor
}

func stopRoutes(d Deps) []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: stopPath, Summary: "Page of the mailed link that stops the removal of a second step; changes nothing", Handle: d.showStop,
			Fields: []web.Field{{Name: "token", In: web.InQuery, Required: true, Secret: true}}},
		{Method: http.MethodPost, Pattern: stopPath, Summary: "Stop the removal of a second step", Handle: d.stop,
			Fields: []web.Field{{Name: "token", Required: true, Secret: true}}},
	}
}

// showStop changes nothing: link scanners of mail programs call it, too (S6).
func (d Deps) showStop(r *web.Request) (web.Response, error) {
	secret := r.URL.Query().Get("token")
	s, err := d.stoppable(r, secret)
	if err != nil {
		return gone(err)
	}
	return web.Page("stoprecovery", stopView{Token: secret, EndAt: table.FormatTime(s.factor.Recovery.EndAt)}), nil
}

// stop keeps the second step, in one transaction with the end of the link, the audit and the mail. A new e-mail address
// that waits is withdrawn with it: whoever wants the one may have talked the service team into the other. A change at the
// same moment, such as the same link pressed twice, is looked at anew.
func (d Deps) stop(r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	for range retries {
		s, err := d.stoppable(r, form.Get("token"))
		if err != nil {
			return gone(err)
		}
		names := d.Store.Names
		items := append(secondfactor.Tell(names, s.profile, secondfactor.Happened{Event: outbox.FactorRecoveryStopped,
			Actor: s.profile.Number, Key: s.factor.Recovery.ID}, r.Now, d.Rand),
			secondfactor.Save(names, s.factor, s.factor.Stopped()), token.Consume(names, s.key, r.Now))
		items = append(items, emailchange.Withdrawn(names, s.profile, s.profile.Number, r.Now, d.Rand)...)
		err = d.Store.Transact(r.Context(), items, "")
		if err == nil {
			r.Note("security_event", "second_factor_recovery_stopped")
			return web.SeeOther("/login?done=stopped"), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, err
		}
	}
	return nil, web.Unavailable(errors.New("the second factor keeps changing"))
}

// stoppable finds what a link stops: the very recovery that its mail told of, and no later one.
func (d Deps) stoppable(r *web.Request, secret string) (stoppable, error) {
	t, key, err := token.Store{Store: d.Store}.Find(r.Context(), secret, token.PurposeStopRecovery, r.Now)
	if errors.Is(err, token.ErrNotFound) {
		return stoppable{}, errGone
	}
	if err != nil {
		return stoppable{}, err
	}
	r.Note("customer", web.MaskNumber(t.Subject))
	s := subject{number: t.Subject}
	if err := s.read(r.Context(), d.Store); err != nil {
		return stoppable{}, err
	}
	if s.profile.Number == "" || !s.factor.Recovery.Going(r.Now) || s.factor.Recovery.ID != t.Values[secondfactor.ValueID] {
		return stoppable{}, errGone
	}
	if t.Address != "" && s.profile.Stopped(t.Address, s.factor.Recovery.At) { // had been somebody else's
		return stoppable{}, errGone
	}
	return stoppable{key: key, profile: s.profile, factor: s.factor}, nil
}

func gone(err error) (web.Response, error) {
	if !errors.Is(err, errGone) {
		return nil, err
	}
	return web.LinkUsed("stoprecovery", stopView{Gone: true}), nil
}
