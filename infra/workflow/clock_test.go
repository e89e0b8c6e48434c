package workflow

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
)

// days lets an order have been submitted as long ago.
func days(n int) func(*order.Store) {
	return func(s *order.Store) { s.Now = func() time.Time { return time.Now().AddDate(0, 0, -n) } }
}

func overdue(t *testing.T, o order.Order) {
	t.Helper()
	invoke(t, "reviewtask", fmt.Sprintf(`{"step":"overdue","order":%q,"run":%d}`, o.ID, o.Run))
}

// about are the mails to an address that name an order.
func about(t *testing.T, address, id string, n int) []mail {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(300 * time.Millisecond) {
		var found []mail
		for _, m := range mails(t, address, 0) {
			if strings.Contains(m.Subject, id) {
				found = append(found, m)
			}
		}
		if len(found) >= n {
			return found
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d mails to %s about %s, want %d", len(found), address, id, n)
		}
	}
}

func TestAnOverdueReviewIsToldToTheServiceTeamOnce(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	o := reviewed(t, newPair(t, nil).submit(t, days(3)).ID)
	for range 2 {
		overdue(t, o)
	}
	if o = get(t, o.ID); !o.Escalated || o.State != merge.InReview {
		t.Fatalf("escalated %v, %s", o.Escalated, o.State)
	}
	about(t, "serviceteam@kundenkonto.example", o.ID, 1)
	time.Sleep(time.Second) // for a second mail that must not come
	if sent := about(t, "serviceteam@kundenkonto.example", o.ID, 1); len(sent) != 1 || !strings.Contains(sent[0].BodyText, "/service/orders/"+o.ID) {
		t.Errorf("%d mails: %+v (M9)", len(sent), sent)
	}
	young := reviewed(t, newPair(t, nil).submit(t, days(1)).ID)
	overdue(t, young)
	if get(t, young.ID).Escalated {
		t.Error("an order of yesterday is overdue")
	}
}

func TestAnOrderThatNobodyReviewedExpiresAsOurDelay(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, days(15)).ID)
	overdue(t, o)
	until(t, o.ID, "the expiry", in(merge.Expired))
	own, other := about(t, p.own.Email, o.ID, 2), about(t, p.other.Email, o.ID, 2)
	if last := own[len(own)-1].BodyText; !strings.Contains(last, "Das lag an uns") || !strings.Contains(last, "/merge/orders/"+o.ID) {
		t.Errorf("the customer reads: %s", last)
	}
	if strings.Contains(other[len(other)-1].BodyText, "/merge/orders/") {
		t.Error("the other side gets the customer's link (M4)")
	}
}

func TestAnOrderThatWaitsForItsCustomerDoesNotExpire(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, days(15)).ID)
	move(t, p.own.Number)
	if _, err := as(t, "dispatch").Recheck(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	overdue(t, o)
	if o = get(t, o.ID); o.State != merge.Stale || o.Escalated {
		t.Errorf("it is %s, escalated %v", o.State, o.Escalated)
	}
}

// impatiently starts an execution of the deployed state machine in which a figure is smaller, and returns its ARN.
func impatiently(t *testing.T, o order.Order, figure string, was, is int) string {
	t.Helper()
	client := steps(t)
	real, err := client.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: aws.String(localtest.Outputs(t)["MergeMachine"])})
	if err != nil {
		t.Fatal(err)
	}
	given := func(blank string, n int) string { return fmt.Sprintf(`"%s":%s%d`, figure, blank, n) }
	definition := strings.NewReplacer(given(" ", was), given(" ", is), given("", was), given("", is)).Replace(*real.Definition)
	if definition == *real.Definition {
		t.Fatalf("no %s of the state machine is %d", figure, was)
	}
	machine, err := client.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: aws.String("impatient-" + localtest.Number(t)), Definition: &definition, RoleArn: real.RoleArn})
	if err != nil {
		t.Fatal(err)
	}
	started, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn, Name: aws.String(o.ID),
		Input: aws.String(fmt.Sprintf(`{"order":%q,"run":%d}`, o.ID, o.Run))})
	if err != nil {
		t.Fatal(err)
	}
	return *started.ExecutionArn
}

// TestTheTimeOutOfATaskLooksWhatIsDue runs the deployed state machine with a shorter time-out.
func TestTheTimeOutOfATaskLooksWhatIsDue(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	o := reviewed(t, newPair(t, nil).submit(t, days(15)).ID)
	impatiently(t, o, "TimeoutSeconds", 3600, 2)
	if o = until(t, o.ID, "the expiry", in(merge.Expired)); !o.Escalated {
		t.Error("it expired without an escalation")
	}
}

func withMailbox(address string) func(own, other *customer.Profile) {
	return func(_, other *customer.Profile) { other.Email = strings.ReplaceAll(address, "*", other.Number) }
}

// TestAnAnnouncementThatDidNotArriveStopsTheClock names M4.
func TestAnAnnouncementThatDidNotArriveStopsTheClock(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for why, mailbox := range map[string]string{
		order.Bounced: "bounce+*@simulator.amazonses.com", order.Complained: "complaint+*@simulator.amazonses.com", order.NoAddress: "",
	} {
		t.Run(why, func(t *testing.T) {
			p := newPair(t, withMailbox(mailbox))
			o := reviewed(t, p.submit(t, func(s *order.Store) { s.VetoHours = 0 }).ID)
			o = until(t, o.ID, "the clock to stop", order.Order.Stopped)
			if len(o.Unreached) != 1 || o.Unreached[0].Why != why || o.Unreached[0].Numbers[0] != p.other.Number {
				t.Errorf("noted %+v", o.Unreached)
			}
			if _, known := o.VetoUntil(); known {
				t.Error("the clock runs")
			}
			d := order.Decision{Reviewer: "staff:jana", Digest: o.Digest}
			if _, err := as(t, "review").Approve(t.Context(), o.ID, d); !errors.Is(err, order.ErrContact) {
				t.Fatalf("approved without a contact: %v", err)
			}
			d.Contact = "am Telefon erreicht unter der Nummer aus dem Vertrag"
			if _, err := as(t, "review").Approve(t.Context(), o.ID, d); err != nil {
				t.Fatal(err)
			}
			if o = until(t, o.ID, "the execution", in(merge.Executed)); o.Contact != d.Contact || o.ContactedAt.IsZero() {
				t.Errorf("contact %q at %s (M10)", o.Contact, o.ContactedAt)
			}
		})
	}
}

