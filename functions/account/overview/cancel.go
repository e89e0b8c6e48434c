package overview

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// What the forms about a cancellation have done.
const (
	doneCancelled = "cancelled"
	doneWithdrawn = "withdrawn"
)

// cancelRoutes are those of ending a contract.
func (d Room) cancelRoutes() []web.Route {
	const page = "/account/packages/{id}/cancel"
	return []web.Route{
		{Method: http.MethodGet, Pattern: page, Access: web.Customer, Handle: d.Signed(d.cancelPage),
			Summary: "Form by which the contract of a package is cancelled", Fields: []web.Field{packageID}},
		{Method: http.MethodPost, Pattern: page, Access: web.Customer, Handle: d.Signed(d.cancel), FormPage: page,
			Summary: "Cancel the contract of a package; sent twice it is one cancellation", Fields: append([]web.Field{packageID}, cancellation.Fields()...)},
		{Method: http.MethodPost, Pattern: page + "/withdraw", Access: web.Customer, Handle: d.Signed(d.withdrawCancellation), FormPage: "/account/packages/{id}",
			Summary: "Take a cancellation back that was not taken up yet", Fields: []web.Field{packageID,
				{Name: fieldCancellation, Required: true, Max: 20, Summary: "id of the cancellation"}}},
		{Method: http.MethodGet, Pattern: page + "/file", Access: web.Customer, Handle: d.Signed(d.cancellationFile), Kinds: []string{"text/plain"},
			Summary: "The cancellation as a text file", Fields: []web.Field{packageID}},
	}
}

// fieldCancellation names the cancellation that the page showed: another one, given since, is not taken back by it.
const fieldCancellation = "cancellation"

// cancelView is the form of a cancellation. EndsOn is the earliest day, "" when it is not known.
type cancelView struct {
	packageRow
	Owner   string `json:"customerNumber"`
	Email   string `json:"confirmationTo,omitempty"` // where the confirmation goes; "" for nowhere
	Kind    string `json:"-"`
	Reason  string `json:"-"`
	Entered string `json:"-"` // the wished day as it was typed
}

// Kinds are the choices of the form in a language.
func (cancelView) Kinds(l lang.Lang) []web.Option { return cancellation.KindOptions(l) }

func (d Room) cancelPage(r *web.Request, s session.Visitor) (web.Response, error) {
	p, err := d.ownPackage(r, s)
	if err != nil {
		return nil, err
	}
	if p.Cancelled() {
		page, err := d.showPackage(r, s, p, d.settingsOf(p))
		if err != nil {
			return nil, err
		}
		return page.WithNotice("info", lang.T("Das Ende dieses Vertrags steht schon fest.")), nil
	}
	return cancelForm(r, s, p, cancellation.Wish{Kind: customer.Ordinary}, ""), nil
}

// cancelForm is the page of the form, with what was entered.
func cancelForm(r *web.Request, s session.Visitor, p customer.Package, w cancellation.Wish, entered string) web.Response {
	return web.Page("cancel", cancelView{packageRow: rowOf(p, s.Profile, r.Now), Owner: s.Profile.Number, Email: s.Profile.Email,
		Kind: w.Kind, Reason: w.Reason, Entered: entered})
}

// cancel gives notice. Who sends the form twice finds the first cancellation.
func (d Room) cancel(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	w, wrong := cancellation.Read(f, contract.Day(r.Now))
	for range table.Tries(r.Context(), area.Attempts) {
		p, err := d.ownPackage(r, s)
		if err != nil {
			return nil, err
		}
		if p.Cancelled() {
			return d.cancelledBefore(r, s, p)
		}
		if wrong != nil {
			return cancelForm(r, s, p, w, f.Text(cancellation.FieldWished)).
				WithError(web.Unprocessable("invalid_cancellation", lang.T("Es ist noch nichts gekündigt."), wrong...)), nil
		}
		held, refused, err := d.heldPackage(r, s.Profile, p)
		if err != nil {
			return nil, err
		}
		if refused != nil {
			return cancelForm(r, s, p, w, w.Day()).WithError(refused), nil
		}
		err = d.writeCancellation(r, s, p, w, held)
		if err == nil {
			r.Note("outcome", "contract_cancelled")
			return web.SeeOther(packagePath(p.ID) + "?" + area.DoneKey + "=" + doneCancelled), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, err
		}
		if ended, err := d.Ended(r, s); err != nil || ended != nil {
			return ended, err
		}
	}
	return nil, web.Unavailable(errors.New("the package keeps changing"))
}

// cancelledBefore answers a second form: the customer's own notice is what was asked for.
func (d Room) cancelledBefore(r *web.Request, s session.Visitor, p customer.Package) (web.Response, error) {
	if p.Cancellation != nil {
		return web.SeeOther(packagePath(p.ID) + "?" + area.DoneKey + "=" + doneCancelled), nil
	}
	refused := web.Conflict("contract_ends", lang.T("Das Ende dieses Vertrags steht schon fest."))
	page, err := d.showPackage(r, s, p, d.settingsOf(p))
	if err != nil {
		return nil, err
	}
	return page.WithError(refused), nil
}

