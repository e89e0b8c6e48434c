package mail

import "time"

// Change is one field of the master data, before and after; bank data comes masked.
type Change struct{ Field, Old, New string }

// MasterDataChanged tells what was changed, at the address that was good before the change (S7).
type MasterDataChanged struct {
	Number      string
	At          time.Time
	Changes     []Change
	AccountLink string // page that shows the master data
}

func (MasterDataChanged) template() string { return "masterDataChanged" }
func (m MasterDataChanged) links() links   { return links{Button: m.AccountLink} }

// Fields are the names of what changed, for the lead.
func (m MasterDataChanged) Fields() []string {
	var names []string
	for _, c := range m.Changes {
		names = append(names, c.Field)
	}
	return names
}
