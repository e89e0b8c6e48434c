package passwordreset

import (
	"time"

	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// fieldPasskeys is the name of the field that says which passkeys go with the old password.
const fieldPasskeys = "passkeys"

// What may be chosen for the passkeys. Whoever says nothing loses the young ones: a thief who knew the password may have
// added them, and they open the account without it.
const (
	removeYoung = "young"
	removeAll   = "all"
	keepAll     = "keep"
)

// passkeyRow is a passkey in the form.
type passkeyRow struct {
	Name    string `json:"name"`
	AddedAt string `json:"addedAt"`
	Young   bool   `json:"young"` // added a short time ago
}

// without is the factor after the choice, and the names of the passkeys it costs. The second step is never taken away by
// a mailed link: it is there for the day the mailbox is somebody else's.
func without(f secondfactor.Factor, choice string, now time.Time) (left secondfactor.Factor, gone []string) {
	return f.WithoutPasskeys(func(k secondfactor.Passkey) bool {
		return choice == removeAll || choice != keepAll && k.Young(now)
	})
}

func viewOf(secret string, g grant, choice string, now time.Time) resetView {
	v := resetView{Token: secret, Number: g.profile.Number, First: !g.cred.EverSet(), Choice: choice}
	for _, k := range g.factor.Passkeys {
		v.Passkeys = append(v.Passkeys, passkeyRow{Name: k.Name, AddedAt: table.FormatTime(k.AddedAt), Young: k.Young(now)})
		if k.Young(now) {
			v.Young++
		}
	}
	if v.Choice == "" {
		v.Choice = keepAll
		if v.Young > 0 {
			v.Choice = removeYoung
		}
	}
	if g.factor.Young(now) {
		v.AppSince = table.FormatTime(g.factor.Since)
	}
	return v
}
