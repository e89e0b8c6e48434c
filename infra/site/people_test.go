package site

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/spelling"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// people are the customers of a world, by what happened to them. Each number has a package "P"+number with a password.
const (
	anna      = "10000017" // signed in, with a second factor, a passkey, and a draft with drafted
	drafted   = "10000025"
	provable  = "10000033"
	reviewed  = "10000041" // ordered a merge of reviewedOf that waits for the service team
	staled    = "10000058" // its order went back to it
	withdrawn = "10000066"
	vetoed    = "10000074"
	failed    = "10000082"
	executed  = "10000090"
	objected  = "10000108"
	lost      = "10000116" // lost the second factor; a recovery runs
	moving    = "10000124" // asked for another e-mail address
)

const (
	packagePassword = "ein langes Paketpasswort"
	iban            = "DE89370400440532013000"
	totpSecret      = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	recoveryCode    = "0000-1111-2222-3333"
)

// cast is what requests need to know of a world.
type cast struct {
	cookies map[string][]*http.Cookie // by number, and "staff"
	orders  map[string]order.Order    // by who ordered
	tokens  map[string]string         // by purpose
	digest  string                    // of anna's draft
	session string                    // another one of anna's
}

// populate fills a world and saves it.
func (w *world) populate() *cast {
	w.t.Helper()
	c := &cast{cookies: map[string][]*http.Cookie{}, orders: map[string]order.Order{}, tokens: map[string]string{}}
	for _, n := range []string{anna, drafted, provable, reviewed, staled, withdrawn, vetoed, failed, executed, objected, lost, moving} {
		w.customer(c, n)
	}
	w.factors(c)
	c.session = w.signIn(c, anna)
	w.signIn(c, anna) // the one that is used
	w.ordered(c)
	c.digest = w.drafts(anna, drafted)
	w.links(c)
	w.put(localtest.GivenUp(tablefake.Names, anna, "MessageRejected", time.Now()))
	w.staffSignsIn(c)
	w.save()
	return c
}

// staffSignsIn gives the service team a session for which the user pool is asked with the next request: the last time is
// too long ago.
func (w *world) staffSignsIn(c *cast) {
	value, err := session.StaffStore{Store: w.calm}.Create(context.Background(), rand.Reader,
		session.StaffSession{Sub: janasSub, User: "jana", Name: "Jana", Groups: []string{session.StaffGroup}}, time.Now().Add(-session.StaffCheckEvery))
	w.must(err)
	c.cookies["staff"] = []*http.Cookie{session.NewStaffCookie(value)}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func sourceOf(number string) string { return number + "9" }

func (w *world) customer(c *cast, number string) {
	for _, n := range []string{number, sourceOf(number)} {
		p := customer.Profile{Number: n, FirstName: "Anna", LastName: "Schäfer", Street: "Straße " + n, City: "Berlin", PostalCode: "10115", Country: "DE",
			Email: "n" + n + "@kunde.example", Phone: "+49 30 1234567", IBAN: iban, Language: "de", Version: 1, CreatedAt: time.Now().AddDate(-3, 0, 0)}
		w.put(customer.PutNew(tablefake.Names, p))
		w.put(customer.PutPackage(tablefake.Names, customer.Package{ID: "P" + n, Number: n, Product: "hosting", Tariff: "M", TermMonths: 12, ContractStart: "2020-01-31", Domains: []string{"d" + n + ".example"}})...)
		w.put(credential.SetPassword(tablefake.Names, credential.Credential{Subject: table.PackageSubject("P" + n)}, localtest.CheapHash(packagePassword), false, p.CreatedAt),
			credential.SetPassword(tablefake.Names, credential.Credential{Subject: table.Customer(n)}, localtest.CheapHash(password), false, p.CreatedAt))
	}
	if number == anna {
		k := customer.Package{ID: "K" + number, Number: number, Product: "hosting", Tariff: "S"}
		w.put(customer.PutPackage(tablefake.Names, k)...)
		w.put(cancellation.Lay(tablefake.Names, cancellation.Waiting{Key: declaredKey, ID: cancelled,
			Stated:     cancellation.Stated{Kind: customer.Ordinary, Name: "Anna Schäfer", Contract: k.ID, Email: "anna@kunde.example"},
			ReceivedAt: time.Now(), Owner: number, Package: k.ID}))
		w.put(customer.PutCancellation(tablefake.Names, k, customer.Cancellation{ID: cancelled, Kind: customer.Ordinary, EndsOn: "2030-01-30", ReceivedAt: time.Now(), By: number}))
	}
	w.signIn(c, number)
}

// declaredKey is the key of a cancellation of that package that came without a sign-in.
const declaredKey = "0123456789abcdef0123456789abcdef"

// cancelled is the id of anna's cancellation of the package "K"+anna.
const cancelled = "K7QX-2M4D"

// signIn gives the number a session of now and returns its id.
func (w *world) signIn(c *cast, number string) string {
	value, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: number})
	w.must(err)
	w.put(session.Put(tablefake.Names, s))
	c.cookies[number] = []*http.Cookie{session.NewCookie(value)}
	return s.ID
}

