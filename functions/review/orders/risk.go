package orders

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// How long a change or a customer counts as new, counted back from the submission: an order must not look safer
// because it waited in the queue.
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
	Label  lang.Text `json:"label"`
	Number string    `json:"customerNumber,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Detail lang.Text `json:"detail,omitzero"`
}

// Earlier tells that the sign is an earlier order, and At the day on which that was submitted.
func (s sign) Earlier() bool { return s.Code == earlierRejection || s.Code == earlierVeto }

const earlierRejection, earlierVeto = "earlier_rejection", "earlier_veto"

// signs lists the risk signs of an order: from the order alone, and more with the profiles as they are now.
func signs(o order.Order, profiles order.Profiles) []sign {
	list := []sign{}
	if since := o.Survivor.CustomerSince; within(since, o.SubmittedAt, newCustomer) {
		list = append(list, sign{Code: "new_customer", Label: lang.T("Neuer Kunde"), Number: o.Customer, At: since})
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

// within says that t lies in the time before end, or after it.
func within(t, end time.Time, before time.Duration) bool {
	return !t.IsZero() && t.After(end.Add(-before))
}

func partySigns(o order.Order, p order.Party) []sign {
	var list []sign
	if at := p.EmailChanged; within(at, o.SubmittedAt, newChange) {
		list = append(list, sign{Code: "email_new", Label: lang.T("E-Mail neu"), Number: p.Record.Number, At: at})
	}
	if p.Record.Email == "" {
		list = append(list, sign{Code: "email_missing", Label: lang.T("Keine E-Mail"), Number: p.Record.Number,
			Detail: lang.T("diese Seite erfährt nichts")})
	}
	if n := len(p.Members); n >= manyMerges {
		list = append(list, sign{Code: "many_merges", Label: lang.T("Viele Zusammenfassungen"), Number: p.Record.Number,
			Detail: lang.T("%s frühere Nummern", strconv.Itoa(n))})
	}
	return list
}

// allSigns are the risk signs of an order with all that can be read about it.
func (d Room) allSigns(ctx context.Context, o order.Order, profiles order.Profiles) ([]sign, error) {
	earlier, err := d.earlier(ctx, o)
	if err != nil {
		return nil, err
	}
	var held []string
	if o.State.Open() {
		if held, err = d.Orders.Objections(ctx, o.Numbers()...); err != nil {
			return nil, err
		}
	}
	lost, err := d.lostSigns(ctx, o, profiles)
	if err != nil {
		return nil, err
	}
	return slices.Concat([]sign{}, objectionSigns(held), signs(o, profiles), earlierSigns(o, earlier), lost), nil
}

// earlier reads the orders that the numbers of this one gave before.
func (d Room) earlier(ctx context.Context, o order.Order) ([]order.Order, error) {
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
		s := sign{Number: e.Customer, At: e.SubmittedAt, Detail: lang.T("Auftrag %s|im Satz", e.ID)}
		switch {
		case e.ID == o.ID:
			continue
		case e.State == merge.Rejected:
			s.Code, s.Label = earlierRejection, lang.T("Früher abgelehnt")
		case e.State == merge.Vetoed || len(e.Opposed) > 0:
			s.Code, s.Label = earlierVeto, lang.T("Früherer Widerspruch")
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
		list = append(list, sign{Code: "objection_open", Label: lang.T("Einspruch offen"),
			Detail: lang.T("Auftrag %s; bis er entschieden ist, wird dieser nicht ausgeführt", id)})
	}
	return list
}

// lostSigns name the sources whose packages lose the protection of a code or passkey by the merge, as both sides are
// now: a thief who knows a package password may want just that.
func (d Room) lostSigns(ctx context.Context, o order.Order, profiles order.Profiles) ([]sign, error) {
	if !o.State.Open() && o.State != merge.Executed || profiles[o.Customer].MergedInto != "" {
		return nil, nil // nothing comes of it, or another number guards them now
	}
	numbers, err := d.Factors.Lost(ctx, o.Customer, o.SourceNumbers())
	if err != nil {
		return nil, err
	}
	var list []sign
	for _, n := range numbers {
		list = append(list, sign{Code: "second_step_lost", Label: lang.T("Zweite Stufe entfällt"), Number: n,
			Detail: lang.T("die Nummer ist mit einem Code oder Passkey gesichert; zusammengefasst genügt für ihre Pakete das Kundenpasswort von %s", o.Customer)})
	}
	return list, nil
}

// pairSigns compares the surviving side with one source.
func pairSigns(o order.Order, s order.Source) []sign {
	var list []sign
	own, other := emailDomain(o.Survivor.Record), emailDomain(s.Record)
	if own != "" && other != "" && own != other {
		list = append(list, sign{Code: "email_domains_differ", Label: lang.T("Andere E-Mail-Domain"), Number: s.Record.Number,
			Detail: lang.T("%s und %s", own, other)})
	}
	if again := s.Compared.Times - 1; again > 0 {
		list = append(list, sign{Code: "compared_again", Label: lang.T("Eigene Daten geändert und neu verglichen"), Number: s.Record.Number,
			Detail: lang.N(again, "%d-mal, bevor der Auftrag kam; so lassen sich verdeckte Angaben erraten", "%d-mal, bevor der Auftrag kam; so lassen sich verdeckte Angaben erraten")})
	}
	for _, r := range []merge.Record{o.Survivor.Record, s.Record} {
		if under(emailDomain(r), s.Domain) {
			list = append(list, sign{Code: "email_under_proof", Label: lang.T("E-Mail unter der nachgewiesenen Domain"),
				Number: r.Number, Detail: lang.Raw(s.Domain)})
		}
	}
	return list
}

// profileSigns says what happened to a side beside and since the order.
func profileSigns(o order.Order, p order.Party, now customer.Profile) []sign {
	var list []sign
	n := p.Record.Number
	if at := now.PasswordChangedAt; within(at, o.SubmittedAt, newChange) {
		list = append(list, sign{Code: "password_new", Label: lang.T("Kundenpasswort neu"), Number: n, At: at})
	}
	if at := now.PackagePasswordChangedAt; within(at, o.SubmittedAt, newChange) {
		list = append(list, sign{Code: "package_password_new", Label: lang.T("Paketpasswort neu"), Number: n, At: at})
	}
	if now.FailedProofs >= manyFailedProofs {
		list = append(list, sign{Code: "failed_proofs", Label: lang.T("Fehlgeschlagene Nachweise"), Number: n, Detail: whoseTries(now)})
	}
	if at := now.EmailChangedAt; at.After(o.SubmittedAt) && !at.Equal(p.EmailChanged) && !at.Equal(o.ExecutedAt) && o.State != merge.Undone { // not by the order itself
		list = append(list, sign{Code: "email_changed_since", Label: lang.T("E-Mail während des Auftrags geändert"), Number: n, At: at})
	}
	if o.State.Open() && now.Version != p.Version {
		list = append(list, sign{Code: "changed_since", Label: lang.T("Daten seither geändert"), Number: n})
	}
	return list
}

// namedActors is how many customers a sign names; the others are summed up.
const namedActors = 3

// whoseTries says how many proofs of a number failed, and which customers made most of them.
func whoseTries(p customer.Profile) lang.Text {
	actors := slices.SortedFunc(maps.Keys(p.FailedBy), func(a, b string) int {
		return cmp.Or(cmp.Compare(p.FailedBy[b], p.FailedBy[a]), cmp.Compare(a, b))
	})
	others := p.FailedProofs
	said := lang.T("%d Versuche", others)
	var by []lang.Text
	for _, actor := range actors[:min(namedActors, len(actors))] {
		n := p.FailedBy[actor]
		others -= n
		by = append(by, lang.T("%d von %s|Versuche", n, actor))
	}
	if len(by) > 0 && others > 0 {
		by = append(by, lang.T("%d von anderen|Versuche", others))
	}
	if len(by) > 0 {
		said = lang.T("%s: %s", said, lang.Join(by, ", "))
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

// owedSigns name what has to be paid before an order can go on.
func owedSigns(o order.Order, profiles order.Profiles) []sign {
	var list []sign
	if !o.State.Open() {
		return list
	}
	for _, n := range o.Numbers() {
		for _, b := range owedBy(profiles, n) {
			list = append(list, sign{Code: "open_balance", Label: lang.T("Offener Betrag"), Number: b.Number,
				Detail: lang.T("%s; bis er beglichen ist, wird nichts zusammengefasst", lang.Cents(b.Cents))})
		}
	}
	return list
}
