package mergediff

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// material is what the draft page is made of.
type material struct {
	draft    order.Draft
	own      customer.Profile
	others   order.Profiles            // the draft's numbers, the own one, and members of those of which something may be told
	standing map[string]order.Standing // by number: how its proof stands
	blocked  map[string]*merge.Reason  // by number that is proven: what stands between it and the own one
	facts    merge.Facts               // of the own number
	packages int                       // of all numbers together
	lost     []string                  // numbers that are guarded by more than the own one
}

// told reports whether something of the number may be told: its proof is good now, and nothing is in between (M3).
func (m material) told(number string) bool {
	return m.standing[number] == order.ProofGood && m.blocked[number] == nil
}

// visible are the numbers of the draft of which something may be told.
func (m material) visible() []order.DraftSource {
	return slices.DeleteFunc(slices.Clone(m.draft.Sources), func(s order.DraftSource) bool { return !m.told(s.Number) })
}

// allTold reports whether that is so for every number of the draft.
func (m material) allTold() bool { return len(m.visible()) == len(m.draft.Sources) }

// merging are those of them that are chosen, with what is taken over of each.
func (m material) merging(chosen func(order.DraftSource) bool) []merge.Source {
	var sources []merge.Source
	for _, s := range m.visible() {
		if chosen(s) {
			sources = append(sources, merge.Source{Record: order.RecordOf(m.others[s.Number]), Choices: s.Choices})
		}
	}
	return sources
}

// readDraft reads the draft, then in one round the records that belong to it, and then what its proofs stand on.
func (d Deps) readDraft(ctx context.Context, own customer.Profile, now time.Time) (material, error) {
	draft, err := d.Orders.Draft(ctx, own.Number)
	if err != nil {
		return material{}, err
	}
	m := material{draft: draft, own: own, blocked: map[string]*merge.Reason{}}
	var sources []string
	var between order.Obstacles
	for _, s := range draft.Sources {
		sources = append(sources, s.Number)
	}
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		m.others, err = d.Customers.Profiles(inGroup, slices.Concat(own.Numbers(), sources))
		return err
	})
	group.Go(func() (err error) {
		between, err = d.Orders.Obstacles(inGroup, own.Number, sources...)
		return err
	})
	if err := group.Wait(); err != nil {
		return material{}, err
	}
	if p, found := m.others[own.Number]; found {
		m.own = p
	}
	m.others[own.Number] = m.own
	if m.standing, err = d.Orders.Standings(ctx, draft, m.own, m.others, now); err != nil {
		return material{}, err
	}
	good := slices.DeleteFunc(slices.Clone(sources), func(n string) bool { return m.standing[n] != order.ProofGood })
	if err := m.others.ReadMembers(ctx, d.Customers, append(good, own.Number)...); err != nil {
		return material{}, err
	}
	m.facts = between.Facts(m.others, own.Number)
	for _, n := range good {
		m.blocked[n] = merge.Block(d.Speller, m.facts, between.Facts(m.others, n))
	}
	all, told, packages, lost := m.allNumbers(), m.toldNumbers(), 0, m.lost
	group, inGroup = errgroup.WithContext(ctx)
	group.Go(func() error {
		page, err := d.Customers.Packages(inGroup, all, customer.PackageQuery{Limit: 1})
		packages = page.Total
		return err
	})
	group.Go(func() (err error) { lost, err = d.Factors.Lost(inGroup, own.Number, told); return err })
	err = group.Wait()
	m.packages, m.lost = packages, lost
	return m, err
}

// toldNumbers are the numbers of the draft of which something may be told.
func (m material) toldNumbers() []string {
	var numbers []string
	for _, s := range m.visible() {
		numbers = append(numbers, s.Number)
	}
	return numbers
}

// allNumbers are those whose packages the surviving number has afterwards, earlier ones included, for "für alle 5 Pakete".
func (m material) allNumbers() []string {
	numbers := slices.Clone(m.own.Numbers())
	for _, s := range m.visible() {
		numbers = append(numbers, m.others[s.Number].Numbers()...)
	}
	return numbers
}
