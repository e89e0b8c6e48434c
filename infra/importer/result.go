package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kundenkonto/shared/customer"
)

// Result is what became of one customer, or would become.
type Result struct {
	Place
	Number  string
	Outcome Outcome
	Changes []Change // of a customer that existed
	Note    string   // what was left undone
	Err     error
}

// Outcome is what became of one customer.
type Outcome int

// What an import does with a customer.
const (
	Created Outcome = iota
	Updated
	Unchanged
	Forgotten // left alone, since the customer's data were deleted on request
	Failed
)

func (o Outcome) String() string {
	return [...]string{"created", "updated", "unchanged", "forgotten", "failed"}[o]
}

// Change is one value before and after. Of bank data it has the end only, of a password that there is another one (S20).
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// general is the field without the package that it is of.
func (c Change) general() string {
	if _, field, ok := strings.Cut(c.Field, "]."); ok {
		return "packages." + field
	}
	if strings.HasPrefix(c.Field, "packages[") {
		return "packages"
	}
	return c.Field
}

// profileChanges are what differs between two profiles, by field.
func profileChanges(old, next customer.Profile) []Change {
	was, is := differences(old, next)
	var list []Change
	for field := range is {
		list = append(list, Change{field, was[field], is[field]})
	}
	return sorted(list)
}

func sorted(list []Change) []Change {
	slices.SortFunc(list, func(a, b Change) int { return cmp.Compare(a.Field, b.Field) })
	return list
}

// packageChanges are what differs between the packages as they are and as they should be.
func packageChanges(stored map[string]customer.Package, wanted []customer.Package) []Change {
	var list []Change
	for _, p := range wanted {
		at := "packages[" + p.ID + "]"
		old, known := stored[p.ID]
		if !known {
			list = append(list, Change{Field: at, New: strings.TrimSpace(p.Product + " " + p.Tariff)})
			continue
		}
		was, is := contractOf(old), contractOf(p)
		for i, field := range contractFields {
			if was[i] != is[i] {
				list = append(list, Change{at + "." + field, was[i], is[i]})
			}
		}
	}
	return sorted(list)
}

// contractFields are the fields of a package that an import writes, in the order of contractOf.
var contractFields = []string{"product", "tariff", "domains", "contractStart", "termMonths", "noticePeriodMonths", "renewal", "priceCents", "billingMonths", "endedAt"}

func contractOf(p customer.Package) []string {
	price := ""
	if p.PriceCents != nil {
		price = fmt.Sprint(*p.PriceCents)
	}
	return []string{p.Product, p.Tariff, strings.Join(p.Domains, " "), p.ContractStart, fmt.Sprint(p.TermMonths), fmt.Sprint(p.NoticePeriodMonths), string(p.Renewal), price,
		fmt.Sprint(p.BillingMonths), p.EndedAt}
}
