package outbox

// Keys of the values that mails about one customer print; those of merge orders stand in package order.
const (
	ValueNumber  = "customerNumber" // the customer number the event is about
	ValuePackage = "package"        // the id of the package, when it is about one
	ValueName    = "packageName"    // what the customer calls it
	ValueVersion = "version"        // of a merge: of the surviving profile after it; of other changes it is the end of the key

	// Of a customer's notice for a package: its id, its kind, the reason of an extraordinary one, the day wished and the last
	// day of the contract (YYYY-MM-DD, "" for none), and when it was received.
	ValueCancellation, ValueKind, ValueGrounds = "cancellation", "kind", "grounds"
	ValueWished, ValueEndsOn, ValueReceivedAt  = "wished", "endsOn", "receivedAt"

	// Of a new e-mail address: the change's id, the address, the one before it, the end of its link, and the session
	// epoch that it is bound to.
	ValueChange, ValueAddress, ValueOldAddress = "change", "address", "oldAddress"
	ValueUntil, ValueEpoch                     = "until", "epoch"

	ValueByStaff = "byStaff" // the service team asked for it; not there when the customer did

	valueOld = "old."
	valueNew = "new."
)

// Change is one field of the master data before and after; bank data comes masked.
type Change struct{ Field, Old, New string }

// SetChange notes a changed field in the values of MasterDataChanged or PackageChanged.
func SetChange(values map[string]string, c Change) {
	values[valueOld+c.Field], values[valueNew+c.Field] = c.Old, c.New
}

// Changes lists the noted changes of the given fields, in their order.
func Changes[Name ~string](values map[string]string, fields ...Name) []Change {
	var all []Change
	for _, name := range fields {
		f := string(name)
		before, noted := values[valueOld+f]
		after := values[valueNew+f]
		if noted || after != "" {
			all = append(all, Change{f, before, after})
		}
	}
	return all
}

// ChangedFields names the changed fields without their values.
func ChangedFields[Name ~string](values map[string]string, fields ...Name) []string {
	var names []string
	for _, c := range Changes(values, fields...) {
		names = append(names, c.Field)
	}
	return names
}
