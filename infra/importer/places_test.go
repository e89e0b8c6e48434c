package importer

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// entries are what lists and search read of the number's packages, beside the packages themselves.
func (n *nights) entries() (all []string) {
	n.Helper()
	n.fake.Items(n.Tables.Names.Customers, func(item tablefake.Item) {
		pk := item["pk"]["S"].(string)
		if slices.Contains(table.Shelves, table.Shelf(strings.TrimSuffix(pk, "10000017"))) {
			all = append(all, pk[:2]+item["sk"]["S"].(string))
		}
	})
	return all
}

// inOrder says whether places and counts are those of the day, and each entry there that should be.
func (n *nights) inOrder(when, domain string) {
	n.Helper()
	p := n.package1()
	if placed := p.Placed(contract.Day(n.now)).Places; p.Places != placed {
		n.Errorf("%s: the places are %+v, want %+v", when, p.Places, placed)
	}
	if counts := n.profile().PackageCounts; counts[p.Product] != 1 || len(counts) != 1 {
		n.Errorf("%s: counted are %v", when, counts)
	}
	want := []string{"S#1001\tP-1001", "S#" + domain + "\tP-1001", "S#p-1001\tP-1001",
		"I#" + p.Product + "\tP-1001", "E#" + p.ByEnd, "F#" + p.ByConsumerEnd}
	slices.Sort(want)
	if got := slices.Sorted(slices.Values(n.entries())); !slices.Equal(got, want) {
		n.Errorf("%s: the entries are %q, want %q", when, got, want)
	}
}

// The night keeps what lists and search read of a package as it should be: when a term is over, when a domain leaves, when the
// package does, and when it was written before there was any of it.
func TestANightKeepsWhatListsAndSearchRead(t *testing.T) {
	n := newNights(t)
	n.brings(line("", ""))
	n.inOrder("at first", "schaefer.example")
	first := n.package1()

	n.now = n.now.AddDate(1, 0, 0)
	n.brings(line("", ""))
	n.inOrder("a year later", "schaefer.example")
	if n.package1().ByEnd == first.ByEnd {
		t.Error("a year later the package still stands where it did by its end")
	}

	changed := line(`["schaefer.example"]`, `["neu.example"]`)
	n.brings(changed)
	n.inOrder("with another domain", "neu.example")

	var gone []types.TransactWriteItem
	for _, entry := range n.entries() {
		gone = append(gone, types.TransactWriteItem{Delete: &types.Delete{TableName: &n.Tables.Names.Customers, Key: table.Shelf(entry[:2]).Entry("10000017", entry[2:])}})
	}
	before, old := n.package1(), n.profile()
	before.Places = customer.Places{}
	uncounted := old
	uncounted.PackageCounts = nil
	gone = append(append(gone, customer.PutPackageFound(n.Tables.Names, before, before, nil)...), customer.Update(n.Tables.Names, old, uncounted))
	if err := n.Tables.Transact(t.Context(), gone, ""); err != nil || len(n.entries()) > 0 || n.profile().PackageCounts != nil {
		t.Fatal(err, n.entries())
	}
	n.brings(changed)
	n.inOrder("after a night without places", "neu.example")

	all := line("", "")
	n.brings(strings.Replace(all, all[strings.Index(all, `"packages":[`):], `"packages":[{"id":"P-2","product":"shop","tariff":"S","domains":[],"contractStart":"2026-01-01","termMonths":1,"noticePeriodMonths":0,"endedAt":""}]}`, 1))
	if p := n.package1(); !p.Ended(contract.Day(n.now)) || p.Places != p.Placed(contract.Day(n.now)).Places || n.profile().PackageCounts["shop"] != 1 {
		t.Errorf("left out, the package is %+v", p)
	}
}
