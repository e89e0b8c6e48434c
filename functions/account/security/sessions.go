package security

import (
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/useragent"
	"kundenkonto/shared/web"
)

// sessionsPath is the page that lists where the customer is signed in.
const sessionsPath = "/account/sessions"

// sessionsView is the list. A session's id is the hash of its cookie: it opens nothing.
type sessionsView struct {
	Sessions []SessionRow `json:"sessions"`
}

// SessionRow is one browser that is signed in.
type SessionRow struct {
	ID         string           `json:"session"`
	Client     useragent.Client `json:"client"`
	SignedInAt time.Time        `json:"signedInAt"`
	LastUsed   time.Time        `json:"lastUsed"` // to within five minutes
	This       bool             `json:"this"`
}

// Others says whether there is a session beside this one.
func (v sessionsView) Others() bool { return len(v.Sessions) > 1 }

// What was done, as the page tells it.
const (
	doneSession  = "session"
	doneSessions = "sessions"
)

func (d Room) sessionsPage(r *web.Request, s session.Visitor) (web.Response, error) {
	found, err := d.Sessions.List(r.Context(), s.Profile.Number, s.Profile.Epoch, r.Now)
	if err != nil {
		return nil, err
	}
	view := sessionsView{Sessions: []SessionRow{SessionOf(s.Session, s)}}
	for _, one := range found {
		if one.ID != s.Session.ID { // this one is known without the index
			view.Sessions = append(view.Sessions, SessionOf(one, s))
		}
	}
	page := web.Page("sessions", view)
	switch r.URL.Query().Get(area.DoneKey) {
	case doneSession:
		page = page.WithNotice("success", lang.T("Das Gerät ist abgemeldet."))
	case doneSessions:
		page = page.WithNotice("success", lang.T("Alle anderen Geräte sind abgemeldet."))
	}
	return page, nil
}

func (d Room) currentSession(r *web.Request, s session.Visitor) (web.Response, error) {
	return session.Ending(r, s.Session.Ends()), nil
}

// SessionOf is a session as the one that asks sees it.
func SessionOf(one session.Session, s session.Visitor) SessionRow {
	return SessionRow{ID: one.ID, Client: useragent.Parse(one.UserAgent), SignedInAt: one.CreatedAt, LastUsed: one.LastUsed,
		This: one.ID == s.Session.ID}
}

// revokeSession ends one session, or all but this one. Ending this one is signing out.
func (d Room) revokeSession(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	asked := f.Get("session")
	if asked == "others" {
		return d.revokeOthers(r, s)
	}
	err = d.endOne(r, s, asked)
	if errors.Is(err, session.ErrNone) {
		refused := web.NotFound()
		refused.Message = lang.T("Diese Anmeldung gibt es nicht mehr.")
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	r.Note("security_event", "session_ended")
	if asked == s.Session.ID {
		return web.SeeOther("/login?done=logout").WithCookie(session.EndCookie()), nil
	}
	return web.SeeOther(sessionsPath + "?" + area.DoneKey + "=" + doneSession), nil
}

// endOne ends one session in one transaction with its audit event, as long as the one that asks for it is good (S12).
func (d Room) endOne(r *web.Request, s session.Visitor, id string) error {
	gone, err := d.Sessions.Of(r.Context(), s.Profile.Number, id, r.Now)
	if err != nil {
		return err
	}
	client := useragent.Parse(gone.UserAgent)
	event := audit.Event{Number: s.Profile.Number, Action: audit.SessionEnded, Actor: s.Profile.Number, At: r.Now,
		Old: map[string]string{audit.KeyBrowser: client.Browser, audit.KeySystem: client.System}}
	err = d.Transact(r.Context(), []types.TransactWriteItem{session.EndOf(d.Names, s.Profile.Number, id),
		audit.Put(d.Names, event, d.Rand), d.stillSignedIn(s)}, "")
	if errors.Is(err, table.ErrCondition) {
		return session.ErrNone
	}
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// revokeOthers raises the epoch instead of ending what the index lists: the index is eventually consistent, and a session
// that somebody opened a second ago is the one that must not be missed (S8). This browser gets a new session. Mailed reset
// links are void with it, which suits who throws everybody out.
func (d Room) revokeOthers(r *web.Request, s session.Visitor) (web.Response, error) {
	for range table.Tries(r.Context(), area.Attempts) {
		cookie, items, err := d.endOthers(r, s, customer.EpochRaised(d.Names, s.Profile))
		if err != nil {
			return nil, err
		}
		event := audit.Event{Number: s.Profile.Number, Action: audit.SessionsEnded, Actor: s.Profile.Number, At: r.Now}
		items = append(items, audit.Put(d.Names, event, d.Rand))
		err = d.Transact(r.Context(), items, "")
		if err == nil {
			r.Note("security_event", "session_ended")
			return web.SeeOther(sessionsPath + "?" + area.DoneKey + "=" + doneSessions).WithCookie(session.NewCookie(cookie)), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, fmt.Errorf("end other sessions: %w", err)
		}
		if ended, err := d.Ended(r, s); err != nil || ended != nil {
			return ended, err
		}
	}
	return nil, web.Unavailable(errors.New("the credential keeps changing"))
}
