package simulate

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kundenkonto/functions/reviewtask"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// act is one thing that somebody does, as far as they are able to. Its weight says how often.
type act struct {
	weight int
	do     func(w *world, p *person)
}

// ofPeople are acts that may come between any two calls of another one.
func ofPeople() []act {
	return []act{
		{1, func(w *world, p *person) { p.signIn() }},
		{1, func(w *world, p *person) {
			p.does("signs in with a wrong password", "/login", "customerNumber", p.number, "password", "nicht das richtige")
		}},
		{10, edits}, {4, editsBank}, {5, asksForAddress}, {7, confirmsAddress}, {4, stopsAddress},
		{2, asksForReset}, {1, resets}, {1, changesAnyPassword},
		{2, changesSetting}, {2, cancels}, {1, withdrawsCancellation}, {1, cancelsOutside},
		{14, orders}, {2, proves}, {2, submits}, {3, withdraws}, {5, confirmsOrder}, {1, repeats},
		{7, vetoes}, {2, setsUpApp}, {2, stopsRecovery},
		{20, approves}, {2, rejects}, {4, undoes}, {4, dismisses}, {3, retriesOrder}, {1, releasesBar}, {2, correctsAddress}, {1, sendsReset}, {3, startsRecovery}, {1, locks},
	}
}

// ofOthers are what else happens.
var ofOthers = []act{
	{10, waits}, {6, carriesOn}, {3, losesApp}, {2, objectsMeanwhile}, {3, imports}, {2, recordTwice}, {2, stepTwice}, {2, bounces}, {1, aborts}, {2, func(w *world, p *person) { w.pass(time.Minute) }},
}

func weightOf(acts []act) (sum int) {
	for _, a := range acts {
		sum += a.weight
	}
	return sum
}

func (w *world) draw(acts []act) act {
	n := w.dice.IntN(weightOf(acts))
	for _, a := range acts {
		if n -= a.weight; n < 0 {
			return a
		}
	}
	panic("weights")
}

// somebody does something: much of what is drawn finds nothing to do.
func (w *world) somebody() {
	for said, try := len(w.journal), 0; len(w.journal) == said && try < 8; try++ {
		w.draw(ofPeople()).do(w, w.anybody())
	}
}

func (w *world) anybody() *person { return w.living(w.people[w.dice.IntN(len(w.people))].number) }

// oneOf is somebody whose number an order is about, who edits data, or anybody who does anything.
func (w *world) oneOf(id string) func() {
	return func() {
		if n := w.witness.orders[id].Numbers(); w.dice.IntN(2) == 0 {
			edits(w, w.living(n[w.dice.IntN(len(n))]))
			return
		}
		w.somebody()
	}
}

// troubleWith draws what goes wrong in the next act, and in one of so many what comes in between.
func (w *world) troubleWith(between func(), one int) trouble {
	t := w.trouble()
	if !w.ending && w.dice.IntN(one) == 0 {
		t.before = 1 + w.dice.IntN(3)
		t.happen = func() {
			w.inner = true
			w.say("in the meantime {")
			between()
			w.say("}")
			w.inner = false
		}
	}
	return t
}

// Master data.

func edits(w *world, p *person) {
	if !p.enter() {
		return
	}
	version := w.witness.profiles[p.number].Version
	if w.dice.IntN(8) == 0 {
		version-- // from a page that was opened before
	}
	switch w.dice.IntN(3) {
	case 0:
		p.does("edits the phone number", "/account/master-data", "version", fmt.Sprint(version), "phone", fmt.Sprint("030 ", 1000000+w.dice.IntN(8999999)))
	case 1:
		p.does("edits the mobile number", "/account/master-data", "version", fmt.Sprint(version), "mobile", fmt.Sprint("0171 ", 1000000+w.dice.IntN(8999999)))
	default:
		p.does("edits the address", "/account/master-data", "version", fmt.Sprint(version), "street", p.made("Rosenweg"), "postalCode", "53111", "city", "Bonn", "country", "DE")
	}
}

func editsBank(w *world, p *person) {
	if p.enter() {
		account := w.dice.IntN(999999999)
		p.does("edits the bank data", "/account/master-data", "version", fmt.Sprint(w.witness.profiles[p.number].Version), "currentPassword", p.password,
			"iban", iban(account), "bic", "COBADEFFXXX", "accountNumber", fmt.Sprintf("%010d", account), "bankCode", "37040044")
	}
}

