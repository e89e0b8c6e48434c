package mail

// What an order comes to, as an address is told that is not in force any more.
const (
	EarlierAnnounced = "announced"
	EarlierApproved  = "approved"
	EarlierConfirmed = "confirmed" // its customer agreed to changed data, and the review goes on
	EarlierWaiting   = "waiting"   // for its customer, or for the service team
	EarlierExecuted  = "executed"
	EarlierUndone    = "undone"
	EarlierEnded     = "ended"
	EarlierObjected  = "objected"
	EarlierDismissed = "dismissed"
)

// OrderToEarlierAddress tells an address of a step of a merge order that was in force for one of its numbers until lately.
// It may be another person's by now: the mail names that number and the order, and nothing of anybody.
type OrderToEarlierAddress struct {
	ID       string
	Numbers  []string // whose address it was
	Now      string   // one of the words above
	StopLink string   // empty where there is nothing to stop
}

func (OrderToEarlierAddress) template() string { return "orderToEarlierAddress" }

func (o OrderToEarlierAddress) links() links { return links{Button: o.StopLink} }
