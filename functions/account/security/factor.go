package security

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/emailchange"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// factorPath is the page on which the second factor is looked after.
const factorPath = "/account/second-factor"

// fieldCode is the name of the field with a code of the app.
const fieldCode = "code"

// FactorView is the page of the second factor. Times are RFC 3339.
type FactorView struct {
	On         bool   `json:"secondStep"`
	Since      string `json:"since,omitempty"`
	CodesLeft  int    `json:"recoveryCodesLeft"`
	CodesAt    string `json:"recoveryCodesFrom,omitempty"`
	Recovering bool   `json:"recovering"`
	RecoverAt  string `json:"recoveryEndsAt,omitempty"`

	Passkeys []passkeyRow `json:"passkeys"`
}

// What the page says when it was reached by an action.
var factorNotices = map[string]lang.Text{
	"removed":         lang.T("Die zweite Stufe ist abgeschaltet. Zum Anmelden genügt jetzt Ihr Kundenpasswort. Alle anderen Geräte sind abgemeldet."),
	"passkey-added":   lang.T("Der Passkey ist angelegt. Melden Sie sich beim nächsten Mal damit an. Alle anderen Geräte sind abgemeldet."),
	"passkey-removed": lang.T("Der Passkey ist entfernt. Löschen Sie ihn auch auf dem Gerät, damit es ihn nicht mehr anbietet. Alle anderen Geräte sind abgemeldet."),
	"stopped":         lang.T("Die Abschaltung ist gestoppt. Die zweite Stufe bleibt, wie sie ist."),
}

func (d Room) factorPage(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := d.factorOf(r, s)
	if err != nil {
		return nil, err
	}
	page := web.Page("secondfactor", FactorOf(f, r.Now))
	if notice, ok := factorNotices[r.URL.Query().Get(area.DoneKey)]; ok {
		page = page.WithNotice("success", notice)
	}
	return page, nil
}

func (d Room) factorOf(r *web.Request, s session.Visitor) (secondfactor.Factor, error) {
	return secondfactor.Store{Store: d.Store}.Get(r.Context(), s.Profile.Number)
}

// FactorOf is what the page shows of a second factor.
func FactorOf(f secondfactor.Factor, now time.Time) FactorView {
	return FactorView{On: f.Secret != "", Since: stamp(f.Since), CodesLeft: len(f.Codes), CodesAt: stamp(f.CodesAt),
		Recovering: f.Recovery.Going(now), RecoverAt: stamp(f.Recovery.EndAt), Passkeys: passkeyRows(f)}
}

// stamp writes a time for a view, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// stopRecovery keeps what is set up, and withdraws a new e-mail address that waits, as the mailed link does. It asks for the password like every change: the recovery may be its owner's way back
// to an account in which a thief is signed in.
func (d Room) stopRecovery(r *web.Request, s session.Visitor, f secondfactor.Factor) (web.Response, error) {
	event := secondfactor.Happened{Event: outbox.FactorRecoveryStopped, Actor: s.Profile.Number, Key: f.Recovery.ID}
	more := emailchange.Withdrawn(d.Names, s.Profile, s.Profile.Number, r.Now, d.Rand)
	if more == nil {
		more = append(more, d.stillSignedIn(s))
	}
	if err := d.saveFactor(r, s, f, f.Stopped(), &event, more...); err != nil {
		return nil, err
	}
	return web.SeeOther(factorPath + "?" + area.DoneKey + "=stopped"), nil
}

// changeFactor puts a change into force that the customer made: with its audit event and mail, and with the end of all
// other sessions. Whoever came in before under weaker rules, or with what is no longer good, has to come in anew; this
// browser goes on under the cookie that is returned (S8).
func (d Room) changeFactor(r *web.Request, s session.Visitor, old, changed secondfactor.Factor, told secondfactor.Happened, more ...types.TransactWriteItem) (*http.Cookie, error) {
	cookie, ends, err := d.endOthers(r, s, customer.FactorChanged(d.Names, s.Profile, r.Now))
	if err != nil {
		return nil, err
	}
	told.Actor = s.Profile.Number
	return session.NewCookie(cookie), d.saveFactor(r, s, old, changed, &told, append(more, ends...)...)
}

// saveFactor writes a change, and what is told of it. Another change at the same moment is a conflict that the customer
// sees and may repeat.
func (d Room) saveFactor(r *web.Request, s session.Visitor, old, changed secondfactor.Factor, told *secondfactor.Happened, more ...types.TransactWriteItem) error {
	items := append(more, secondfactor.Save(d.Names, old, changed))
	if told != nil {
		if told.Key == "" {
			told.Key = fmt.Sprint(old.Version + 1)
		}
		items = append(items, secondfactor.Tell(d.Names, s.Profile, *told, r.Now, d.Rand)...)
		r.Note("security_event", "second_factor_changed")
	}
	err := d.Transact(r.Context(), items, "")
	if errors.Is(err, table.ErrCondition) {
		return web.Conflict("changed_meanwhile", lang.T("An Ihrer Anmeldung wurde eben schon etwas geändert. Sehen Sie nach und versuchen Sie es noch einmal."))
	}
	return err
}

// passkeyRow is a passkey in the list. Times are RFC 3339.
type passkeyRow struct {
	Key      string `json:"key"` // names it in addresses
	Name     string `json:"name"`
	AddedAt  string `json:"addedAt"`
	LastUsed string `json:"lastUsed,omitempty"`
}

func passkeyRows(f secondfactor.Factor) []passkeyRow {
	rows := []passkeyRow{}
	for _, k := range f.Passkeys {
		rows = append(rows, passkeyRow{Key: keyOf(k), Name: k.Name, AddedAt: stamp(k.AddedAt), LastUsed: stamp(k.LastUsed)})
	}
	return rows
}

// keyOf names a passkey in addresses: ids may have a thousand bytes.
func keyOf(k secondfactor.Passkey) string { return table.Hash(k.ID)[:16] }
