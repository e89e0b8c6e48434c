package account

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

const password = "ein langes Kundenpasswort"

// visitor is a customer signed in on the local cloud; the slice runs there with the role of its function.
type visitor struct {
	stopped time.Time // see now
	t       *testing.T
	number  string
	cookie  string
	device  string
	kept    string
	site    http.Handler
	admin   table.Store
}

// visit makes a customer with a password and a session.
func visit(t *testing.T) *visitor {
	t.Helper()
	return visitOn(t, localtest.Number(t), localtest.Store(t), localtest.StoreFor(t, "account"))
}

// visitOn is visit on any tables, as the function sees them and as they are.
func visitOn(t *testing.T, number string, admin, store table.Store) *visitor {
	t.Helper()
	v := &visitor{t: t, number: number, admin: admin}
	hash, err := credential.Hasher{Rand: rand.Reader}.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	value, s, err := session.New(rand.Reader, time.Now(), session.Start{Number: v.number})
	if err != nil {
		t.Fatal(err)
	}
	v.cookie = value
	p := annaProfile
	p.Number, p.Members, p.Epoch, p.Version = v.number, nil, 0, 1
	v.put(customer.PutNew(v.admin.Names, p), session.Put(v.admin.Names, s), credential.SetPassword(v.admin.Names,
		credential.Credential{Subject: table.Customer(v.number), Epoch: p.Epoch}, hash, false, time.Now()))
	cfg := web.AppConfig{Config: web.Config{PublicURL: "https://konto.example", Brand: "Kundenkonto"}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: v.now}
	if v.site, err = site(area.DepsOf(store), cfg); err != nil {
		t.Fatal(err)
	}
	return v
}

// now is the time unless the test stopped the clock, as where a slow machine must not outwait a pause.
func (v *visitor) now() time.Time {
	if v.stopped.IsZero() {
		return time.Now()
	}
	return v.stopped
}

// put prepares the tables as the administrator, at most table.MaxItems items at a time.
func (v *visitor) put(items ...types.TransactWriteItem) {
	v.t.Helper()
	for chunk := range slices.Chunk(items, table.MaxItems) {
		if err := v.admin.Transact(v.t.Context(), chunk, ""); err != nil {
			v.t.Fatal(err)
		}
	}
}

func (v *visitor) send(method, path string, fields url.Values, header ...string) answer {
	r := httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if v.cookie != "" {
		r.AddCookie(&http.Cookie{Name: session.Cookie, Value: v.cookie})
	}
	if v.kept != "" {
		r.AddCookie(&http.Cookie{Name: session.KeptCookie, Value: v.kept})
	}
	if v.device != "" {
		r.AddCookie(&http.Cookie{Name: session.DeviceCookie, Value: v.device})
	}
	rec := httptest.NewRecorder()
	v.site.ServeHTTP(rec, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(rec.Body.String()))
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{rec, doc}
}

func (v *visitor) profile() customer.Profile {
	v.t.Helper()
	p, err := customer.Store{Store: v.admin}.Profile(v.t.Context(), v.number)
	if err != nil {
		v.t.Fatal(err)
	}
	return p
}

func TestOnTheCloudMasterDataAreSavedWithAuditAndMail(t *testing.T) {
	v := visit(t)
	a := v.send("POST", form.Path, url.Values{"version": {"1"}, "street": {"Neue Straße 1"}, "iban": {"DE02120300000000202051"}, "bic": {""},
		"accountNumber": {""}, "bankCode": {""}, "currentPassword": {password}})
	if a.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Code, a.text("main"))
	}
	if p := v.profile(); p.Street != "Neue Straße 1" || p.IBAN != "DE02120300000000202051" || p.BIC != "" || p.Version != 2 || p.Email != "anna@schaefer.example" {
		t.Errorf("the profile is %+v", p)
	}
	events, _, err := audit.Store{Store: v.admin}.Choose(t.Context(), v.number, "", 10, audit.NotMail)
	if err != nil || len(events) != 1 || events[0].Actor != v.number || events[0].Old["street"] != "Hauptstr. 5" || strings.Contains(fmt.Sprint(events[0].New), "DE02") {
		t.Errorf("audit events are %v, %v (M10, S20)", events, err)
	}
	item, err := v.admin.Get(t.Context(), v.admin.Names.Outbox, table.Outbox(table.OutboxID(outbox.MasterDataChanged, v.number+"#2")))
	if err != nil || item == nil {
		t.Fatalf("there is no outbox item: %v", err)
	}
	told, err := outbox.FromImage(item)
	if err != nil || told.Recipients[0].Address != "anna@schaefer.example" || len(outbox.ChangedFields(told.Values, merge.Fields()...)) != 5 {
		t.Errorf("the outbox item is %+v, %v", told, err)
	}
}