func asksForAddress(w *world, p *person) {
	if p.enter() {
		to := p.mailboxes[w.dice.IntN(len(p.mailboxes))]
		p.does("asks for another e-mail address", "/account/master-data", "version", fmt.Sprint(w.witness.profiles[p.number].Version), "email", to, "currentPassword", p.password)
	}
}

// link is one that was mailed, rather a young one.
func (w *world) link(path string) (link, bool) {
	all := w.mails.to(path)
	if len(all) == 0 {
		return link{}, false
	}
	return all[len(all)-1-min(w.dice.IntN(len(all)), w.dice.IntN(len(all)))], true
}

func (w *world) follows(what, path string, pairs ...string) {
	if l, found := w.link(path); found {
		b := &browser{w: w, name: l.to, address: "[2001:db8:aaaa::1]:4711", cookies: map[string]string{}}
		b.does(what, path, append(pairs, "token", l.token)...)
	}
}

func confirmsAddress(w *world, _ *person) {
	w.follows("confirms the new address", "/account/email/confirm")
}
func stopsAddress(w *world, _ *person) {
	w.follows("stops the change of the address", "/account/email/stop")
}
func vetoes(w *world, _ *person)        { w.follows("says no", "/merge/veto") }
func stopsRecovery(w *world, _ *person) { w.follows("keeps the second step", "/login/stop-recovery") }

// Passwords.

func asksForReset(w *world, p *person) {
	p.does("forgot the password", "/password/forgot", "customerNumber", w.people[w.dice.IntN(len(w.people))].number)
}

func resets(w *world, p *person) {
	password := p.made("Lampe Wiese Fahrrad")
	p.changesHash(table.Customer(p.number), password, func() { w.follows("sets a password by the link", "/password/reset", "newPassword", password) })
}

// changesAnyPassword costs a hash; most of the time of a history would go there if it were drawn more often.
func changesAnyPassword(w *world, p *person) {
	if w.dice.IntN(2) == 0 {
		changesPassword(w, p)
	} else {
		changesPackagePassword(w, p)
	}
}

func changesPassword(w *world, p *person) {
	if p.enter() {
		password := p.made("Lampe Wiese Fahrrad")
		p.changesHash(table.Customer(p.number), password, func() {
			p.does("changes the password", "/account/password", "currentPassword", p.password, "newPassword", password)
		})
	}
}

// somePackage is one of the living number or of one that was merged into it, with who knew its password last.
func (w *world) somePackage(p *person) (id string, owner *person) {
	of := append([]string{p.number}, w.witness.profiles[p.number].Members...)
	number := of[w.dice.IntN(len(of))]
	owner = w.people[slices.IndexFunc(w.people, func(o *person) bool { return o.number == number })]
	ids := owner.packageIDs()
	return ids[w.dice.IntN(len(ids))], owner
}

func changesPackagePassword(w *world, p *person) {
	if p.enter() {
		id, owner := w.somePackage(p)
		password := p.made("Paketlampe Wiese")
		owner.changesHash(table.PackageSubject(id), password, func() {
			p.does("changes the password of "+id, "/account/packages/"+id+"/password", "currentPassword", p.password, "newPassword", password)
		})
	}
}

func changesSetting(w *world, p *person) {
	if p.enter() {
		id, _ := w.somePackage(p)
		p.does("changes a setting of "+id, "/account/packages/"+id+"/settings", "displayName", p.made("Blog"), "phpVersion", "8.5")
	}
}

func cancels(w *world, p *person) {
	if p.enter() {
		id, _ := w.somePackage(p)
		p.does("cancels the contract of "+id, "/account/packages/"+id+"/cancel", "kind", "ordinary")
	}
}

func withdrawsCancellation(w *world, p *person) {
	if p.enter() {
		id, _ := w.somePackage(p)
		if c := w.witness.packages[id].Cancellation; c != nil {
			p.does("takes back the cancellation of "+id, "/account/packages/"+id+"/cancel/withdraw", "cancellation", c.ID)
		}
	}
}

func cancelsOutside(w *world, p *person) {
	id, _ := w.somePackage(p)
	p.does("cancels without a sign-in the contract of "+id, "/cancel", "kind", "ordinary", "name", "Anna Schäfer", "contract", id,
		"email", p.mailboxes[0], "idempotencyKey", p.key())
}

// key is one that makes a form count once.
func (p *person) key() string {
	p.fresh++
	return fmt.Sprintf("einmal-%s-%d", p.number, p.fresh)
}

// Orders.

// other is a number that is not the own one, and how it is proven.
func (w *world) other(p *person) (number, domain, password string) {
	for {
		o := w.people[w.dice.IntN(len(w.people))]
		if o == p {
			continue
		}
		ids := o.packageIDs()
		id := ids[w.dice.IntN(len(ids))]
		return o.number, domainOf(id), o.packages[id]
	}
}

