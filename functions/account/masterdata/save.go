package masterdata

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// saveMasterData changes what differs from the stored data. Sent twice, it changes nothing the second time (M9).
func (d Room) saveMasterData(r *web.Request, s session.Visitor) (web.Response, error) {
	e, err := readEntry(r, form.Of(s.Profile))
	var unread *web.Error
	if errors.As(err, &unread) && e.version != 0 {
		return d.again(r, s.Profile, e, unread)
	}
	if err != nil {
		return nil, err
	}
	next, changed := masterdata.Apply(form.DataOf(s.Profile), e.data)
	if len(changed) == 0 && !e.newEmail(s.Profile, r.Now) {
		return unchanged(e, s.Profile, r.Now), nil
	}
	if e.version != s.Profile.Version {
		return d.conflict(r, s.Profile, e)
	}
	if refused, err := d.check(r, s.Profile, e, next, changed); err != nil {
		return nil, err
	} else if refused != nil {
		return d.again(r, s.Profile, e, refused)
	}
	return d.write(r, s, e, next, changed)
}

// check says what is wrong with the entry. The password is asked for when the e-mail address or bank data change (S7), and
// only compared when everything else is right, so that a typing error in a field costs no try.
func (d Room) check(r *web.Request, p customer.Profile, e entry, next masterdata.Data, changed []merge.Field) (*web.Error, error) {
	newEmail, password := e.newEmail(p, r.Now), e.password
	asks := newEmail || masterdata.ChangesBank(changed)
	problems := masterdata.Check(form.DataOf(p), next, changed, spelling.Phone)
	if newEmail {
		if wrong := masterdata.CheckEmail(e.email); wrong != nil {
			problems = append(problems, *wrong)
		}
	}
	var fields []web.FieldError
	for _, problem := range problems {
		fields = append(fields, web.Invalid(string(problem.Field), problem.Code, problem.Words))
	}
	if len(fields) > 0 {
		if asks && password == "" {
			fields = append(fields, web.Invalid(reauth.Field, "password_required", passwordNeeded))
		}
		return web.Unprocessable("invalid_master_data", area.NothingSaved, fields...), nil
	}
	if !asks {
		return nil, nil
	}
	if refused, err := d.heldNow(r, p.Number, newEmail, changed); refused != nil || err != nil {
		return refused, err
	}
	if password == "" {
		return web.Unprocessable("password_required", passwordNeeded, web.Invalid(reauth.Field, "password_required", passwordNeeded)), nil
	}
	err := d.Passwords.Check(r.Context(), p.Number, password, r.Now)
	var refused *web.Error
	if errors.As(err, &refused) {
		r.Note("security_event", area.ReauthEvent(refused))
		return refused, nil
	}
	if err != nil || !newEmail {
		return nil, err
	}
	return d.mayMail(r, p.Number)
}

var passwordNeeded = lang.T("Geben Sie Ihr Kundenpasswort ein, um E-Mail-Adresse oder Bankverbindung zu ändern.")

// again shows the form with the entry kept and what is wrong with it.
func (d Room) again(r *web.Request, p customer.Profile, e entry, refused *web.Error) (web.Response, error) {
	page, err := d.masterDataPage(r, p, masterDataView{Form: kept(p, e)})
	if err != nil {
		return nil, err
	}
	return page.WithError(refused), nil
}

// write saves the change, its audit event and its mails together (S12): on condition that the profile is still as it was
// read, so that neither another tab nor a merge nor a new password came between.
func (d Room) write(r *web.Request, s session.Visitor, e entry, next masterdata.Data, changed []merge.Field) (web.Response, error) {
	profile, outcome := form.Into(s.Profile, next), form.Saved
	var effects []types.TransactWriteItem
	if len(changed) > 0 {
		effects = d.told(r, s.Profile, masterdata.Changes(form.DataOf(s.Profile), next, changed))
	}
	if e.newEmail(s.Profile, r.Now) {
		pending, asked, err := emailchange.Ask(d.Names, s.Profile, e.request(s.Profile, r.Now), d.Rand)
		if err != nil {
			return nil, err
		}
		profile.Pending, effects, outcome = pending, append(effects, asked...), form.EmailSent
		if len(changed) > 0 {
			outcome = form.SavedBoth
		}
	}
	items := append([]types.TransactWriteItem{customer.UpdateMasterData(d.Names, s.Profile, profile)}, effects...)
	if e.newEmail(s.Profile, r.Now) || masterdata.ChangesBank(changed) {
		items = append(items, order.CheckNoObjection(d.Names, s.Profile.Number))
	}
	err := d.Transact(r.Context(), items, "")
	var cancelled *table.Cancelled
	if errors.As(err, &cancelled) && cancelled.Failed(0) {
		return d.overtaken(r.Context(), r, s, e)
	}
	if errors.As(err, &cancelled) && cancelled.Failed(len(items)-1) { // an objection came in between
		refused, again := d.heldNow(r, s.Profile.Number, e.newEmail(s.Profile, r.Now), changed)
		if again == nil && refused != nil {
			return d.again(r, s.Profile, e, refused)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("save master data: %w", err)
	}
	r.Note("outcome", "master_data_changed")
	return form.LeadBack(e.back, outcome, changed...), nil
}

// told are the audit event of a change and its mail.
func (d Room) told(r *web.Request, p customer.Profile, changes []masterdata.Change) []types.TransactWriteItem {
	before, after := masterdata.Sides(changes)
	return []types.TransactWriteItem{
		audit.Put(d.Names, audit.Event{Number: p.Number, Action: audit.MasterDataChanged, Actor: p.Number, At: r.Now, Old: before, New: after}, d.Rand),
		outbox.Put(d.Names, changedItem(p, changes, r)),
	}
}

// changedItem tells the customer at the addresses as they were (S7), and the operator's systems. Each version is left once, so
// number and version name the change (M9).
func changedItem(p customer.Profile, changes []masterdata.Change, r *web.Request) outbox.Item {
	item := outbox.Item{Event: outbox.MasterDataChanged, Key: fmt.Sprintf("%s#%d", p.Number, p.Version+1),
		Values: map[string]string{outbox.ValueNumber: p.Number}, CreatedAt: r.Now}
	for _, c := range changes {
		outbox.SetChange(item.Values, outbox.Change{Field: string(c.Field), Old: c.Old, New: c.New})
	}
	item.Recipients = emailchange.Owner(p, r.Now)
	return item
}

// overtaken looks again after somebody else was faster.
func (d Room) overtaken(ctx context.Context, r *web.Request, s session.Visitor, e entry) (web.Response, error) {
	p, err := d.Customers.Profile(ctx, s.Profile.Number)
	if err != nil {
		return nil, fmt.Errorf("read profile again: %w", err)
	}
	if p.Epoch != s.Profile.Epoch || p.MergedInto != "" { // this session has ended (S8)
		if r.WantsJSON() {
			return nil, web.Unauthorized()
		}
		return web.SeeOther("/login"), nil
	}
	return d.conflict(r, p, e)
}
