package overview

import (
	"context"
	"errors"
	"html/template"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// runningMerge is an order that is not decided for good. Own is false when another number ordered it.
type runningMerge struct {
	ID        string    `json:"id"`
	Own       bool      `json:"own"`
	State     string    `json:"state"`
	StateText lang.Text `json:"stateText"`
	Tone      string    `json:"-"`
	Survivor  string    `json:"survivor"`
	Sources   []string  `json:"sources"`
	Next      lang.Text `json:"next"`            // what comes next
	NextAt    time.Time `json:"nextAt,omitzero"` // when, as far as it is known
	Submitted time.Time `json:"submittedAt,omitzero"`
}

// Sentence says which numbers are merged with which.
func (m runningMerge) Sentence(l lang.Lang) template.HTML {
	survivor, sources := web.NumberHTML(m.Survivor), web.NumbersHTML(m.Sources)
	said := lang.T("Zusammenfassen der Kundennummern %s mit %s", sources, survivor)
	switch {
	case !m.Own:
		said = lang.T("Diese Kundennummer soll mit %s zusammengefasst werden.", survivor)
	case len(m.Sources) == 1:
		said = lang.T("Zusammenfassen der Kundennummer %s mit %s", sources, survivor)
	}
	return web.Markup(l, said)
}

// runningMerges lists the running merge of a number. The lock on the number (M8) allows one at most, and finds it
// consistently, also when another number ordered it.
func (d Room) runningMerges(ctx context.Context, number string, now time.Time) ([]runningMerge, error) {
	none := []runningMerge{}
	id, err := d.Orders.OpenOrder(ctx, number)
	if err != nil || id == "" {
		return none, err
	}
	o, err := d.Orders.Get(ctx, id)
	if errors.Is(err, order.ErrNotFound) {
		return none, nil
	}
	if err != nil || !o.State.Open() {
		return none, err
	}
	return []runningMerge{mergeOf(o, number, now)}, nil
}

func mergeOf(o order.Order, number string, now time.Time) runningMerge {
	m := runningMerge{
		ID: o.ID, Own: o.Customer == number, State: string(o.State), StateText: o.State.Words(), Tone: "info",
		Survivor: o.Customer, Sources: o.SourceNumbers(), Submitted: o.SubmittedAt,
	}
	if o.State == merge.Stale || o.State == merge.Failed {
		m.Tone = "warning"
	}
	m.Next, m.NextAt = nextStep(o, m.Own, now)
	return m
}

// nextStep says what comes next and, where it is known, when: to the customer who gave the order (own), or to another.
func nextStep(o order.Order, own bool, now time.Time) (lang.Text, time.Time) {
	switch o.State {
	case merge.Submitted, merge.InReview:
		if now.After(o.EscalateAt) {
			return lang.T("Die Prüfung dauert länger als angekündigt."), time.Time{}
		}
		return lang.T("Wir prüfen bis spätestens"), o.EscalateAt
	case merge.Approved:
		end, known := o.VetoUntil()
		if known && now.Before(end) {
			return lang.T("Wird ausgeführt am"), end
		}
		return lang.T("Wird ausgeführt, sobald alle benachrichtigt sind."), time.Time{}
	case merge.Stale:
		if !own {
			return lang.T("Bevor etwas geschieht, muss der Auftrag mit den neuen Daten bestätigt und noch einmal geprüft werden. Sie müssen nichts tun."), time.Time{}
		}
		return lang.T("Daten haben sich geändert. Sehen Sie sich den Auftrag bitte an."), time.Time{}
	}
	return lang.T("Sie müssen nichts tun."), time.Time{}
}
