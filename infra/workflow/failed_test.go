package workflow

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

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

// TestATaskThatFailsIsTriedAgainAndThenTheOrderFails walks the real machine's Retry and Catch, with one repetition
// instead of six: the order is marked FAILED with the error, both sides hear of it, and the execution ends as FAILED.
func TestATaskThatFailsIsTriedAgainAndThenTheOrderFails(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, nil).ID)
	about(t, p.other.Email, o.ID, 1)
	execution := impatiently(t, o, "MaxAttempts", 6, 1)
	before := o.Task.Token
	until(t, o.ID, "the second execution's task", func(o order.Order) bool { return o.Task.Token != before })
	for deadline := time.Now().Add(patience); failures(t, execution) < 2; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the review failed %d times, want 2", failures(t, execution))
		}
		// Until the task is tried again nobody waits with the token.
		_, _ = steps(t).SendTaskFailure(t.Context(), &sfn.SendTaskFailureInput{TaskToken: aws.String(get(t, o.ID).Task.Token), Error: aws.String("Lambda.Unknown")})
	}
	if o = until(t, o.ID, "the failure", in(merge.Failed)); o.Failure != "Lambda.Unknown" {
		t.Errorf("it failed of %q (M10)", o.Failure)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		out, err := steps(t).DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &execution})
		if err != nil {
			t.Fatal(err)
		}
		if out.Status == "FAILED" && aws.ToString(out.Error) == "OrderFailed" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the execution is %s, %s", out.Status, aws.ToString(out.Error))
		}
	}
	for _, address := range []string{p.own.Email, p.other.Email} {
		if sent := about(t, address, o.ID, 2); len(sent) != 2 || !strings.Contains(sent[1].Subject, "dauert länger") {
			t.Errorf("%s got %d mails (M4, M9)", address, len(sent))
		}
	}
}

// failures counts how often a task of the execution failed.
func failures(t *testing.T, execution string) (n int) {
	t.Helper()
	out, err := steps(t).GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &execution})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range out.Events {
		if e.Type == "TaskFailed" {
			n++
		}
	}
	return n
}
