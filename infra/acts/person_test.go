package acts

import (
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
)

// browser keeps cookies, and remembers every session that it ever had.
type browser struct {
	w        *world
	address  string
	cookies  map[string]string
	sessions []string
}

func newBrowser(w *world, name string) *browser {
	return &browser{w: w, address: fmt.Sprintf("[2001:db8:%x::1]:4711", len(name)*256+int(name[0])), cookies: map[string]string{}}
}

// answer is what a page answered.
type answer struct {
	code     int
	location string
	body     string
}

func (a answer) field(name string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(a.body), &fields) != nil {
		return ""
	}
	return fmt.Sprint(fields[name])
}

func (b *browser) get(path string) answer { return b.do(http.MethodGet, path, nil, "text/html") }

// look is get for a program.
func (b *browser) look(path string) answer {
	return b.do(http.MethodGet, path, nil, "application/json")
}

func (b *browser) post(path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, form, "text/html")
}

// do sends a request, a second after whatever was before.
func (b *browser) do(method, path string, form url.Values, accept string) answer {
	time.Sleep(time.Second)
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr = b.address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept", accept)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.w.site.ServeHTTP(rec, r)
	if rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable { // that says when to try again
		b.w.t.Errorf("%s %s answers %d\n%s", method, path, rec.Code, b.w.log.String())
	}
	for _, c := range rec.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		if b.cookies[c.Name] = c.Value; c.Name == session.Cookie {
			b.sessions = append(b.sessions, c.Value)
		}
	}
	return answer{rec.Code, rec.Header().Get("Location"), rec.Body.String()}
}

// person is somebody with a browser, mailboxes, and what they know.
type person struct {
	*browser
	name            string
	mailboxes       []string
	password        map[string]string   // by number, the one that held last
	packagePassword map[string]string   // likewise
	passwords       map[string][]string // all that were ever known, by number
	packagePws      map[string][]string
	app             map[string]string // secret of an authenticator app, by number
	fresh           int               // counts passwords made up
	orders          []string          // ordered
}

func newPerson(w *world, name string, mailboxes ...string) *person {
	return &person{browser: newBrowser(w, name), name: name, mailboxes: mailboxes, password: map[string]string{}, packagePassword: map[string]string{},
		passwords: map[string][]string{}, packagePws: map[string][]string{}, app: map[string]string{}}
}

// knows gives a person what another one knows of a number.
func (p *person) knows(of *person, number string) {
	p.password[number], p.packagePassword[number] = of.password[number], of.packagePassword[number]
}

// newPassword is one that nobody else has.
func (p *person) newPassword() string {
	p.fresh++
	return fmt.Sprintf("Lampe Wiese Fahrrad %s %d", p.name, p.fresh)
}

// setPassword remembers a password that was set for a number, or for what it was merged into.
func (p *person) setPassword(number, password string) {
	if into := p.w.profile(number).MergedInto; into != "" {
		number = into
	}
	p.passwords[number] = append(p.passwords[number], p.password[number])
	p.password[number] = password
}

// signIn signs in to a number, with the code of an app if one is known. It says whether the area is open then.
func (p *person) signIn(number string) bool {
	return p.signInWith(number, p.password[number])
}

func (p *person) signInWith(number, password string) bool {
	if password == "" {
		return false
	}
	delete(p.cookies, session.Cookie)
	a := p.post("/login", "customerNumber", number, "password", password)
	if a.location == "/login/second-factor" {
		if p.app[number] == "" {
			return false
		}
		time.Sleep(time.Minute) // a code that was not used yet
		p.post("/login/second-factor", "code", secondfactor.Code(p.app[number], time.Now()))
	}
	return p.isIn(number)
}

// isIn says whether the browser is signed in to a number.
func (p *person) isIn(number string) bool {
	a := p.get("/account/password")
	return a.code == http.StatusOK && strings.Contains(a.body, number)
}

// askReset asks for a link as anybody may.
func (p *person) askReset(number string) {
	p.post("/password/forgot", "customerNumber", number)
	p.w.settle()
}

// useReset sets a password by the newest link in the own mailboxes. It says whether one was good.
func (p *person) useReset(number string) bool {
	for _, l := range p.w.mails.links("/password/reset", p.mailboxes...) {
		if p.resetBy(l, number) {
			return true
		}
	}
	return false
}

func (p *person) resetBy(l link, number string) bool {
	password := p.newPassword()
	if a := p.post(l.path, "token", l.token, "newPassword", password); a.location != "/login?done=reset" {
		return false
	}
	p.setPassword(number, password)
	p.w.settle()
	return true
}

// changeEmail asks for another address, and confirms it if the link comes to the own mailboxes.
func (p *person) changeEmail(number, to string) bool { return p.askEmail(number, to) && p.confirm() }

