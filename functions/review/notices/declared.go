package notices

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// declaredPath is the list of what came without a sign-in.
const declaredPath = desk.NoticesPath + "/declared"

// declaredView is a page of cancellations that came without a sign-in, the oldest first, without what their senders wrote.
type declaredView struct {
	Waiting []declaredRow `json:"cancellations"`
	Next    string        `json:"next,omitempty"` // for the query parameter after
	Later   bool          `json:"-"`
}

// declaredRow is one of them.
type declaredRow struct {
	Key        string    `json:"key"`
	ID         string    `json:"id"`
	ReceivedAt time.Time `json:"receivedAt"`
	Owner      string    `json:"customerNumber,omitempty"` // that the package belongs to, where one is meant
	Package    string    `json:"package,omitempty"`
	Kind       lang.Text `json:"kind"`
	Wished     lang.Text `json:"end"`
}

// NextPage is the address of later ones.
func (v declaredView) NextPage() string {
	return declaredPath + "?" + url.Values{"after": {v.Next}}.Encode()
}

// declaredOne is one of them whole.
type declaredOne struct {
	cancellation.Waiting
	Path   string `json:"-"`
	Reason string `json:"-"` // of a refused form
}

// KindText says how the contract was cancelled.
func (v declaredOne) KindText() lang.Text { return cancellation.KindWords(v.Kind) }

// WishText says which end was wished.
func (v declaredOne) WishText() lang.Text { return cancellation.WishWords(v.Wished) }

// Grounds are the reason of an extraordinary one.
func (v declaredOne) Grounds() string { return v.Waiting.Reason }

func (d Room) declaredList(r *web.Request, _ session.StaffSession) (web.Response, error) {
	q := r.URL.Query()
	after := desk.ParseCursor(q.Get("after"))
	all, next, err := d.cases().Waiting(r.Context(), after, aPage)
	if err != nil {
		return nil, err
	}
	v := declaredView{Waiting: []declaredRow{}, Later: !after.IsZero()}
	for _, w := range all {
		v.Waiting = append(v.Waiting, declaredRow{Key: w.Key, ID: w.ID, ReceivedAt: w.ReceivedAt, Owner: w.Owner, Package: w.Package,
			Kind: cancellation.KindWords(w.Kind), Wished: cancellation.WishWords(w.Wished)})
	}
	if !next.IsZero() {
		v.Next = next.UTC().Format(time.RFC3339Nano)
	}
	page := web.Page("declared", v)
	if q.Get("done") == "settled" {
		page = page.WithNotice("success", lang.T("Die Kündigung ist als bearbeitet vermerkt."))
	}
	return page, nil
}

func (d Room) cases() cancellation.Store { return cancellation.Store{Store: d.Profiles.Store} }

var keyPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// caseOf is the cancellation of the address.
func (d Room) caseOf(r *web.Request) (cancellation.Waiting, error) {
	if !keyPattern.MatchString(r.PathValue("key")) {
		return cancellation.Waiting{}, web.NotFound()
	}
	w, err := d.cases().Get(r.Context(), r.PathValue("key"))
	if errors.Is(err, cancellation.ErrNotFound) {
		return w, web.NotFound()
	}
	return w, err
}

func (d Room) declared(r *web.Request, staff session.StaffSession) (web.Response, error) {
	w, err := d.caseOf(r)
	if err != nil {
		return nil, err
	}
	return d.show(r, staff, w, "", nil)
}

// show is the page of one; it is not shown without its audit event (S13).
func (d Room) show(r *web.Request, staff session.StaffSession, w cancellation.Waiting, reason string, refused *web.Error) (web.Response, error) {
	r.Note("security_event", "sensitive_read")
	if err := d.Events.Note(r.Context(), eventOf(r, staff, w, audit.CustomerViewed), d.Rand, true); err != nil {
		return nil, err
	}
	page := web.Page("declaredone", declaredOne{Waiting: w, Path: declaredPath + "/" + w.Key, Reason: reason})
	if refused != nil {
		page = page.WithError(refused)
	}
	return page, nil
}

// eventOf is what was done with one of them, in the history of the owner, where one is meant.
func eventOf(r *web.Request, staff session.StaffSession, w cancellation.Waiting, action string) audit.Event {
	return audit.Event{Number: cmp.Or(w.Owner, audit.StaffLog(r.Now)), Action: action, Actor: staff.Actor(), At: r.Now,
		New: map[string]string{outbox.ValueCancellation: w.ID}}
}

// settle takes a cancellation from the list, once, with what the team did.
func (d Room) settle(r *web.Request, staff session.StaffSession) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	w, err := d.caseOf(r)
	if err != nil {
		return nil, err
	}
	note := desk.Prose(f.Get("reason"))
	settled := web.Conflict("already_settled", lang.T("Diese Kündigung hat inzwischen schon jemand bearbeitet."))
	switch {
	case w.Settled():
		return d.show(r, staff, w, note, settled)
	case note == "":
		return d.show(r, staff, w, note, desk.ReasonMissing())
	}
	e := eventOf(r, staff, w, audit.CancellationSettled)
	e.New[audit.KeyReason] = note
	err = d.Profiles.Transact(r.Context(), []types.TransactWriteItem{cancellation.Settle(d.Profiles.Names, w, staff.Actor(), note, r.Now), audit.Put(d.Profiles.Names, e, d.Rand)}, "")
	if errors.Is(err, table.ErrCondition) {
		return d.show(r, staff, w, note, settled)
	}
	if err != nil {
		return nil, fmt.Errorf("settle a cancellation: %w", err)
	}
	r.Note("outcome", "cancellation_settled")
	return web.SeeOther(declaredPath + "?done=settled"), nil
}
