package site

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/proven"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

const password = "ein langes Kundenpasswort"

// belongings are what a customer has, with the keys that other tables know them by.
type belongings struct {
	owner                          customer.Profile
	packageID, order, passkey, own string // own is the number in the draft
	session, digest                string
	keys                           []stored
}

type stored struct {
	table string
	key   table.Key
}

// customerWithEverything has a package, a draft, an order under way, a passkey and a session.
// bound is a package whose contract runs to the end of a term: there is a last day to cancel it.
func (b belongings) bound() string { return "R" + b.owner.Number }

func customerWithEverything(t *testing.T) belongings {
	t.Helper()
	names := localtest.Names(t)
	a, source, drafted := localtest.Customer(t, password), localtest.Customer(t, ""), localtest.Customer(t, "")
	b := belongings{owner: a, packageID: "P" + a.Number, own: drafted.Number}
	for _, n := range []string{a.Number, source.Number, drafted.Number} {
		localtest.Put(t, customer.PutPackage(names, customer.Package{ID: "P" + n, Number: n, Product: "hosting", Domains: []string{"d" + n + ".example"}, ContractStart: "2024-01-31", TermMonths: 12})...)
	}
	localtest.Put(t, customer.PutPackage(names, customer.Package{ID: b.bound(), Number: a.Number, Product: "hosting",
		ContractStart: time.Now().AddDate(0, -1, 0).Format(time.DateOnly), TermMonths: 12, NoticePeriodMonths: 1})...)
	localtest.Put(t, customer.PutCancellation(names, customer.Package{ID: b.packageID, Number: a.Number},
		customer.Cancellation{ID: "K7QX-2M4D", Kind: customer.Ordinary, ReceivedAt: time.Now(), By: a.Number}))
	id := "passkey-" + a.Number
	factor := secondfactor.Factor{Version: 1, Handle: id, Passkeys: []secondfactor.Passkey{{ID: id, Name: "Schlüssel", AddedAt: time.Now(), Record: "{}"}}}
	localtest.Put(t, types.TransactWriteItem{Put: &types.Put{TableName: &names.Credentials, Item: table.With(table.SecondFactor(a.Number), table.MustMarshal(factor))}})
	b.passkey = table.Hash(id)[:16]
	b.session = table.Hash(signedIn(t, a, nil))
	orders := order.Store{Store: localtest.Store(t), Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: 72}
	o, err := orders.Submit(t.Context(), order.Submission{Customer: a.Number, Digest: draft(t, orders, a.Number, source.Number), IdempotencyKey: rand.Text()})
	if err != nil {
		t.Fatal(err)
	}
	b.order, b.digest = o.ID, o.Digest
	draft(t, orders, a.Number, drafted.Number)
	b.keys = []stored{
		{names.Customers, table.Profile(a.Number)}, {names.Customers, table.Package(a.Number, b.packageID)}, {names.Sessions, table.Session(b.session)},
		{names.Credentials, table.Credential(table.Customer(a.Number))}, {names.Credentials, table.Credential(table.PackageSubject(b.packageID))},
		{names.Credentials, table.SecondFactor(a.Number)}, {names.MergeOrders, table.Draft(a.Number)},
	}
	return b
}

