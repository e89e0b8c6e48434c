package audit

// Actors of events and of steps of an order, besides customers (their number) and the service team (session.StaffSession.Actor).
const (
	BySystem     = "system"
	ByImport     = "import"
	ByMailedLink = "mailed link" // without a sign-in: whoever reads the mailbox
	ByVetoLink   = "veto link"   // likewise, by the link against a merge
	ByUnknown    = "unknown"
)
