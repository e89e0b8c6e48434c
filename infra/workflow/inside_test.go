package workflow

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// TestWhatTheServiceTeamNotesStaysInside: in no mail, no outbox item, no page of the customer and no JSON.
func TestWhatTheServiceTeamNotesStaysInside(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	const note, contact, reason = "NOTIZ-nur-intern", "KONTAKT-nur-intern", "GRUND-fuer-den-Kunden"
	p := newPair(t, nil)
	o := reviewed(t, p.submit(t, nil).ID)
	about(t, p.other.Email, o.ID, 1)
	failed := order.Unreached{Numbers: []string{p.other.Number}, Why: order.Bounced, Item: "order.announced#" + o.ID + "#1"}
	if _, err := as(t, "dispatch").AnnouncementFailed(t.Context(), o.ID, failed); err != nil {
		t.Fatal(err)
	}
	o, err := as(t, "review").Approve(t.Context(), o.ID, order.Decision{Reviewer: "staff:jana", Digest: o.Digest, Note: note, Contact: contact, Reason: reason})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{"own mail": about(t, p.own.Email, o.ID, 2)[1].BodyText, "other mail": about(t, p.other.Email, o.ID, 2)[1].BodyText}
	item, err := localtest.Store(t).Get(t.Context(), localtest.Names(t).Outbox, table.Outbox(table.OutboxID(outbox.OrderApproved, fmt.Sprintf("%s/%d", o.ID, len(o.History)))))
	if err != nil || item == nil {
		t.Fatalf("no outbox item of the approval: %v", err)
	}
	told["outbox"] = fmt.Sprint(item)
	b := signIn(t, p.own.Number)
	told["page"] = b.get("/merge/orders/"+o.ID, "text/html")
	told["JSON"] = b.get("/merge/orders/"+o.ID, "application/json")
	told["list"] = b.get("/merge/orders", "application/json")
	for where, text := range told {
		for _, secret := range []string{note, contact, "staff:jana"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is in the %s", secret, where)
			}
		}
	}
	if !strings.Contains(told["own mail"], reason) || strings.Contains(told["other mail"], reason) {
		t.Error("the reason is for the ordering customer, and only for that one (M4)")
	}
	if !strings.Contains(told["page"], o.ID) || !strings.Contains(told["JSON"], string(merge.Approved)) {
		t.Errorf("the customer's page is %s", told["page"])
	}
}

// customerBrowser is a signed-in customer.
type customerBrowser struct {
	t       *testing.T
	cookies []*http.Cookie
	client  *http.Client
}

func signIn(t *testing.T, number string) customerBrowser {
	t.Helper()
	b := customerBrowser{t: t, client: localtest.Client(t)}
	form := url.Values{"customerNumber": {number}, "password": {"ein langes Kundenpasswort"}}
	r, err := http.NewRequest(http.MethodPost, localtest.Cloud(t).URL+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign-in: %s", resp.Status)
	}
	b.cookies = resp.Cookies()
	return b
}

func (b customerBrowser) get(path, accept string) string {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, localtest.Cloud(b.t).URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", accept)
	for _, c := range b.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %s, %v", path, resp.Status, err)
	}
	return string(body)
}
