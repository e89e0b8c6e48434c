package masterdata_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

func TestOnTheCloudMasterDataAreSavedWithAuditAndMail(t *testing.T) {
	v := visitor.OnCloud(t)
	a := v.Post(form.Path, url.Values{"version": {"1"}, "street": {"Neue Straße 1"}, "iban": {"DE02120300000000202051"}, "bic": {""},
		"accountNumber": {""}, "bankCode": {""}, "currentPassword": {visitor.Password}})

	if a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Text("main"))
	}
	if p := v.Own(); p.Street != "Neue Straße 1" || p.IBAN != "DE02120300000000202051" || p.BIC != "" || p.Version != 2 || p.Email != "anna@schaefer.example" {
		t.Errorf("the profile is %+v", p)
	}
	events, _, err := audit.Store{Store: v.Store}.Choose(t.Context(), v.Number, "", 10, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Actor != v.Number || events[0].Old["street"] != "Hauptstr. 5" || strings.Contains(fmt.Sprint(events[0].New), "DE02") {
		t.Errorf("audit events are %v, %v (M10, S20)", events, err)
	}
	item, err := v.Store.Get(t.Context(), v.Store.Names.Outbox, table.Outbox(table.OutboxID(outbox.MasterDataChanged, v.Number+"#2")))
	if err != nil || item == nil {
		t.Fatalf("there is no outbox item: %v", err)
	}
	told, err := outbox.FromImage(item)
	if err != nil || told.Recipients[0].Address != "anna@schaefer.example" || len(outbox.ChangedFields(told.Values, merge.Fields()...)) != 5 {
		t.Errorf("the outbox item is %+v, %v", told, err)
	}
}

func TestOnTheCloudOnlyOneOfManyWritersWins(t *testing.T) {
	v := visitor.OnCloud(t)
	var saved, refused int
	var mu sync.Mutex
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			a := v.Post(form.Path, url.Values{"version": {"1"}, "street": {fmt.Sprintf("Straße %d", i)}})
			mu.Lock()
			defer mu.Unlock()
			switch a.Status {
			case http.StatusSeeOther:
				saved++
			case http.StatusConflict:
				refused++
			}
		})
	}
	wait.Wait()
	if saved != 1 || refused != 7 || v.Own().Version != 2 {
		t.Errorf("%d saved, %d refused, version %d (S12)", saved, refused, v.Own().Version)
	}
}

func TestOnTheCloudGuessesOfThePasswordAreBounded(t *testing.T) {
	v := visitor.OnCloud(t)
	v.Now = time.Now()
	guess := func(password string) int {
		return v.Post(form.Path, url.Values{"version": {"1"}, "iban": {""}, "bic": {""}, "currentPassword": {password}}).Status
	}
	codes := map[int]int{}
	for range 7 {
		codes[guess("falsch geraten")]++
	}
	if codes[http.StatusUnprocessableEntity] != throttle.FreeTries || codes[http.StatusTooManyRequests] != 2 || guess(visitor.Password) != http.StatusTooManyRequests {
		t.Errorf("answers are %v (S2, S7)", codes)
	}
	if v.Own().Version != 1 {
		t.Error("a guess changed something")
	}
	item, err := v.Store.Get(t.Context(), v.Store.Names.Throttle, table.Throttle("login", v.Number))
	if err != nil || item != nil {
		t.Errorf("the sign-in is paused by it: %v, %v (S3)", item, err)
	}
}
