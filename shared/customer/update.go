package customer

import (
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/table"
)

// unversioned are the attributes that no merge compares or decides on: changing them leaves the version alone.
var unversioned = map[string]bool{
	"language": true, "epoch": true, "createdAt": true, "emailChangedAt": true, "passwordChangedAt": true,
	"packagePasswordChangedAt": true, "packagePasswordsVoidAt": true, "lastLogin": true, "failedProofs": true, "version": true, "number": true, "noProposals": true, table.AttrEmailKey: true,
	attrPending: true, "emailStops": true, "earlierEmails": true, "packageCounts": true, "stoppedEmails": true, "packagePasswordVoids": true,
}

const (
	attrPending = "pendingEmail"
	attrBalance = "balanceCents"
	attrMembers = "members"
)

// decides says whether a merge compares or decides on an attribute that differs between the two profiles. Of a balance that is
// whether anything is owed: a credit, or an amount that is owed already, changes with every invoice and blocks no more or less.
func decides(name string, old, changed Profile) bool {
	if name == attrBalance {
		return old.Owes() != changed.Owes()
	}
	return !unversioned[name]
}

// Update writes what differs between old and changed, and nothing else, on condition that the profile still has old's
// version and epoch (S12). When something differs that a merge compares or decides on, the version goes up by one. Taken
// for every change of a profile: master data, merge, undo, reset, import.
func Update(names table.Names, old, changed Profile) types.TransactWriteItem {
	before, after := withEmailKey(old), withEmailKey(changed)
	change := table.NewChange(table.Item{":oldVersion": table.N(old.Version), ":oldEpoch": table.N(old.Epoch)})
	versioned := false
	for _, name := range table.Differing(before, after) {
		if name == "version" {
			continue
		}
		versioned = versioned || decides(name, old, changed)
		change.Set(name, after[name])
	}
	if versioned {
		change.Set("version", table.N(old.Version+1))
	}
	condition := "attribute_exists(pk) AND version = :oldVersion AND epoch = :oldEpoch"
	if !reflect.DeepEqual(before[attrPending], after[attrPending]) {
		condition += pendingAsRead(old, change.Values)
	}
	if !reflect.DeepEqual(before[attrMembers], after[attrMembers]) {
		condition += passwordsAsRead(before, change.Values)
	}
	if change.Empty() {
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: &names.Customers, Key: table.Profile(old.Number),
			ConditionExpression: &condition, ExpressionAttributeValues: change.Values,
		}}
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &names.Customers, Key: table.Profile(old.Number),
		UpdateExpression: aws.String(change.Expression()), ConditionExpression: &condition,
		ExpressionAttributeNames: change.Names, ExpressionAttributeValues: change.Values,
	}}
}

// pendingAsRead is the condition that a new e-mail address waits that was read, and no other: it raises no version.
func pendingAsRead(old Profile, values table.Item) string {
	if old.Pending == nil {
		return " AND attribute_not_exists(" + attrPending + ")"
	}
	values[":pending"] = table.S(old.Pending.ID)
	return " AND " + attrPending + ".id = :pending"
}

// passwordsAsRead is the condition that no package password was set since the profile was read: whoever sets the ones of
// a member's packages changes with the members, and an undo voids those that were set until its own moment.
func passwordsAsRead(before, values table.Item) string {
	at, set := before["packagePasswordChangedAt"]
	if !set {
		return " AND attribute_not_exists(packagePasswordChangedAt)"
	}
	values[":passwordsAt"] = at
	return " AND packagePasswordChangedAt = :passwordsAt"
}

// Changed says whether Update would raise the version.
func Changed(old, changed Profile) bool {
	before, after := table.MustMarshal(old), table.MustMarshal(changed)
	return slices.ContainsFunc(table.Differing(before, after), func(name string) bool { return decides(name, old, changed) })
}

// UpdateMasterData is Update for the master-data page: it takes the editable fields of changed only.
func UpdateMasterData(names table.Names, old, changed Profile) types.TransactWriteItem {
	p := old
	p.Street, p.PostalCode, p.City, p.Country = changed.Street, changed.PostalCode, changed.City, changed.Country
	p.Phone, p.Mobile, p.Email = changed.Phone, changed.Mobile, changed.Email
	p.IBAN, p.BIC, p.AccountNumber, p.BankCode = changed.IBAN, changed.BIC, changed.AccountNumber, changed.BankCode
	p.EmailChangedAt, p.Pending = changed.EmailChangedAt, changed.Pending
	return Update(names, old, p)
}

// Check conditions a transaction on a profile being as it was read.
func Check(names table.Names, p Profile) types.TransactWriteItem { return Update(names, p, p) }
