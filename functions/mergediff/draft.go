package mergediff

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// DraftView is GET /merge/draft: every number with its comparison, and once all are adopted the form that submits the order.
type DraftView struct {
	Own            string        `json:"customerNumber"`
	Sources        []SourceView  `json:"sources"`
	Outcome        OutcomeView   `json:"outcome"`
	Blocked        *merge.Reason `json:"blocked"` // why the own number cannot take part
	Ready          bool          `json:"ready"`   // nothing is missing before submitting
	NeedsPassword  bool          `json:"needsPassword"`
	Digest         string        `json:"digest"`
	IdempotencyKey string        `json:"idempotencyKey"`
	Step           int           `json:"-"` // 2 or 3 of the merge
}

// showDraft shows the draft; without one there is nothing to compare yet.
func (d Deps) showDraft(r *web.Request, s session.Signed) (web.Response, error) {
	return d.draftPage(r, s)
}

func (d Deps) draftPage(r *web.Request, s session.Signed) (web.Response, error) {
	m, err := d.readDraft(r.Context(), s.Profile)
	if err != nil {
		return nil, err
	}
	if len(m.draft.Sources) == 0 && r.Method == "GET" && !r.WantsJSON() {
		return web.SeeOther("/merge"), nil
	}
	v, err := d.draftView(r, m)
	if err != nil {
		return nil, err
	}
	page := web.Page("draft", v)
	for _, replaced := range readReplaced(r.URL.Query().Get("replaced"), m.draft) {
		page.WithNotice("info", replacedText(replaced))
	}
	return page, nil
}

func replacedText(r merge.Replaced) web.Text {
	w := r.Group.Words()
	return web.T(fmt.Sprintf("%s: Ihre spätere Auswahl gilt. Die Angabe der Kundennummer %s, die Sie vorher gewählt hatten, wird nicht mehr übernommen.", w.DE, r.From),
		fmt.Sprintf("%s: your later choice holds. What you had chosen before from customer number %s is no longer adopted.", w.EN, r.From))
}

// material is what the draft page is made of.
type material struct {
	draft    order.Draft
	own      customer.Profile
	others   map[string]customer.Profile
	between  order.Obstacles
	packages int // of all numbers together
}

// readDraft reads the draft and then, in one round, all that belongs to it.
func (d Deps) readDraft(ctx context.Context, own customer.Profile) (material, error) {
	draft, err := d.Orders.Draft(ctx, own.Number)
	if err != nil {
		return material{}, err
	}
	m := material{draft: draft, own: own}
	var sources []string
	for _, s := range draft.Sources {
		sources = append(sources, s.Number)
	}
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		m.others, err = d.Customers.Profiles(inGroup, append([]string{own.Number}, sources...))
		return err
	})
	group.Go(func() (err error) {
		m.between, err = order.ObstaclesOf(inGroup, d.Orders, own.Number, sources...)
		return err
	})
	if err := group.Wait(); err != nil {
		return material{}, err
	}
	if p, found := m.others[own.Number]; found {
		m.own = p
	}
	m.packages, err = d.countPackages(ctx, m)
	return m, err
}

// countPackages counts the packages of all numbers, earlier ones included, for "für alle 5 Pakete".
func (d Deps) countPackages(ctx context.Context, m material) (int, error) {
	numbers := m.own.Numbers()
	for _, s := range m.draft.Sources {
		if p, found := m.others[s.Number]; found && s.Proven() {
			numbers = append(numbers, p.Numbers()...)
		}
	}
	page, err := d.Customers.Packages(ctx, numbers, customer.PackageQuery{Limit: 1})
	return page.Total, err
}

func (d Deps) draftView(r *web.Request, m material) (DraftView, error) {
	key, err := newKey(d.Rand)
	if err != nil {
		return DraftView{}, err
	}
	own := m.between.Facts(m.own)
	v := DraftView{Own: m.own.Number, Sources: []SourceView{}, Blocked: merge.BlockOwn(own), Digest: order.DigestOf(m.own, m.draft, m.others), IdempotencyKey: key, Step: 3}
	v.Ready = v.Blocked == nil && len(m.draft.Sources) > 0
	var sources []merge.Source
	for _, s := range m.draft.Sources {
		view := d.sourceView(r, m, s)
		v.Ready = v.Ready && view.Adopted && view.Proven && !view.ProofExpired && view.Blocked == nil
		if !view.Adopted {
			v.Step = 2
		}
		v.Sources = append(v.Sources, view)
		if !view.Proven {
			continue
		}
		sources = append(sources, merge.Source{Record: order.RecordOf(m.others[s.Number]), Choices: s.Choices})
	}
	v.NeedsPassword = merge.NeedsPassword(sources)
	v.Outcome = d.outcomeView(r.Lang, m, sources)
	return v, nil
}

// keyBytes of randomness make an idempotency key: a repeated submission of one page is known by it (M9).
const keyBytes = 16

func newKey(rand io.Reader) (string, error) {
	raw := make([]byte, keyBytes)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("idempotency key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