// draft puts a proven and adopted number into the customer's draft and returns the digest of what is shown.
func draft(t *testing.T, orders order.Store, number, source string) string {
	t.Helper()
	d, err := orders.Draft(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	own, err := customer.Store{Store: orders.Store}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	d.Prove(proven.Of(t, orders.Store, own, source, "P"+source), time.Now())
	d.Adopt(source, merge.Choices{})
	if d, err = orders.SaveDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	profiles, err := orders.Parties(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return order.DigestOf(profiles[d.Number], d, profiles)
}

// placeholders are what addresses name of a customer's belongings, with something that does not exist.
func (b belongings) placeholders(pattern string) (theirs, nobodys string) {
	switch {
	case pattern == "/account/packages/{id}/calendar":
		return b.bound(), "R000000000001"
	case strings.HasPrefix(pattern, "/account/packages/{id}"):
		return b.packageID, "P000000000001"
	case strings.HasPrefix(pattern, "/merge/orders/{id}"):
		return b.order, "K7QX-2M4D"
	case strings.HasPrefix(pattern, "/account/second-factor/passkeys/{key}"):
		return b.passkey, "0123456789abcdef"
	}
	return "", ""
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// changing is what differs between two answers to the same request.
var changing = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|"session(Ends|Expires)":"[^"]*"|data-session-(ends|left)="[^"]*"|[0-9]{2}:[0-9]{2}(:[0-9]{2}[^"<]*)?`)

// A customer's package, order and passkey are, to another customer, like one that does not exist (S11).
func TestAnothersObjectsAreLikeNone(t *testing.T) {
	localtest.Cloud(t)
	b := customerWithEverything(t)
	stranger := localtest.Customer(t, password)
	cookie := session.NewCookie(signedIn(t, stranger, nil))
	own := session.NewCookie(signedIn(t, b.owner, nil))
	v, before := newVisitor(t), b.look(t)
	for _, r := range Routes() {
		if r.Access != web.Customer || !placeholder.MatchString(r.Pattern) {
			continue
		}
		theirs, nobodys := b.placeholders(r.Pattern)
		if theirs == "" {
			t.Errorf("%s names something that the test does not know (S11)", name(r))
			continue
		}
		if r.Method == http.MethodGet {
			if a := v.do(t, r.Method, placeholder.ReplaceAllString(r.Pattern, theirs), "", false, own); a.StatusCode != http.StatusOK {
				t.Errorf("%s: the owner gets %d", name(r), a.StatusCode)
			}
		}
		form := url.Values{"currentPassword": {password}, "newPassword": {"ein anderes langes Paketpasswort"}, "digest": {b.digest}, "displayName": {"meins"}, "kind": {"ordinary"}, "cancellation": {"K7QX-2M4D"}}
		for _, json := range []bool{false, true} {
			ask := func(id string) (int, string) {
				a := v.do(t, r.Method, placeholder.ReplaceAllString(r.Pattern, id), form.Encode(), json, cookie)
				return a.StatusCode, changing.ReplaceAllString(strings.ReplaceAll(a.body, id, "ID"), "")
			}
			status, body := ask(theirs)
			statusOfNone, bodyOfNone := ask(nobodys)
			if status != http.StatusNotFound || status != statusOfNone || body != bodyOfNone {
				t.Errorf("%s, JSON %v: %d and %d (S11)\n%s\n%s", name(r), json, status, statusOfNone, body, bodyOfNone)
			}
		}
	}
	if after := b.look(t); !reflect.DeepEqual(before, after) {
		t.Errorf("a stranger changed something (S11):\n%v\n%v", before, after)
	}
}

// What a form names is the sender's own, or nothing: session, numbers of a draft (S11).
func TestAnothersObjectsInFormsAreLikeNone(t *testing.T) {
	localtest.Cloud(t)
	b := customerWithEverything(t)
	v, before := newVisitor(t), b.look(t)
	for _, c := range []struct{ path, field, theirs, nobodys string }{
		{"/account/sessions/revoke", "session", b.session, table.Hash("nobody's")},
		{"/merge/adopt", "customerNumber", b.own, localtest.Number(t)},
		{"/merge/remove", "customerNumber", b.own, localtest.Number(t)},
		{"/merge/submit", "digest", b.digest, table.Hash("another")},
	} {
		for _, json := range []bool{false, true} {
			ask := func(value string) (int, string, string) {
				stranger := localtest.Customer(t, password) // anew, since a removal leads elsewhere the second time
				a := v.do(t, http.MethodPost, c.path, url.Values{c.field: {value}}.Encode(), json, session.NewCookie(signedIn(t, stranger, nil)))
				body := strings.NewReplacer(value, "ID", stranger.Number, "NUMBER").Replace(a.body)
				return a.StatusCode, a.Header.Get("Location"), number.ReplaceAllString(changing.ReplaceAllString(body, ""), "")
			}
			status, to, body := ask(c.theirs)
			statusOfNone, toOfNone, bodyOfNone := ask(c.nobodys)
			if status != statusOfNone || to != toOfNone || body != bodyOfNone || status >= 500 {
				t.Errorf("%s, JSON %v: %d to %q and %d to %q (S11)\n%s\n%s", c.path, json, status, to, statusOfNone, toOfNone, body, bodyOfNone)
			}
		}
	}
	if after := b.look(t); !reflect.DeepEqual(before, after) {
		t.Errorf("a stranger changed something (S11):\n%v\n%v", before, after)
	}
}

// number is a customer number with its gaps.
var number = regexp.MustCompile(`<span class="number">.*?</span></span>`)

// look reads all that a customer has, and the state of the order.
func (b belongings) look(t *testing.T) []table.Item {
	t.Helper()
	s := localtest.Store(t)
	var all []table.Item
	for _, k := range b.keys {
		item, err := s.Get(t.Context(), k.table, k.key)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	o, err := order.Store{Store: s, Now: time.Now}.Get(t.Context(), b.order)
	if err != nil {
		t.Fatal(err)
	}
	if o.State.Final() || o.State == merge.Withdrawn {
		t.Errorf("the order is %s", o.State)
	}
	ok, _, err := credential.Verify(table.String(all[3], "hash"), password)
	if !ok || err != nil {
		t.Errorf("the password is another: %v", err)
	}
	return all
}
