package mergesubmit

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/alarms"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/table"
)

// step enters a state.
func step(to merge.State) order.Step { return order.Step{At: noon, State: to} }

// stale is an order whose records changed after the submission: the own street, and of the other number the e-mail
// address and one hidden digit of the phone number.
func stale(t *testing.T) *world.World {
	t.Helper()
	o := inReview()
	o.State = merge.Stale
	o.Survivor.Record.Street, o.Sources[0].Record.Phone = "Hauptstr. 5", "030 1234567"
	o.History = append(o.History, step(merge.Stale))
	w := with(t, o)
	w.Change(own, func(p *customer.Profile) { p.Street, p.Version = "Lindenweg 9", 2 })
	w.Change(other, func(p *customer.Profile) { p.Email, p.Phone, p.Version = "verborgen@neu.example", "030 9234567", 2 })
	return w
}

// confirmation is the form as the page has it.
func confirmation(w *world.World) url.Values {
	return world.Form("digest", w.Get(orderPath).Value("input[name=digest]"), reauth.Field, password)
}

// unconfirmed demands that an order waits for its customer as before.
func unconfirmed(w *world.World) {
	w.T.Helper()
	if o := w.Order(orderID); o.State != merge.Stale || o.Survivor.Record.Street != "Hauptstr. 5" {
		w.T.Errorf("the order is %s with %+v", o.State, o.Survivor.Record)
	}
}

func TestAStaleOrderShowsWhatChangedAndAsksToConfirm(t *testing.T) { // M5
	p := stale(t).Get(orderPath)
	if got := p.Text(`tr[data-field=street]`); got != "Straßevon 10000017 Hauptstr. 5 Lindenweg 9" {
		t.Errorf("the own street reads %q", got)
	}
	p.Has(`tr[data-field=email]`, "g•••@alt.example v•••@neu.example")
	p.Has(`tr[data-field=phone]`, "an verdeckter Stelle geändert")
	for _, secret := range []string{"geheim@", "verborgen@", "9234567", "1234567"} { // M3
		if strings.Contains(p.Body, secret) {
			t.Errorf("%q is shown in full", secret)
		}
	}
	p.Count(`form[action="`+orderPath+`/confirm"] input[name=digest]`, 1)
	p.Count(`form[action="`+orderPath+`/confirm"] input[name=currentPassword]`, 1)
	if p.Find("button.primary, .button:not(.secondary):not(.danger)").Length() > 1 {
		t.Error("more than one primary button")
	}
	if !strings.Contains(p.Find("#result").Parent().Text(), "Lindenweg 9") {
		t.Error("the result is not that of the new data")
	}
}

func TestAStaleOrderTellsNothingNewOnceItsProofWent(t *testing.T) { // M3
	w := stale(t)
	form := confirmation(w)
	w.Change(other, func(p *customer.Profile) { p.Street, p.PackagePasswordsVoidAt = "Ulmenweg 4", w.Now })
	p := w.Get(orderPath)
	for _, new := range []string{"Ulmenweg", "neu.example", form.Get("digest"), "Lindenweg"} {
		if strings.Contains(p.Body, new) {
			t.Errorf("%q is told", new)
		}
	}
	p.Count(`form[action="`+orderPath+`/confirm"]`, 0)
	p.Has(".notice", "gilt nicht mehr")
	p.Count(`form[action="`+orderPath+`/withdraw"]`, 1)
	w.Post(orderPath+"/confirm", form).Is(http.StatusUnprocessableEntity)
	unconfirmed(w)
}

func TestOwnDataChangedDuringAnOrderAreNotComparedForTheCustomer(t *testing.T) { // M3
	w := stale(t)
	lapses := func() string {
		_, outcome, _ := strings.Cut(w.Get(orderPath, world.JSON...).Body, `"lapses":`)
		lapses, _, _ := strings.Cut(outcome, "]}]")
		return lapses
	}
	w.Change(own, func(p *customer.Profile) { p.Phone = "030 1111111" })
	wrong := lapses()
	w.Change(own, func(p *customer.Profile) { p.Phone = "030 9234567" })
	if right := lapses(); wrong == "" || right != wrong {
		t.Errorf("a right guess reads %q, a wrong one %q", right, wrong)
	}
}

