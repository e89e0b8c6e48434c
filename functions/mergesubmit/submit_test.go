package mergesubmit

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

func TestAnOrderThatTakesOverTheEMailAsksForThePassword(t *testing.T) {
	w, form := drafted(t, merge.Choices{merge.EmailGroup: merge.Other})
	for _, given := range []string{"", "falsches Passwort"} {
		p := w.Post("/merge/submit", give(form, reauth.Field, given)).Is(http.StatusUnprocessableEntity) // S7
		p.Count(`input[name=currentPassword][aria-invalid=true]`, 1)
		if kept := p.Value("input[name=digest]"); kept != form.Get("digest") || len(w.OrderIDs()) != 0 {
			t.Errorf("the page keeps digest %q and submitted %v", kept, w.OrderIDs())
		}
	}
	p := w.Post("/merge/submit", give(form, reauth.Field, password))
	if ids := w.OrderIDs(); len(ids) != 1 || p.Location != "/merge/orders/"+ids[0] {
		t.Fatalf("with the password: %d to %s, orders %v", p.Status, p.Location, ids)
	}
	w.Get(p.Location).Has(".notice.success", "Ihr Auftrag ist abgeschickt. Eine Bestätigung geht an "+w.Profile(own).Email)
	w.Now = w.Now.Add(justNow)
	w.Get(p.Location).Count(".notice.success", 0) // a later visit
	if o := w.Order(w.OrderIDs()[0]); o.State != merge.Submitted || o.Digest != form.Get("digest") || o.VetoHours != 72 {
		t.Errorf("submitted is %+v", o)
	}
	w.Post("/merge/submit", form).LeadsTo(p.Location) // M9
	if len(w.OrderIDs()) != 1 {
		t.Errorf("sent twice, it makes %v", w.OrderIDs())
	}
}

func TestARefusedOrderSaysWhyAndLeadsBack(t *testing.T) {
	tests := map[string]struct {
		disturb func(*world.World)
		status  int
		says    string
	}{
		"a number in another order": {func(w *world.World) { w.SaveOrder(running("10000040", other)) }, 422, "laufenden Auftrag"},
		"data changed meanwhile":    {func(w *world.World) { w.Change(other, func(p *customer.Profile) { p.Street = "Lindenweg 9" }) }, 409, "haben sich geändert"},
		"another tab was faster": {func(w *world.World) {
			w.Meanwhile(world.On("TransactWriteItems", w.Store.Names.MergeOrders), func() { w.SaveDraft(w.Draft(own)) })
		}, 409, "anderen Fenster"},
		"many orders today": {func(w *world.World) {
			for range throttle.OrdersADay {
				try(w, throttle.MergeOrders(own), w.Now.Add(-19*time.Hour))
			}
		}, 429, "ab 23.11.2026 um 19:00 Uhr"},
		"tables that do not answer": {func(w *world.World) { w.Fail(0, errors.New("secret detail"), world.Writes) }, 503, "noch einmal"},
		"a mistake of ours":         {func(w *world.World) { w.Fail(0, tablefake.Refused("ValidationException"), world.Writes) }, 500, "Fehler"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w, form := drafted(t, nil)
			tt.disturb(w)
			before := len(w.OrderIDs())
			p := w.Post("/merge/submit", form).Is(tt.status)
			p.Has("main", tt.says)
			if after := p.Header.Get("Retry-After"); tt.status == 429 && after != "18001" {
				t.Errorf("it may be tried again after %q", after)
			}
			if strings.Contains(p.Body, "secret detail") || strings.Contains(p.Body, "ValidationException") {
				t.Error("an internal text is shown")
			}
			if len(w.OrderIDs()) != before || len(w.Draft(own).Sources) != 1 {
				t.Errorf("orders %v, draft %+v", w.OrderIDs(), w.Draft(own))
			}
		})
	}
}

// try counts once in a bucket.
func try(w *world.World, b throttle.Bucket, at time.Time) {
	w.T.Helper()
	if v, err := (throttle.Store{Store: w.Store}).Try(w.T.Context(), b, at); err != nil || !v.Allowed {
		w.T.Fatalf("%+v, %v", v, err)
	}
}

