package customer

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/table"
)

// Places are where a package stands in each order of the list: the product, what is sorted by, and the id, parted by tabs.
// The product comes first, so that one kind of package is a part of each order. By name is a sort key of the index byName,
// since the customer gives the names; by end are keys of entries beside the package, which the import alone writes. They hold
// on the day they were reckoned (see [Package.Placed]): each import of the customer reckons them anew.
type Places struct {
	ByName        string `dynamodbav:"nameKey,omitempty"`
	ByEnd         string `dynamodbav:"endKey,omitempty"`
	ByConsumerEnd string `dynamodbav:"consumerEndKey,omitempty"`
}

// Placed is the package with its places on a day of package contract.
func (p Package) Placed(today time.Time) Package {
	p.Places = Places{
		ByName:        p.Product + tab + p.nameKey() + tab + p.ID,
		ByEnd:         p.Product + tab + p.storedEnd(today, false) + tab + p.ID,
		ByConsumerEnd: p.Product + tab + p.storedEnd(today, true) + tab + p.ID,
	}
	return p
}

// tab parts what a key is made of. It sorts before every character that a name has, so that "a" comes before "a b".
const tab = "\t"

// longestNameKey leaves room in the 1,024 bytes of a sort key.
const longestNameKey = 300

// nameKey sorts by the display name as people do: without regard to case, umlauts beside their vowels.
func (p Package) nameKey() string {
	return shortened(umlauts.Replace(strings.ToLower(strings.Join(strings.Fields(p.DisplayName()), " "))), longestNameKey)
}

var umlauts = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss")

// shortened cuts a text between two characters.
func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// Keys by end begin with one of these. A contract that can be ended at any time moves with the day, and is stored by its
// notice period: the shorter it is, the sooner it can end, on every day.
const (
	endsOn    = "A" // and the day
	endsAfter = "B" // and the months of notice; stored only
	endsEver  = "C" // nobody knows when
	hasEnded  = "D" // and the day
)

// endKey sorts by the end of a cancelled contract and the next possible end of any other, then packages whose contract is
// not known, then ended ones.
func (p Package) endKey(today time.Time, consumer bool) string {
	if p.Ended(today) {
		return hasEnded + p.EndedAt
	}
	if end, ok := p.End(today, consumer); ok {
		return endsOn + end.Format(time.DateOnly)
	}
	return endsEver
}

// storedEnd is endKey as an index keeps it.
func (p Package) storedEnd(today time.Time, consumer bool) string {
	terms, known := p.Terms(consumer)
	if !p.Cancelled() && known && !terms.Start.After(today) {
		if end, _ := terms.NextEnd(today); terms.AnyTime(end) {
			return fmt.Sprintf("%s%03d", endsAfter, terms.NoticeMonths)
		}
	}
	return p.endKey(today, consumer)
}

// dueKey is endKey on a day, of what an index keeps.
func dueKey(stored string, today time.Time) string {
	var months int
	if _, err := fmt.Sscanf(stored, endsAfter+"%03d", &months); err == nil {
		return endsOn + contract.AddMonths(today, months).Format(time.DateOnly)
	}
	return stored
}

// key is what a package is sorted by, those of the same one by their ids.
func (q PackageQuery) key(p Package) string {
	switch q.Sort {
	case SortName:
		return p.nameKey()
	case SortProduct:
		return p.Product + tab + p.nameKey()
	case SortEnd:
		return p.endKey(q.Today, q.Consumer)
	}
	return ""
}

// place is a package in an order.
type place struct{ key, number, id string }

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
}

func (q PackageQuery) placeOf(p Package) place { return place{q.key(p), p.Number, p.ID} }

// order is where an order is kept: on a shelf of entries, or as an index, where that is "". place is a package's key in it.
type order struct {
	shelf            table.Shelf
	index, attribute string
	place            func(Package) string
}

func (q PackageQuery) order() order {
	switch {
	case q.Sort == SortName || q.Sort == SortProduct:
		return order{"", table.IndexByName, "nameKey", func(p Package) string { return p.ByName }}
	case q.Sort == SortEnd && q.Consumer:
		return order{table.ConsumerEndShelf, "", table.AttrSK, func(p Package) string { return p.ByConsumerEnd }}
	case q.Sort == SortEnd:
		return order{table.EndShelf, "", table.AttrSK, func(p Package) string { return p.ByEnd }}
	}
	return order{table.ProductShelf, "", table.AttrSK, Package.byProduct}
}

func (p Package) byProduct() string { return p.Product + tab + p.ID }

// entry is what stands on a shelf.
type entry struct {
	shelf table.Shelf
	text  string
}

// entries are those of a package: its places in the orders that are no index, and what the search finds it by. A package without
// places was written before there were entries, and has none.
func (p Package) entries() []entry {
	if p.ByEnd == "" { // settings that were saved since have set its place by name alone
		return nil
	}
	all := []entry{{table.ProductShelf, p.byProduct()}, {table.EndShelf, p.ByEnd}, {table.ConsumerEndShelf, p.ByConsumerEnd}}
	for _, beginning := range p.searchEntries() {
		all = append(all, entry{table.SearchShelf, beginning + tab + p.ID})
	}
	return all
}

// placed reads a key of the order asked for.
func (q PackageQuery) placed(number, stored string) place {
	product, rest, _ := strings.Cut(stored, tab)
	at := strings.LastIndex(rest, tab)
	key, id := rest[:max(at, 0)], rest[at+1:]
	switch q.Sort {
	case SortProduct:
		key = product + tab + key
	case SortEnd:
		key = dueKey(key, q.Today)
	}
	return place{key, number, id}
}
