package order_test

import (
	"context"
	"testing"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/table"
)

// executedWith merges a number with so many packages and returns how many items the execution wrote and read.
func executedWith(t *testing.T, packages int) (items, requests int) {
	t.Helper()
	h := newHistory(0, 1, 0)
	h.fake.After = nil // nobody watches the 2,000 packages come
	h.add("10000017", 1)
	h.add("10000025", packages)
	ctx := context.Background()
	d := order.Draft{Number: "10000017"}
	d.Prove(h.proof(t, "10000017", "10000025"), h.now())
	d.Adopt("10000025", merge.Choices{merge.Address: merge.Other})
	d, err := h.calm.SaveDraft(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := h.calm.Parties(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	digest := order.DigestOf(profiles[d.Number], d, profiles)
	o, err := h.calm.Submit(ctx, order.Submission{PasswordGiven: true, Customer: "10000017", Digest: digest, IdempotencyKey: "key-of-the-size-test"})
	if err != nil {
		t.Fatal(err)
	}
	count := &counting{DB: h.calm.DB}
	s := h.calm
	s.DB = table.DB(count)
	if err := h.carry(s, o.ID); err != nil {
		t.Fatal(err)
	}
	if done, err := h.calm.Get(ctx, o.ID); err != nil || done.State != merge.Executed {
		t.Fatalf("state %s, %v", done.State, err)
	}
	return count.most, count.calls
}

func TestAMergeWritesAsManyItemsWhateverTheNumberOfPackages(t *testing.T) { // L2
	items, requests := executedWith(t, 1)
	manyItems, manyRequests := executedWith(t, 2000)
	if items != manyItems || requests != manyRequests {
		t.Errorf("with 1 package %d items in %d transactions, with 2,000 packages %d in %d", items, requests, manyItems, manyRequests)
	}
	t.Logf("%d items in the execution, %d transactions on the whole way", items, requests)
}
