package simulate

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// browser keeps cookies and what was sent last.
type browser struct {
	w       *world
	name    string
	address string
	cookies map[string]string
	last    sent
}

// sent is a form that was sent.
type sent struct {
	path string
	form url.Values
}

// person is a customer with a number, what they know, and how they are signed in.
type person struct {
	browser
	number    string
	mailboxes []string
	password  string
	packages  map[string]string // their passwords, by id
	app       string            // secret of an authenticator app
	fresh     int               // counts what is made up

	epoch   int64 // of the session
	entered time.Time
}

func newPerson(w *world, number string) *person {
	return &person{browser: browser{w: w, name: number, address: "[2001:db8:" + number[4:] + "::1]:4711", cookies: map[string]string{}}, number: number,
		mailboxes: []string{"n" + number + "@kunde.example", "m" + number + "@kunde.example"}, packages: map[string]string{}}
}

// answer is what a page answered; of a function that died it has the status 502, which API Gateway would give.
type answer struct {
	code     int
	location string
	body     string
}

func (a answer) String() string {
	if a.location != "" {
		return fmt.Sprint(a.code, " to ", a.location)
	}
	return fmt.Sprint(a.code)
}

func (a answer) field(name string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(a.body), &fields) != nil {
		return ""
	}
	return fmt.Sprint(fields[name])
}

// look is a page as a program gets it.
func (b *browser) look(path string) answer { return b.send(http.MethodGet, path, nil) }

// post sends a form as its page does. Who is told to try again later mostly does so.
func (b *browser) post(path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	b.last = sent{path, form}
	a := b.send(http.MethodPost, path, form)
	for try := 0; a.code >= 500 && try < 3 && b.w.dice.IntN(4) > 0; try++ {
		b.w.say("%s:   again, after %d", b.name, a.code)
		a = b.send(http.MethodPost, path, form)
	}
	return a
}

// send makes a request, a second after whatever was before.
func (b *browser) send(method, path string, form url.Values) answer {
	w := b.w
	if !w.inner {
		time.Sleep(time.Second)
		w.wire.begin(w.troubleWith(w.somebody, 8))
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr = b.address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept", "text/html")
	if method == http.MethodGet {
		r.Header.Set("Accept", "application/json")
	} else {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	w.site.ServeHTTP(rec, r)
	if !w.inner && w.wire.died() {
		return answer{code: http.StatusBadGateway}
	}
	if rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable { // that says when to try again
		w.witness.broke("L1: %s %s answers %d", method, r.URL.Path, rec.Code)
	}
	for _, c := range rec.Result().Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return answer{rec.Code, rec.Header().Get("Location"), rec.Body.String()}
}

// does sends a form for a person and says what came of it; hidden links and passwords are not told.
func (b *browser) does(what, path string, pairs ...string) answer {
	b.w.say("%s: %s", b.name, what)
	a := b.post(path, pairs...)
	b.w.say("%s:   %s", b.name, a)
	if a.code < 400 {
		b.w.did[strings.TrimSpace(strings.Split(what, " of ")[0])]++
	}
	return a
}

// enter sees to it that a person is signed in: mostly they still are, or they come by the page.
func (p *person) enter() bool {
	now := p.w.witness.profiles[p.number]
	if p.cookies[session.Cookie] != "" && p.epoch == now.Epoch && time.Since(p.entered) < session.Idle-5*time.Minute {
		return true
	}
	if p.w.dice.IntN(40) == 0 {
		return p.signIn()
	}
	value, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: p.number, Epoch: now.Epoch})
	p.w.must(err)
	p.w.put(session.Put(p.w.calm.Names, s))
	p.signedIn(value)
	return true
}

func (p *person) signedIn(cookie string) {
	p.cookies[session.Cookie], p.epoch, p.entered = cookie, p.w.witness.profiles[p.number].Epoch, time.Now()
}

// signIn signs in with password and code.
func (p *person) signIn() bool {
	delete(p.cookies, session.Cookie)
	a := p.does("signs in", "/login", "customerNumber", p.number, "password", p.password)
	if a.location == "/login/second-factor" && p.app != "" {
		if !p.w.inner {
			time.Sleep(time.Minute) // a code that was not used yet
		}
		a = p.does("enters a code", "/login/second-factor", "code", secondfactor.Code(p.app, time.Now()))
	}
	if cookie := p.cookies[session.Cookie]; cookie != "" {
		p.signedIn(cookie)
		return true
	}
	return false
}

// made is something made up that nobody else has.
func (p *person) made(what string) string {
	p.fresh++
	return fmt.Sprintf("%s %s %d", what, p.number, p.fresh)
}

// changesHash does something that sets a password, and remembers the password if it was set, whatever the answer was.
func (p *person) changesHash(subject, password string, do func()) bool {
	before := p.w.witness.hashes[subject]
	do()
	now := p.w.witness.hashes[subject]
	if now == before || now == "" {
		return false
	}
	if id, found := strings.CutPrefix(subject, table.PackageSubject("")); found {
		p.packages[id] = password
	} else {
		p.password = password
	}
	return true
}

// iban is a valid one of a made-up account.
func iban(account int) string {
	bban := fmt.Sprintf("37040044%010d", account)
	rest := 0
	for _, c := range bban + "131400" {
		rest = (rest*10 + int(c-'0')) % 97
	}
	return fmt.Sprintf("DE%02d%s", 98-rest, bban)
}

// team is a browser of the service team that has just signed in.
func (w *world) team() *browser {
	value, err := session.StaffStore{Store: w.calm}.Create(context.Background(), rand.Reader,
		session.StaffSession{User: "jana", Name: "Jana", Groups: []string{session.StaffGroup}}, time.Now())
	w.must(err)
	return &browser{w: w, name: "team", address: "[2001:db8:ffff::1]:4711", cookies: map[string]string{session.StaffCookie: value}}
}

// packageIDs are the packages that a person knows of, sorted.
func (p *person) packageIDs() []string { return slices.Sorted(maps.Keys(p.packages)) }