func TestOnTheCloudOnlyOneOfManyWritersWins(t *testing.T) {
	v := visit(t)
	var saved, refused int
	var mu sync.Mutex
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			a := v.send("POST", form.Path, url.Values{"version": {"1"}, "street": {fmt.Sprintf("Straße %d", i)}})
			mu.Lock()
			defer mu.Unlock()
			switch a.Code {
			case http.StatusSeeOther:
				saved++
			case http.StatusConflict:
				refused++
			}
		})
	}
	wait.Wait()
	if saved != 1 || refused != 7 || v.profile().Version != 2 {
		t.Errorf("%d saved, %d refused, version %d (S12)", saved, refused, v.profile().Version)
	}
}

func TestOnTheCloudGuessesOfThePasswordAreBounded(t *testing.T) {
	v := visit(t)
	v.stopped = time.Now()
	guess := func(password string) int {
		return v.send("POST", form.Path, url.Values{"version": {"1"}, "iban": {""}, "bic": {""}, "currentPassword": {password}}).Code
	}
	codes := map[int]int{}
	for range 7 {
		codes[guess("falsch geraten")]++
	}
	if codes[http.StatusUnprocessableEntity] != throttle.FreeTries || codes[http.StatusTooManyRequests] != 2 || guess(password) != http.StatusTooManyRequests {
		t.Errorf("answers are %v (S2, S7)", codes)
	}
	if v.profile().Version != 1 {
		t.Error("a guess changed something")
	}
	item, err := v.admin.Get(t.Context(), v.admin.Names.Throttle, table.Throttle("login", v.number))
	if err != nil || item != nil {
		t.Errorf("the sign-in is paused by it: %v, %v (S3)", item, err)
	}
}

func TestOnTheCloudManyPackagesOfSeveralNumbersStayUsable(t *testing.T) {
	v := visit(t)
	member := localtest.Customer(t, "").Number
	merged := v.profile()
	merged.Members = []string{member}
	v.put(customer.Update(v.admin.Names, v.profile(), merged))
	var items []types.TransactWriteItem
	for i := range 120 {
		number := []string{v.number, member}[i%2]
		items = append(items, customer.PutPackage(v.admin.Names, customer.Package{ID: fmt.Sprintf("P%s-%04d", v.number, i), Number: number,
			Product: "hosting", Domains: []string{fmt.Sprintf("d%d-%s.example", i, v.number)}, ContractStart: "2020-01-31", TermMonths: 12})...)
	}
	v.put(items...)
	var seen []string
	for path, pages := "/account", 0; path != ""; pages++ {
		a := v.send("GET", path, nil)
		if a.Code != http.StatusOK || a.text("#pakete") != "Ihre Pakete (120)" || pages > 3 {
			t.Fatalf("%s: status %d, heading %q", path, a.Code, a.text("#pakete"))
		}
		a.doc.Find("tbody th a").Each(func(_ int, link *goquery.Selection) { seen = append(seen, link.Text()) })
		path, _, _ = strings.Cut(a.doc.Find("a[rel=next]").AttrOr("href", ""), "#")
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 120 || len(seen) != 120 {
		t.Errorf("%d packages were shown on all pages", len(seen))
	}
	if a := v.send("GET", "/account?q="+url.QueryEscape(" HTTP://D77-"+v.number), nil); a.text("#pakete") != "Ihre Pakete (1 gefunden)" {
		t.Errorf("search finds %q", a.text("#pakete"))
	}
	if a := v.send("GET", "/account/packages/P"+v.number+"-0001", nil); a.Code != http.StatusOK || !strings.Contains(a.text("main"), member) {
		t.Errorf("a member's package: %d %s", a.Code, a.text("main"))
	}
	if a := visit(t).send("GET", "/account/packages/P"+v.number+"-0001", nil); a.Code != http.StatusNotFound {
		t.Errorf("another customer sees it: %d (S11)", a.Code)
	}
}

func TestOnTheCloudNobodyComesInWithoutASession(t *testing.T) {
	v := visit(t)
	v.cookie = ""
	for _, c := range [][2]string{{"GET", "/account"}, {"GET", "/account/packages/P-1"}, {"GET", form.Path}, {"POST", form.Path}} {
		if a := v.send(c[0], c[1], url.Values{"version": {"1"}, "street": {"Neue Straße 1"}}); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), "/login") {
			t.Errorf("%s %s answered %d (S10)", c[0], c[1], a.Code)
		}
	}
}

