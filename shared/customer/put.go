package customer

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/text/unicode/norm"

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

// PutPackage writes a package with the look-ups of all its domains. See PutPackageFound.
func PutPackage(names table.Names, p Package) []types.TransactWriteItem {
	return PutPackageFound(names, p, FoldDomains(p.Domains))
}

// PutPackageFound writes a package that is found by some of its domains, given folded, and takes its id for its number, on
// condition that no other number has it. Item 0 is the one whose condition fails then. Domains that the package lost are
// removed by RemoveDomain. What the customer set is left alone, whatever p says: an import must not lose what is saved
// beside it.
func PutPackageFound(names table.Names, p Package, domains []string) []types.TransactWriteItem {
	items := []types.TransactWriteItem{
		{Put: &types.Put{
			TableName:                 &names.Customers,
			Item:                      table.With(table.Owner(p.ID), table.Item{"number": table.S(p.Number)}),
			ConditionExpression:       aws.String("attribute_not_exists(pk) OR #number = :number"),
			ExpressionAttributeNames:  map[string]string{"#number": "number"},
			ExpressionAttributeValues: table.Item{":number": table.S(p.Number)},
		}},
		putContract(names, p),
	}
	for _, domain := range domains {
		items = append(items, types.TransactWriteItem{Put: &types.Put{
			TableName: &names.Customers,
			Item:      table.With(table.Domain(p.Number, domain), table.Item{"packageId": table.S(p.ID), table.AttrDomainKey: table.S(domain)}),
		}})
	}
	return items
}

// contractAttributes are the attributes of a package that come from the operator; those that are empty are removed.
var contractAttributes = []string{"id", "number", "product", "tariff", "domains", "contractStart", "termMonths", "noticePeriodMonths",
	"priceCents", "billingMonths", "renewal", "endedAt", "leftOut", "search"}

func putContract(names table.Names, p Package) types.TransactWriteItem {
	item := table.MustMarshal(p)
	item["search"] = table.S(searchText(p))
	change := table.NewChange(nil)
	for _, name := range contractAttributes {
		change.Set(name, item[name])
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Package(p.Number, p.ID), UpdateExpression: aws.String(change.Expression()),
		ExpressionAttributeNames: change.Names, ExpressionAttributeValues: change.Values,
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

// searchText is what the search of the overview looks in: domains as written and as folded, and the package id.
func searchText(p Package) string {
	return foldSearch(strings.Join(p.Domains, " ") + " " + strings.Join(FoldDomains(p.Domains), " ") + " " + p.ID)
}

// foldSearch compares without regard to case, and to whether an umlaut is one character or two (Unicode NFC).
func foldSearch(s string) string { return norm.NFC.String(strings.ToLower(strings.TrimSpace(s))) }
