package customers

import (
	"errors"
	"fmt"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// recoveryView is the form with the reason.
type recoveryView struct {
	Number  string    `json:"customerNumber"`
	Name    string    `json:"name"`
	Email   string    `json:"-"`
	Started bool      `json:"started"`
	EndAt   time.Time `json:"endAt,omitzero"`
	Reason  string    `json:"-"`
	Hours   int       `json:"waitingHours"`
}

// Explained says what a recovery does.
func (v recoveryView) Explained() lang.Text {
	return lang.T("Für Kunden, die Authenticator-App und Wiederherstellungscodes verloren haben.").And(lang.N(v.Hours,
		"Nach einer Wartezeit von %d Stunde wird die zweite Stufe abgeschaltet, dann genügt das Kundenpasswort.",
		"Nach einer Wartezeit von %d Stunden wird die zweite Stufe abgeschaltet, dann genügt das Kundenpasswort."))
}

func (d Room) recoveryForm(r *web.Request, staff session.StaffSession, p customer.Profile) (web.Response, error) {
	if refusal := merged(p); refusal != nil {
		return nil, refusal
	}
	if err := d.looked(r, staff, p.Number); err != nil {
		return nil, err
	}
	return web.Page("recovery", d.recoveryOf(p)), nil
}

func (d Room) recoveryOf(p customer.Profile) recoveryView {
	return recoveryView{Number: p.Number, Name: p.DisplayName(), Email: p.Email, Hours: int(d.Recoveries.Wait.Hours())}
}

// startRecovery begins the waiting time. The mail with the link that stops it goes to the address as it is now and to those
// of the last 30 days; without an address nobody could stop it, so there is no recovery then.
func (d Room) startRecovery(r *web.Request, staff session.StaffSession, form web.Form, p customer.Profile) (web.Response, error) {
	if refusal := merged(p); refusal != nil {
		return nil, refusal
	}
	view := d.recoveryOf(p)
	view.Reason = desk.Prose(form.Get("reason"))
	if refusal := recoveryRefused(p, view.Reason, r.Now); refusal != nil {
		return web.Page("recovery", view).WithError(refusal), nil
	}
	view.EndAt = r.Now.Add(d.Recoveries.Wait)
	id, err := newRecoveryID(d.Rand)
	if err == nil {
		err = d.Recoveries.Begin(r.Context(), p, Recovery{ID: id, By: staff.Actor(), Reason: view.Reason, At: r.Now}, d.Rand)
	}
	if errors.Is(err, table.ErrCondition) {
		return web.Page("recovery", view).WithError(web.Conflict("no_recovery", lang.T("Dieser Kunde hat keine zweite Stufe, oder ihre Abschaltung läuft schon."))), nil
	}
	if err != nil {
		return nil, fmt.Errorf("start recovery: %w", err)
	}
	r.Note("security_event", "second_factor_recovery_started")
	view.Started = true
	return web.Page("recovery", view), nil
}

// addressSettles is how long a new e-mail address bars a recovery: as long as the one before can take its place again.
const addressSettles = token.StopLifetime

func recoveryRefused(p customer.Profile, reason string, now time.Time) *web.Error {
	if p.Email == "" {
		return web.Conflict("no_address", lang.T("Für diesen Kunden ist keine E-Mail-Adresse hinterlegt: Niemand könnte die Abschaltung stoppen."))
	}
	if from := p.EmailChangedAt.Add(addressSettles); now.Before(from) {
		return web.Conflict("address_too_new", lang.T("Die E-Mail-Adresse dieses Kunden ist erst seit dem %s eingetragen. Wer sie geändert hat, könnte auch die Abschaltung wollen: Sie geht erst ab %s. Bis dahin kann die bisherige Adresse die Änderung stoppen.", lang.Day(p.EmailChangedAt), lang.Day(from)))
	}
	if reason == "" {
		msg := lang.T("Nennen Sie den Grund: Wer hat darum gebeten, und woran haben Sie den Kunden erkannt?")
		return web.Unprocessable("reason_missing", msg, web.Invalid("reason", "reason_missing", msg))
	}
	return nil
}
