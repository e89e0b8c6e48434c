package order_test

import (
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

func TestADigestTellsNothingOfMaskedData(t *testing.T) { // M3
	h := newHistory(3, 1, 0)
	own, other := h.profile(t, h.numbers[0]), h.profile(t, h.numbers[1])
	sub := h.drafted(t, nil, own.Number, other.Number)
	// Whoever knows all but the masked digits tries these: the right ones must not be recognisable.
	guess := merge.Digest("", order.RecordOf(own), []merge.Source{{Record: order.RecordOf(other)}})
	if sub.Digest == guess {
		t.Error("the digest of a draft can be computed from its values alone")
	}
	o, err := h.calm.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	if o.Digest == guess || o.Salt == "" {
		t.Error("the digest of an order can be computed from its values alone")
	}
	h.edit(t, other.Number, "0171 2345678")
	renewed, err := h.calm.Renewed(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if renewed.Digest == merge.Digest("", order.RecordOf(own), []merge.Source{{Record: order.RecordOf(h.profile(t, other.Number))}}) {
		t.Error("the digest of changed data can be computed from them alone")
	}
	if _, err := h.calm.Withdraw(t.Context(), o.ID, own.Number, own.Epoch); err != nil {
		t.Fatal(err)
	}
	h.edit(t, other.Number, other.Phone)
	if again := h.drafted(t, nil, own.Number, other.Number); again.Digest == sub.Digest {
		t.Error("the same values have the same digest in two drafts")
	}
}
