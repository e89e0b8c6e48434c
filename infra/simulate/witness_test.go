package simulate

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// witness looks at the tables after each single write, which is what any reader could see at that moment, and notes the
// first promise that does not hold. What it knows it has from the tables alone, but for the mails, which are with SES.
type witness struct {
	w      *world
	broken string
	tables map[string]*tableSeen

	profiles    map[string]customer.Profile
	credentials map[string]credential.Credential // by subject
	hashes      map[string]string                // by subject
	factors     map[string]secondfactor.Factor
	packages    map[string]customer.Package
	orders      map[string]order.Order
	holds       map[string]order.Hold
	outbox      map[string]outbox.Item
	mailIDs     map[string]string // from a mail's own id to the outbox item
	values      map[string]map[string]bool
	proofs      map[string]string // what proved a number, and when, to its order
	happened    map[string]bool   // number, order and what befell it
}

func newWitness(w *world) *witness {
	h := &witness{w: w, tables: map[string]*tableSeen{}, profiles: map[string]customer.Profile{},
		credentials: map[string]credential.Credential{}, hashes: map[string]string{}, factors: map[string]secondfactor.Factor{}, packages: map[string]customer.Package{},
		orders: map[string]order.Order{}, holds: map[string]order.Hold{}, outbox: map[string]outbox.Item{}, mailIDs: map[string]string{},
		values: map[string]map[string]bool{}, proofs: map[string]string{}, happened: map[string]bool{}}
	w.tables.Locked(h.look)
	return h
}

// broke notes the first promise that does not hold.
func (h *witness) broke(format string, args ...any) {
	if h.broken == "" {
		h.broken = fmt.Sprintf(format, args...)
		h.w.say("BROKEN: %s", h.broken)
	}
}

// change is an item before and after a write.
type change struct {
	table, key  string
	before, now tablefake.Item
}

// look is called with the tables held still.
func (h *witness) look() {
	if h.broken != "" {
		return
	}
	first := len(h.profiles) == 0
	was := sight{profiles: maps.Clone(h.profiles), orders: maps.Clone(h.orders), factors: maps.Clone(h.factors)}
	var events []audit.Event
	for _, c := range h.changes() {
		if e := h.take(c); e != nil {
			events = append(events, *e)
		}
	}
	for n, p := range h.profiles {
		if !first && !reflect.DeepEqual(p, was.profiles[n]) {
			h.dataHaveAReason(was.profiles[n], p, events)
		}
	}
	h.mergesAreWhole()
	h.noTwoOverOneNumber()
	h.objectionsHold()
	for id, o := range h.orders {
		if o.Rev != was.orders[id].Rev {
			h.orderGoesItsWay(was, o)
		}
	}
	for _, e := range events {
		h.happensOnce(e)
		h.recoveriesStop(was, e)
	}
	if twice := h.w.mails.twice(); twice != "" {
		h.broke("%s", twice)
	}
}

// sight is what was there before a write.
type sight struct {
	profiles map[string]customer.Profile
	orders   map[string]order.Order
	factors  map[string]secondfactor.Factor
}

// watched are the tables that are looked at.
var watched = []string{"Customers", "Credentials", "Audit", "MergeOrders", "Outbox"}

// tableSeen is a table as of the look before. An item is replaced, never altered: the same map is the same item.
type tableSeen struct {
	items map[string]tablefake.Item
	known map[uintptr]bool
}

// changes are the items that the write changed.
func (h *witness) changes() (all []change) {
	for _, name := range watched {
		seen, n := h.tables[name], 0
		if seen == nil {
			seen = &tableSeen{map[string]tablefake.Item{}, map[uintptr]bool{}}
			h.tables[name] = seen
		}
		h.w.tables.Items(name, func(item tablefake.Item) {
			n++
			at := reflect.ValueOf(item).Pointer()
			if seen.known[at] {
				return
			}
			key := keyOf(item)
			before := seen.items[key]
			all = append(all, change{name, key, before, item})
			delete(seen.known, reflect.ValueOf(before).Pointer())
			seen.items[key], seen.known[at] = item, true
		})
		if n < len(seen.items) {
			all = append(all, h.gone(name, seen)...)
		}
	}
	return all
}