func (w *world) factors(c *cast) {
	for _, n := range []string{anna, lost, provable} {
		f := secondfactor.Factor{Version: 1, Secret: totpSecret, Since: time.Now(), Codes: []string{secondfactor.HashCode(n, recoveryCode)}, CodesAt: time.Now(),
			Draft: totpSecret, DraftAt: time.Now(), Handle: "aGFuZGxl" + n,
			Passkeys: []secondfactor.Passkey{{ID: "cGFzc2tleQ" + n, Name: "Schlüssel", AddedAt: time.Now(), Record: "{}"}}}
		if n == lost {
			f.Recovery = secondfactor.Recovery{ID: "recovery1", EndAt: time.Now().Add(48 * time.Hour), By: "staff:jana"}
		}
		names := tablefake.Names
		w.put(types.TransactWriteItem{Put: &types.Put{TableName: &names.Credentials, Item: table.With(table.SecondFactor(n), table.MustMarshal(f))}})
	}
	p, err := session.NewPending(rand.Reader, time.Now(), session.Pending{Number: provable})
	w.must(err)
	w.put(session.PutPending(tablefake.Names, p))
	c.cookies["second step"] = []*http.Cookie{session.NewSignInCookie(p)}
}

// ordered brings orders to every state that a route acts on.
func (w *world) ordered(c *cast) {
	ctx, now := context.Background(), time.Now().Add(-6*24*time.Hour)
	orders := order.Store{Store: w.calm, Now: func() time.Time { return now }, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: vetoHours}
	for _, n := range []string{reviewed, staled, withdrawn, vetoed, failed, executed, objected} {
		digest := w.drafts(n, sourceOf(n))
		o, err := orders.Submit(ctx, order.Submission{Customer: n, Digest: digest, IdempotencyKey: "key-" + n})
		w.must(err)
		_, err = orders.Announce(ctx, o.ID, 1)
		w.must(err)
		if o, err = orders.Get(ctx, o.ID); err == nil {
			for i := range o.ToAnnounce {
				_, err = orders.MarkAnnounced(ctx, o.ID, "order.announced#"+o.ID+"#"+strconv.Itoa(i), now)
				w.must(err)
			}
		}
		w.must(err)
		c.orders[n] = o
	}
	id := func(n string) string { return c.orders[n].ID }
	_, err := orders.Claim(ctx, id(reviewed), "staff:jana", "")
	w.must(err)
	_, err = orders.Withdraw(ctx, id(withdrawn), withdrawn, 0)
	w.must(err)
	_, err = orders.Veto(ctx, id(vetoed), nil)
	w.must(err)
	w.changePhone(staled)
	_, err = orders.Recheck(ctx, id(staled))
	w.must(err)
	_, err = orders.Fail(ctx, id(failed), 1, "Lambda.Unknown")
	w.must(err)
	for _, n := range []string{executed, objected} {
		_, err = orders.Approve(ctx, id(n), order.Decision{Reviewer: "staff:jana", Digest: c.orders[n].Digest})
		w.must(err)
	}
	now = time.Now().Add(-24 * time.Hour)
	for _, n := range []string{executed, objected} {
		_, err = orders.Execute(ctx, id(n), 1)
		w.must(err)
	}
	_, err = orders.Veto(ctx, id(objected), []string{sourceOf(objected)})
	w.must(err)
	for n := range c.orders {
		o, err := orders.Get(ctx, c.orders[n].ID)
		w.must(err)
		c.orders[n] = o
	}
	renewed, err := orders.Renewed(ctx, c.orders[staled])
	w.must(err)
	stale := c.orders[staled]
	stale.Digest = renewed.Digest
	c.orders[staled] = stale
	w.signIn(c, executed)
	w.signIn(c, objected)
}

func (w *world) changePhone(number string) {
	p := w.profile(number)
	next := p
	next.Phone = "+49 30 7654321"
	w.put(customer.Update(tablefake.Names, p, next))
}

func (w *world) profile(number string) customer.Profile {
	p, err := customer.Store{Store: w.calm}.Profile(context.Background(), number)
	w.must(err)
	return p
}

// drafts puts a proven and adopted number into a draft and returns the digest of what is shown.
func (w *world) drafts(number, source string) string {
	ctx := context.Background()
	orders := order.Store{Store: w.calm, Now: time.Now, Rand: rand.Reader, Speller: spelling.Speller{}, VetoHours: vetoHours}
	d, err := orders.Draft(ctx, number)
	w.must(err)
	profile, err := customer.Store{Store: w.calm}.Profile(ctx, number)
	w.must(err)
	d.Prove(order.Proof{Number: source, Package: "P" + source, Domain: "d" + source + ".example", Version: 1, Fingerprint: merge.Fingerprint(order.RecordOf(profile))}, time.Now())
	d.Adopt(source, merge.Choices{})
	d, err = orders.SaveDraft(ctx, d)
	w.must(err)
	profiles, err := orders.Parties(ctx, d)
	w.must(err)
	return order.DigestOf(profiles[d.Number], d, profiles)
}

// links are the tokens that dispatch would have mailed.
func (w *world) links(c *cast) {
	p := w.profile(moving)
	next := p
	next.Pending = &customer.PendingEmail{ID: "change1", Address: "neu@kunde.example", At: time.Now(), Until: time.Now().Add(token.ConfirmLifetime)}
	w.put(customer.Update(tablefake.Names, p, next))
	change := map[string]string{"change": "change1", "address": "neu@kunde.example", "oldAddress": p.Email}
	for _, t := range []token.Token{
		{Purpose: token.PurposeReset, Subject: drafted, Address: w.profile(drafted).Email},
		{Purpose: token.PurposeVeto, Subject: c.orders[reviewed].ID},
		{Purpose: token.PurposeConfirmEmail, Subject: moving, Values: change},
		{Purpose: token.PurposeStopEmail, Subject: moving, Values: change},
		{Purpose: token.PurposeStopRecovery, Subject: lost, Values: map[string]string{secondfactor.ValueID: "recovery1"}},
	} {
		t.Expires = time.Now().Add(time.Hour)
		secret, err := token.Store{Store: w.calm}.Make(context.Background(), rand.Reader, t)
		w.must(err)
		c.tokens[t.Purpose] = secret
	}
}
