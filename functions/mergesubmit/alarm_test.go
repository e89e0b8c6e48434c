package mergesubmit

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/alarms"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
)

// S4: a stored hash that cannot be read is told wherever the password is asked for again.
func TestACorruptHashRaisesTheAlarm(t *testing.T) {
	confirmed := func(hash string) string {
		tables := tablefake.New().Store()
		stored := credential.SetPassword(tables.Names, credential.Credential{Subject: table.Customer("10000017")}, hash, false, noon)
		if err := tables.Transact(t.Context(), []types.TransactWriteItem{stored}, ""); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		s := stale()
		h := siteOf(t, Deps{Customers: s, Orders: s, Tokens: s, Passwords: reauth.Checker{Store: tables}, Speller: spelling.Speller{}}, slog.NewJSONHandler(&log, nil), "10000017")
		if w, _ := post(t, h, orderPath+"/confirm", url.Values{"digest": {"digest-now"}, "currentPassword": {"falsch"}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%d", w.Code)
		}
		return log.String()
	}
	sound, err := credential.Hasher{Rand: bytes.NewReader(make([]byte, 64))}.Hash("ein langes Kundenpasswort")
	if err != nil {
		t.Fatal(err)
	}
	alarms.FiresOn(t, "CorruptHashesAlarm", "mergesubmit", confirmed("$argon2id$kaputt"), confirmed(sound))
}