func (h *witness) gone(name string, seen *tableSeen) (all []change) {
	there := map[string]bool{}
	h.w.tables.Items(name, func(item tablefake.Item) { there[keyOf(item)] = true })
	for key, item := range seen.items {
		if !there[key] {
			all = append(all, change{name, key, item, nil})
			delete(seen.items, key)
			delete(seen.known, reflect.ValueOf(item).Pointer())
		}
	}
	return all
}

func keyOf(item tablefake.Item) string {
	pk, _ := item["pk"]["S"].(string)
	sk, _ := item["sk"]["S"].(string)
	return pk + " " + sk
}

func decoded[T any](item tablefake.Item) T {
	var v T
	if err := table.Unmarshal(tablefake.Decode(item), &v); err != nil {
		panic(err)
	}
	return v
}

// take notes a change, and that nothing is lost by it (M1). It returns the audit event that it is.
func (h *witness) take(c change) *audit.Event {
	pk, sk, _ := strings.Cut(c.key, " ")
	kind := pk[:strings.IndexByte(pk+"#", '#')]
	lasts := c.table == "Credentials" || c.table == "Audit" || c.table == "Customers" && (kind == "C" || kind == "P") || sk == "ORDER" || c.table == "Outbox"
	if c.now == nil {
		if lasts {
			h.broke("M1: %s of %s is gone", c.key, c.table)
		}
		return nil
	}
	switch {
	case c.table == "Audit":
		if c.before != nil {
			h.broke("M1: an event of the audit is overwritten: %s", c.key)
		}
		e := decoded[audit.Event](c.now)
		return &e
	case c.table == "Outbox":
		item := decoded[outbox.Item](c.now)
		h.outbox[item.ID], h.mailIDs[table.Hash(item.ID)[:12]] = item, item.ID
	case sk == table.SKProfile:
		p := decoded[customer.Profile](c.now)
		h.profiles[p.Number] = p
	case c.table == "Customers" && strings.HasPrefix(sk, table.PrefixPackage):
		p, was := decoded[customer.Package](c.now), customer.Package{}
		if was = h.packages[p.ID]; was.ID != "" && (p.Number != was.Number || !containsAll(p.Domains, was.Domains)) {
			h.broke("M1: package %s was of %s with %v, is of %s with %v", p.ID, was.Number, was.Domains, p.Number, p.Domains)
		}
		h.packages[p.ID] = p
	case c.table == "Credentials" && kind == "F":
		h.factors[pk[2:]] = decoded[secondfactor.Factor](c.now)
	case c.table == "Credentials" && kind != "H":
		cred := decoded[credential.Credential](c.now)
		h.credentials[pk], h.hashes[pk] = cred, cred.Hash
	case sk == "ORDER":
		o := decoded[order.Order](c.now)
		h.orders[o.ID] = o
	case sk == "DRAFT":
		h.provesItself(decoded[order.Draft](c.now))
	case sk == "LOCK":
		h.holds[strings.TrimPrefix(pk, "LOCK#")] = decoded[order.Hold](c.now)
	}
	return nil
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// mail is the outbox item of a mail's own id.
func (h *witness) mail(id string) (outbox.Item, bool) {
	item, known := h.outbox[h.mailIDs[id]]
	return item, known
}

// mergesAreWhole is M2: both ends of each merge agree, chains are flat, credentials go with it.
func (h *witness) mergesAreWhole() {
	for n, p := range h.profiles {
		c, into := h.credentials[table.Customer(n)], h.profiles[p.MergedInto]
		if c.Retired != (p.MergedInto != "") || c.Epoch != p.Epoch {
			h.broke("M2: %s is merged into %q, its credential retired %v, epochs %d and %d", n, p.MergedInto, c.Retired, p.Epoch, c.Epoch)
		}
		if p.MergedInto != "" && (into.MergedInto != "" || !slices.Contains(into.Members, n) || len(p.Members) > 0) {
			h.broke("M2: %s is merged into %s, which has %v and is merged into %q", n, p.MergedInto, into.Members, into.MergedInto)
		}
		for _, m := range p.Members {
			if h.profiles[m].MergedInto != n {
				h.broke("M2: %s has the member %s, which is merged into %q", n, m, h.profiles[m].MergedInto)
			}
		}
	}
}

// noTwoOverOneNumber is M8: open orders hold the locks of all their numbers, and nobody else does.
func (h *witness) noTwoOverOneNumber() {
	for id, o := range h.orders {
		for _, n := range o.Numbers() {
			if o.State.Open() && h.holds[n].Order != id {
				h.broke("M8: %s is open over %s, which %q holds", id, n, h.holds[n].Order)
			}
		}
	}
	for n, hold := range h.holds {
		if o := h.orders[hold.Order]; hold.Order != "" && !(o.State.Open() && slices.Contains(o.Numbers(), n)) {
			h.broke("M8: %s is held by %s, which is %s", n, hold.Order, o.State)
		}
	}
}

// objectionsHold is M4: an open objection holds its survivor, and whoever that was merged into.
func (h *witness) objectionsHold() {
	for id, o := range h.orders {
		if !o.Objected() {
			continue
		}
		for _, n := range []string{o.Customer, h.profiles[o.Customer].MergedInto} {
			if n != "" && !slices.Contains(h.holds[n].Objections, id) {
				h.broke("M4: somebody objects to %s, but %s is free", id, n)
			}
		}
	}
}

// orderGoesItsWay looks at what became of an order by a write.
func (h *witness) orderGoesItsWay(was sight, o order.Order) {
	before := was.orders[o.ID]
	if n := len(before.History); n > 0 && (len(o.History) < n || !reflect.DeepEqual(o.History[:n], before.History)) {
		h.broke("M10: the history of %s was rewritten", o.ID)
	}
	if last := o.History[len(o.History)-1].State; last != o.State {
		h.broke("M10: %s is %s, its history ends with %s", o.ID, o.State, last)
	}
	if before.ID == "" {
		h.isProven(o)
		return
	}
	if before.State == o.State {
		return
	}
	h.w.did[string(o.State)]++
	if !before.State.May(o.State) {
		h.broke("M9: %s went from %s to %s", o.ID, before.State, o.State)
	}
	switch o.State {
	case merge.Executed:
		h.isWhatWasShown(was, o)
		h.waited(o)
	case merge.Undone:
		h.undoIsExact(was, o)
	}
}

// provesItself is M3: what a draft shows of a number was proven by a package of that number.
func (h *witness) provesItself(d order.Draft) {
	for _, s := range d.Sources {
		if pkg := h.packages[s.Package]; time.Since(s.ProvenAt) < time.Second && pkg.Number != s.Number && !slices.Contains(h.profiles[s.Number].Members, pkg.Number) {
			h.broke("M3: %s compares data with %s, proven by %s of %s", d.Number, s.Number, s.Package, pkg.Number)
		}
	}
}

// isProven is M3: each number of a new order was proven a moment ago by a package of its own, for this order alone.
func (h *witness) isProven(o order.Order) {
	for _, s := range o.Sources {
		n := s.Record.Number
		pkg := h.packages[s.Package]
		if pkg.Number != n && !slices.Contains(h.profiles[n].Members, pkg.Number) {
			h.broke("M3: %s takes %s, proven by %s of %s", o.ID, n, s.Package, pkg.Number)
		}
		if age := o.SubmittedAt.Sub(s.ProvenAt); age < 0 || age > order.ProofLifetime {
			h.broke("M3: %s takes %s by a proof that is %s old", o.ID, n, age)
		}
		proof := fmt.Sprint(o.Customer, n, s.Package, s.ProvenAt.UnixNano())
		if first := h.proofs[proof]; first != "" {
			h.broke("M3: %s takes %s by the proof of %s", o.ID, n, first)
		}
		h.proofs[proof] = o.ID
	}
}

// isWhatWasShown is M5: the data at the moment of the execution are those of the order, and come out as it says.
func (h *witness) isWhatWasShown(was sight, o order.Order) {
	for _, party := range append([]order.Party{o.Survivor}, parties(o)...) {
		n := party.Record.Number
		if now := order.RecordOf(was.profiles[n]); now != party.Record || was.profiles[n].Version != party.Version {
			h.broke("M5: %s was executed on other data of %s than shown", o.ID, n)
		}
	}
	if o.Digest != merge.Digest(o.Salt, o.Survivor.Record, o.Merging()) {
		h.broke("M5: the digest of %s is of other data", o.ID)
	}
	if got := order.RecordOf(h.profiles[o.Customer]); got != o.Result() {
		h.broke("M5: %s came out otherwise than shown", o.ID)
	}
	for _, n := range o.Numbers() {
		if held := h.holds[n].Objections; len(held) > 0 {
			h.broke("M4: %s was executed over %s, which the objection to %v holds", o.ID, n, held)
		}
	}
}

func parties(o order.Order) (all []order.Party) {
	for _, s := range o.Sources {
		all = append(all, s.Party)
	}
	return all
}

// waited is M4: the veto period had passed since the last mail of the announcement, or since the service team spoke to who
// could not be reached; but where both sides have had one mailbox for long.
func (h *witness) waited(o order.Order) {
	start, oneMailbox := o.ContactedAt, true
	for _, s := range o.Sources {
		oneMailbox = oneMailbox && s.Record.Email == o.Survivor.Record.Email
	}
	if len(o.Unreached) == 0 {
		if oneMailbox {
			return
		}
		for _, l := range h.w.mails.since(0) {
			if item, known := h.mail(l.id); known && item.Event == outbox.OrderAnnounced && item.Order == o.ID && l.to != o.Survivor.Record.Email && start.Before(l.at) {
				start = l.at
			}
		}
	}
	if start.IsZero() || o.ExecutedAt.Sub(start) < vetoHours*time.Hour-time.Minute { // a mail may go out once more at the end
		h.broke("M4: %s was executed %s after its announcement", o.ID, o.ExecutedAt.Sub(start))
	}
}

// undoIsExact is M7: numbers and members are as before, and of the data exactly those are put back that the order wrote
// and nobody changed since.
func (h *witness) undoIsExact(was sight, o order.Order) {
	for _, s := range o.Sources {
		p := h.profiles[s.Record.Number]
		if p.MergedInto != o.Before.Into[p.Number] || len(p.Members) != len(o.Before.Members[p.Number]) {
			h.broke("M7: %s was undone, but %s is merged into %q with members %v", o.ID, p.Number, p.MergedInto, p.Members)
		}
	}
	had, has, wrote := order.RecordOf(was.profiles[o.Customer]), order.RecordOf(h.profiles[o.Customer]), o.Result()
	adopted := merge.Adopted(o.Merging())
	for _, g := range merge.Groups() {
		kept, back := same(g, had, has), same(g, o.Before.Survivor, has)
		mayGoBack := slices.Contains(adopted, g) && same(g, had, wrote)
		replaced := mayGoBack && h.adoptedLater(o, g)
		if !kept && !(mayGoBack && back) || mayGoBack && !replaced && !back {
			h.broke("M7: %s was undone, and %s of %s is neither what it was before nor what was set since", o.ID, g, o.Customer)
		}
		if !h.ownsOrTookOver(has, g) {
			h.broke("M7: %s was undone, and %s of %s is what nobody ever had there", o.ID, g, o.Customer)
		}
	}
}

// adoptedLater says whether a later merge that still stands took the group over.
func (h *witness) adoptedLater(o order.Order, g merge.Group) bool {
	for _, later := range h.orders {
		if later.State == merge.Executed && later.Customer == o.Customer && later.ExecutedAt.After(o.ExecutedAt) && slices.Contains(merge.Adopted(later.Merging()), g) {
			return true
		}
	}
	return false
}

// ownsOrTookOver says whether a number ever had a group of values by itself, or a merge that stands gave it.
func (h *witness) ownsOrTookOver(r merge.Record, g merge.Group) bool {
	if h.values[r.Number+string(g)][written(g, r)] {
		return true
	}
	for _, o := range h.orders {
		if o.State == merge.Executed && o.Customer == r.Number && slices.Contains(merge.Adopted(o.Merging()), g) && same(g, o.Result(), r) {
			return true
		}
	}
	return false
}

func written(g merge.Group, r merge.Record) (text string) {
	for _, f := range g.Fields() {
		text += r.Get(f) + "|"
	}
	return text
}

func same(g merge.Group, a, b merge.Record) bool { return written(g, a) == written(g, b) }

// decides says what an audit event may change of a profile: customers their data, the operator what it decides (M1).
var decides = map[string][]string{
	audit.MasterDataChanged: {"address", "phone", "mobile", "bank"},
	audit.EmailConfirmed:    {"email"}, audit.EmailStopped: {"email"},
	audit.MergeExecuted: {"address", "phone", "mobile", "email", "bank"}, audit.MergeUndone: {"address", "phone", "mobile", "email", "bank"},
	audit.Imported: {"name", "balance", "locked"}, audit.MergingLocked: {"locked"}, audit.MergingUnlocked: {"locked"},
}

// dataHaveAReason is M1 and M10: no datum of a number changes but by an event of its audit that says so, and that may.
func (h *witness) dataHaveAReason(was, p customer.Profile, events []audit.Event) {
	changed := map[string]bool{"name": was.Company+was.FirstName+was.LastName != p.Company+p.FirstName+p.LastName,
		"balance": was.BalanceCents != p.BalanceCents, "locked": was.Locked != p.Locked}
	byMerge := false
	for _, g := range merge.Groups() {
		changed[string(g)] = !same(g, order.RecordOf(was), order.RecordOf(p))
	}
	for _, e := range events {
		if e.Number == p.Number {
			byMerge = byMerge || e.Action == audit.MergeExecuted || e.Action == audit.MergeUndone
			for _, what := range decides[e.Action] {
				delete(changed, what)
			}
		}
	}
	for what, is := range changed {
		if is {
			h.broke("M1: %s of %s changed, and no event that may do so tells why", what, p.Number)
		}
	}
	h.owns(was)
	if !byMerge {
		h.owns(p)
	}
	if was.Email != p.Email && !slices.ContainsFunc(p.EarlierEmails, func(e customer.HeldEmail) bool { return e.Address == was.Email }) &&
		!slices.ContainsFunc(p.StoppedEmails, func(e customer.StoppedEmail) bool { return e.Address == was.Email }) {
		h.broke("S7: %s forgot an address that was in force", p.Number)
	}
}

// owns notes the values that a number has by itself; those of the beginning are noted with the first change.
func (h *witness) owns(p customer.Profile) {
	for _, g := range merge.Groups() {
		key := p.Number + string(g)
		if h.values[key] == nil {
			h.values[key] = map[string]bool{}
		} else if h.tookOver(p, g) {
			continue
		}
		h.values[key][written(g, order.RecordOf(p))] = true
	}
}

// tookOver says whether the values of a group are another number's, by a merge that was executed.
func (h *witness) tookOver(p customer.Profile, g merge.Group) bool {
	for _, o := range h.orders {
		if o.Before != nil && o.Customer == p.Number && slices.Contains(merge.Adopted(o.Merging()), g) && same(g, o.Result(), order.RecordOf(p)) {
			return true
		}
	}
	return false
}

// once are events that befall a number once by the same order.
var once = []string{audit.MergeSubmitted, audit.MergeExecuted, audit.MergeUndone, audit.MergeWithdrawn, audit.MergeExpired, audit.MergeRejected}

// happensOnce is M9: what came twice has no second effect.
func (h *witness) happensOnce(e audit.Event) {
	if !slices.Contains(once, e.Action) {
		return
	}
	key := fmt.Sprint(e.Number, e.Order, e.Action)
	if h.happened[key] {
		h.broke("M9: %s befell %s twice by order %s", e.Action, e.Number, e.Order)
	}
	h.happened[key] = true
}

// recoveriesStop is S7: what says that a recovery of the second step was stopped stops it, and a change of the address
// that is stopped stops it, too.
func (h *witness) recoveriesStop(was sight, e audit.Event) {
	before, now := was.factors[e.Number].Recovery, h.factors[e.Number].Recovery
	if (e.Action == audit.FactorRecoveryStopped || e.Action == audit.EmailStopped) && before.Running() && now.ID == before.ID {
		h.broke("S7: the recovery of the second step of %s goes on after %s", e.Number, e.Action)
	}
}
