package site

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/alarms"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// corrupt are stored hashes that cannot be, or must not be, compared with: the last ones would take the function's memory or
// time.
var corrupt = map[string]string{
	"no hash":         "geheim",
	"cut off":         "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ",
	"other algorithm": "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0",
	"NUL":             "$argon2id$\x00",
	"no threads":      "$argon2id$v=19$m=19456,t=2,p=0$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0",
	"4 TB of memory":  "$argon2id$v=19$m=4294967295,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0",
	"a year of time":  "$argon2id$v=19$m=19456,t=4294967295,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0",
	"bcrypt cost 31":  "$2a$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
}

// S4: a corrupt hash is refused like a wrong password, wherever one is compared, within the bounds, and is an alarm.
func TestACorruptHashIsARefusalAndAnAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		good := c.good()
		slices := Slices()
		for route, subject := range map[string]string{
			"POST /login":                          table.Customer(drafted),
			"POST /merge/check":                    table.PackageSubject("P" + provable),
			"POST /account/password":               table.Customer(anna),
			"POST /account/packages/{id}/password": table.Customer(anna),
			"POST /account/second-factor/begin":    table.Customer(anna),
		} {
			q, wrong := good[route], good[route]
			wrong.form = fields()
			for name := range q.form {
				wrong.form.Set(name, q.form.Get(name))
				if name == "password" || name == "currentPassword" {
					wrong.form.Set(name, "das ist es nicht")
				}
			}
			w.again()
			want := w.send(t.Context(), c, wrong)
			if want.Code != 422 || strings.Contains(w.log.String(), credential.Alarm) {
				t.Errorf("%s with a wrong password: %d\n%s", route, want.Code, w.log.String())
			}
			quiet, function := w.log.String(), functionOf(slices, route)
			for name, hash := range corrupt {
				w.again()
				w.plant(subject, hash)
				a := w.send(t.Context(), c, q)
				if a.Code != want.Code || changing.ReplaceAllString(passing.ReplaceAllString(a.Body.String(), ""), "") != changing.ReplaceAllString(passing.ReplaceAllString(want.Body.String(), ""), "") {
					t.Errorf("%s, %s: %d, want what a wrong password gets (S4)", route, name, a.Code)
				}
				if strings.Count(w.log.String(), `"alarm":"`+credential.Alarm+`"`) != 1 {
					t.Errorf("%s, %s: no alarm (S4): %s", route, name, w.log.String())
				}
				alarms.FiresOn(t, "CorruptHashesAlarm", function, w.log.String(), quiet)
			}
		}
	})
}

// functionOf is the folder of the function that serves a route.
func functionOf(slices map[string][]web.Route, route string) string {
	for slice, routes := range slices {
		for _, r := range routes {
			if r.Method+" "+r.Pattern == route {
				return strings.ToLower(slice)
			}
		}
	}
	return ""
}

// plant writes a hash into a credential as nobody of ours would.
func (w *world) plant(subject, hash string) {
	names := tablefake.Names
	expression, hashName := "SET #hash = :hash", map[string]string{"#hash": "hash"}
	w.put(types.TransactWriteItem{Update: &types.Update{TableName: &names.Credentials, Key: table.Credential(subject),
		UpdateExpression: &expression, ExpressionAttributeNames: hashName, ExpressionAttributeValues: table.Item{":hash": table.S(hash)}}})
}