func TestASubmissionWithoutAKeyIsRefused(t *testing.T) {
	w, form := drafted(t, nil)
	for _, bad := range []string{"", "short", strings.Repeat("x", 65), "with blank in it"} {
		if p := w.Post("/merge/submit", give(form, "idempotencyKey", bad)); p.Status < 400 || p.Status >= 500 {
			t.Errorf("key %q answered %d", bad, p.Status)
		}
	}
	if len(w.OrderIDs()) != 0 {
		t.Errorf("orders %v", w.OrderIDs())
	}
}

func TestReasonsOfASubmissionAreToldAsPageAndJSONInBothLanguages(t *testing.T) {
	otherIs := func(alter func(*customer.Profile)) func(*world.World) {
		return func(w *world.World) { w.Change(other, alter) }
	}
	for _, c := range []struct {
		reason  merge.Reason
		disturb func(*world.World)
	}{
		{merge.NotAdopted, func(w *world.World) {
			d := w.Draft(own)
			d.Sources[0].Adopted = false
			w.SaveDraft(d)
		}},
		{merge.NothingToSubmit, func(w *world.World) {
			d := w.Draft(own)
			d.Remove(other)
			w.SaveDraft(d)
		}},
		{merge.ProofExpired, func(w *world.World) {
			w.Now = w.Now.Add(order.ProofLifetime + time.Second)
			w.SignIn(own)
		}},
		{merge.ProofGone, otherIs(func(p *customer.Profile) { p.MergedInto = "10000098" })},
		{merge.ProofOwnChanged, func(w *world.World) { w.Change(own, func(p *customer.Profile) { p.Phone = "030 1111111" }) }},
		{merge.OpenMergeOther, func(w *world.World) { w.SaveOrder(running("10000040", other)) }},
		{merge.OpenMergeOwn, func(w *world.World) { w.SaveOrder(running("10000040", own)) }},
		{merge.Barred, func(w *world.World) { w.Overwrite(w.Store.Names.MergeOrders, table.With(table.Bar(own, other), nil)) }},
		{merge.NameDiffers, otherIs(func(p *customer.Profile) { p.LastName = "Krause" })},
		{*merge.OpenBalanceOther.Owing(1), otherIs(func(p *customer.Profile) { p.BalanceCents = 1 })},
		{merge.LockedOther, otherIs(func(p *customer.Profile) { p.Locked = true })},
		{merge.LimitOrder, otherIs(func(p *customer.Profile) { p.Members = members(merge.MaxOrderNumbers) })},
		{merge.LimitCustomer, func(w *world.World) {
			w.Change(own, func(p *customer.Profile) { p.Members = members(merge.MaxCustomerNumbers - 1) })
		}},
	} {
		w, _ := drafted(t, nil)
		c.disturb(w)
		form := submission(w)
		for _, l := range []lang.Lang{lang.DE, lang.EN} {
			p := w.Post("/merge/submit?lang="+string(l), form)
			if want := strings.Join(strings.Fields(c.reason.Text.In(l)), " "); p.Status != 422 || !strings.Contains(p.Text("main"), want) {
				t.Errorf("%s in %s as a page: %d, %s", c.reason.Code, l, p.Status, p.Text("main"))
			}
			body := w.Post("/merge/submit?lang="+string(l), form, world.JSON...).Body
			if !strings.Contains(body, `"`+c.reason.Code+`"`) || !strings.Contains(body, c.reason.Text.In(l)) {
				t.Errorf("%s in %s as JSON: %s", c.reason.Code, l, body)
			}
		}
	}
}

func TestASessionThatEndedMeanwhileSubmitsNothing(t *testing.T) { // S12
	w, form := drafted(t, nil)
	w.Meanwhile(world.On("GetItem", w.Store.Names.MergeOrders), func() { w.Change(own, func(p *customer.Profile) { p.Epoch++ }) })
	if p := w.Post("/merge/submit", form); !strings.HasPrefix(p.Location, "/login") || len(w.OrderIDs()) != 0 {
		t.Errorf("%d to %q, orders %v", p.Status, p.Location, w.OrderIDs())
	}
}
