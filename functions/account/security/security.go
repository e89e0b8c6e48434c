package security

import (
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/functions/account/history"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// securityPath is the page "Sicherheit".
const securityPath = "/account/security"

// securityEvents is how many of the last events the page shows.
const securityEvents = 15

// securityView says how the account is looked after, and what happened to it lately.
type securityView struct {
	PasswordChangedAt time.Time          `json:"passwordChangedAt,omitzero"`
	Devices           int                `json:"signedInDevices"`
	Proposals         bool               `json:"proposals"`  // whether we point to numbers that look like the own
	SecondStep        bool               `json:"secondStep"` // an authenticator app is set up
	Passkeys          int                `json:"passkeys"`
	Events            []history.EventRow `json:"events"`
}

func (d Room) securityPage(r *web.Request, s session.Visitor) (web.Response, error) {
	view := securityView{PasswordChangedAt: s.Profile.PasswordChangedAt, Proposals: !s.Profile.NoProposals, Events: []history.EventRow{}}
	group, ctx := errgroup.WithContext(r.Context())
	var events []audit.Event
	group.Go(func() (err error) {
		events, _, err = d.Audit().Choose(ctx, s.Profile.Number, "", securityEvents, func(e audit.Event) bool {
			kind := audit.KindOf(e.Action)
			return kind == audit.SignIn || kind == audit.Security
		})
		return err
	})
	group.Go(func() error {
		found, err := d.Sessions.List(ctx, s.Profile.Number, s.Profile.Epoch, r.Now)
		view.Devices = max(len(found), 1)
		return err
	})
	group.Go(func() error {
		f, err := secondfactor.Store{Store: d.Store}.Get(ctx, s.Profile.Number)
		view.SecondStep, view.Passkeys = f.Secret != "", len(f.Passkeys)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, e := range events {
		view.Events = append(view.Events, history.RowOf(d.Products, e, s.Profile))
	}
	return web.Page("security", view), nil
}
