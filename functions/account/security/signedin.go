package security

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// stillSignedIn conditions a change on the session being good at that moment. What ends other sessions has that condition
// of its own (S12).
func (d Room) stillSignedIn(s session.Visitor) types.TransactWriteItem {
	return customer.CheckOwns(d.Names, s.Profile, s.Profile.Number)
}

// keepSignedIn replaces this browser's session by one under the next epoch, in the transaction that raises it.
func (d Room) keepSignedIn(r *web.Request, s session.Visitor) (cookie string, items []types.TransactWriteItem, err error) {
	cookie, renewed, err := session.Renew(d.Rand, r.Now, s.Session, s.Profile.Epoch+1)
	if err != nil {
		return "", nil, err
	}
	items = []types.TransactWriteItem{session.Put(d.Names, renewed), session.DropID(d.Names, s.Session.ID)}
	if _, device := session.DeviceOf(r.Request); device != "" {
		items = append(items, throttle.PutDevice(d.Names, device, s.Profile.Number, r.Now))
	}
	return cookie, items, nil
}

// endOthers are the items that end all sessions but this browser's, with its new cookie; raised is the profile's part.
func (d Room) endOthers(r *web.Request, s session.Visitor, raised types.TransactWriteItem) (cookie string, items []types.TransactWriteItem, err error) {
	c, err := (credential.Store{Store: d.Store}).Get(r.Context(), table.Customer(s.Profile.Number))
	if err != nil {
		return "", nil, err
	}
	cookie, items, err = d.keepSignedIn(r, s)
	return cookie, append(items, credential.RaiseEpoch(d.Names, c), raised), err
}
