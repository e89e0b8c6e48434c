package acts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"kundenkonto/infra/importer"
)

// move is one act by somebody, as far as they are able to: whether it succeeds is part of what is looked at.
type move struct {
	act string // as docs/security.md calls it
	do  func(w *world)
}

// byThief are the acts of a thief who learned the customer password and the package password of the number, and who has
// a number of their own under the owner's name. Nothing of it is the thief's right.
var byThief = []move{
	{"sign-in", func(w *world) { w.thief.signIn(mine) }},
	{"reset", func(w *world) { w.thief.askReset(mine); w.thief.useReset(mine) }},
	{"e-mail change", func(w *world) { w.thief.into(mine); w.thief.changeEmail(mine, w.thief.mailboxes[1]) }},
	{"stop", func(w *world) { w.thief.stop(); w.thief.keepFactor() }},
	{"second step", func(w *world) { w.thief.into(mine); w.thief.setUpApp(mine) }},
	{"recovery", func(w *world) {
		w.help(mine, "start-recovery")
		w.pass((vetoHours + 2) * time.Hour)
		w.thief.into(mine)
	}},
	{"package password", func(w *world) { _ = w.thief.into(mine) || w.thief.into(theirs); w.thief.setPackagePassword(mine) }},
	{"proof", func(w *world) { w.thief.into(theirs); w.thief.prove(mine, w.thief.packagePassword[mine]) }},
	{"order", func(w *world) { w.thief.into(theirs); w.thief.order(theirs, mine) }},
	{"merge", func(w *world) { w.thief.into(theirs); w.execute(w.thief.order(theirs, mine)) }},
	{"veto", func(w *world) { w.thief.veto() }},
	{"service team's help", func(w *world) {
		w.help(mine, "correct-email", "email", w.thief.mailboxes[1])
		w.thief.confirm()
		w.help(mine, "send-reset")
		w.thief.useReset(mine)
	}},
}

// byOthers are the acts of the owner, the service team and the operator.
var byOthers = []move{
	{"sign-in", func(w *world) { w.owner.signIn(mine) }},
	{"reset", func(w *world) { w.owner.askReset(mine); w.owner.useReset(mine) }},
	{"e-mail change", func(w *world) { w.owner.into(mine); w.owner.changeEmail(mine, w.owner.mailboxes[2]) }},
	{"stop", func(w *world) { w.owner.stop() }},
	{"second step", func(w *world) { w.owner.into(mine); w.owner.setUpApp(mine) }},
	{"recovery", func(w *world) { w.help(mine, "start-recovery"); w.owner.keepFactor() }},
	{"package password", func(w *world) { w.owner.into(mine); w.owner.setPackagePassword(mine) }},
	{"proof", func(w *world) { w.owner.into(second); w.owner.prove(mine, w.owner.packagePassword[mine]) }},
	{"order", func(w *world) { w.owner.into(mine); w.owner.order(mine, second) }},
	{"merge", func(w *world) { w.owner.into(mine); w.execute(w.owner.order(mine, second)) }},
	{"veto or objection", func(w *world) { w.owner.veto() }},
	{"undo", func(w *world) { w.undoAll() }},
	{"import", func(w *world) { w.importAgain() }},
	{"import of an address", func(w *world) { w.importAgain("email") }},
	{"service team's help", func(w *world) { w.help(mine, "end-pause"); w.help(mine, "send-reset"); w.owner.useReset(mine) }},
}

// into sees to it that the browser is signed in to a number, if it can.
func (p *person) into(number string) bool { return p.isIn(number) || p.signIn(number) }

// undoAll takes back every merge of the number that was carried out.
func (w *world) undoAll() {
	for _, p := range []*person{w.thief, w.owner} {
		for _, id := range p.orders {
			w.undo(id)
		}
	}
}

// importAgain is the operator's nightly import of the number, as it was imported first.
func (w *world) importAgain(overwrite ...string) {
	w.t.Helper()
	line, err := json.Marshal(importer.Line{CustomerNumber: mine, FirstName: "Anna", LastName: "Schäfer", Street: "Straße " + mine, PostalCode: "10115", City: "Berlin",
		Country: "DE", Language: "de", Phone: "+49 30 1234567", Email: w.owner.mailboxes[0], Packages: []importer.Package{{ID: packageOf(mine), Product: "hosting", Tariff: "M",
			Domains: []string{domainOf(mine)}, ContractStart: "1995-01-31", TermMonths: 12}}})
	w.must(err)
	file := importer.Memory("night", line)
	checked := importer.Check(file)
	if checked.Good() != 1 {
		w.t.Fatalf("import: %+v", checked)
	}
	fields := importer.Overwrite{}
	for _, f := range overwrite {
		w.must(fields.Set(f))
	}
	report, err := importer.Importer{Tables: w.store, Now: time.Now, Rand: rand.Reader, Workers: 1, Overwrite: fields}.Import(context.Background(), checked, file)
	w.must(err)
	if len(report.Failures) > 0 {
		w.t.Fatalf("import: %+v", report.Failures)
	}
	w.settle()
}
