package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"

	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/meter"
	"kundenkonto/shared/order"
)

// quiet is more than a program needs between two requests that it sends together, on a busy machine, too.
const quiet = 30 * time.Millisecond

// operations counts what customers and the service team do most, at the transport.
func (b bench) operations() (all []figure.Figure, err error) {
	err = b.walk(func(h *meter.House) {
		signedIn(h)
		h.Import(meter.Line(meter.Bert, 0))
		h.Meter.Quiet = quiet
		each := func(name string, do func()) {
			h.Meter.Reset()
			do()
			all = append(all, counted("Operation/of="+name, h.Meter.Taken())...)
		}
		each("login", func() { signIn(h) })
		each("overview", func() { h.Send("GET", "/account") })
		o := h.Merge(each, func(o order.Order) {
			away := staffIn(h)
			h.Meter.Reset() // of what made the session
			h.Send("POST", "/service/orders/"+o.ID+"/approve", "digest", o.Digest, "state", string(o.State), "reason", "passt")
			away()
		})
		away := staffIn(h)
		fields := append([]string{"reason", "war nicht gewollt"}, meter.Hidden(h.Send("GET", "/service/orders/"+o.ID))...)
		each("undo", func() { h.Send("POST", "/service/orders/"+o.ID+"/undo", fields...) })
		away()
		if o, err := h.Orders().Get(h.Context(), o.ID); err != nil || o.State != "UNDONE" {
			h.Fatalf("after the undo the order is %s, %v", o.State, err)
		}
	})
	return all, err
}

// merges counts what executing a merge writes, whatever the number of packages of the number that is taken on.
func (b bench) merges() (all []figure.Figure, err error) {
	for _, n := range []int{1, 1000, 100000} {
		one, err := b.merge(n)
		if err != nil {
			return nil, fmt.Errorf("%d packages: %w", n, err)
		}
		all = append(all, one...)
	}
	return all, nil
}

func mergeName(packages int) string { return fmt.Sprintf("Merge/packages=%d", packages) }

func (b bench) merge(n int) (all []figure.Figure, err error) {
	err = b.walk(func(h *meter.House) {
		signedIn(h)
		h.Import(meter.Line(meter.Bert, 0))
		packages(h, meter.Bert, n)
		h.Merge(func(name string, do func()) {
			h.Meter.Reset()
			if h.Meter.Quiet = 0; name == "execute" {
				h.Meter.Quiet = quiet
			}
			do()
			if name == "execute" {
				all = append(all, counted(mergeName(n), h.Meter.Taken())...)
			}
		}, func(o order.Order) {
			_, err := h.Orders().Approve(h.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Reason: "passt"})
			h.Must(err)
		})
	})
	return all, err
}

// costs are what a million of the commonest acts cost at list prices, as infra/costs reckons them.
func (b bench) costs() (all []figure.Figure, err error) {
	cmd := exec.CommandContext(b.ctx, "go", "run", "./infra/costs", "-million")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("infra/costs: %w", err)
	}
	var usd map[string]float64
	if err := json.Unmarshal(out, &usd); err != nil {
		return nil, err
	}
	for _, act := range []string{"sign-in", "page", "settings", "merge"} {
		all = append(all, figure.Of("Million/of="+act, "USD", usd[act]))
	}
	return all, nil
}