// askEmail enters an address, which then waits for its confirmation.
func (p *person) askEmail(number, to string) bool {
	a := p.post("/account/master-data", "version", fmt.Sprint(p.w.profile(number).Version), "email", to, "currentPassword", p.password[number])
	p.w.settle()
	return a.code == http.StatusSeeOther
}

// confirm uses the links in the own mailboxes that put an address into force.
func (p *person) confirm() bool { return p.use("/account/email/confirm") }

// stop uses the links that stop a change of the address, newest first.
func (p *person) stop() bool { return p.use("/account/email/stop") }

// veto uses the links of orders.
func (p *person) veto() bool { return p.use("/merge/veto") }

// keepFactor stops recoveries.
func (p *person) keepFactor() bool { return p.use("/login/stop-recovery") }

// use sends all links of a kind in the own mailboxes, or those whose page names something.
func (p *person) use(path string, names ...string) (done bool) {
	for _, l := range p.w.mails.links(path, p.mailboxes...) {
		if len(names) > 0 && !strings.Contains(p.look(l.path+"?token="+url.QueryEscape(l.token)).body, names[0]) {
			continue
		}
		a := p.post(l.path, "token", l.token)
		done = a.code < 400 || done
		p.w.settle()
	}
	return done
}

// setUpApp sets up an authenticator app.
func (p *person) setUpApp(number string) bool {
	p.post("/account/second-factor/begin", "currentPassword", p.password[number])
	secret := strings.ReplaceAll(p.look("/account/second-factor/setup").field("secret"), " ", "")
	a := p.post("/account/second-factor/setup", "code", secondfactor.Code(secret, time.Now()))
	p.w.settle()
	if a.code != http.StatusOK {
		return false
	}
	p.app[number] = secret
	return true
}

// setPackagePassword sets the password of the number's package.
func (p *person) setPackagePassword(number string) bool {
	password := p.newPassword()
	a := p.post("/account/packages/"+packageOf(number)+"/password", "currentPassword", p.password[p.signedInto()], "newPassword", password)
	p.w.settle()
	if a.code != http.StatusSeeOther || !strings.Contains(a.location, "package-password") {
		return false
	}
	p.packagePws[number] = append(p.packagePws[number], p.packagePassword[number])
	p.packagePassword[number] = password
	return true
}

// signedInto is the number of the browser's session.
func (p *person) signedInto() string {
	body := p.get("/account/password").body
	for _, n := range slices.Sorted(maps.Keys(p.password)) {
		if strings.Contains(body, n) {
			return n
		}
	}
	return ""
}

// prove proves a number for the one that is signed in.
func (p *person) prove(number, packagePassword string) bool {
	a := p.post("/merge/check", "customerNumber", number, "domain", domainOf(number), "password", packagePassword)
	return a.location == "/merge/draft"
}

// order proves a number and orders that it be merged into the own one; choices are of /merge/adopt.
func (p *person) order(own, number string, choices ...string) (id string) {
	if !p.prove(number, p.packagePassword[number]) {
		return ""
	}
	p.post("/merge/adopt", append([]string{"customerNumber", number}, choices...)...)
	a := p.post("/merge/submit", "digest", p.look("/merge/draft").field("digest"), "idempotencyKey", fmt.Sprint("einmal-und-nie-wieder-", len(p.orders)), "currentPassword", p.password[own])
	id, found := strings.CutPrefix(a.location, "/merge/orders/")
	if !found {
		return ""
	}
	p.orders = append(p.orders, id)
	p.w.settle()
	return id
}

// What the service team does.

func (w *world) approve(id string) bool {
	team := w.team()
	a := team.post("/service/orders/"+id+"/approve", "digest", team.look("/service/orders/"+id).field("digest"), "note", "geprüft",
		"contact", "mit dem Kunden telefoniert")
	w.settle()
	return a.code == http.StatusSeeOther
}

func (w *world) undo(id string) bool {
	a := w.team().post("/service/orders/"+id+"/undo", "reason", "Der Inhaber widerspricht.", "later", "yes")
	w.settle()
	return a.code == http.StatusSeeOther
}

func (w *world) help(number, action string, pairs ...string) bool {
	a := w.team().post("/service/customers/"+number+"/"+action, append([]string{"reason", "Anruf des Kunden"}, pairs...)...)
	w.settle()
	return a.code < 400
}

// execute carries an order out: review, veto period, execution.
func (w *world) execute(id string) bool {
	if id == "" || !w.approve(id) {
		return false
	}
	w.pass((vetoHours + 1) * time.Hour)
	return w.profile(theirs).MergedBy == id || w.profile(mine).MergedBy == id || w.profile(second).MergedBy == id
}
