package e2e

import (
	"crypto/rand"
	"testing"
	"time"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
)

// An order that we did not review in time is our delay: its mail leads to a draft with the same numbers and choices, for
// which only the package passwords are given once more. Until then nothing of the other number is shown (M3).
func TestTheCustomerBeginsAnewAfterAnOrderExpired(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	own, other := person(t, lang.DE, 1), person(t, lang.DE, 1)
	own.Password, other.Street, other.PostalCode, other.City = secret, "Lindenallee 17 a", "14467", "Potsdam"
	importAll(t, own, other)
	id := newProgram(t).orders(own, other, "choice.address", "other")
	mailTo(t, own.Email, id) // announced, so under review
	expire(t, id)
	expired := mailTo(t, own.Email, id, "abgelaufen")
	if !all(expired.Text, []string{"Das lag an uns"}) {
		t.Errorf("the mail does not say that it was our delay:\n%s", expired.Text)
	}
	mailTo(t, other.Email, id, "abgelaufen")

	v := travel(t, browser.Options{Shots: "de"})
	v.Open(linkIn(t, expired, "/merge/orders/"+id))
	v.At("/login*") // and the sign-in leads back
	v.tries(own.CustomerNumber, secret)
	v.At("/merge/orders/" + id)
	v.See(state(merge.Expired), T("Das lag an uns", "That was our fault"))
	v.Shot("order-expired")
	v.Press(T("Mit diesen Kundennummern neu beginnen", "Start again with these customer numbers"))
	v.At("/merge/draft")
	v.Sees(other.CustomerNumber)
	v.SeesNot("Lindenallee", "14467", "Potsdam", other.Email, "choice.address")
	v.Shot("draft-anew")
	again := T("Paketpasswort von "+domain(other), "Package password of "+domain(other))
	v.Fill(again, "falsches Paketpasswort")
	v.Press(goOn)
	v.Status(422)
	v.See(browser.T(merge.ProofFailed.Text.In(lang.DE), merge.ProofFailed.Text.In(lang.EN)))
	v.SeesNot("Lindenallee")
	v.Open("/merge/draft")
	v.Fill(again, packagePassword(other))
	v.Press(goOn)
	v.At("/merge/draft")
	v.Unfold(T("Ergebnis im Einzelnen", "The result in detail"))
	v.Sees("Lindenallee 17 a", "14467 Potsdam")
	v.See(T("Anschrift: Lindenallee 17 a, 14467 Potsdam", "")) // the choice of before
	v.Press(adoptData)
	v.Press(submitOrder)
	if now := v.order(); now == id {
		t.Errorf("the new order is the old one, %s", id)
	}
	v.See(T("von "+other.CustomerNumber, ""))
}

// expire lets the time for a review run out, as the workflow does.
func expire(t *testing.T, id string) {
	t.Helper()
	s := order.Store{Store: localtest.Store(t), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}}
	o, err := s.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return o.ExpireAt.Add(time.Minute) }
	if o, err = s.Expire(t.Context(), id, o.Run); err != nil || o.State != merge.Expired {
		t.Fatalf("the order is %s: %v", o.State, err)
	}
}
