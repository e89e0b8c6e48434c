package review

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// How long a change or a customer counts as new (design: risk signs beside the data), counted back from the submission,
// so that waiting in the queue makes nothing look safer.
const (
	newChange   = 30 * 24 * time.Hour
	newCustomer = 90 * 24 * time.Hour
	// manyFailedProofs is above what mistyping explains.
	manyFailedProofs = 5
	// manyMerges is more numbers than people usually have had before.
	manyMerges = 5
	// earlierOrders of a number are looked at for vetoes and rejections.
	earlierOrders = 50
)

// sign is something that a reviewer should look at twice. It is no verdict.
type sign struct {
	Code   string    `json:"code"`
	Label  web.Text  `json:"label"`
	Number string    `json:"customerNumber,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Detail web.Text  `json:"detail,omitzero"`
}

// signs lists the risk signs of an order: from the order alone, and more with the profiles as they are now.
func signs(o order.Order, profiles order.Profiles) []sign {
	list := []sign{}
	if since := o.Survivor.CustomerSince; within(since, o.SubmittedAt, newCustomer) {
		list = append(list, sign{Code: "new_customer", Label: web.T("Neuer Kunde", "New customer"), Number: o.Customer, At: since})
	}
	for _, p := range parties(o) {
		list = append(list, partySigns(o, p)...)
	}
	for _, s := range o.Sources {
		list = append(list, pairSigns(o, s)...)
	}
	for _, p := range parties(o) {
		if now, ok := profiles[p.Record.Number]; ok {
			list = append(list, profileSigns(o, p, now)...)
		}
	}
	return append(list, owedSigns(o, profiles)...)
}

// parties lists both sides of an order, the surviving one first.
func parties(o order.Order) []order.Party {
	list := []order.Party{o.Survivor}
	for _, s := range o.Sources {
		list = append(list, s.Party)
	}
	return list
}

// within says that t lies in the time before end, or after it.
func within(t, end time.Time, before time.Duration) bool {
	return !t.IsZero() && t.After(end.Add(-before))
}

func partySigns(o order.Order, p order.Party) []sign {
	var list []sign
	if at := p.EmailChanged; within(at, o.SubmittedAt, newChange) {
		list = append(list, sign{Code: "email_new", Label: web.T("E-Mail neu", "New e-mail"), Number: p.Record.Number, At: at})
	}
	if p.Record.Email == "" {
		list = append(list, sign{Code: "email_missing", Label: web.T("Keine E-Mail", "No e-mail"), Number: p.Record.Number,
			Detail: web.T("diese Seite erfährt nichts", "this side is told nothing")})
	}
	if n := len(p.Members); n >= manyMerges {
		list = append(list, sign{Code: "many_merges", Label: web.T("Viele Zusammenfassungen", "Many merges"), Number: p.Record.Number,
			Detail: web.T(strconv.Itoa(n)+" frühere Nummern", strconv.Itoa(n)+" earlier numbers")})
	}
	return list
}

// earlier reads the orders that the numbers of this one gave before.
func (d Deps) earlier(ctx context.Context, o order.Order) ([]order.Order, error) {
	var all []order.Order
	for _, n := range o.Numbers() {
		found, _, err := d.Orders.ByCustomer(ctx, n, "", earlierOrders)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// earlierSigns tells of vetoes and rejections before this order.
func earlierSigns(o order.Order, earlier []order.Order) []sign {
	var list []sign
	for _, e := range earlier {
		s := sign{Number: e.Customer, At: e.SubmittedAt, Detail: web.T("Auftrag "+e.ID, "order "+e.ID)}
		switch {
		case e.ID == o.ID:
			continue
		case e.State == merge.Rejected:
			s.Code, s.Label = "earlier_rejection", web.T("Früher abgelehnt", "Rejected before")
		case e.State == merge.Vetoed || len(e.Opposed) > 0:
			s.Code, s.Label = "earlier_veto", web.T("Früherer Widerspruch", "Earlier veto")
		default:
			continue
		}
		list = append(list, s)
	}
	return list
}

// objectionSigns names the orders whose objection keeps this one from being executed.
func objectionSigns(orders []string) []sign {
	var list []sign
	for _, id := range orders {
		list = append(list, sign{Code: "objection_open", Label: web.T("Einspruch offen", "Objection open"),
			Detail: web.T("Auftrag "+id+"; bis er entschieden ist, wird dieser nicht ausgeführt", "order "+id+"; this one is not executed until that is decided")})
	}
	return list
}

// lostSigns name the sources whose packages no code and no passkey guard any more after the merge, as both sides stand now: what
// the owner set up may be what a thief who knows a package password wants to get around.
func (d Deps) lostSigns(ctx context.Context, o order.Order, profiles order.Profiles) ([]sign, error) {
	if !o.State.Open() && o.State != merge.Executed || profiles[o.Customer].MergedInto != "" {
		return nil, nil // nothing comes of it, or another number guards them now
	}
	numbers, err := d.Factors.Lost(ctx, o.Customer, o.SourceNumbers())
	if err != nil {
		return nil, err
	}
	var list []sign
	for _, n := range numbers {
		list = append(list, sign{Code: "second_step_lost", Label: web.T("Zweite Stufe entfällt", "Second step is lost"), Number: n,
			Detail: web.T("die Nummer ist mit einem Code oder Passkey gesichert; zusammengefasst genügt für ihre Pakete das Kundenpasswort von "+o.Customer,
				"the number is guarded by a code or passkey; merged, the customer password of "+o.Customer+" is enough for its packages")})
	}
	return list, nil
}

// pairSigns compares the surviving side with one source.
func pairSigns(o order.Order, s order.Source) []sign {
	var list []sign
	own, other := emailDomain(o.Survivor.Record), emailDomain(s.Record)
	if own != "" && other != "" && own != other {
		list = append(list, sign{Code: "email_domains_differ", Label: web.T("Andere E-Mail-Domain", "Other e-mail domain"), Number: s.Record.Number,
			Detail: web.T(own+" und "+other, own+" and "+other)})
	}
	if again := s.Compared.Times - 1; again > 0 {
		list = append(list, sign{Code: "compared_again", Label: web.T("Eigene Daten geändert und neu verglichen", "Own data changed and compared again"), Number: s.Record.Number,
			Detail: web.T(strconv.Itoa(again)+"-mal, bevor der Auftrag kam; so lassen sich verdeckte Angaben erraten", plural(again)+" before the order; that is how masked values can be guessed")})
	}
	for _, r := range []merge.Record{o.Survivor.Record, s.Record} {
		if under(emailDomain(r), s.Domain) {
			list = append(list, sign{Code: "email_under_proof", Label: web.T("E-Mail unter der nachgewiesenen Domain", "E-mail under the proven domain"),
				Number: r.Number, Detail: web.T(s.Domain, s.Domain)})
		}
	}
	return list
}

// profileSigns says what happened to a side beside and since the order.
func profileSigns(o order.Order, p order.Party, now customer.Profile) []sign {
	var list []sign
	n := p.Record.Number
	if at := now.PasswordChangedAt; within(at, o.SubmittedAt, newChange) {
		list = append(list, sign{Code: "password_new", Label: web.T("Kundenpasswort neu", "New customer password"), Number: n, At: at})
	}
	if at := now.PackagePasswordChangedAt; within(at, o.SubmittedAt, newChange) {
		list = append(list, sign{Code: "package_password_new", Label: web.T("Paketpasswort neu", "New package password"), Number: n, At: at})
	}
	if now.FailedProofs >= manyFailedProofs {
		list = append(list, sign{Code: "failed_proofs", Label: web.T("Fehlgeschlagene Nachweise", "Failed proofs"), Number: n, Detail: whoseTries(now)})
	}
	if at := now.EmailChangedAt; at.After(o.SubmittedAt) && !at.Equal(p.EmailChanged) && !at.Equal(o.ExecutedAt) && o.State != merge.Undone { // not by the order itself
		list = append(list, sign{Code: "email_changed_since", Label: web.T("E-Mail während des Auftrags geändert", "E-mail changed during the order"), Number: n, At: at})
	}
	if o.State.Open() && now.Version != p.Version {
		list = append(list, sign{Code: "changed_since", Label: web.T("Daten seither geändert", "Data changed since"), Number: n})
	}
	return list
}

func plural(times int) string {
	if times == 1 {
		return "once"
	}
	return strconv.Itoa(times) + " times"
}

// namedActors is how many customers a sign names; the others are summed up.
const namedActors = 3

// whoseTries says how many proofs of a number failed, and which customers made most of them.
func whoseTries(p customer.Profile) web.Text {
	actors := slices.SortedFunc(maps.Keys(p.FailedBy), func(a, b string) int {
		return cmp.Or(cmp.Compare(p.FailedBy[b], p.FailedBy[a]), cmp.Compare(a, b))
	})
	others, tries := p.FailedProofs, strconv.FormatInt(p.FailedProofs, 10)
	said := web.T(tries+" Versuche", tries+" tries")
	var de, en []string
	for _, actor := range actors[:min(namedActors, len(actors))] {
		n := p.FailedBy[actor]
		others -= n
		de, en = append(de, fmt.Sprintf("%d von %s", n, actor)), append(en, fmt.Sprintf("%d by %s", n, actor))
	}
	if len(de) > 0 && others > 0 {
		de, en = append(de, fmt.Sprintf("%d von anderen", others)), append(en, fmt.Sprintf("%d by others", others))
	}
	if len(de) > 0 {
		said = web.T(said.DE+": "+strings.Join(de, ", "), said.EN+": "+strings.Join(en, ", "))
	}
	return said
}

func emailDomain(r merge.Record) string {
	_, domain, _ := strings.Cut(r.Email, "@")
	folded, err := customer.FoldDomain(domain)
	if err != nil {
		return ""
	}
	return folded
}

// under says that a mail domain belongs to whoever controls the proven domain.
func under(mail, proven string) bool {
	proven = strings.TrimPrefix(proven, "www.")
	return mail != "" && proven != "" && (mail == proven || strings.HasSuffix(mail, "."+proven))
}