func proves(w *world, p *person) {
	if !p.enter() {
		return
	}
	number, domain, password := w.other(p)
	if w.dice.IntN(4) == 0 {
		password = "nicht das richtige Passwort"
	} else if w.dice.IntN(4) == 0 { // of another package: what proves one number proves no other
		_, domain, password = w.other(p)
	}
	p.does("proves "+number, "/merge/check", "customerNumber", number, "domain", domain, "password", password)
	p.chooses(number)
}

func (p *person) chooses(number string) {
	pairs := []string{"customerNumber", number}
	for _, g := range merge.Groups() {
		if p.w.dice.IntN(2) == 0 {
			pairs = append(pairs, "choice."+string(g), string(merge.Other))
		} else {
			pairs = append(pairs, "choice."+string(g), string(merge.Own))
		}
	}
	p.does("takes data over of "+number, "/merge/adopt", pairs...)
}

// orders goes the whole way from proof to order, with one or two numbers.
func orders(w *world, p *person) {
	if !p.enter() {
		return
	}
	for range 1 + w.dice.IntN(2) {
		number, domain, password := w.other(p)
		if p.does("proves "+number, "/merge/check", "customerNumber", number, "domain", domain, "password", password); !p.enter() {
			return
		}
		p.chooses(number)
	}
	submits(w, p)
}

func submits(w *world, p *person) {
	if !p.enter() {
		return
	}
	if digest := p.look("/merge/draft").field("digest"); digest != "" && digest != "<nil>" {
		p.does("orders", "/merge/submit", "digest", digest, "idempotencyKey", p.key(), "currentPassword", p.password)
	}
}

// order is one there is in one of the states, rather a young one.
func (w *world) order(states ...merge.State) (order.Order, bool) {
	var all []order.Order
	for _, id := range slices.Sorted(maps.Keys(w.witness.orders)) {
		if o := w.witness.orders[id]; slices.Contains(states, o.State) {
			all = append(all, o)
		}
	}
	if len(all) == 0 {
		return order.Order{}, false
	}
	slices.SortFunc(all, func(a, b order.Order) int { return b.SubmittedAt.Compare(a.SubmittedAt) })
	return all[min(w.dice.IntN(len(all)), w.dice.IntN(len(all)))], true
}

func withdraws(w *world, _ *person) {
	if o, found := w.order(merge.Submitted, merge.InReview, merge.Stale, merge.Approved); found {
		if p := w.living(o.Customer); p.enter() {
			p.does("withdraws the order", "/merge/orders/"+o.ID+"/withdraw")
		}
	}
}

func confirmsOrder(w *world, _ *person) {
	o, found := w.order(merge.Stale)
	if !found {
		return
	}
	if p := w.living(o.Customer); p.enter() {
		var page struct{ Confirm struct{ Digest string } }
		_ = json.Unmarshal([]byte(p.look("/merge/orders/"+o.ID).body), &page)
		p.does("confirms the order", "/merge/orders/"+o.ID+"/confirm", "digest", page.Confirm.Digest, "currentPassword", p.password)
	}
}

// repeats sends what was sent last once more: a second click, or the way back in the browser.
func repeats(w *world, p *person) {
	if p.last.path != "" {
		w.say("%s: sends %s once more", p.name, p.last.path)
		w.say("%s:   %s", p.name, p.send("POST", p.last.path, p.last.form))
	}
}

// The second step.

func setsUpApp(w *world, p *person) {
	if p.app != "" || !p.enter() {
		return
	}
	p.does("begins to set up an app", "/account/second-factor/begin", "currentPassword", p.password)
	secret := strings.ReplaceAll(p.look("/account/second-factor/setup").field("secret"), " ", "")
	p.does("sets up an app", "/account/second-factor/setup", "code", secondfactor.Code(secret, time.Now()))
	if w.witness.factors[p.number].Secret == secret {
		p.app = secret
	}
}

func startsRecovery(w *world, _ *person) {
	for _, p := range w.people {
		if w.witness.factors[p.number].Secret != "" {
			w.team().does("starts the recovery of "+p.number, "/service/customers/"+p.number+"/start-recovery", "reason", "Anruf des Kunden")
			return
		}
	}
}

// What the service team does.

