package customer

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/product"
	"kundenkonto/shared/table"
)

// DisplayName is how the customer calls the package: the name given to it, else the first domain, else the package number.
func (p Package) DisplayName() string {
	if name := p.Settings[product.DisplayName]; name != "" {
		return name
	}
	if len(p.Domains) > 0 {
		return p.Domains[0]
	}
	return p.ID
}

// PutSettings writes the settings of a package, on condition that they are still those that were read (S12), and with them
// its place by name, on condition that what it comes from is as it was read.
func PutSettings(names table.Names, p Package, settings map[string]string) types.TransactWriteItem {
	next := p
	next.Settings = settings
	was := table.MustMarshal(p)
	values := table.Item{
		":old": table.N(p.SettingsVersion), ":next": table.N(p.SettingsVersion + 1), ":product": table.S(p.Product),
		":settings": table.MustMarshal(struct {
			M map[string]string `dynamodbav:"m"`
		}{settings})["m"],
		":name": table.S(next.Placed(time.Time{}).ByName),
	}
	condition := "attribute_exists(pk) AND #product = :product AND settingsVersion = :old"
	if p.SettingsVersion == 0 {
		condition = "attribute_exists(pk) AND #product = :product AND attribute_not_exists(settingsVersion)"
		delete(values, ":old")
	}
	if domains, has := was["domains"]; has {
		condition += " AND domains = :domains"
		values[":domains"] = domains
	} else {
		condition += " AND attribute_not_exists(domains)"
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Package(p.Number, p.ID), ConditionExpression: &condition,
		UpdateExpression:         aws.String("SET #settings = :settings, settingsVersion = :next, nameKey = :name"),
		ExpressionAttributeNames: map[string]string{"#settings": "settings", "#product": "product"}, ExpressionAttributeValues: values,
	}}
}

// owns is the condition on a profile that its session is still good and that it may write to a package of a number: its
// own one or a member's. A merged number may not, its packages are the survivor's by now.
const owns = "epoch = :epoch AND attribute_not_exists(mergedInto) AND (#number = :number OR contains(members, :number))"

func ownsValues(own Profile, number string) table.Item {
	return table.Item{":epoch": table.N(own.Epoch), ":number": table.S(number)}
}

// CheckOwns conditions a transaction on a package of the number being the customer's.
func CheckOwns(names table.Names, own Profile, number string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &names.Customers, Key: table.Profile(own.Number), ConditionExpression: aws.String(owns),
		ExpressionAttributeNames: map[string]string{"#number": "number"}, ExpressionAttributeValues: ownsValues(own, number),
	}}
}

// PackagePasswordSet is CheckOwns that also notes when a package password was changed last: a risk sign for the reviewer
// of a merge, which makes no order stale.
func PackagePasswordSet(names table.Names, own Profile, number string, now time.Time) types.TransactWriteItem {
	values := ownsValues(own, number)
	values[":now"] = table.Time(now)
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Profile(own.Number), ConditionExpression: aws.String(owns),
		UpdateExpression:         aws.String("SET packagePasswordChangedAt = :now"),
		ExpressionAttributeNames: map[string]string{"#number": "number"}, ExpressionAttributeValues: values,
	}}
}
