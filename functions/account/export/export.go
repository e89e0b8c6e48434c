package export

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/history"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// exportPath answers with all of the customer's data (S21, GDPR articles 15 and 20).
const exportPath = "/account/export"

// exportBudget is how much data an answer takes, in bytes as Lambda hands it on (web.AnswerSize). A Lambda answer ends at 6 MB;
// one item of a table has at most 400 kB, each of which becomes 7 bytes at most (a "<" is written as \u003c), so that the one
// that crosses the budget still fits. A part with so much is there within a second.
const exportBudget = 1 << 20

// Page is a part of the export; most customers have one. Next goes into the query parameter next.
type Page struct {
	Number    string             `json:"customerNumber"`
	At        time.Time          `json:"generatedAt"`
	Profile   *exportedProfile   `json:"profile,omitempty"`
	Members   []exportedProfile  `json:"mergedNumbers,omitempty"`
	Security  *exportedSecurity  `json:"security,omitempty"`
	Packages  []exportedPackage  `json:"packages,omitempty"`
	Draft     []exportedSource   `json:"mergeDraft,omitempty"`
	Orders    []exportedOrder    `json:"mergeOrders,omitempty"`
	Events    []history.EventRow `json:"events,omitempty"`
	Mails     []history.MailRow  `json:"mails,omitempty"`
	Next      string             `json:"next,omitempty"`
	NextPart  string             `json:"nextPath,omitempty"`
	collected int
}

// exporter fills a page with one kind of data after the other.
type exporter struct {
	d    Room
	r    *web.Request
	s    session.Visitor
	page *Page
}

// parts are the kinds of data in their order. Each adds what fits and returns where to go on, "" when it is done.
var parts = []struct {
	name string
	add  func(exporter, context.Context, string) (string, error)
}{
	{"profile", exporter.profile}, {"members", exporter.members}, {"security", exporter.security},
	{"packages", exporter.packages}, {"draft", exporter.draft}, {"orders", exporter.orders},
	{"events", exporter.events}, {"mails", exporter.mails},
}

func (d Room) export(r *web.Request, s session.Visitor) (web.Response, error) {
	if err := d.notObjected(r.Context(), s.Profile.Number); err != nil {
		return nil, err
	}
	asked := r.URL.Query().Get("next")
	part, cursor, err := startOf(asked)
	if err != nil {
		return nil, err
	}
	x := exporter{d, r, s, &Page{Number: s.Profile.Number, At: r.Now}}
	if err := x.run(r.Context(), part, cursor); err != nil {
		return nil, err
	}
	if asked == "" {
		event := audit.Put(d.Names, audit.Event{Number: s.Profile.Number, Action: audit.DataExported, Actor: s.Profile.Number, At: r.Now}, d.Rand)
		if err := d.Transact(r.Context(), []types.TransactWriteItem{event}, ""); err != nil {
			return nil, fmt.Errorf("note the export: %w", err)
		}
	}
	r.Note("security_event", "sensitive_read")
	return web.JSON(http.StatusOK, x.page).WithHeader("Content-Disposition",
		fmt.Sprintf(`attachment; filename="kundenkonto-%s-%s.json"`, s.Profile.Number, r.Now.Format(time.DateOnly))), nil
}

// notObjected holds the export while somebody objects to a merge: the data of the other side may be among it.
func (d Room) notObjected(ctx context.Context, number string) error {
	ids, err := d.Orders.Objections(ctx, number)
	if err != nil || len(ids) == 0 {
		return err
	}
	return &web.Error{Status: http.StatusLocked, Code: "objection_open", Message: lang.T("Gegen die Zusammenfassung %s gibt es einen Einspruch. Bis unser Serviceteam darüber entschieden hat, können Sie die Daten nicht herunterladen.", ids[0])}
}

// startOf reads where the page before ended.
func startOf(next string) (part int, cursor string, err error) {
	if next == "" {
		return 0, "", nil
	}
	name, cursor, _ := strings.Cut(next, ":")
	for i, p := range parts {
		if p.name == name {
			return i, cursor, nil
		}
	}
	return 0, "", web.BadRequest("invalid_next", lang.T("Diese Adresse ist beschädigt. Beginnen Sie den Export noch einmal."))
}

func (x exporter) run(ctx context.Context, part int, cursor string) error {
	for ; part < len(parts); part++ {
		for {
			next, err := parts[part].add(x, ctx, cursor)
			if err != nil {
				return fmt.Errorf("export %s: %w", parts[part].name, err)
			}
			if next == "" {
				break
			}
			if cursor = next; x.full() {
				x.page.Next = parts[part].name + ":" + cursor
				x.page.NextPart = exportPath + "?" + url.Values{"next": {x.page.Next}}.Encode()
				return nil
			}
		}
		cursor = ""
	}
	return nil
}

func (x exporter) full() bool { return x.page.collected >= exportBudget }

// count adds the size of what was put on the page.
func (x exporter) count(v any) error {
	b, err := json.Marshal(v)
	x.page.collected += web.AnswerSize(b)
	return err
}

// exportedOrder is a merge order as its customer sees it: not the data of the other side, not the notes of the team.
type exportedOrder struct {
	ID          string           `json:"order"`
	State       string           `json:"state"`
	SubmittedAt time.Time        `json:"submittedAt"`
	DecidedAt   time.Time        `json:"decidedAt,omitzero"`
	ExecutedAt  time.Time        `json:"executedAt,omitzero"`
	Sources     []exportedSource `json:"sources"`
	Reason      string           `json:"reason,omitempty"`
	History     []exportedStep   `json:"history"`
}

// exportedSource is a number that the order merges, with what was entered and chosen.
type exportedSource struct {
	Number  string            `json:"customerNumber"`
	Domain  string            `json:"domain"`
	Choices map[string]string `json:"choices,omitempty"`
}

// exportedStep is a step of an order's history.
type exportedStep struct {
	At    time.Time `json:"at"`
	State string    `json:"state"`
	By    lang.Text `json:"by"`
}

func exportedOrderOf(o order.Order, p customer.Profile) exportedOrder {
	e := exportedOrder{ID: o.ID, State: string(o.State), SubmittedAt: o.SubmittedAt, DecidedAt: o.DecidedAt, ExecutedAt: o.ExecutedAt, Reason: o.Reason}
	for _, s := range o.Sources {
		e.Sources = append(e.Sources, exportedSourceOf(s.Record.Number, s.Domain, s.Choices))
	}
	for _, step := range o.CustomerSteps() {
		e.History = append(e.History, exportedStep{step.At, string(step.State), history.ActorOf(step.Actor, p)})
	}
	return e
}

func exportedSourceOf(number, domain string, choices merge.Choices) exportedSource {
	one := exportedSource{Number: number, Domain: domain, Choices: map[string]string{}}
	for group, choice := range choices {
		one.Choices[string(group)] = string(choice)
	}
	return one
}
