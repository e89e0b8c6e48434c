package masterdata

import (
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// mayMail counts the mails to new addresses, which may be strangers'.
func (d Room) mayMail(r *web.Request, number string) (*web.Error, error) {
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
