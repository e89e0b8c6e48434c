package simulate

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// ends lets all come to its end without trouble, and looks what came of it.
func (w *world) ends() {
	w.say("nothing goes wrong any more")
	w.rate, w.ending = 0, true
	w.calmDown(7 * time.Hour) // leases and pauses run out
	for _, id := range slices.Sorted(maps.Keys(w.witness.orders)) {
		if w.witness.orders[id].State == merge.Failed {
			w.team().post("/service/orders/"+id+"/retry", "reason", "noch einmal")
		}
	}
	w.calmDown((vetoHours+1)*time.Hour, 15*24*time.Hour, 15*24*time.Hour) // and so do the times of orders
	for _, id := range slices.Sorted(maps.Keys(w.witness.orders)) {
		if o := w.witness.orders[id]; o.Objected() {
			w.team().post("/service/orders/"+id+"/dismiss", "reason", "geklärt", "objectors", strings.Join(o.Opposed, ","))
		}
	}
	w.calmDown(15*24*time.Hour, 7*time.Hour)
	if w.witness.broken == "" {
		w.ordersEnded()
		w.mailsWentOut()
		w.packagesBelong()
		w.nothingIsTold()
	}
}

// nothingIsTold is S20: no password, one-time link, seed of codes or bank data stands in the log, in what the workflow
// and other systems are given, or in the history that is printed here.
func (w *world) nothingIsTold() {
	secrets := map[string]bool{}
	for _, l := range w.mails.links {
		secrets[l.token] = true
	}
	for _, p := range w.people {
		secrets[p.password], secrets[p.app] = true, true
		for _, password := range p.packages {
			secrets[password] = true
		}
		secrets[w.witness.profiles[p.number].IBAN] = true
	}
	delete(secrets, "")
	places := map[string]string{"the log": w.log.String(), "the workflow": strings.Join(w.flow.inputs, "\n"), "an event": strings.Join(w.bus.details, "\n"),
		"the history": strings.Join(w.journal, "\n")}
	for where, text := range places {
		for secret := range secrets {
			if strings.Contains(text, secret) {
				w.witness.broke("S20: a secret of %d letters stands in %s", len(secret), where)
			}
		}
	}
}

// calmDown lets time go by, and each time the schedule take up what was left.
func (w *world) calmDown(times ...time.Duration) {
	for _, d := range times {
		w.pass(d)
		w.settle()
	}
}

// ordersEnded: each order has come to an end, and nothing is held any more.
func (w *world) ordersEnded() {
	h := w.witness
	for id, o := range h.orders {
		if !o.State.Final() || o.Objected() {
			h.broke("order %s never ends: it is %s, objected to %v", id, o.State, o.Objected())
		}
	}
	for n, hold := range h.holds {
		if hold.Order != "" || len(hold.Objections) > 0 {
			h.broke("M8: %s is held for ever by %+v", n, hold)
		}
	}
	if left := len(w.queue.messages); left > 0 {
		h.broke("%d messages of forgotten passwords are never done", left)
	}
}

// mailsWentOut is the other half of M9: no mail is lost. Each item is done, each event was told to each mailbox of its
// recipients, alone or together with others, and SES took what is said to have gone out.
func (w *world) mailsWentOut() {
	h := w.witness
	taken, told := map[string]bool{}, map[string]bool{}
	for _, l := range w.mails.since(0) {
		taken[l.message] = true
	}
	for _, item := range h.outbox {
		for _, id := range item.Collected {
			told[id] = !item.DoneAt.IsZero()
		}
	}
	for id, item := range h.outbox {
		waits := item.NotBefore > time.Now().Unix()
		if item.DoneAt.IsZero() && !told[id] && !waits {
			h.broke("M9: %s is never done: %d tries, last error %q", id, item.Tries, item.LastError)
		}
		if item.Parent != "" && item.MessageID != "" && !taken[item.MessageID] {
			h.broke("M9: the mail of %s is said to have gone out, and SES has none", id)
		}
		if item.Parent != "" && item.MessageID == "" && !told[id] && !waits {
			h.broke("M9: the mail of %s is done, and went nowhere", id)
		}
		if item.Parent == "" {
			h.everybodyIsTold(item)
		}
	}
}

func (h *witness) everybodyIsTold(item outbox.Item) {
	for _, r := range outbox.Mailboxes(item.Recipients) {
		mail := item.For(r)
		if _, there := h.outbox[table.OutboxID(mail.Event, mail.Key)]; !there {
			h.broke("M9: %s is not told to %s", item.ID, r.Address)
		}
	}
}

// packagesBelong is M1 and M6, through the pages: each package is shown by exactly one number, the one that it belongs to now.
func (w *world) packagesBelong() {
	shown := map[string][]string{}
	for _, p := range w.people {
		if w.witness.profiles[p.number].MergedInto != "" {
			continue
		}
		p.cookies = map[string]string{}
		p.entered = time.Time{}
		for !p.enter() {
			p.cookies = map[string]string{}
		}
		for after, more := "", true; more; more = after != "" {
			a := p.send(http.MethodGet, "/account?after="+after, nil)
			var page struct {
				Packages []struct{ ID string }
				Next     string
			}
			if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.code != http.StatusOK {
				w.witness.broke("M1: %s sees no packages: %d", p.number, a.code)
				return
			}
			for _, pkg := range page.Packages {
				shown[pkg.ID] = append(shown[pkg.ID], p.number)
			}
			after = page.Next
		}
	}
	for id, pkg := range w.witness.packages {
		want := pkg.Number
		if into := w.witness.profiles[want].MergedInto; into != "" {
			want = into
		}
		if got := fmt.Sprint(shown[id]); got != fmt.Sprint([]string{want}) {
			w.witness.broke("M1: package %s is shown by %s, want %s", id, got, want)
		}
	}
}
