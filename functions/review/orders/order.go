package orders

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

func (d Room) order(r *web.Request, staff session.StaffSession) (web.Response, error) {
	o, err := d.get(r)
	if err != nil {
		return nil, err
	}
	var view orderView
	group, ctx := errgroup.WithContext(r.Context())
	r.Note("security_event", "sensitive_read")
	group.Go(func() error { return d.lookedAt(ctx, staff, o, r.Now) })
	group.Go(func() (err error) { view, err = d.view(r, o, staff.Person()); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	view.Mine = session.SameStaff(o.ClaimedBy, staff.Actor())
	if first := o.FirstApproval; first != nil {
		view.Reason, view.Contact = first.Reason, first.Contact
	}
	said, ok := done(o, r.URL.Query().Get("decided"))
	if !ok || !didSomething(o, staff.Actor()) {
		return web.Page("order", view).Title(titleOf(o)), nil
	}
	if view.Next, err = d.nextWaiting(r.Context(), o.ID, staff.Person()); err != nil {
		return nil, err
	}
	return web.Page("order", view).Title(titleOf(o)).WithNotice("success", said), nil
}

// lookedAt audits who looked at an order, for each customer whose data it shows (S13). Without the audit the page is
// not shown.
func (d Room) lookedAt(ctx context.Context, staff session.StaffSession, o order.Order, at time.Time) error {
	var looks []audit.Event
	for _, n := range o.Numbers() {
		looks = append(looks, audit.Event{Number: n, Action: audit.OrderViewed, Actor: staff.Actor(), At: at, Order: o.ID})
	}
	return d.Events.NoteAll(ctx, looks, d.Rand)
}

// didSomething hides the notice from people who only received the address of the page.
func didSomething(o order.Order, actor string) bool {
	for _, step := range o.History {
		if session.SameStaff(step.Actor, actor) {
			return true
		}
	}
	return false
}

// nextWaiting finds the oldest order that waits for a decision of the person. The index may still list the one just decided.
func (d Room) nextWaiting(ctx context.Context, decided, person string) (string, error) {
	waiting, err := d.Orders.Queue(ctx, rowsAPage, merge.InReview)
	if err != nil {
		return "", err
	}
	for _, o := range waiting {
		if mine := o.FirstApproval != nil && o.FirstApproval.Person == person; o.ID != decided && !mine {
			return o.ID, nil
		}
	}
	return "", nil
}

// done is the sentence after what the reviewer did; false when the order is elsewhere by now.
func done(o order.Order, word string) (lang.Text, bool) {
	when := executionText(o)
	switch {
	case word == "rejected" && o.State == merge.Rejected:
		return lang.T("Der Auftrag %s ist abgelehnt. Der Kunde bekommt den Grund per E-Mail, die andere Seite die Nachricht ohne Grund.", o.ID), true
	case word == firstOfTwo && o.FirstApproval != nil:
		return lang.T("Ihre Genehmigung ist notiert. Damit der Auftrag %s genehmigt ist, fehlt die einer zweiten Person.", o.ID), true
	case word == "approved" && o.State == merge.Executed:
		return lang.T("Der Auftrag %s ist genehmigt und schon ausgeführt.", o.ID), true
	case word == "approved" && o.State == merge.Approved:
		return lang.T("Der Auftrag %s ist genehmigt. Ausführung: %s", o.ID, when), true
	case word == "undone" && o.State == merge.Undone:
		return lang.T("Die Zusammenfassung ist rückgängig gemacht. Beide Seiten bekommen eine E-Mail."), true
	case word == "dismissed" && o.State == merge.Executed && !o.Objected():
		return lang.T("Der Einspruch ist zurückgewiesen, die Zusammenfassung bleibt. Beide Seiten bekommen eine E-Mail."), true
	case word == "retried" && o.State != merge.Failed:
		return lang.T("Der Auftrag %s läuft wieder, von dort, wo er stehen geblieben war.", o.ID), true
	}
	return lang.Text{}, false
}
