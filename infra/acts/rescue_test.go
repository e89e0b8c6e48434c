package acts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// newStreet is what the owner enters at the end: whoever reads it reads what is live.
const newStreet = "Rosenweg 77"

// rescue is what the owner does after the mails of whatever happened: stops what can be stopped, asks the service team
// where the own mailboxes lead nowhere, sets new passwords. It says what does not work.
func (w *world) rescue() error {
	o := w.owner
	o.stop()
	o.keepFactor()
	o.use("/merge/veto", theirs)
	if p := w.profile(mine); p.MergedInto != "" && !w.undo(p.MergedBy) {
		return fmt.Errorf("the merge into %s cannot be taken back", p.MergedInto)
	}
	o.stop()              // what a merge was in the way of
	time.Sleep(time.Hour) // so that three mails of the hour before are no hindrance
	o.askReset(mine)
	if !o.useReset(mine) {
		if !w.help(mine, "correct-email", "email", o.mailboxes[0]) || !o.confirm() {
			return fmt.Errorf("the service team cannot correct the address %s", w.profile(mine).Email)
		}
		o.askReset(mine)
		if !o.useReset(mine) {
			return fmt.Errorf("no link for a new password comes to the owner")
		}
	}
	if !w.enter() {
		return fmt.Errorf("the owner does not get in")
	}
	if !o.setPackagePassword(mine) {
		return fmt.Errorf("the owner sets no package password")
	}
	a := o.post("/account/master-data", "version", fmt.Sprint(w.profile(mine).Version), "street", newStreet)
	w.settle()
	if a.code != 303 {
		return fmt.Errorf("the owner changes no address: %d", a.code)
	}
	return nil
}

// enter signs the owner in. A second step that is not the owner's is taken away by the service team, which takes a week
// where the e-mail address is young.
func (w *world) enter() bool {
	for range 3 {
		if w.owner.signIn(mine) {
			return true
		}
		if !w.help(mine, "start-recovery") {
			w.pass(7*24*time.Hour + time.Minute)
			continue
		}
		w.pass((vetoHours + 2) * time.Hour)
		delete(w.owner.app, mine)
	}
	return w.owner.signIn(mine)
}

// tries is all that a thief can do after the rescue with what was ever in their hands. It says what opened.
func (w *world) tries() (opened []string) {
	thief, before := w.thief, w.state()
	for i, value := range thief.sessions {
		b := newBrowser(w, "old session")
		b.cookies[session.Cookie] = value
		if a := b.look("/account"); a.code == 200 && strings.Contains(a.body, mine) {
			opened = append(opened, fmt.Sprintf("session %d of %d", i+1, len(thief.sessions)))
		}
	}
	if thief.app[mine] != "" {
		thief.post("/login/second-factor", "code", secondfactor.Code(thief.app[mine], time.Now()))
		if thief.isIn(mine) {
			opened = append(opened, "a sign-in under way")
		}
	}
	for _, l := range w.mails.links("", thief.mailboxes...) {
		if l.path == "/password/reset" {
			thief.resetBy(l, mine)
		} else {
			thief.post(l.path, "token", l.token)
		}
		w.settle()
		if now := w.state(); now != before {
			opened = append(opened, fmt.Sprintf("the link %s:\nbefore %s\nafter  %s", l.path, before, now))
			before = now
		}
	}
	for _, password := range known(thief.passwords[mine], thief.password[mine]) {
		time.Sleep(16 * time.Minute) // no pause hides anything
		if thief.signInWith(mine, password) {
			opened = append(opened, "the password "+password)
		}
	}
	return append(opened, w.triesFromOwnNumber()...)
}

// triesFromOwnNumber is what a thief can do by a number of their own.
func (w *world) triesFromOwnNumber() (opened []string) {
	thief := w.thief
	if !thief.into(theirs) {
		return []string{"nothing was tried: the thief does not get into the own number"}
	}
	for _, path := range append([]string{"/merge", "/merge/draft", "/account", "/account/export", "/account/history"}, w.orderPages()...) {
		if a := thief.look(path); strings.Contains(a.body, newStreet) {
			opened = append(opened, path+" tells live data")
		}
	}
	for _, password := range known(thief.packagePws[mine], thief.packagePassword[mine]) {
		time.Sleep(16 * time.Minute)
		thief.into(theirs)
		if thief.prove(mine, password) {
			opened = append(opened, "the package password "+password)
		}
	}
	return opened
}

func (w *world) orderPages() (pages []string) {
	for _, id := range w.thief.orders {
		pages = append(pages, "/merge/orders/"+id)
	}
	return pages
}

// known are some passwords, each once.
func known(old []string, now string) []string {
	all := append(slices.Clone(old), now)
	all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
	slices.Sort(all)
	return slices.Compact(all)
}

// state is what belongs to the owner: who can get in, how, and where the mails go.
func (w *world) state() string {
	ctx := context.Background()
	p := w.profile(mine)
	var passwords []string
	for _, subject := range []string{table.Customer(mine), table.PackageSubject(packageOf(mine))} {
		c, err := credential.Store{Store: w.store}.Get(ctx, subject)
		w.must(err)
		passwords = append(passwords, fmt.Sprint(c.ChangedAt.Unix(), " ", c.Hash != "", " ", c.Retired, " ", c.Epoch)) // a rehash is no change
	}
	f, err := secondfactor.Store{Store: w.store}.Get(ctx, mine)
	w.must(err)
	pending := ""
	if at := p.Waiting(time.Now()); at != nil {
		pending = at.Address
	}
	return fmt.Sprint(p.Email, " waiting ", pending, ", epoch ", p.Epoch, ", passwords ", passwords, ", second step ", f.Secret, " ", len(f.Codes), " ", len(f.Passkeys),
		" recovery ", f.Recovery.ID, ", merged into ", p.MergedInto, ", members ", p.Members, ", ", p.Street)
}

// broken is what must be true of the tables at any time and is not.
func (w *world) broken() (wrong []string) {
	ctx := context.Background()
	for _, number := range []string{mine, second, theirs} {
		p := w.profile(number)
		c, err := credential.Store{Store: w.store}.Get(ctx, table.Customer(number))
		w.must(err)
		if p.Epoch != c.Epoch {
			wrong = append(wrong, fmt.Sprintf("%s has the epochs %d and %d", number, p.Epoch, c.Epoch))
		}
		if c.Retired != (p.MergedInto != "") {
			wrong = append(wrong, fmt.Sprintf("%s is merged into %q, and its password retired: %v", number, p.MergedInto, c.Retired))
		}
		if p.MergedInto != "" && !slices.Contains(w.profile(p.MergedInto).Members, number) {
			wrong = append(wrong, fmt.Sprintf("%s does not know its member %s", p.MergedInto, number))
		}
		if _, err := (customer.Store{Store: w.store}).Package(ctx, packageOf(number)); err != nil {
			wrong = append(wrong, fmt.Sprintf("the package of %s: %v", number, err))
		}
	}
	for _, key := range w.lost() {
		wrong = append(wrong, "lost: "+key)
	}
	return wrong
}
