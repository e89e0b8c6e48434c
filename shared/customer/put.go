package customer

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// PutNew writes a profile that does not exist yet. It is the last thing an import writes of a customer, so that nobody
// sees half of one.
func PutNew(names table.Names, p Profile) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &names.Customers, Item: table.With(table.Profile(p.Number), withEmailKey(p)),
		ConditionExpression: aws.String("attribute_not_exists(pk)"),
	}}
}

// PutPackage writes a new package with the look-ups of all its domains. See PutPackageFound.
func PutPackage(names table.Names, p Package) []types.TransactWriteItem {
	return PutPackageFound(names, Package{}, p, FoldDomains(p.Domains))
}

// PutPackageFound writes a package that is found by some of its domains, given folded, and takes its id for its number, on
// condition that no other number has it. Item 0 is the one whose condition fails then. old is the package as it was read,
// or the zero one; entries that it had and the new one has not are deleted. Domains that the package lost are
// removed by RemoveDomain. What the customer set is left alone: an import must not lose what is saved beside it. The last
// item is the package itself, on condition that it has the settings that were read, on which its places depend.
//
// There may be more items than fit in a transaction. Whoever writes them in several keeps their order: a package that is as
// it should be has all its entries.
func PutPackageFound(names table.Names, old, p Package, domains []string) []types.TransactWriteItem {
	items := []types.TransactWriteItem{{Put: &types.Put{
		TableName:                 &names.Customers,
		Item:                      table.With(table.Owner(p.ID), table.Item{"number": table.S(p.Number)}),
		ConditionExpression:       aws.String("attribute_not_exists(pk) OR #number = :number"),
		ExpressionAttributeNames:  map[string]string{"#number": "number"},
		ExpressionAttributeValues: table.Item{":number": table.S(p.Number)},
	}}}
	for _, domain := range domains {
		items = append(items, types.TransactWriteItem{Put: &types.Put{
			TableName: &names.Customers,
			Item:      table.With(table.Domain(p.Number, domain), table.Item{"packageId": table.S(p.ID), table.AttrDomainKey: table.S(domain)}),
		}})
	}
	return append(append(items, putEntries(names, old, p)...), putContract(names, p))
}

// putEntries brings the entries of a package up to date.
func putEntries(names table.Names, old, p Package) (items []types.TransactWriteItem) {
	had, wants := old.entries(), p.entries()
	for _, one := range without(wants, had) {
		items = append(items, types.TransactWriteItem{Put: &types.Put{TableName: &names.Customers, Item: one.shelf.Entry(p.Number, one.text)}})
	}
	for _, one := range without(had, wants) {
		items = append(items, types.TransactWriteItem{Delete: &types.Delete{TableName: &names.Customers, Key: one.shelf.Entry(p.Number, one.text)}})
	}
	return items
}

// without are the entries that the others do not have. There may be thousands of them.
func without(all, others []entry) (left []entry) {
	known := map[entry]bool{}
	for _, one := range others {
		known[one] = true
	}
	for _, one := range all {
		if !known[one] {
			left = append(left, one)
		}
	}
	return left
}

// contractAttributes are the attributes of a package that come from the operator, and its places; those that are empty are
// removed.
var contractAttributes = []string{"id", "number", "product", "tariff", "domains", "contractStart", "termMonths", "noticePeriodMonths",
	"priceCents", "billingMonths", "renewal", "endedAt", "leftOut", "nameKey", "endKey", "consumerEndKey"}

func putContract(names table.Names, p Package) types.TransactWriteItem {
	item := table.MustMarshal(p)
	change := table.NewChange(nil)
	for _, name := range contractAttributes {
		change.Set(name, item[name])
	}
	if p.EndedAt != "" && !p.LeftOut { // the operator has said when it ends: nothing waits for that any more
		for _, name := range CancellationAttributes {
			change.Set(name, nil)
		}
	}
	condition := "attribute_not_exists(settingsVersion)"
	if p.SettingsVersion > 0 {
		condition = "settingsVersion = :settings"
		change.Values[":settings"] = table.N(p.SettingsVersion)
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Package(p.Number, p.ID), UpdateExpression: aws.String(change.Expression()),
		ConditionExpression: &condition, ExpressionAttributeNames: change.Names, ExpressionAttributeValues: change.Values,
	}}
}

// RemoveDomain deletes the look-up of a domain that left the package, unless another package has it by now.
func RemoveDomain(names table.Names, p Package, domain string) types.TransactWriteItem {
	folded, err := FoldDomain(domain)
	if err != nil {
		folded = "-"
	}
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &names.Customers, Key: table.Domain(p.Number, folded),
		ConditionExpression:       aws.String("attribute_not_exists(pk) OR packageId = :id"),
		ExpressionAttributeValues: table.Item{":id": table.S(p.ID)},
	}}
}

// FoldDomains folds domains, leaving out repeated ones (a transaction takes a key once) and those that are none.
func FoldDomains(domains []string) []string {
	var folded []string
	seen := map[string]bool{}
	for _, d := range domains {
		if f, err := FoldDomain(d); err == nil && !seen[f] {
			seen[f] = true
			folded = append(folded, f)
		}
	}
	return folded
}
