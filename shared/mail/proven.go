package mail

import "time"

// NumberProven tells the owner of a number that somebody proved it by a domain and the package password, as it is done
// before a merge. It does not say who: until there is an order that is nobody's business but the service team's (M3).
type NumberProven struct {
	Number      string
	Package     string // the package whose password was known
	At          time.Time
	PackageLink string // page on which its password is changed; it asks for the sign-in
}

func (NumberProven) template() string { return "numberProven" }
func (m NumberProven) links() links   { return links{Button: m.PackageLink} }
