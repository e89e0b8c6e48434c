package cancel

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// fieldKey is the field by which a form that is sent twice is known.
const fieldKey = "idempotencyKey"

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// formView is the form, with what was entered.
type formView struct {
	cancellation.Stated
	Key string `json:"idempotencyKey"`
}

// Kinds are the choices of the form in a language.
func (formView) Kinds(l lang.Lang) []web.Option { return cancellation.KindOptions(l) }

func (d Deps) form(*web.Request) (web.Response, error) {
	key, err := web.NewIdempotencyKey(d.Rand)
	if err != nil {
		return nil, err
	}
	return web.Page("form", formView{Stated: cancellation.Stated{Kind: customer.Ordinary}, Key: key}), nil
}

// receivedView is the declaration as it was received.
type receivedView struct {
	ID    string              `json:"id"`
	At    string              `json:"receivedAt"` // in words, as on the page
	Email string              `json:"confirmationTo"`
	Facts []cancellation.Fact `json:"declaration"`
	File  template.URL        `json:"-"` // the declaration as a file, held by the page itself: nothing can read it later
	Name  string              `json:"-"` // of the file
}

// declare takes a cancellation in. What it does and answers is the same whatever number and contract are named: it reads
// nothing of them. It counts by client address alone, so that nobody can keep somebody else from cancelling; a form that is
// sent twice finds what it did the first time.
func (d Deps) declare(r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	stated, wrong := cancellation.ReadStated(f, contract.Day(r.Now))
	view := formView{Stated: stated, Key: f.Get(fieldKey)}
	if !keyPattern.MatchString(view.Key) {
		return nil, web.BadRequest("idempotency_key", lang.T("Das Formular kam unvollständig an. Laden Sie die Seite neu und versuchen Sie es noch einmal."))
	}
	if wrong != nil {
		return web.Page("form", view).WithError(web.Unprocessable("invalid_cancellation", lang.T("Es ist noch nichts gekündigt."), wrong...)), nil
	}
	verdict, err := throttle.Store{Store: d.Store}.Try(r.Context(), throttle.AddressCancellations(r.ClientIP), r.Now)
	if err != nil {
		return nil, err
	}
	if !verdict.Allowed {
		r.Note("security_event", "excess_rate_limit_exceeded")
		said := lang.T("Von Ihrem Anschluss kamen zu viele Kündigungen. Ab %s können Sie es wieder versuchen.", lang.Hour(r.Now.Add(verdict.RetryAfter)))
		if r.Config.Contact != "" {
			said = said.And(lang.T("Kündigen können Sie auch so: %s", r.Config.Contact))
		}
		return web.Page("form", view).WithError(web.TooMany(verdict.RetryAfter, said)), nil
	}
	declared, err := d.put(r, stated, view.Key)
	if err != nil {
		return nil, err
	}
	r.Note("outcome", "cancellation_declared")
	return d.received(r, declared), nil
}

// put writes the declaration into the outbox, once a form. It returns what stands there, that of the first time.
func (d Deps) put(r *web.Request, stated cancellation.Stated, key string) (cancellation.Declared, error) {
	declared, err := cancellation.Declare(stated, key, string(r.Lang), r.Now)
	if err != nil {
		return declared, err
	}
	put := outbox.Put(d.Store.Names, declared.Item())
	put.Put.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	err = d.Store.Transact(r.Context(), []types.TransactWriteItem{put}, "")
	var refused *table.Cancelled
	if errors.As(err, &refused) && refused.Failed(0) {
		before, err := outbox.FromImage(refused.Old(0))
		if err != nil {
			return declared, err
		}
		return cancellation.DeclaredIn(before), nil
	}
	if err != nil {
		return declared, fmt.Errorf("cancel: take a cancellation in: %w", err)
	}
	return declared, nil
}

func (d Deps) received(r *web.Request, declared cancellation.Declared) web.Response {
	said := declared.Declaration(r.Config.Brand, r.Lang)
	return web.Page("received", receivedView{ID: declared.ID, At: lang.ZonedMoment(declared.ReceivedAt).In(r.Lang), Email: declared.Email, Facts: said.Facts(r.Lang),
		File: template.URL("data:text/plain;charset=utf-8;base64," + base64.StdEncoding.EncodeToString(said.File(r.Lang))),
		Name: lang.T("kuendigung").In(r.Lang) + "-" + declared.ID + ".txt"})
}
