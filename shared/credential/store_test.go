package credential_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/table"
)

func get(t *testing.T, subject string) credential.Credential {
	t.Helper()
	c, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), subject)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t *testing.T, function string, item types.TransactWriteItem) error {
	return localtest.StoreFor(t, function).Transact(t.Context(), []types.TransactWriteItem{item}, "")
}

func TestASubjectWithoutAPasswordIsNoError(t *testing.T) {
	if c := get(t, table.Customer(localtest.Number(t))); c.Exists || c.Hash != "" || c.Version != 0 || c.Subject == "" {
		t.Errorf("%+v", c)
	}
}

func TestAPasswordIsSetOnlyOverTheOneThatWasRead(t *testing.T) {
	names, subject, now := localtest.Names(t), table.Customer(localtest.Number(t)), time.Now().Truncate(time.Second)
	none := get(t, subject)
	if err := write(t, "passwordreset", credential.SetPassword(names, none, "first", true, now)); err != nil {
		t.Fatal(err)
	}
	first := get(t, subject)
	if !first.Exists || first.Hash != "first" || first.Version != 1 || first.Epoch != 1 || first.Retired || !first.ChangedAt.Equal(now) {
		t.Errorf("%+v", first)
	}
	if err := write(t, "passwordreset", credential.SetPassword(names, none, "late", true, now)); !errors.Is(err, table.ErrCondition) {
		t.Errorf("over one that was not read: %v", err)
	}
	if err := write(t, "login", credential.Rehash(names, first, "rehashed")); err != nil {
		t.Fatal(err)
	}
	again := get(t, subject)
	if again.Hash != "rehashed" || again.Epoch != first.Epoch || again.Version != 2 || !again.ChangedAt.Equal(now) {
		t.Errorf("a rehash: %+v", again)
	}
	if err := write(t, "login", credential.CheckUnchanged(names, first)); !errors.Is(err, table.ErrCondition) {
		t.Errorf("the one before is unchanged: %v", err)
	}
	if err := write(t, "login", credential.CheckUnchanged(names, again)); err != nil {
		t.Errorf("this one is changed: %v", err)
	}
}

func TestOfManyAtOnceOneSetsThePassword(t *testing.T) {
	names, subject := localtest.Names(t), table.Customer(localtest.Number(t))
	none := get(t, subject)
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch err := write(t, "passwordreset", credential.SetPassword(names, none, "x", true, time.Now())); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, table.ErrCondition):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
}

func TestARetiredPasswordIsKeptAndCannotBeSet(t *testing.T) {
	names := localtest.Names(t)
	for name, password := range map[string]string{"with a password": "pferd heftklammer batterie", "that never had one": ""} {
		t.Run(name, func(t *testing.T) {
			p := localtest.Customer(t, password)
			subject := table.Customer(p.Number)
			before := get(t, subject)
			if err := write(t, "mergeexecute", credential.Retire(names, subject)); err != nil {
				t.Fatal(err)
			}
			retired := get(t, subject)
			if !retired.Retired || retired.Hash != before.Hash || retired.Epoch != before.Epoch+1 {
				t.Errorf("%+v", retired)
			}
			for _, c := range []credential.Credential{before, retired} {
				if err := write(t, "passwordreset", credential.SetPassword(names, c, "x", true, time.Now())); !errors.Is(err, table.ErrCondition) {
					t.Errorf("set over %+v: %v", c, err)
				}
			}
			localtest.Put(t, credential.Restore(names, subject))
			if back := get(t, subject); back.Retired || back.Hash != before.Hash || back.Epoch != before.Epoch+2 {
				t.Errorf("%+v", back)
			}
		})
	}
}
