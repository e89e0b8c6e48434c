package mergesubmit

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"kundenkonto/infra/localtest/proven"
	"kundenkonto/infra/localtest/sampleorder"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
	"kundenkonto/shared/workday"
)

var noon = world.Noon

const (
	own       = "10000017"
	other     = "10000023"
	third     = "10000031"
	stranger  = "10000099"
	orderID   = "K7QX-2M4D"
	orderPath = "/merge/orders/" + orderID
	password  = "richtiges Passwort"
	key       = "0123456789abcdef"
)

// at makes the slice on tables with customers of one name, the first one signed in, an hour after noon.
func at(t *testing.T, profiles ...customer.Profile) *world.World {
	t.Helper()
	w := world.New(t)
	w.Now = noon.Add(time.Hour)
	for _, p := range profiles {
		p.FirstName, p.LastName, p.Language, p.CreatedAt = "Anna", "Schäfer", "de", noon.AddDate(-5, 0, 0)
		p.Version, p.Epoch = max(1, p.Version), 2
		w.Save(p)
		w.Hold(customer.Package{ID: "P-" + p.Number, Number: p.Number, Product: "shop"})
		w.SetPassword(table.PackageSubject("P-"+p.Number), "geheimes Paketpasswort")
	}
	w.SetPassword(table.Customer(own), password)
	var err error
	if w.Site, err = New(w.Watched, w.Config(), 72, workday.Calendar{}); err != nil {
		t.Fatal(err)
	}
	w.SignIn(profiles[0].Number)
	return w
}

// with is at with an order whose numbers are as it has them.
func with(t *testing.T, o order.Order) *world.World {
	t.Helper()
	var profiles []customer.Profile
	for _, p := range sampleorder.Parties(o) {
		profiles = append(profiles, sampleorder.Profiles(o)[p.Record.Number])
	}
	w := at(t, profiles...)
	w.SaveOrder(o)
	return w
}

// by signs in the customer that an order's numbers were merged into since, or a stranger.
func by(w *world.World, number string, members ...string) {
	w.Save(customer.Profile{Number: number, Members: members, FirstName: "Anna", LastName: "Schäfer", Version: 1, Epoch: 3})
	w.SignIn(number)
}

// inReview is an order that takes over the other side's e-mail address.
func inReview() order.Order {
	party := func(number, email string) order.Party {
		return order.Party{Record: merge.Record{Number: number, FirstName: "Anna", LastName: "Schäfer", Email: email}, Version: 1,
			CustomerSince: noon.AddDate(-5, 0, 0)}
	}
	return order.Order{
		ID: orderID, Customer: own, State: merge.InReview, SubmittedAt: noon, EscalateAt: noon.Add(48 * time.Hour),
		Survivor: party(own, "anna@a.example"),
		Sources: []order.Source{{Party: party(other, "geheim@alt.example"), Choices: merge.Choices{merge.EmailGroup: merge.Other},
			Package: "P-" + other, Domain: "P-" + other, Proof: 1, ProvenAt: noon}},
		History: []order.Step{{At: noon, State: merge.Submitted}, {At: noon.Add(time.Minute), State: merge.InReview}},
	}
}

// drafted is the tables with a proven number in the draft, and the form that submits it.
func drafted(t *testing.T, choices merge.Choices) (*world.World, url.Values) {
	t.Helper()
	w := at(t, customer.Profile{Number: own, Email: "anna@a.example"}, customer.Profile{Number: other, Email: "geheim@alt.example"})
	d := order.Draft{Number: own}
	proven.In(t, w.Store, &d, w.Profile(own), w.Profile(other), w.Now)
	d.Adopt(other, choices)
	w.SaveDraft(d)
	return w, submission(w)
}

// submission is the form as the draft's page has it now.
func submission(w *world.World) url.Values {
	d := w.Draft(own)
	digest := order.DigestOf(w.Profile(own), d, map[string]customer.Profile{other: w.Profile(other)})
	return url.Values{"digest": {digest}, "idempotencyKey": {key}}
}

// give adds a field to a form.
func give(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	return form
}

// running is an order that others submitted.
func running(customer, source string) order.Order {
	o := inReview()
	o.ID, o.Customer, o.Survivor.Record.Number, o.Sources[0].Record.Number = "K7QX-9999", customer, customer, source
	return o
}

// members are numbers that there are none of.
func members(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(20000000 + i)
	}
	return list
}
