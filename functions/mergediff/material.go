package mergediff

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// material is what the draft page is made of.
type material struct {
	draft    order.Draft
	own      customer.Profile
	others   map[string]customer.Profile
	blocked  map[string]*merge.Reason // by number: what stands between it and the own one
	facts    merge.Facts              // of the own number
	packages int                      // of all numbers together
}

// telling are the numbers of the draft of which something may be told: proven, and with nothing in between (M3).
func (m material) telling() []order.DraftSource {
	return slices.DeleteFunc(slices.Clone(m.draft.Sources), func(s order.DraftSource) bool { return !s.Proven() || m.blocked[s.Number] != nil })
}

// merging are those of them that are chosen, with what is taken over of each.
func (m material) merging(chosen func(order.DraftSource) bool) []merge.Source {
	var sources []merge.Source
	for _, s := range m.telling() {
		if chosen(s) {
			sources = append(sources, merge.Source{Record: order.RecordOf(m.others[s.Number]), Choices: s.Choices})
		}
	}
	return sources
}

// readDraft reads the draft and then, in one round, all that belongs to it.
func (d Deps) readDraft(ctx context.Context, own customer.Profile) (material, error) {
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
		m.others, err = d.Customers.Profiles(inGroup, append([]string{own.Number}, sources...))
		return err
	})
	group.Go(func() (err error) {
		between, err = order.ObstaclesOf(inGroup, d.Orders, own.Number, sources...)
		return err
	})
	if err := group.Wait(); err != nil {
		return material{}, err
	}
	if p, found := m.others[own.Number]; found {
		m.own = p
	}
	m.facts = between.Facts(m.own)
	for _, n := range sources {
		m.blocked[n] = merge.Block(d.Speller, m.facts, between.Facts(m.others[n]))
	}
	m.packages, err = d.countPackages(ctx, m)
	return m, err
}

// countPackages counts the packages of all numbers, earlier ones included, for "für alle 5 Pakete".
func (d Deps) countPackages(ctx context.Context, m material) (int, error) {
	numbers := m.own.Numbers()
	for _, s := range m.telling() {
		numbers = append(numbers, m.others[s.Number].Numbers()...)
	}
	page, err := d.Customers.Packages(ctx, numbers, customer.PackageQuery{Limit: 1})
	return page.Total, err
}
