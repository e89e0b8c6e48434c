package account

import (
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// newEmail says whether the entry asks for another e-mail address.
func (e entry) newEmail(p customer.Profile, now time.Time) bool {
	return e.request(p, now).New(p)
}

// waits says whether the address was asked for a moment ago.
func (e entry) waits(p customer.Profile, now time.Time) bool {
	return e.request(p, now).JustAsked(p)
}

func (e entry) request(p customer.Profile, now time.Time) emailchange.Request {
	return emailchange.Request{Address: e.email, Actor: p.Number, At: now}
}

// heldByObjection refuses another e-mail address while an objection against a merge of the number waits for a decision:
// whoever took a number over must not cut its former owner off meanwhile.
func (d Deps) heldByObjection(r *web.Request, number string) (*web.Error, error) {
	ids, err := d.Orders.Objections(r.Context(), number)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	said := lang.T("Gegen eine Zusammenfassung liegt ein Widerspruch vor, den wir gerade prüfen (Auftrag %s). Bis wir entschieden haben, lässt sich die E-Mail-Adresse nicht ändern.", ids[0])
	refused := web.Conflict("objection_open", said)
	refused.Fields = []web.FieldError{web.Invalid(string(merge.Email), "objection_open", said)}
	return refused, nil
}

// mayMail counts the mails to new addresses, which may be strangers'.
func (d Deps) mayMail(r *web.Request, number string) (*web.Error, error) {
	verdict, err := d.Throttle.Try(r.Context(), throttle.EmailChanges(number), r.Now)
	if err != nil || verdict.Allowed {
		return nil, err
	}
	until := r.Now.Add(verdict.RetryAfter)
	said := lang.T("Wir schicken höchstens drei Links an neue Adressen in der Stunde. Ab %s können Sie es wieder versuchen.", lang.Hour(until))
	refused := web.TooMany(verdict.RetryAfter, said)
	refused.Fields = []web.FieldError{web.Invalid(string(merge.Email), "too_many_requests", said)}
	return refused, nil
}
