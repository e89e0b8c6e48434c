package mail

import "time"

// Order is what every mail about a merge order has in common. Own tells which side the reader is on: the customer who
// ordered the merge, or whoever owns a number that is to be merged. A reader who is both gets the own version, with
// the stop link beside the button (M4).
type Order struct {
	ID        string    // K7QX-2M4D
	Survivor  string    // the number that stays
	Sources   []string  // the numbers that become part of it
	Earlier   []Earlier // numbers that belong to one of Sources already
	Own       bool
	Numbers   []string // those of Sources that are the reader's; all of them for the own side
	OrderLink string   // order page; empty for the other side, who cannot sign in there
	LoginLink string   // sign-in page
	StopLink  string   // veto page with a token; empty where there is nothing to stop
}

// Earlier are the numbers that were merged into a source before.
type Earlier struct {
	Source  string
	Numbers []string
}

// links: the ordering side's button is the order page; for the other side stopping is the one thing to do.
func (o Order) links() links {
	if o.Own {
		return links{Button: o.OrderLink, Stop: o.StopLink}
	}
	return links{Button: o.StopLink}
}

// OrderAnnounced tells both sides that a merge was ordered and what comes next.
type OrderAnnounced struct {
	Order
	VetoHours int // how long the other side may say no before execution; 0 when there is no such time
}

func (OrderAnnounced) template() string { return "orderAnnounced" }

// OrderApproved tells both sides when the merge will be executed; a reason is for the ordering customer only.
type OrderApproved struct {
	Order
	ExecuteAt time.Time // end of the veto period; zero while that has not begun
	Reason    string    // optional
}

func (OrderApproved) template() string { return "orderApproved" }

// OrderRejected tells both sides that nothing was merged; the reason is for the ordering customer only.
type OrderRejected struct {
	Order
	Reason string
}

func (OrderRejected) template() string { return "orderRejected" }

// OrderExecuted tells which numbers belong together from now on and how to sign in.
type OrderExecuted struct {
	Order
	UndoUntil time.Time // last day on which the service team can undo it; zero leaves the sentence out
	Balances  []Balance // of the reader's numbers, without those that are zero
}

// Balance is what was booked for a number, said in the reader's language: "Guthaben 25,00 €".
type Balance struct{ Number, Said string }

func (OrderExecuted) template() string { return "orderExecuted" }

// links: both sides sign in under the surviving number from now on; the other side may object.
func (o OrderExecuted) links() links { return links{Button: o.LoginLink, Stop: o.StopLink} }

// OrderWithdrawn tells both sides that the ordering customer took the order back.
type OrderWithdrawn struct{ Order }

func (OrderWithdrawn) template() string { return "orderWithdrawn" }

// OrderVetoed tells both sides that the other side stopped the merge.
type OrderVetoed struct{ Order }

func (OrderVetoed) template() string { return "orderVetoed" }

// OrderFailed tells that the execution hit a technical problem; nothing was changed.
type OrderFailed struct{ Order }

func (OrderFailed) template() string { return "orderFailed" }

// OrderStale asks the ordering customer to look again, since data changed after submission.
type OrderStale struct {
	Order
	ConfirmBy time.Time // the order expires then
}

func (OrderStale) template() string { return "orderStale" }

// OrderExpired says that we did not review in time, or that one of two other things did not happen: the customer did not
// confirm changed data, or a side could not be told. MergeLink leads to the order, whose button fills a draft with its
// numbers.
type OrderExpired struct {
	Order
	MergeLink           string
	Unconfirmed, Untold bool
}

func (OrderExpired) template() string { return "orderExpired" }

func (o OrderExpired) links() links {
	if o.Own {
		return links{Button: o.MergeLink}
	}
	return links{}
}

// OrderEscalated tells the service team that an order waits longer than its customer was promised.
type OrderEscalated struct {
	Order
	SubmittedAt, DueAt time.Time
	ServiceLink        string // the order on the service pages
}

func (OrderEscalated) template() string { return "orderEscalated" }

func (o OrderEscalated) links() links { return links{Button: o.ServiceLink} }

// OrderConfirmed tells both sides that the customer agreed to changed data and the review goes on.
type OrderConfirmed struct{ Order }

func (OrderConfirmed) template() string { return "orderConfirmed" }

// OrderObjected tells both sides that the other side objected after the execution.
type OrderObjected struct{ Order }

func (OrderObjected) template() string { return "orderObjected" }

// OrderObjectionDismissed tells both sides that the merge stays; the reason is for the ordering customer only.
type OrderObjectionDismissed struct {
	Order
	Reason string
}

func (OrderObjectionDismissed) template() string { return "orderObjectionDismissed" }

// OrderUndone tells both sides that the numbers are apart again and how to sign in; the reason is for the ordering
// customer only.
type OrderUndone struct {
	Order
	Reason        string
	PasswordsVoid bool // all package passwords of the numbers, since somebody objected
}

func (OrderUndone) template() string { return "orderUndone" }

// links: both sides sign in with their own numbers again.
func (o OrderUndone) links() links { return links{Button: o.LoginLink} }

// OldNumbers are the merged numbers that concern the reader, each with those merged into it earlier: the own ones, or all
// for the ordering side.
func (o Order) OldNumbers() []string {
	sources := o.Sources
	if len(o.Numbers) > 0 {
		sources = o.Numbers
	}
	var all []string
	for _, n := range sources {
		all = append(all, n)
		for _, e := range o.Earlier {
			if e.Source == n {
				all = append(all, e.Numbers...)
			}
		}
	}
	return all
}