func approves(w *world, _ *person) {
	o, found := w.order(merge.InReview)
	if !found {
		return
	}
	team := w.team()
	pairs := []string{"digest", team.look("/service/orders/" + o.ID).field("digest"), "note", "geprüft"}
	if w.dice.IntN(2) == 0 {
		pairs = append(pairs, "contact", "mit dem Kunden telefoniert")
	}
	if w.dice.IntN(4) == 0 { // the page was opened before
		w.somebodyElse()
	}
	team.does("approves the order", "/service/orders/"+o.ID+"/approve", pairs...)
}

// somebodyElse does something before somebody goes on.
func (w *world) somebodyElse() {
	if !w.inner {
		edits(w, w.anybody())
	}
}

func rejects(w *world, _ *person) {
	if o, found := w.order(merge.InReview, merge.Failed); found {
		w.team().does("rejects the order", "/service/orders/"+o.ID+"/reject", "digest", o.Digest, "state", string(o.State), "reason", "Der Name passt nicht.")
	}
}

func undoes(w *world, _ *person) {
	if o, found := w.order(merge.Executed); found {
		pairs := []string{"reason", "Der Inhaber widerspricht."}
		if w.dice.IntN(2) == 0 {
			pairs = append(pairs, "later", "yes")
		}
		if w.dice.IntN(4) == 0 {
			pairs = append(pairs, "abuse", "yes")
		}
		w.team().does("undoes the merge", "/service/orders/"+o.ID+"/undo", pairs...)
	}
}

func dismisses(w *world, _ *person) {
	for _, id := range slices.Sorted(maps.Keys(w.witness.orders)) {
		if o := w.witness.orders[id]; o.Objected() {
			w.team().does("dismisses the objection", "/service/orders/"+o.ID+"/dismiss", "reason", "geklärt", "objectors", strings.Join(o.Opposed, ","))
			return
		}
	}
}

func retriesOrder(w *world, _ *person) {
	if o, found := w.order(merge.Failed); found {
		w.team().does("retries the order", "/service/orders/"+o.ID+"/retry", "reason", "noch einmal")
	}
}

func releasesBar(w *world, _ *person) {
	if o, found := w.order(merge.Vetoed); found {
		w.team().does("releases a bar", "/service/orders/"+o.ID+"/release-bar", "customerNumber", o.SourceNumbers()[0], "reason", "geklärt")
	}
}

func correctsAddress(w *world, p *person) {
	w.team().does("corrects the address of "+p.number, "/service/customers/"+p.number+"/correct-email", "reason", "Anruf des Kunden", "email", p.mailboxes[w.dice.IntN(2)])
}

func sendsReset(w *world, p *person) {
	w.team().does("sends a link for a password of "+p.number, "/service/customers/"+p.number+"/send-reset", "reason", "Anruf des Kunden")
}

func locks(w *world, p *person) {
	what := "lock"
	if w.witness.profiles[p.number].Locked {
		what = "unlock"
	}
	w.team().does(what+"s the number of "+p.number, "/service/customers/"+p.number+"/"+what, "reason", "Anruf des Kunden")
}

// What else happens.

func waits(w *world, _ *person) {
	d := []time.Duration{time.Minute, 7 * time.Minute, 40 * time.Minute, 5 * time.Hour, 26 * time.Hour, 74 * time.Hour, 74 * time.Hour, 8 * 24 * time.Hour}[w.dice.IntN(8)]
	w.say("%s go by", d)
	w.pass(d)
}

// carriesOn takes an order as far as it goes with nobody who objects; a part of what comes of it is taken back.
func carriesOn(w *world, p *person) {
	if _, found := w.order(merge.Submitted, merge.InReview, merge.Approved); !found {
		orders(w, p)
	}
	w.settle()
	if w.dice.IntN(8) == 0 {
		rejects(w, p)
		return
	}
	approves(w, p)
	w.settle()
	if w.dice.IntN(3) == 0 {
		stepTwice(w, p)
	}
	w.say("%d hours go by", vetoHours+1)
	w.pass((vetoHours + 1) * time.Hour)
	w.settle()
	if w.dice.IntN(3) == 0 {
		undoes(w, p)
	}
}

// losesApp is a recovery of the second step that its owner stops, by the mail about it or by stopping a change of the address
// that waits at the same time.
func losesApp(w *world, p *person) {
	setsUpApp(w, p)
	if w.dice.IntN(2) == 0 {
		asksForAddress(w, p)
	}
	startsRecovery(w, p)
	w.settle()
	if w.dice.IntN(2) == 0 {
		stopsAddress(w, p)
	}
	stopsRecovery(w, p)
}