// hasPackages gives the customer one package of each product, and returns their ids by product.
func (v *visitor) hasPackages() map[string]string {
	v.t.Helper()
	ids := map[string]string{}
	for _, kind := range customer.Products {
		ids[kind] = "P" + v.number + "-" + kind
		v.put(customer.PutPackage(v.admin.Names, customer.Package{ID: ids[kind], Number: v.number, Product: kind, Tariff: "M", TermMonths: 12,
			Domains: []string{kind + "-" + v.number + ".example"}, ContractStart: "2020-01-31"})...)
	}
	return ids
}

func (v *visitor) pack(id string) customer.Package {
	v.t.Helper()
	p, err := customer.Store{Store: v.admin}.Package(v.t.Context(), id)
	if err != nil {
		v.t.Fatal(err)
	}
	return p
}

func TestOnTheCloudSettingsOfEachProductAreSavedAndFound(t *testing.T) {
	v := visit(t)
	ids := v.hasPackages()
	for kind, fields := range map[string]url.Values{
		"hosting": {"phpVersion": {"8.5"}, "httpsRedirect": {"false"}, "displayName": {"Mein BLOG"}},
		"server":  {"reverseDns": {"server1.schaefer.example"}, "backupNotification": {"always"}},
		"shop":    {"language": {"fr"}, "maintenanceMode": {"true"}},
	} {
		path := "/account/packages/" + ids[kind]
		if a := v.send("POST", path+"/settings", fields); a.Code != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", kind, a.Code, a.text("main"))
		}
		p := v.pack(ids[kind])
		for name := range fields {
			if p.Settings[name] != fields.Get(name) {
				t.Errorf("%s: %s is %q", kind, name, p.Settings[name])
			}
		}
		if p.SettingsVersion != 1 || p.Tariff != "M" || len(p.Domains) != 1 || v.profile().Version != 1 {
			t.Errorf("the package is %+v, the profile has version %d (a setting makes no order stale)", p, v.profile().Version)
		}
		item, err := v.admin.Get(t.Context(), v.admin.Names.Outbox, table.Outbox(table.OutboxID(outbox.PackageChanged, ids[kind]+"#1")))
		if err != nil || item == nil {
			t.Errorf("%s: there is no event: %v", kind, err)
		}
	}
	if a := v.send("GET", "/account?q=blog", nil); a.text("#pakete") != "Ihre Pakete (1 gefunden)" || !strings.Contains(a.text("tbody"), "Mein BLOG") {
		t.Errorf("the search by name says %q %q", a.text("#pakete"), a.text("tbody"))
	}
	imported := v.pack(ids["hosting"])
	imported.Tariff, imported.Settings, imported.TermMonths = "L", nil, 0
	v.put(customer.PutPackage(v.admin.Names, imported)...)
	if p := v.pack(ids["hosting"]); p.Tariff != "L" || p.TermMonths != 0 || p.Settings["phpVersion"] != "8.5" || p.SettingsVersion != 1 {
		t.Errorf("after an import the package is %+v (M1)", p)
	}
}

func TestOnTheCloudSettingsOfAStrangerOrUnderAMergedNumberAreRefused(t *testing.T) {
	v, stranger := visit(t), visit(t)
	id := v.hasPackages()["shop"]
	path := "/account/packages/" + id + "/settings"
	if a := stranger.send("POST", path, url.Values{"language": {"fr"}}); a.Code != http.StatusNotFound {
		t.Errorf("a stranger: %d (S11)", a.Code)
	}
	survivor := stranger.profile()
	survivor.Members = []string{v.number}
	merged := v.profile()
	merged.MergedInto = stranger.number
	own := v.profile()
	v.put(customer.Update(v.admin.Names, stranger.profile(), survivor), customer.Update(v.admin.Names, v.profile(), merged))
	for name, items := range map[string][]types.TransactWriteItem{
		"the merged number itself":   {customer.CheckOwns(v.admin.Names, own, v.number)},
		"a number that is no member": {customer.CheckOwns(v.admin.Names, stranger.profile(), localtest.Number(t))},
	} {
		if err := v.admin.Transact(t.Context(), items, ""); !errors.Is(err, table.ErrCondition) {
			t.Errorf("%s may write: %v (S12)", name, err)
		}
	}
	if a := v.send("POST", path, url.Values{"language": {"fr"}}); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), "/login") {
		t.Errorf("the session of the merged number: %d to %s (S8)", a.Code, a.Header().Get("Location"))
	}
	if a := stranger.send("POST", path, url.Values{"language": {"fr"}}); a.Code != http.StatusSeeOther || v.pack(id).Settings["language"] != "fr" {
		t.Errorf("the survivor: %d %s", a.Code, a.text("main"))
	}
}
