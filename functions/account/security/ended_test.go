package security_test

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

func TestOneSessionIsEndedWithItsAuditOrNotAtAll(t *testing.T) { // S12, M10
	v := visitor.Alone(t)
	_, other, err := session.New(rand.Reader, time.Now(), session.Start{Number: v.Number, UserAgent: firefox})
	if err != nil {
		t.Fatal(err)
	}
	v.Put(session.Put(v.Store.Names, other))
	there := func() bool {
		item, err := v.Store.Get(t.Context(), v.Store.Names.Sessions, table.Session(other.ID))
		if err != nil {
			t.Fatal(err)
		}
		return item != nil
	}
	refuse := true
	v.Fail(0, errors.New("no answer"), func(c tablefake.Call) bool { return refuse && world.TransactWrites(c) })
	if a := v.Post(sessionsPath+"/revoke", url.Values{"session": {other.ID}}); a.Status < 500 || !there() {
		t.Fatalf("without its audit event: status %d, still there: %v", a.Status, there())
	}
	refuse = false
	v.Post(sessionsPath+"/revoke", url.Values{"session": {other.ID}}).Is(http.StatusSeeOther)
	v.Post(sessionsPath+"/revoke", url.Values{"session": {other.ID}}).Is(http.StatusNotFound)
	events, _, err := audit.Store{Store: v.Store}.List(t.Context(), v.Number, "", 10)
	if err != nil || there() || len(events) != 1 || events[0].Action != audit.SessionEnded {
		t.Errorf("still there: %v, audit %+v, %v", there(), events, err)
	}
}

// A request that was under way when a new password ended its session changes nothing (S8, S12).
func TestAnEndedSessionChangesNoSecondFactor(t *testing.T) {
	known := url.Values{reauth.Field: {visitor.Password}}
	for _, step := range []string{"/begin", "/codes", "/remove", "/stop-recovery", "/setup"} {
		t.Run(step, func(t *testing.T) {
			v := visitor.Alone(t)
			v.SetUp()
			v.Put(secondfactor.StartRecovery(v.Store.Names, v.Number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
			fields := known
			if step == "/setup" {
				v.Post(factorPath+"/begin", known).Is(http.StatusSeeOther)
				fields = url.Values{"code": {secondfactor.Code(v.Factor().Draft, time.Now())}}
			}
			before := v.Factor()
			ended := false
			v.Meanwhile(world.TransactWrites, func() {
				ended = true
				v.Put(customer.PasswordSet(v.Store.Names, v.Own(), time.Now()))
			})
			if a := v.Post(factorPath+step, fields); a.Status < 300 || a.Status == http.StatusSeeOther {
				t.Errorf("status %d", a.Status)
			}
			if !ended || v.Factor().Version != before.Version {
				t.Error("the second factor was changed")
			}
		})
	}
}
