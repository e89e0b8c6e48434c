package customers

import (
	"errors"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// maxAddress is the longest e-mail address (RFC 5321), with room for one whose domain is not yet folded.
const maxAddress = 1000

func (a act) event(action string) audit.Event {
	return audit.Event{Number: a.customer.Number, Action: action, Actor: a.staff.Actor(), At: a.at, New: map[string]string{audit.KeyReason: a.reason}}
}

// sendReset does what "Passwort vergessen" does, for the customer, who chooses the password (S13). The request is
// audited first: a note without a mail is better than a link that nobody can explain.
func (d Room) sendReset(r *web.Request, a act) (*web.Error, error) {
	if a.customer.Email == "" {
		return web.Conflict("no_address", lang.T("Für diesen Kunden ist keine E-Mail-Adresse hinterlegt. Tragen Sie zuerst eine ein.")), nil
	}
	for _, b := range []throttle.Bucket{throttle.ResetMails(a.customer.Number, a.customer.Email), throttle.ResetMailsOfNumber(a.customer.Number)} {
		v, err := d.Pauses.Look(r.Context(), b, a.at)
		if err != nil {
			return nil, err
		}
		if !v.Allowed {
			until := a.at.Add(v.RetryAfter)
			return web.TooMany(v.RetryAfter, lang.T("In der letzten Stunde gingen schon drei Links an diese Adresse. Ab %s geht der nächste. Die verschickten gelten je eine Stunde.", lang.Hour(until))), nil
		}
	}
	if err := d.Events.Note(r.Context(), a.event(audit.ResetLinkAsked), d.Rand, true); err != nil {
		return nil, err
	}
	r.Note("security_event", "authn_password_reset_requested")
	return nil, d.Links.Ask(r.Context(), forgot.Request{CustomerNumber: a.customer.Number, Language: desk.First(a.customer.Language, string(r.Lang))})
}

func (d Room) endPause(r *web.Request, a act) (*web.Error, error) {
	return nil, d.Accounts.EndPause(r.Context(), a.event(audit.PauseEnded))
}

func (d Room) endSessions(r *web.Request, a act) (*web.Error, error) {
	r.Note("security_event", "session_ended")
	return overtaken(d.Accounts.EndSessions(r.Context(), a.customer, a.event(audit.AllSessionsEnded)))
}

func (d Room) lock(r *web.Request, a act) (*web.Error, error) {
	return d.setLocked(r, a, true, audit.MergingLocked)
}

func (d Room) unlock(r *web.Request, a act) (*web.Error, error) {
	return d.setLocked(r, a, false, audit.MergingUnlocked)
}

// setLocked does nothing when the number is locked or unlocked already: pressing the button twice acts once.
func (d Room) setLocked(r *web.Request, a act, locked bool, action string) (*web.Error, error) {
	if a.customer.Locked == locked {
		return nil, nil
	}
	return overtaken(d.Accounts.SetLocked(r.Context(), a.customer, locked, a.event(action)))
}

// correctEmail enters an address for a customer who cannot sign in, or whose address is wrong. It does no more than the
// customer's own entry: the address waits until it is confirmed, and the one in force is told at once (S7).
func (d Room) correctEmail(r *web.Request, a act) (*web.Error, error) {
	q := emailchange.Request{Address: masterdata.CleanEmail(a.form.Text("email")), Actor: a.staff.Actor(), Reason: a.reason, At: a.at}
	if problem := masterdata.CheckEmail(q.Address); problem != nil {
		msg := (problem.Words)
		if q.Address == "" {
			msg = lang.T("Geben Sie die neue E-Mail-Adresse ein.")
		}
		return web.Unprocessable(problem.Code, msg, web.Invalid("email", problem.Code, msg)), nil
	}
	if q.JustAsked(a.customer) {
		return nil, nil
	}
	if !q.New(a.customer) {
		msg := lang.T("Diese Adresse ist für diesen Kunden schon eingetragen.")
		return web.Unprocessable("same_address", msg, web.Invalid("email", "same_address", msg)), nil
	}
	held, err := d.Orders.Objections(r.Context(), a.customer.Number)
	if err != nil {
		return nil, err
	}
	if len(held) > 0 {
		return web.Conflict("objection_open", lang.T("Gegen eine Zusammenfassung liegt ein Einspruch vor (Auftrag %s). Bis er entschieden ist, lässt sich die E-Mail-Adresse nicht ändern.", held[0])), nil
	}
	return overtaken(d.Accounts.CorrectEmail(r.Context(), a.customer, q))
}

// overtaken says that somebody else changed the customer meanwhile.
func overtaken(err error) (*web.Error, error) {
	if errors.Is(err, table.ErrCondition) {
		return web.Conflict("changed_meanwhile", lang.T("Die Daten dieses Kunden haben sich gerade geändert. Sehen Sie nach und versuchen Sie es noch einmal.")), nil
	}
	return nil, err
}
