package site

import (
	"strings"
	"testing"
	"testing/synctest"

	"kundenkonto/infra/localtest/tablefake"
)

// S20: no route logs or stores a password, a mailed link's secret, a cookie's value or bank data in the clear that were
// entered: neither when all goes well nor when AWS answers with errors.
func TestNoRouteLogsOrKeepsASecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.populate()
		secrets := map[string]string{"current password": password, "new password": "ein ganz neues Kundenwort", "package password": packagePassword,
			"new package password": "ein ganz neues Paketwort", "recovery code": recoveryCode, "seed of codes": totpSecret, "IBAN": iban}
		for purpose, secret := range c.tokens {
			secrets["link for "+purpose] = secret
		}
		for who, cookies := range c.cookies {
			for _, cookie := range cookies {
				secrets["cookie of "+who] = cookie.Value
			}
		}
		server := fault{lasts: true, do: brokenServer}
		for _, q := range c.requests() {
			for from := range 4 {
				w.again()
				if from > 0 {
					w.from(from, server)
				}
				w.send(t.Context(), c, q)
				log := w.log.String() + strings.Join(w.wire.queued, "\n")
				if !strings.Contains(log, q.route[strings.Index(q.route, "/"):]) {
					t.Errorf("%s: nothing is logged (S20)", q.route)
				}
				for name, secret := range secrets {
					if strings.Contains(log, secret) {
						t.Errorf("%s logs the %s (S20)", q.route, name)
					}
				}
				w.wire.fake.Changed(w.saved, func(table string, item tablefake.Item) {
					for name, secret := range secrets {
						if kept(table, item, secret) {
							t.Errorf("%s keeps the %s in %s (S20)", q.route, name, table)
						}
					}
				}, func(string, tablefake.Item) {})
			}
		}
	})
}

// kept says whether an item has a secret where it does not belong. A profile has bank data, a second factor its seed; an
// order has the values that both sides agreed on.
func kept(table string, item tablefake.Item, secret string) bool {
	if secret == iban && (table == "Customers" || table == "MergeOrders") || secret == totpSecret && table == "Credentials" {
		return false
	}
	for _, v := range item {
		if strings.Contains(text(v), secret) {
			return true
		}
	}
	return false
}
