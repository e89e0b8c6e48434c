package account

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// meanwhile does something right before a transaction is written.
type meanwhile struct {
	table.DB
	do     func()
	refuse bool // writes no transaction
}

func (m *meanwhile) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	if m.refuse {
		return nil, errors.New("no answer")
	}
	return m.DB.TransactWriteItems(ctx, in, o...)
}

// visitOnFake is visit on tables in memory.
func visitOnFake(t *testing.T) (*visitor, *meanwhile) {
	t.Helper()
	admin := tablefake.New().Store()
	between := &meanwhile{DB: admin.DB}
	return visitOn(t, "10000017", admin, table.Store{DB: between, Names: admin.Names}), between
}

func TestOneSessionIsEndedWithItsAuditOrNotAtAll(t *testing.T) { // S12, M10
	v, between := visitOnFake(t)
	_, other, err := session.New(rand.Reader, time.Now(), session.Start{Number: v.number, UserAgent: firefox})
	if err != nil {
		t.Fatal(err)
	}
	v.put(session.Put(v.admin.Names, other))
	there := func() bool {
		item, err := v.admin.Get(t.Context(), v.admin.Names.Sessions, table.Session(other.ID))
		if err != nil {
			t.Fatal(err)
		}
		return item != nil
	}
	between.refuse = true
	if a := v.send("POST", sessionsPath+"/revoke", url.Values{"session": {other.ID}}); a.Code < 500 || !there() {
		t.Fatalf("without its audit event: status %d, still there: %v", a.Code, there())
	}
	between.refuse = false
	v.mustSend("POST", sessionsPath+"/revoke", url.Values{"session": {other.ID}}, http.StatusSeeOther)
	v.mustSend("POST", sessionsPath+"/revoke", url.Values{"session": {other.ID}}, http.StatusNotFound)
	events, _, err := audit.Store{Store: v.admin}.List(t.Context(), v.number, "", 10)
	if err != nil || there() || len(events) != 1 || events[0].Action != audit.SessionEnded {
		t.Errorf("still there: %v, audit %+v, %v", there(), events, err)
	}
}

// A request that was under way when a new password ended its session changes nothing (S8, S12).
func TestAnEndedSessionChangesNoSecondFactor(t *testing.T) {
	known := url.Values{reauth.Field: {password}}
	for _, step := range []string{"/begin", "/codes", "/remove", "/stop-recovery", "/setup"} {
		t.Run(step, func(t *testing.T) {
			v, between := visitOnFake(t)
			v.setUp()
			v.put(secondfactor.StartRecovery(v.admin.Names, v.number, secondfactor.Recovery{ID: "r1", EndAt: time.Now().Add(time.Hour), By: "staff:eva"}))
			fields := known
			if step == "/setup" {
				v.mustSend("POST", factorPath+"/begin", known, http.StatusSeeOther)
				fields = url.Values{fieldCode: {secondfactor.Code(v.factor().Draft, time.Now())}}
			}
			before := v.factor()
			between.do = func() { v.put(customer.PasswordSet(v.admin.Names, v.profile(), time.Now())) }
			if a := v.send("POST", factorPath+step, fields); a.Code < 300 || a.Code == http.StatusSeeOther {
				t.Errorf("status %d", a.Code)
			}
			if between.do != nil || v.factor().Version != before.Version {
				t.Error("the second factor was changed")
			}
		})
	}
}
