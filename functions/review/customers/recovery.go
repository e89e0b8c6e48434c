package customers

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// DefaultRecoveryWait is how long a customer can stop the removal of the second factor.
const DefaultRecoveryWait = 72 * time.Hour

// Recoveries starts what takes a second factor away after a waiting time. The service team never sees or changes the
// factor itself.
type Recoveries struct {
	table.Store
	Wait time.Duration
}

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

func (d Room) recoveryRoutes() []web.Route {
	const pattern = "/service/customers/{number}/start-recovery"
	number := web.Field{Name: "number", In: web.InPath, Required: true, Max: 12, Summary: "customer number"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: pattern, Summary: "Form that starts the recovery of a customer's sign-in", Access: web.Staff,
			Handle: d.Only(d.onCustomer(d.recoveryForm)), Fields: []web.Field{number}},
		{Method: http.MethodPost, Pattern: pattern, Summary: "Remove a customer's second factor after a waiting time; the customer is told and can stop it",
			Access: web.Staff, Handle: d.Only(d.onCustomerForm(d.startRecovery)), Fields: []web.Field{number,
				desk.ReasonInside()}},
	}
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

// merged refuses what is to be done with a survivor: the sign-in and the address of a merged number are that one's.
func merged(p customer.Profile) *web.Error {
	if p.MergedInto == "" {
		return nil
	}
	return web.Conflict("already_merged", lang.T("Diese Kundennummer gehört jetzt zu %s. Öffnen Sie diese.", p.MergedInto))
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

// Recovery is a recovery to be begun.
type Recovery struct {
	ID, By, Reason string
	At             time.Time
}

// Begin starts a recovery with its audit event and mail, whose sending begins the waiting time; ErrCondition when there is no second factor or one is under way.
func (s Recoveries) Begin(ctx context.Context, p customer.Profile, begun Recovery, rand io.Reader) error {
	end := begun.At.Add(s.Wait)
	recovery := secondfactor.Recovery{ID: begun.ID, EndAt: end, By: begun.By, At: begun.At}
	items := append(secondfactor.Tell(s.Names, p, secondfactor.Happened{Event: outbox.FactorRecoveryStarted, Actor: begun.By, Key: begun.ID,
		Values: map[string]string{secondfactor.ValueID: begun.ID, secondfactor.ValueEnd: table.FormatTime(end), secondfactor.ValueBy: begun.By, secondfactor.ValueReason: begun.Reason}},
		begun.At, rand),
		secondfactor.StartRecovery(s.Names, p.Number, recovery),
		customer.Check(s.Names, p)) // the address that is told is still the customer's
	return s.Transact(ctx, items, "")
}

// newRecoveryID is what tells the recoveries of a customer apart.
func newRecoveryID(rand io.Reader) (string, error) {
	raw := make([]byte, 8)
	_, err := io.ReadFull(rand, raw)
	return hex.EncodeToString(raw), err
}
