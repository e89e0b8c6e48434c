package masterdata

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
	"kundenkonto/shared/web"
)

// Where the mailed links of a changed e-mail address lead. They need no sign-in: people read their mail on another device,
// and the owner of the old address may be locked out. The mailbox is the proof.
const (
	confirmPath = "/account/email/confirm"
	stopPath    = "/account/email/stop"
)

// emailLinkView is the page behind a mailed link. It names what the mail names.
type emailLinkView struct {
	Token     string    `json:"-"`
	Number    string    `json:"customerNumber"`
	Address   string    `json:"email"` // that holds after the link was used
	Until     time.Time `json:"until,omitzero"`
	OpenOrder string    `json:"openOrder,omitempty"` // running merge that is held up
	Confirmed bool      `json:"confirmed,omitempty"` // stop: the new address is in force already
	ByStaff   bool      `json:"-"`                   // stop: the service team asked for it
	Done      bool      `json:"done"`

	// What was stopped with a change that had been confirmed.
	PasswordVoid bool     `json:"passwordVoid,omitempty"`
	Passkeys     []string `json:"passkeysRemoved,omitempty"`
	Recovery     bool     `json:"recoveryStopped,omitempty"` // of the second step

	PackagePasswords bool `json:"packagePasswordsVoid,omitempty"` // those set since the change was asked for
}

// Consequences tell what was stopped with a change that had been confirmed.
func (v emailLinkView) Consequences() lang.Text {
	said := lang.T("Alle Geräte sind abgemeldet, und Links, die an die andere Adresse gingen, gelten nicht mehr.")
	if v.PasswordVoid {
		said = said.And(lang.T("Auch das bisherige Kundenpasswort gilt nicht mehr, denn jemand anderes kann es kennen."))
	}
	if len(v.Passkeys) > 0 {
		said = said.And(lang.T("Seither angelegte Passkeys sind entfernt: %s.", strings.Join(v.Passkeys, ", ")))
	}
	if v.PackagePasswords {
		said = said.And(lang.T("Paketpasswörter, die seither festgelegt wurden, dienen nicht mehr als Nachweis für eine Zusammenfassung."),
			lang.T("Legen Sie bei den Paketen unter „Paketpasswort“ neue fest."))
	}
	return said
}

// Advice says what to do after the change was stopped, and why.
func (v emailLinkView) Advice() lang.Text {
	said := lang.T("Wer die Änderung eingetragen hat, kannte Ihr Kundenpasswort. Legen Sie deshalb jetzt ein neues fest.")
	if v.ByStaff {
		said = lang.T("Die andere Adresse hat unser Serviceteam eingetragen, weil jemand darum gebeten hat.").
			And(lang.T("Legen Sie sicherheitshalber ein neues Kundenpasswort fest."))
	}
	switch {
	case v.Confirmed:
		return said.And(lang.T("Sehen Sie danach auf der Seite „Sicherheit“ nach, ob die zweite Stufe noch Ihre ist."))
	case v.ByStaff:
		return said
	}
	return said.And(lang.T("Damit sind auch alle Geräte abgemeldet."))
}

// mailedLink is a link with what it is about.
type mailedLink struct {
	secret, key string
	token       token.Token
	profile     customer.Profile
}

// errLinkGone is a link that has nothing to do any more: used, too old, replaced by a later change, or void by a new
// customer password.
var errLinkGone = errors.New("account: link gone")

func (d Room) findLink(r *web.Request, secret, purpose string) (mailedLink, error) {
	l := mailedLink{secret: secret}
	if secret == "" {
		return l, errLinkGone
	}
	var err error
	if l.token, l.key, err = d.Tokens.Find(r.Context(), secret, purpose, r.Now); errors.Is(err, token.ErrNotFound) {
		return l, errLinkGone
	} else if err != nil {
		return l, err
	}
	l.profile, err = d.Customers.Profile(r.Context(), l.token.Subject)
	if errors.Is(err, customer.ErrNotFound) || err == nil && l.profile.MergedInto != "" {
		return l, errLinkGone
	}
	r.PreferLang(l.profile.Language)
	return l, err
}

// actByLink repeats what a link does when another write came between; do gets the link as it is now.
func (d Room) actByLink(r *web.Request, purpose string, do func(mailedLink) (web.Response, error)) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	for range table.Tries(r.Context(), area.Attempts) {
		l, err := d.findLink(r, f.Get("token"), purpose)
		if errors.Is(err, errLinkGone) {
			return web.LinkUsed("emailgone", nil), nil
		}
		if err != nil {
			return nil, err
		}
		answer, err := do(l)
		if errors.Is(err, errLinkGone) {
			return web.LinkUsed("emailgone", nil), nil
		}
		if !errors.Is(err, table.ErrCondition) {
			return answer, err
		}
	}
	return nil, web.Unavailable(errors.New("the customer keeps changing"))
}

// writeEmail writes the profile that a link makes, uses the link up, and tells the address that is in force until now. It
// holds only if no objection was filed meanwhile (S12).
func (d Room) writeEmail(r *web.Request, l mailedLink, next customer.Profile, event audit.Event, more ...types.TransactWriteItem) error {
	p := l.profile
	event.Number, event.At = p.Number, r.Now
	items := []types.TransactWriteItem{
		customer.Update(d.Names, p, next), token.Consume(d.Names, l.key, r.Now), audit.Put(d.Names, event, d.Rand),
	}
	if next.Email != p.Email {
		values := map[string]string{outbox.ValueNumber: p.Number}
		outbox.SetChange(values, outbox.Change{Field: string(merge.Email), Old: p.Email, New: merge.MaskOther(merge.Email, next.Email)})
		told := outbox.Item{Event: outbox.MasterDataChanged, Key: fmt.Sprintf("%s#%d", p.Number, p.Version+1), Values: values, CreatedAt: r.Now}
		told.Recipients = emailchange.Owner(p, r.Now)
		items = append(items, order.CheckNoObjection(d.Names, p.Number), outbox.Put(d.Names, told))
	}
	if err := d.Transact(r.Context(), append(items, more...), ""); err != nil {
		return fmt.Errorf("change e-mail address: %w", err)
	}
	return nil
}

// issued is when the change was asked for.
func (l mailedLink) issued() time.Time { return l.token.Expires.Add(-token.StopLifetime) }

// confirmed says that another address than the link's is in force.
func (l mailedLink) confirmed() bool {
	return l.profile.Email != l.token.Values[outbox.ValueOldAddress]
}

// other is the address that the link is used against.
func (l mailedLink) other() string {
	if !l.confirmed() && l.profile.Pending != nil {
		return l.profile.Pending.Address
	}
	return l.profile.Email
}