func TestConfirmingAsksForThePassword(t *testing.T) { // S7
	w := stale(t)
	form := confirmation(w)
	for _, wrong := range []string{"", "falsch"} {
		p := w.Post(orderPath+"/confirm", give(form, reauth.Field, wrong)).Is(http.StatusUnprocessableEntity)
		p.Count(`input[name=currentPassword][aria-invalid=true]`, 1)
		unconfirmed(w)
	}
	for range 2 { // M9
		w.Post(orderPath+"/confirm", give(form, reauth.Field, password)).LeadsTo(orderPath)
	}
	o := w.Order(orderID)
	if o.State != merge.InReview || o.Digest != form.Get("digest") || o.Survivor.Record.Street != "Lindenweg 9" || len(o.History) != 4 {
		t.Errorf("confirmed is %s, %s after %+v", o.State, o.Digest, o.History)
	}
}

func TestWhatStandsInTheWayOfAConfirmationIsSaidOnTheOrder(t *testing.T) {
	set := func(alter func(*order.Order)) func(*world.World) {
		return func(w *world.World) {
			o := w.Order(orderID)
			alter(&o)
			w.SaveOrder(o)
		}
	}
	otherIs := func(alter func(*customer.Profile)) func(*world.World) {
		return func(w *world.World) { w.Change(other, alter) }
	}
	for name, c := range map[string]struct {
		disturb func(*world.World)
		status  int
		says    string
	}{
		"data that changed once more": {otherIs(func(p *customer.Profile) { p.Street = "Ulmenweg 4" }), 409, "noch einmal geändert"},
		"many confirmations today": {set(func(o *order.Order) {
			for range order.ConfirmationsADay {
				o.History = append(o.History, order.Step{At: noon.Add(-22 * time.Hour), State: merge.InReview, Actor: own})
			}
		}), 429, "heute schon mehrmals mit geänderten Daten bestätigt"},
		"an order that was decided": {set(func(o *order.Order) { o.State = merge.Rejected }), 409, "keine Bestätigung mehr"},
		"another name by now":       {otherIs(func(p *customer.Profile) { p.LastName = "Krause" }), 422, "anderen Namen"},
		"an amount that became due": {otherIs(func(p *customer.Profile) { p.BalanceCents = 1 }), 422, "sind noch 0,01 € offen"},
		"tables that do not answer": {func(w *world.World) { w.Fail(0, http.ErrHandlerTimeout, world.Writes) }, 503, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := stale(t)
			form := confirmation(w)
			c.disturb(w)
			before := w.Order(orderID)
			w.Post(orderPath+"/confirm", form).Is(c.status).Has("main", c.says)
			if after := w.Order(orderID); after.Rev != before.Rev {
				t.Errorf("the order is %s all the same", after.State)
			}
		})
	}
}

// S4: a stored hash that cannot be read is told wherever the password is asked for again.
func TestACorruptHashRaisesTheAlarm(t *testing.T) {
	confirmed := func(hash string) string {
		w := stale(t)
		form := give(confirmation(w), reauth.Field, "falsch")
		c := w.Credential(table.Customer(own))
		c.Hash = hash
		w.Overwrite(w.Store.Names.Credentials, table.With(table.Credential(table.Customer(own)), table.MustMarshal(c)))
		w.Post(orderPath+"/confirm", form).Is(http.StatusUnprocessableEntity)
		return w.Log.String()
	}
	alarms.FiresOn(t, "CorruptHashesAlarm", "mergesubmit", confirmed("$argon2id$kaputt"), confirmed(stale(t).Credential(table.Customer(own)).Hash))
}
