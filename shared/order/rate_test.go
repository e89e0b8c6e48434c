package order_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/throttle"
)

// round submits an order and withdraws it.
func (h *history) round(t *testing.T, own, other string) error {
	t.Helper()
	o, err := h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, own, other))
	if err == nil {
		_, err = h.calm.Withdraw(t.Context(), o.ID, own, h.profile(t, own).Epoch)
	}
	return err
}

func TestNobodyIsWrittenToWithoutEnd(t *testing.T) {
	for name, c := range map[string]struct {
		own, other int
		refused    bool
	}{
		"one more of the same customer":     {0, 2, true},
		"one more about the same number":    {1, 3, true},
		"one between two others":            {1, 2, false},
		"one more the other way round, too": {3, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(4, 1, 0)
			for range throttle.OrdersADay {
				if err := h.round(t, h.numbers[0], h.numbers[3]); err != nil {
					t.Fatal(err)
				}
			}
			err := h.round(t, h.numbers[c.own], h.numbers[c.other])
			var many *order.TooMany
			if errors.As(err, &many) != c.refused || !c.refused && err != nil {
				t.Fatalf("the next order: %v", err)
			}
			if !c.refused {
				return
			}
			h.wait(many.After + time.Second)
			if err := h.round(t, h.numbers[c.own], h.numbers[c.other]); err != nil {
				t.Errorf("a day later: %v", err)
			}
		})
	}
}

func TestOnlyOrdersThatWentOutAreCounted(t *testing.T) {
	h := newHistory(2, 1, 0)
	sub := h.drafted(t, merge.Choices{}, h.numbers[0], h.numbers[1])
	sub.Digest = "other"
	for range 2 * throttle.OrdersADay {
		if _, err := h.calm.Submit(t.Context(), sub); !errors.Is(err, order.ErrDigest) {
			t.Fatal(err)
		}
	}
	sub = h.drafted(t, merge.Choices{}, h.numbers[0], h.numbers[1])
	o, err := h.calm.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 * throttle.OrdersADay { // M9
		if again, err := h.calm.Submit(t.Context(), sub); err != nil || again.ID != o.ID {
			t.Fatalf("the same submission: %s, %v", again.ID, err)
		}
	}
	for range throttle.OrdersADay - 1 {
		if _, err := h.calm.Withdraw(t.Context(), o.ID, h.numbers[0], 0); err != nil {
			t.Fatal(err)
		}
		if o, err = h.calm.Submit(t.Context(), h.drafted(t, merge.Choices{}, h.numbers[0], h.numbers[1])); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCopiesOfOneSubmissionCountOnce(t *testing.T) { // M9
	h := newHistory(2, 1, 0)
	a, b := h.numbers[0], h.numbers[1]
	for range throttle.OrdersADay {
		sub := h.drafted(t, merge.Choices{}, a, b)
		var copies sync.WaitGroup
		ids := make([]string, 12)
		for i := range ids {
			copies.Go(func() {
				o, err := h.calm.Submit(t.Context(), sub)
				if err != nil {
					t.Error(err)
				}
				ids[i] = o.ID
			})
		}
		copies.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Fatalf("orders %v", ids)
			}
		}
		if _, err := h.calm.Withdraw(t.Context(), ids[0], a, h.profile(t, a).Epoch); err != nil {
			t.Fatal(err)
		}
	}
	var many *order.TooMany
	if err := h.round(t, a, b); !errors.As(err, &many) {
		t.Errorf("the sixth order of the day: %v", err)
	}
}
