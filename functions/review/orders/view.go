package orders

import (
	"context"
	"html/template"
	"net/url"
	"strings"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// orderView is one order as the service team sees it.
type orderView struct {
	ID          string      `json:"id"`
	State       merge.State `json:"state"`
	StateLabel  lang.Text   `json:"stateLabel"`
	Tone        string      `json:"-"`
	SubmittedAt time.Time   `json:"submittedAt"`
	Waiting     lang.Text   `json:"-"`
	Overdue     bool        `json:"overdue"`
	Survivor    string      `json:"survivor"`
	Members     []string    `json:"members,omitempty"`
	Sources     []string    `json:"sources"`
	Name        string      `json:"name"`
	Digest      string      `json:"digest"`
	Seen        string      `json:"seen"`
	Signs       []sign      `json:"signs"`
	Sides       []sideView  `json:"sides"`
	Outcome     outcomeView `json:"outcome"`
	Balances    []booked    `json:"balances"`
	Changes     []change    `json:"changesSince,omitempty"`
	History     []entry     `json:"history"`
	Failure     string      `json:"failure,omitempty"`
	Execution   lang.Text   `json:"-"`

	ClaimedBy string       `json:"claimedBy,omitempty"`
	Mine      bool         `json:"-"`
	MayClaim  bool         `json:"mayClaim"`
	Untold    []untoldView `json:"notTold,omitempty"`
	Stopped   bool         `json:"vetoClockStopped,omitempty"` // an approval needs a contact
	Barred    []string     `json:"barred,omitempty"`

	TwoPeople  *twoPeople    `json:"twoPeople,omitempty"`
	Settle     *settleView   `json:"settle,omitempty"`
	MayApprove bool          `json:"mayApprove"`
	MayReject  bool          `json:"mayReject"`
	MayRetry   bool          `json:"mayRetry"`
	Decision   *decisionView `json:"decision,omitempty"`

	// What a refused form held and what changed since its page was made.
	Note, Reason string       `json:"-"`
	Contact      string       `json:"-"`
	Difference   []difference `json:"-"`
	Next         string       `json:"-"` // the next waiting order, after a decision
}

// decisionView is the decision that was made.
type decisionView struct {
	By     lang.Text `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
	Note   string    `json:"note,omitempty"`

	Contact     string    `json:"contact,omitempty"`
	ContactedAt time.Time `json:"contactedAt,omitzero"`
}

// customerLinks lead to the pages of customers.
func customerLinks(numbers ...string) template.HTML {
	links := make([]string, len(numbers))
	for i, n := range numbers {
		links[i] = `<a href="` + desk.CustomersPath + "/" + url.PathEscape(n) + `">` + string(web.NumberHTML(n)) + "</a>"
	}
	return template.HTML(strings.Join(links, ", ")) //nolint:gosec // each is escaped
}

// SurvivorLink and SourceLinks lead to the customers of the order.
func (v orderView) SurvivorLink() template.HTML { return customerLinks(v.Survivor) }
func (v orderView) SourceLinks() template.HTML  { return customerLinks(v.Sources...) }

// ClaimAction is what the button of the claim does: the last part of its address.
func (v orderView) ClaimAction() string {
	if v.Mine {
		return "release"
	}
	return "claim"
}

// ClaimButton is its word.
func (v orderView) ClaimButton() lang.Text {
	switch {
	case v.Mine:
		return lang.T("Zurückgeben")
	case v.ClaimedBy != "":
		return lang.T("Selbst übernehmen")
	}
	return lang.T("In Arbeit nehmen")
}

// Claimed says who works on the order.
func (v orderView) Claimed() lang.Text {
	switch {
	case v.ClaimedBy == "":
		return lang.Text{}
	case v.Mine:
		return lang.T("in Arbeit bei Ihnen")
	}
	return lang.T("in Arbeit bei %s", v.ClaimedBy)
}

// Consequence is what a decision leads to.
func (v orderView) Consequence() lang.Text {
	switch {
	case v.MayApprove && len(v.Changes) > 0:
		return lang.T("Die Daten haben sich geändert. Wenn Sie genehmigen, wird nichts ausgeführt: Der Auftrag geht an den Kunden zurück.")
	case v.MayApprove:
		return lang.T("Ausführung: %s Bis dahin kann die andere Seite widersprechen. Eine Ablehnung beendet den Auftrag.", v.Execution)
	}
	return lang.T("Eine Ablehnung beendet den Auftrag, auch einen schon genehmigten. Es wird nichts zusammengefasst.")
}

func titleOf(o order.Order) lang.Text { return lang.T("Auftrag %s", o.ID) }

func (d Room) view(r *web.Request, o order.Order, person string) (orderView, error) {
	profiles, err := order.ReadProfiles(r.Context(), d.Profiles, o.AllNumbers()...)
	if err != nil {
		return orderView{}, err
	}
	all, err := d.allSigns(r.Context(), o, profiles)
	if err != nil {
		return orderView{}, err
	}
	v := orderView{
		ID: o.ID, State: o.State, StateLabel: desk.StateLabel(o.State), Tone: tone(o.State), SubmittedAt: o.SubmittedAt,
		Waiting: span(r.Now.Sub(o.SubmittedAt)), Overdue: overdue(o, r.Now), Survivor: o.Customer, Members: o.Survivor.Members,
		Sources: o.SourceNumbers(), Name: desk.NameOf(o.Survivor.Record), Digest: o.Digest, Seen: seenOf(o),
		Signs: all, Sides: sidesOf(d.Speller, o), Outcome: outcomeOf(d.Speller, o), Balances: bookedOf(o, profiles),
		History: timelineOf(o, r.Now), Failure: o.Failure, Execution: executionText(o),
		ClaimedBy: desk.ActorLabel(o.ClaimedBy).In(lang.DE), MayClaim: o.State == merge.Submitted || o.State == merge.InReview || o.State == merge.Failed, Untold: untoldOf(o), Stopped: o.Stopped(),
		MayApprove: o.State == merge.InReview || o.State == merge.Approved && o.Stopped(), MayReject: o.State.May(merge.Rejected), MayRetry: o.State == merge.Failed,
	}
	if v.TwoPeople = d.twoPeopleOf(o, all, person); v.TwoPeople != nil && v.TwoPeople.Mine {
		v.MayApprove = false
	}
	v.Settle = settleOf(o, r.Now)
	if v.Barred, err = d.bars(r.Context(), o); err != nil {
		return orderView{}, err
	}
	if o.State.Open() {
		v.Changes = sinceSubmission(r.Lang, o, profiles)
	}
	if !o.DecidedAt.IsZero() {
		v.Decision = &decisionView{By: desk.ActorLabel(o.Reviewer), At: o.DecidedAt, Reason: o.Reason, Note: o.Note, Contact: o.Contact, ContactedAt: o.ContactedAt}
	}
	return v, nil
}

// change is a value that is no longer what the order holds. Both are masked as on the page.
type change struct {
	Number string    `json:"customerNumber"`
	Label  lang.Text `json:"label"`
	Then   string    `json:"then"`
	Now    string    `json:"now"`
}

// sinceSubmission lists what the customers changed since the order was submitted: executing it would be refused (M5).
func sinceSubmission(l lang.Lang, o order.Order, profiles order.Profiles) []change {
	var list []change
	for _, p := range parties(o) {
		for _, b := range owedBy(profiles, p.Record.Number) {
			if b.Number != p.Record.Number { // the number's own is counted by its version
				list = append(list, change{Number: b.Number, Label: lang.T("Kontostand"), Now: lang.Balance(b.Cents).In(l)})
			}
		}
		profile, ok := profiles[p.Record.Number]
		if !ok || profile.Version == p.Version {
			continue
		}
		now, named := order.RecordOf(profile), len(list)
		for _, f := range merge.Fields() {
			if then, now := p.Record.Get(f), now.Get(f); then != now {
				list = append(list, change{Number: p.Record.Number, Label: f.Words(), Then: maskParty(o, p, f, then), Now: maskParty(o, p, f, now)})
			}
		}
		if named == len(list) { // balance, lock or a merge: counted by the version, no value of the comparison
			list = append(list, change{Number: p.Record.Number, Label: lang.T("Kontostand oder Sperre für das Zusammenfassen")})
		}
	}
	return list
}

// Objected says that an objection waits for a decision.
func (v orderView) Objected() bool { return v.Settle != nil && !v.Settle.ObjectedAt.IsZero() }

// bars lists the source numbers that a veto, or an undo after abuse, keeps apart from the surviving one.
func (d Room) bars(ctx context.Context, o order.Order) ([]string, error) {
	var barred []string
	for _, n := range o.Barring() {
		is, err := d.Orders.Barred(ctx, o.Customer, n)
		if err != nil {
			return nil, err
		}
		if is {
			barred = append(barred, n)
		}
	}
	return barred, nil
}
