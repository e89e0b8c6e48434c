package workflow

import (
	"fmt"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// TestAFailedOrderWaitsForTheServiceTeamAndGoesOnWhereItStopped names M1 and M9.
func TestAFailedOrderWaitsForTheServiceTeamAndGoesOnWhereItStopped(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, func(s *order.Store) { s.VetoHours = 0 }).ID)
	about(t, p.other.Email, o.ID, 1)
	for range 2 {
		invoke(t, "mergeexecute", fmt.Sprintf(`{"step":"fail","order":%q,"run":%d,"why":"Lambda.Unknown"}`, o.ID, o.Run))
	}
	for _, address := range []string{p.own.Email, p.other.Email} {
		if sent := about(t, address, o.ID, 2); len(sent) != 2 || !strings.Contains(sent[1].Subject, "dauert länger") {
			t.Errorf("%s got %d mails (M4, M9)", address, len(sent))
		}
	}
	stop(t, o)
	redrive(t)
	if now := get(t, o.ID); now.State != merge.Failed || now.Run != o.Run || now.Failure != "Lambda.Unknown" {
		t.Fatalf("after the redrive it is %s, run %d, %q", now.State, now.Run, now.Failure)
	}
	if _, err := as(t, "review").Retry(t.Context(), o.ID, "staff:jana", "Störung behoben"); err != nil {
		t.Fatal(err)
	}
	if o = reviewed(t, o.ID); o.Run != 2 {
		t.Errorf("run %d is in charge, want 2", o.Run)
	}
	approve(t, o)
	until(t, o.ID, "the execution", in(merge.Executed))
	toldOnce(t, p, o.ID)
}
