package e2e

import (
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/proven"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/spelling"
)

// TestAReviewerReachesTheOtherSideByAnotherWay: a number without an e-mail address is told by nobody, so that the
// reviewer has to (M4).
func TestAReviewerReachesTheOtherSideByAnotherWay(t *testing.T) {
	localtest.Cloud(t)
	o := unreachable(t)
	v := work(t, browser.Options{Shots: "reviewer"})
	v.Open("/service")
	v.Fill(T("Auftrag oder Kunde", "Merge request or customer"), o.SourceNumbers()[0])
	v.Press(T("Öffnen", "Open"))
	v.At("/service/customers/" + o.SourceNumbers()[0])
	v.Follow(T(o.ID, o.ID))
	v.At("/service/orders/" + o.ID)
	v.Press(T("In Arbeit nehmen", "Work on this"))
	v.See(T("in Arbeit bei Ihnen", "you are working on it"))
	v.Press(T("Genehmigen", "Approve"))
	v.Status(http.StatusUnprocessableEntity)
	v.See(T("Sprechen Sie auf anderem Weg mit ihr", "Speak to them by other means"))
	v.Shot("untold")
	v.Fill(T("Kontakt auf anderem Weg", "Contact by other means"), "Am Telefon unter der Nummer aus dem Vertrag")
	v.Press(T("Genehmigen", "Approve"))
	v.See(T("ist genehmigt", "is approved"), T("Am Telefon unter der Nummer aus dem Vertrag", "Am Telefon unter der Nummer aus dem Vertrag"))
	v.Shot("contacted")
}

// unreachable is an order in review whose other side has no e-mail address.
func unreachable(t *testing.T) order.Order {
	t.Helper()
	s := order.Store{Store: localtest.Store(t), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: 72}
	own := localtest.Customer(t, "")
	other := own
	other.Number, other.Email = localtest.Number(t), ""
	localtest.Put(t, customer.PutNew(s.Names, other))
	profiles, err := customer.Store{Store: s.Store}.Profiles(t.Context(), []string{own.Number, other.Number})
	if err != nil {
		t.Fatal(err)
	}
	d := order.Draft{Number: own.Number}
	proven.In(t, s.Store, &d, own, other, time.Now())
	d.Adopt(other.Number, merge.Choices{})
	d, err = s.SaveDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Submit(t.Context(), order.Submission{PasswordGiven: true, Customer: own.Number, IdempotencyKey: rand.Text(), Digest: order.DigestOf(profiles[own.Number], d, profiles)})
	for deadline := time.Now().Add(time.Minute); err == nil && o.State != merge.InReview; o, err = s.Get(t.Context(), o.ID) {
		if time.Now().After(deadline) {
			t.Fatalf("the order is still %s", o.State)
		}
		time.Sleep(200 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}
