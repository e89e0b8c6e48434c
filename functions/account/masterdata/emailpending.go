package masterdata

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// What can be done about a new e-mail address that waits. Neither asks for the password: the address was entered with it,
// and withdrawing it keeps what is in force.
const (
	resendPath   = "/account/email/resend"
	withdrawPath = "/account/email/withdraw"
)

// whenWaiting hands a form the address that waits and where it leads back to.
func whenWaiting(do func(r *web.Request, p customer.Profile, w customer.PendingEmail, back string) (web.Response, error)) func(*web.Request, session.Visitor) (web.Response, error) {
	return func(r *web.Request, s session.Visitor) (web.Response, error) {
		f, err := r.Form()
		if err != nil {
			return nil, err
		}
		back := form.ReturnPath(f.Get("return"))
		w := s.Profile.Waiting(r.Now)
		if w == nil {
			return form.LeadBack(back, form.NoneWaits), nil
		}
		return do(r, s.Profile, *w, back)
	}
}

// resendLink mails the link once more, and the warning to the address in force with it (S7). A button pressed twice
// mails once (M9).
func (d Room) resendLink(r *web.Request, p customer.Profile, w customer.PendingEmail, back string) (web.Response, error) {
	asked := emailchange.Request{Address: w.Address, Actor: p.Number, At: r.Now}
	if asked.JustAsked(p) {
		return form.LeadBack(back, form.LinkSent), nil
	}
	refused, err := d.heldByObjection(r, p.Number)
	if err == nil && refused == nil {
		refused, err = d.mayMail(r, p.Number)
	}
	if err != nil {
		return nil, err
	}
	if refused != nil {
		page, err := d.masterDataPage(r, p, masterDataView{Form: form.Of(p)})
		if err != nil {
			return nil, err
		}
		return page.WithError(withoutFields(refused)), nil
	}
	pending, effects, err := emailchange.Ask(d.Names, p, asked, d.Rand)
	if err != nil {
		return nil, err
	}
	return d.putWaiting(r, p, pending, back, form.LinkSent, effects...)
}

// withdrawEmail lets the present address stay. The links mailed for the new one lead nowhere then.
func (d Room) withdrawEmail(r *web.Request, p customer.Profile, w customer.PendingEmail, back string) (web.Response, error) {
	event := audit.Event{Number: p.Number, Action: audit.EmailWithdrawn, Actor: p.Number, At: r.Now,
		Old: map[string]string{"email": w.Address}, New: map[string]string{"email": p.Email}}
	return d.putWaiting(r, p, nil, back, form.Withdrawn, audit.Put(d.Names, event, d.Rand))
}

// putWaiting writes what waits from now on, on condition that nobody confirmed, stopped or replaced it meanwhile, and leads
// back.
func (d Room) putWaiting(r *web.Request, p customer.Profile, next *customer.PendingEmail, back string, told form.Outcome, effects ...types.TransactWriteItem) (web.Response, error) {
	changed := p
	changed.Pending = next
	err := d.Transact(r.Context(), append(effects, customer.UpdateMasterData(d.Names, p, changed)), "")
	if errors.Is(err, table.ErrCondition) {
		return form.LeadBack(back, form.Overtaken), nil
	}
	if err != nil {
		return nil, fmt.Errorf("change what waits: %w", err)
	}
	r.Note("outcome", "email_"+string(told))
	return form.LeadBack(back, told), nil
}
