package passwordreset_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// withPasskeys is a customer with an old passkey, one that a thief may have added, and a young second step.
func withPasskeys(t *testing.T) (s *site, store table.Store, secret string) {
	t.Helper()
	const number = "10000017"
	store = tablefake.New().Store()
	s = siteOn(t, store)
	ago := func(days int) time.Time { return s.now.AddDate(0, 0, -days) }
	none := secondfactor.Factor{Number: number}
	set := none
	set.Secret, set.Since, set.Passkeys = "geheim", ago(2), []secondfactor.Passkey{
		{ID: "a", Name: "Laptop", AddedAt: ago(31), Record: "{}"}, {ID: "b", Name: "Fremdes Telefon", AddedAt: ago(29), Record: "{}"}}
	items := []types.TransactWriteItem{customer.PutNew(store.Names, customer.Profile{Number: number, FirstName: "Anna", Email: "anna@schaefer.example", Version: 1}),
		credential.SetPassword(store.Names, credential.Credential{Subject: table.Customer(number)}, "hash", false, ago(100)),
		secondfactor.Save(store.Names, none, set)}
	if err := store.Transact(t.Context(), items, ""); err != nil {
		t.Fatal(err)
	}
	secret, err := token.Store{Store: store}.Make(t.Context(), rand.Reader, token.Token{Purpose: token.PurposeReset, Subject: number, Address: "anna@schaefer.example", Expires: s.now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return s, store, secret
}

func TestAResetRemovesThePasskeysThatAThiefMayHaveAdded(t *testing.T) {
	for name, c := range map[string]struct{ choice, stay, gone string }{
		"when nothing is said": {"", "Laptop", "Fremdes Telefon"},
		"the young ones":       {"young", "Laptop", "Fremdes Telefon"},
		"something made up":    {"x", "Laptop", "Fremdes Telefon"},
		"all":                  {"all", "", "Laptop, Fremdes Telefon"},
		"none, when asked":     {"keep", "Laptop, Fremdes Telefon", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, store, secret := withPasskeys(t)
			s.do("POST", "/password/reset", "token", secret, "newPassword", fresh, "passkeys", c.choice).want(t, 303, "")
			f, err := secondfactor.Store{Store: store}.Get(t.Context(), "10000017")
			if err != nil || f.Secret == "" {
				t.Fatalf("the second step went by a mailed link: %+v, %v", f, err)
			}
			var stay []string
			for _, k := range f.Passkeys {
				stay = append(stay, k.Name)
			}
			if got := strings.Join(stay, ", "); got != c.stay {
				t.Errorf("left are %q", got)
			}
			item, err := store.Get(t.Context(), store.Names.Outbox, table.Outbox(table.OutboxID(outbox.PasswordChanged, "10000017#1")))
			if err != nil {
				t.Fatal(err)
			}
			told, err := outbox.FromImage(item)
			if err != nil || told.Values[newpassword.ValuePasskeys] != c.stay || told.Values[newpassword.ValuePasskeysGone] != c.gone || told.Values[newpassword.ValueSecondStep] == "" {
				t.Errorf("the mail is told %v, %v", told.Values, err)
			}
			events, _, err := audit.Store{Store: store}.List(t.Context(), "10000017", "", 10)
			if err != nil || len(events) != 1 || events[0].New[newpassword.ValuePasskeysGone] != c.gone {
				t.Errorf("the audit: %+v, %v (M10)", events, err)
			}
		})
	}
}

func TestTheFormOfAResetNamesWhatElseOpensTheAccount(t *testing.T) {
	s, _, secret := withPasskeys(t)
	a := s.do("GET", "/password/reset?token="+secret).want(t, 200, "Fremdes Telefon")
	for _, want := range []string{"Laptop", `value="young" id="f-passkeys" checked`, "Code einer Authenticator-App"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	a = s.do("POST", "/password/reset", "token", secret, "newPassword", "kurz", "passkeys", "all").want(t, 422, "")
	if !strings.Contains(a.body, `value="all" checked`) {
		t.Error("the choice is lost with a refused password")
	}
}
