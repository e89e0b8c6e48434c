package mergesubmit

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

var update = flag.Bool("update", false, "write the golden files anew")

// situation is an order at a moment, as its customer finds it.
type situation struct {
	name string
	now  time.Time
	set  func(*order.Order)
}

func situations() []situation {
	day := 24 * time.Hour
	late := noon.Add(72*time.Hour + time.Minute)
	enter := func(o *order.Order, at time.Time, states ...merge.State) {
		for _, s := range states {
			o.State = s
			o.History = append(o.History, order.Step{At: at, State: s})
		}
	}
	approved := func(o *order.Order) { enter(o, noon.Add(day), merge.Approved) }
	executed := func(o *order.Order) { enter(o, late, merge.Executed); o.ExecutedAt = late }
	return []situation{
		{"submitted", noon, func(o *order.Order) { o.State, o.History, o.AnnouncedAt = merge.Submitted, o.History[:1], time.Time{} }},
		{"in review, the other side told", noon, func(*order.Order) {}},
		{"in review, the other side not told yet", noon, func(o *order.Order) { o.AnnouncedAt = time.Time{} }},
		{"in review, the announcement bounced", noon, func(o *order.Order) { o.Unreached = bounced() }},
		{"in review, overdue", noon.Add(3 * day), func(*order.Order) {}},
		{"in review, one mailbox on both sides", noon, func(o *order.Order) { o.Sources[0].Record.Email = o.Survivor.Record.Email }},
		{"in review, no time for a veto", noon, func(o *order.Order) { o.VetoHours = 0 }},
		{"approved within the time for a veto", noon.Add(day), approved},
		{"approved after the time for a veto", late, approved},
		{"approved, the announcement bounced", noon.Add(day), func(o *order.Order) { approved(o); o.Unreached = bounced() }},
		{"approved after a contact by another way", noon.Add(2 * day), func(o *order.Order) {
			approved(o)
			o.Unreached, o.Contact, o.ContactedAt = bounced(), "stays inside", noon.Add(2*day)
		}},
		{"stale", noon.Add(day), func(o *order.Order) {
			enter(o, noon.Add(day), merge.Stale)
			o.ConfirmBy = noon.Add(15 * day)
		}},
		{"failed", late, func(o *order.Order) { approved(o); enter(o, late, merge.Failed) }},
		{"executed", late, func(o *order.Order) { approved(o); executed(o) }},
		{"executed long ago, with numbers merged earlier", late.Add(31 * day), func(o *order.Order) {
			approved(o)
			executed(o)
			o.Sources[0].Members = []string{"10000031", "10000048"}
		}},
		{"objected to", late.Add(day), func(o *order.Order) { approved(o); executed(o); o.ObjectedAt = late.Add(day) }},
		{"undone", late.Add(day), func(o *order.Order) { approved(o); executed(o); enter(o, late.Add(day), merge.Undone) }},
		{"rejected", noon.Add(day), func(o *order.Order) { enter(o, noon.Add(day), merge.Rejected) }},
		{"withdrawn", noon.Add(day), func(o *order.Order) { enter(o, noon.Add(day), merge.Withdrawn) }},
		{"vetoed", noon.Add(day), func(o *order.Order) { enter(o, noon.Add(day), merge.Vetoed) }},
		{"expired", noon.Add(14 * day), func(o *order.Order) { enter(o, noon.Add(14*day), merge.Expired) }},
		{"expired, never confirmed", noon.Add(15 * day), func(o *order.Order) {
			enter(o, noon.Add(day), merge.Stale)
			enter(o, noon.Add(15*day), merge.Expired)
		}},
		{"expired, nobody reached", noon.Add(15 * day), func(o *order.Order) { approved(o); enter(o, noon.Add(15*day), merge.Expired) }},
	}
}

func bounced() []order.Unreached {
	return []order.Unreached{{Numbers: []string{"10000023"}, Why: order.Bounced, At: noon.Add(time.Hour)}}
}

// told is the timeline as the page says it.
func told(o order.Order, now time.Time, l lang.Lang) string {
	var b strings.Builder
	for _, p := range timeline(o, now) {
		fmt.Fprintf(&b, "  %-6s %s", p.Status, p.What.In(l))
		if !p.At.IsZero() {
			fmt.Fprintf(&b, " (%s)", lang.Moment(p.At).In(l))
		}
		if p.Next != nil {
			fmt.Fprintf(&b, "\n         %s", p.Next.In(l))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTheTimelineSaysInEachSituationWhatComesNextAndWhen(t *testing.T) { // M4
	for _, l := range []lang.Lang{lang.DE, lang.EN} {
		var b strings.Builder
		for _, s := range situations() {
			o := inReview()
			o.VetoHours, o.AnnouncedAt, o.ExpireAt = 72, noon, noon.AddDate(0, 0, 14)
			s.set(&o)
			fmt.Fprintf(&b, "%s\n%s\n", s.name, told(o, s.now, l))
		}
		file := "testdata/timeline." + string(l) + ".txt"
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s differs; look at it after go test ./functions/mergesubmit -update:\n%s", file, b.String())
		}
	}
}