// objectsMeanwhile is somebody who objects to a merge while another order of its customer waits to be executed.
func objectsMeanwhile(w *world, p *person) {
	o, found := w.order(merge.Executed)
	if !found {
		carriesOn(w, p)
		return
	}
	orders(w, w.living(o.Customer))
	w.settle()
	approves(w, p)
	vetoes(w, p)
	w.settle()
	w.pass((vetoHours + 1) * time.Hour)
	w.settle()
	stepTwice(w, p)
}

// booked is what the operator's own system has of a number.
type booked struct {
	packages int
	tariff   string
	cents    int64
	locked   bool
}

// imports is the operator's nightly import of all numbers: as they were sold, with what the operator changed since.
func imports(w *world, _ *person) {
	var lines [][]byte
	for i, p := range w.people {
		b := w.books[p.number]
		switch w.dice.IntN(8) {
		case 0:
			b.packages++
			id := fmt.Sprintf("P%s-%d", p.number, b.packages-1)
			p.packages[id] = "Paketkennwort von " + id
		case 1:
			b.tariff = fmt.Sprint("Tarif ", w.dice.IntN(100))
		case 2:
			b.cents = []int64{0, 0, -500, 4900}[w.dice.IntN(4)]
		}
		b.locked = w.witness.profiles[p.number].Locked
		w.books[p.number] = b
		l := importer.Line{CustomerNumber: p.number, FirstName: "Anna", LastName: "Schäfer", Street: "Straße " + p.number, PostalCode: "10115", City: "Berlin", Country: "DE",
			Language: "de", Phone: "+49 30 " + p.number[1:], Email: p.mailboxes[0], BalanceCents: b.cents, Locked: b.locked}
		if i == 2 {
			l.Language = "en"
		}
		for _, id := range p.packageIDs() {
			l.Packages = append(l.Packages, importer.Package{ID: id, Product: "hosting", Tariff: "M" + b.tariff, Domains: []string{domainOf(id)},
				PasswordHash: localtest.CheapHash("Paketkennwort von " + id), ContractStart: "1995-01-31", TermMonths: 12})
		}
		line, err := json.Marshal(l)
		w.must(err)
		lines = append(lines, line)
	}
	file := importer.Memory("night", bytes.Join(lines, []byte("\n")))
	checked := importer.Check(file)
	if checked.Good() != len(w.people) {
		w.t.Fatalf("import: %+v", checked.Problems)
	}
	w.say("the nightly import")
	_ = w.invoke("import", func(ctx context.Context) error {
		im := importer.Importer{Tables: w.dispatch.Tables, Now: time.Now, Rand: rand.Reader, Workers: 1}
		_, err := im.Import(context.WithoutCancel(ctx), checked, file)
		return err
	})
}

// recordTwice is a stream record that comes again, of any age.
func recordTwice(w *world, _ *person) {
	ids := slices.Sorted(maps.Keys(w.stream))
	if len(ids) > 0 {
		w.record(ids[w.dice.IntN(len(ids))])
	}
}

// stepTwice is a step of a workflow that is invoked once more, or late: what a retry left behind.
func stepTwice(w *world, _ *person) {
	names := w.flow.names()
	if len(names) == 0 {
		return
	}
	e := w.flow.executions[names[w.dice.IntN(len(names))]]
	step := []string{"announce", "overdue", "execute", "execute"}[w.dice.IntN(4)]
	_ = w.invoke("a late copy of "+step+" of "+e.Order+", run "+strconv.Itoa(e.Run), func(ctx context.Context) error {
		if step == "execute" {
			return w.flow.carryOut(ctx, e.Order, e.Run)
		}
		_, err := w.flow.review.Handle(ctx, reviewtask.Input{Step: step, Order: e.Order, Run: e.Run})
		return err
	})
}

// bounces is a mail that comes back.
func bounces(w *world, _ *person) {
	all := w.mails.since(0)
	if len(all) == 0 {
		return
	}
	l := all[w.dice.IntN(len(all))]
	report, err := json.Marshal(map[string]any{"eventType": "Bounce", "mail": map[string]any{"messageId": l.message}, "bounce": map[string]any{"bounceType": "Permanent"}})
	w.must(err)
	w.say("a mail to %s comes back", l.to)
	w.call("dispatch: a bounce", map[string]any{"Records": []any{map[string]any{"EventSource": "aws:sns", "eventSource": "aws:sns", "Sns": map[string]any{"Message": string(report)}}}})
}

// aborts is an execution that somebody ends in the console.
func aborts(w *world, _ *person) {
	if names := w.flow.names(); len(names) > 0 {
		name := names[w.dice.IntN(len(names))]
		w.say("execution %s is aborted", name)
		w.flow.abort(name)
	}
}