// TestABounceAfterTheApprovalHoldsTheExecution names M4.
func TestABounceAfterTheApprovalHoldsTheExecution(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, nil).ID)
	until(t, o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() })
	approve(t, o)
	failed := order.Unreached{Numbers: []string{p.other.Number}, Why: order.Bounced, Item: "order.announced#" + o.ID + "#late"}
	for range 2 { // the same bounce told twice counts once (M9)
		if _, err := as(t, "dispatch").AnnouncementFailed(t.Context(), o.ID, failed); err != nil {
			t.Fatal(err)
		}
	}
	if o = get(t, o.ID); len(o.Unreached) != 1 || o.State != merge.Approved || !o.Stopped() {
		t.Fatalf("untold %+v, %s", o.Unreached, o.State)
	}
	late := as(t, "mergeexecute")
	late.Now = func() time.Time { return time.Now().AddDate(0, 0, 10) }
	if _, err := late.Execute(t.Context(), o.ID, o.Run); !errors.Is(err, order.ErrTooEarly) {
		t.Errorf("executed although nobody was told: %v", err)
	}
	d := order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Contact: "Brief vom 20.11. beantwortet"}
	o, err := as(t, "review").Approve(t.Context(), o.ID, d)
	if err != nil || o.State != merge.Approved || o.Stopped() {
		t.Fatalf("%s, stopped %v, %v", o.State, o.Stopped(), err)
	}
	if end, known := o.VetoUntil(); !known || !end.Equal(o.ContactedAt.Add(72*time.Hour)) {
		t.Errorf("the veto period ends %s, %v; it starts with the contact", end, known)
	}
	if _, err := as(t, "review").Approve(t.Context(), o.ID, d); !errors.Is(err, order.ErrState) {
		t.Errorf("approved a third time: %v", err)
	}
}

// TestTheVetoPeriodIsSkippedOnlyForOneMailboxKnownFor30Days names M4.
func TestTheVetoPeriodIsSkippedOnlyForOneMailboxKnownFor30Days(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		changed time.Time
		want    merge.State
	}{
		"known for long":            {time.Time{}, merge.Executed},
		"changed 31 days ago":       {time.Now().AddDate(0, 0, -31), merge.Executed},
		"made the same 29 days ago": {time.Now().AddDate(0, 0, -29), merge.Approved},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, func(own, other *customer.Profile) { other.Email, other.EmailChangedAt = own.Email, tt.changed })
			o := reviewed(t, p.submit(t, nil).ID) // 72 hours
			until(t, o.ID, "the announcement", func(o order.Order) bool { return !o.AnnouncedAt.IsZero() })
			approve(t, o)
			if tt.want == merge.Executed {
				until(t, o.ID, "the execution", in(tt.want))
				return
			}
			time.Sleep(5 * time.Second)
			o = get(t, o.ID)
			if end, known := o.VetoUntil(); o.State != tt.want || !known || !end.Equal(o.AnnouncedAt.Add(72*time.Hour)) {
				t.Errorf("it is %s until %s", o.State, end)
			}
		})
	}
}

// TestChangedMasterDataSendTheOrderBackAtOnce names M5: by the event that the page of the master data leaves.
func TestChangedMasterDataSendTheOrderBackAtOnce(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, nil).ID)
	about(t, p.own.Email, o.ID, 1)
	before := read(t, p.other.Number)
	after := before
	after.City = "Potsdam"
	localtest.Put(t, customer.Update(localtest.Names(t), before, after), outbox.Put(localtest.Names(t), outbox.Item{
		Event: outbox.MasterDataChanged, Key: p.other.Number + "/test", CreatedAt: time.Now(), Values: map[string]string{outbox.ValueNumber: p.other.Number}}))
	until(t, o.ID, "STALE", in(merge.Stale))
	own, other := about(t, p.own.Email, o.ID, 2), about(t, p.other.Email, o.ID, 2)
	if !strings.Contains(own[1].Subject, "wartet auf Sie") || !strings.Contains(other[1].Subject, "ruht") {
		t.Errorf("told %q and %q (M4)", own[1].Subject, other[1].Subject)
	}
	if _, err := as(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest}); err == nil {
		t.Error("approved what the customer has not confirmed")
	}
	renewed, err := as(t, "mergesubmit").Renewed(t.Context(), get(t, o.ID))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := as(t, "mergesubmit").Confirm(t.Context(), o.ID, order.Confirmation{Customer: p.own.Number, Digest: renewed.Digest, PasswordGiven: true}); err != nil {
		t.Fatal(err)
	}
	if told := about(t, p.other.Email, o.ID, 3); !strings.Contains(told[2].Subject, "ist bestätigt") {
		t.Errorf("told %q", told[2].Subject)
	}
	if o = get(t, o.ID); o.State != merge.InReview || o.Sources[0].Record.City != "Potsdam" {
		t.Errorf("it is %s with %q", o.State, o.Sources[0].Record.City)
	}
}