// writeCancellation puts the notice with its audit event, its confirmation by mail and the event for the operator's systems,
// on condition that the package is still the customer's and that no end is known (S12).
func (d Room) writeCancellation(r *web.Request, s session.Visitor, p customer.Package, w cancellation.Wish, held holding) error {
	id, err := merge.NewOrderID(d.Rand)
	if err != nil {
		return err
	}
	c := customer.Cancellation{ID: id, Kind: w.Kind, Reason: w.Reason, Wished: w.Day(), ReceivedAt: r.Now.UTC(), By: s.Profile.Number}
	if end, ok := p.EndFor(w.Kind, contract.Day(r.Now), w.Wished, s.Profile.Consumer()); ok {
		c.EndsOn = end.Format(time.DateOnly)
	}
	p.Cancellation = &c
	items := append([]types.TransactWriteItem{customer.CheckOwns(d.Names, s.Profile, p.Number), customer.PutCancellation(d.Names, p, c)},
		d.noticeItems(r, s, p, outbox.ContractCancelled, audit.ContractCancelled)...)
	if err := d.Transact(r.Context(), append(items, d.stillHeld(held)...), ""); err != nil {
		return fmt.Errorf("cancel a contract: %w", err)
	}
	return nil
}

// noticeItems are the audit event and the effects of what was done with the cancellation of p.
func (d Room) noticeItems(r *web.Request, s session.Visitor, p customer.Package, event, action string) []types.TransactWriteItem {
	c := *p.Cancellation
	noted := map[string]string{outbox.ValuePackage: p.ID, outbox.ValueCancellation: c.ID, outbox.ValueKind: c.Kind,
		outbox.ValueWished: c.Wished, outbox.ValueEndsOn: c.EndsOn}
	return []types.TransactWriteItem{
		audit.Put(d.Names, audit.Event{Number: s.Profile.Number, Action: action, Actor: s.Profile.Number, At: r.Now, New: noted}, d.Rand),
		outbox.Put(d.Names, outbox.Item{Event: event, Key: p.ID + "#" + c.ID, CreatedAt: r.Now, Values: cancellation.Values(s.Profile.Number, p, c),
			Recipients: emailchange.Owner(s.Profile, r.Now)}),
	}
}

// withdrawCancellation takes a notice back, as long as nobody of the operator's team has taken it up.
func (d Room) withdrawCancellation(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	for range table.Tries(r.Context(), area.Attempts) {
		p, err := d.ownPackage(r, s)
		if err != nil {
			return nil, err
		}
		held, refused, err := d.heldPackage(r, s.Profile, p)
		if err != nil {
			return nil, err
		}
		switch {
		case p.Cancellation == nil && p.EndedAt == "":
			return web.SeeOther(packagePath(p.ID) + "?" + area.DoneKey + "=" + doneWithdrawn), nil
		case p.Cancellation == nil || p.Cancellation.TakenUp():
			refused = web.Conflict("cancellation_taken_up", lang.T("Diese Kündigung hat unser Serviceteam schon übernommen. Möchten Sie den Vertrag behalten, schreiben Sie uns."))
		case p.Cancellation.ID != f.Text(fieldCancellation):
			refused = web.Conflict("cancellation_changed", lang.T("Inzwischen gibt es eine andere Kündigung als die, die Sie zurückziehen wollten. Es ist nichts geändert."))
		}
		if refused != nil {
			return d.settingsAgain(r, s, p, d.settingsOf(p), refused)
		}
		items := append([]types.TransactWriteItem{customer.CheckOwns(d.Names, s.Profile, p.Number), customer.WithdrawCancellation(d.Names, p)},
			d.noticeItems(r, s, p, outbox.NoticeWithdrawn, audit.NoticeWithdrawn)...)
		err = d.Transact(r.Context(), append(items, d.stillHeld(held)...), "")
		if err == nil {
			r.Note("outcome", "cancellation_withdrawn")
			return web.SeeOther(packagePath(p.ID) + "?" + area.DoneKey + "=" + doneWithdrawn), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return nil, fmt.Errorf("withdraw a cancellation: %w", err)
		}
		if ended, err := d.Ended(r, s); err != nil || ended != nil {
			return ended, err
		}
	}
	return nil, web.Unavailable(errors.New("the package keeps changing"))
}

// cancellationFile is what the customer keeps of the notice (BGB section 312k, paragraph 3).
func (d Room) cancellationFile(r *web.Request, s session.Visitor) (web.Response, error) {
	p, err := d.ownPackage(r, s)
	if err != nil {
		return nil, err
	}
	if p.Cancellation == nil {
		return nil, web.NotFound()
	}
	l := r.Lang
	said := cancellation.Declaration{Cancellation: *p.Cancellation, To: r.Config.Brand, GivenAt: p.Cancellation.ReceivedAt, About: []cancellation.Fact{
		{Label: lang.T("Kundennummer").In(l), Value: p.Cancellation.By}, {Label: lang.T("Name").In(l), Value: s.Profile.DisplayName()},
		{Label: lang.T("Paketnummer").In(l), Value: p.ID}, {Label: lang.T("Paket").In(l), Value: p.DisplayName()}}}
	return web.Raw(http.StatusOK, "text/plain; charset=utf-8", said.File(l)).
		WithHeader("Content-Disposition", `attachment; filename="`+lang.T("kuendigung").In(l)+"-"+p.Cancellation.ID+`.txt"`), nil
}
