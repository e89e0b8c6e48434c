package importer

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/policy"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// nights is an import on a fake of the tables, by its role of template.yaml, with a clock.
type nights struct {
	*testing.T
	Importer
	now  time.Time
	fake *tablefake.Fake
}

func newNights(t *testing.T) *nights {
	n := &nights{T: t, now: time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)} // already the 2nd in Germany
	role, err := policy.Read("../../template.yaml", "ImportRole")
	if err != nil {
		t.Fatal(err)
	}
	fake := tablefake.New()
	n.fake = fake
	store := table.Store{DB: fake.Client(role.Over(fake, func(why string) { t.Error(why) })), Names: tablefake.Names}
	n.Importer = Importer{Tables: store, Now: func() time.Time { return n.now }, Rand: rand.Reader, Overwrite: Overwrite{}}
	return n
}

// brings imports one line as it stands in a file.
func (n *nights) brings(text string) {
	n.Helper()
	file := Memory("night", []byte(text))
	checked := Check(file)
	if len(checked.Problems) > 0 {
		n.Fatal(checked.Problems)
	}
	report, err := n.Import(n.Context(), checked, file)
	if err != nil || len(report.Failures) > 0 {
		n.Fatal(report, err)
	}
}

func (n *nights) profile() customer.Profile {
	n.Helper()
	p, err := customer.Store{Store: n.Tables}.Profile(n.Context(), "10000017")
	if err != nil {
		n.Fatal(err)
	}
	return p
}

func (n *nights) package1() customer.Package {
	n.Helper()
	stored, err := n.stored(n.Context(), "10000017")
	if err != nil {
		n.Fatal(err)
	}
	return stored["P-1001"]
}

// What the customer edited online is the customer's: the night brings the old value of each field, and none is taken.
func TestANightNeverOverwritesWhatTheCustomerEdited(t *testing.T) {
	n := newNights(t)
	n.brings(line("", ""))
	old := n.profile()
	edited := old
	for name, f := range fields {
		*f.profile(&edited) = "edited " + name
	}
	write := customer.Update(n.Tables.Names, old, edited)
	if err := n.Tables.Transact(t.Context(), []types.TransactWriteItem{write}, ""); err != nil {
		t.Fatal(err)
	}
	n.brings(line(`"balanceCents":0`, `"balanceCents":7`))
	p := n.profile()
	if p.BalanceCents != 7 {
		t.Error("the night did nothing")
	}
	for name, f := range fields {
		if got := *f.profile(&p); got != "edited "+name {
			t.Errorf("%s is %q", name, got)
		}
	}
	for name, f := range fields { // and with --overwrite that field alone is
		if err := n.Overwrite.Set(name); err != nil {
			t.Fatal(err)
		}
		n.brings(line("", ""))
		p := n.profile()
		if got := *f.profile(&p); got != *f.profile(&old) {
			t.Errorf("%s is %q, to be overwritten", name, got)
		}
	}
}

func TestWhatIsMissingKeepsItsValue(t *testing.T) {
	n := newNights(t)
	full := line(`"locked":false`, `"locked":true`)
	full = strings.Replace(full, `"bic":""`, `"bic":"COBADEFFXXX"`, 1)
	full = strings.Replace(full, `"DE"`, `"AT"`, 1)
	full = strings.NewReplacer(`"language":"de"`, `"language":"en"`, "10115", "1010", "37040044", "19043", `"contractStart"`,
		`"renewal":6,"priceCents":499,"billingMonths":3,"endedAt":"2026-01-31","contractStart"`).Replace(full)
	n.brings(full)
	for _, field := range []string{"country", "language", "bic"} {
		if err := n.Overwrite.Set(field); err != nil {
			t.Fatal(err)
		}
	}
	before := n.profile()
	short := strings.NewReplacer(`"locked":true,`, "", `"bic":"COBADEFFXXX",`, "", `"country":"AT",`, "", `"language":"en",`, "", `"termMonths":12,`, "",
		`"renewal":6,"priceCents":499,"billingMonths":3,"endedAt":"2026-01-31",`, "", "1010", "10115", "19043", "37040044").Replace(full)
	if len(short) > len(full)-100 {
		t.Fatal(short)
	}
	n.brings(short)
	p, pack := n.profile(), n.package1()
	if !p.Locked || p.BIC != "COBADEFFXXX" || p.Country != "AT" || p.Language != "en" || p.Version != before.Version {
		t.Errorf("%+v", p)
	}
	if pack.TermMonths != 12 || pack.PriceCents == nil || *pack.PriceCents != 499 || pack.BillingMonths != 3 || pack.Renewal != "6" || pack.EndedAt != "2026-01-31" {
		t.Errorf("%+v", pack)
	}
}

func TestAListWithoutPackagesEndsThemOnlyWhenAsked(t *testing.T) {
	n := newNights(t)
	text := line("", "")
	n.brings(text)
	none := text[:strings.Index(text, `"packages":[`)] + `"packages":[]}`
	n.brings(none)
	if p := n.package1(); p.EndedAt != "" {
		t.Errorf("ended %s", p.EndedAt)
	}
	n.EndMissing = true
	n.brings(none)
	if p := n.package1(); p.EndedAt != "2026-03-01" {
		t.Errorf("ended %q", p.EndedAt)
	}
}

// A package that was left out by mistake runs again when it is back; one that the operator ended does not.
func TestAPackageThatIsBackRunsAgain(t *testing.T) {
	n := newNights(t)
	text := line("", "")
	other := text[:strings.Index(text, `"packages":[`)] + `"packages":[{"id":"P-2","product":"shop","tariff":"S","domains":[],"contractStart":"","noticePeriodMonths":0}]}`
	n.brings(text)
	n.brings(other)
	if p := n.package1(); p.EndedAt != "2026-03-01" {
		t.Errorf("ended %q", p.EndedAt)
	}
	n.brings(text)
	if p := n.package1(); p.EndedAt != "" || p.LeftOut {
		t.Errorf("ended %q", p.EndedAt)
	}
	n.brings(line(`"contractStart"`, `"endedAt":"2026-02-28","contractStart"`))
	n.brings(text)
	if p := n.package1(); p.EndedAt != "2026-02-28" {
		t.Errorf("ended %q", p.EndedAt)
	}
	n.brings(line(`"contractStart"`, `"endedAt":"","contractStart"`))
	if p := n.package1(); p.EndedAt != "" {
		t.Errorf("ended %q", p.EndedAt)
	}
}

// The operator's end goes before the customer's cancellation, which stays where a package was left out by mistake.
func TestACancellationStaysUntilTheOperatorNamesTheEnd(t *testing.T) {
	n := newNights(t)
	text := line("", "")
	n.brings(text)
	p := n.package1()
	cancelled := customer.PutCancellation(n.Tables.Names, p, customer.Cancellation{ID: "K7QX-2M4D", Kind: customer.Ordinary, ReceivedAt: n.Now()})
	if err := n.Tables.Transact(t.Context(), []types.TransactWriteItem{cancelled}, ""); err != nil {
		t.Fatal(err)
	}
	other := text[:strings.Index(text, `"packages":[`)] + `"packages":[{"id":"P-2","product":"shop","tariff":"S","domains":[],"contractStart":"","noticePeriodMonths":0}]}`
	for _, night := range []string{text, other, text, line(`"termMonths":12`, `"termMonths":24`)} {
		n.brings(night)
		if p := n.package1(); p.Cancellation == nil || p.Cancellation.ID != "K7QX-2M4D" {
			t.Fatalf("lost by %s", night)
		}
	}
	n.brings(line(`"contractStart"`, `"endedAt":"2026-12-31","contractStart"`))
	if p := n.package1(); p.Cancellation != nil || p.EndedAt != "2026-12-31" {
		t.Errorf("%+v", p)
	}
}

// A balance is that of the number it is for, also when the number was merged (real money is owed to it).
func TestABalanceIsKeptOnItsNumberAfterAMerge(t *testing.T) {
	n := newNights(t)
	n.brings(line("", ""))
	old := n.profile()
	merged := old
	merged.MergedInto = "10000023"
	if err := n.Tables.Transact(t.Context(), []types.TransactWriteItem{customer.Update(n.Tables.Names, old, merged)}, ""); err != nil {
		t.Fatal(err)
	}
	n.brings(line(`"balanceCents":0`, `"balanceCents":700`))
	if p := n.profile(); p.BalanceCents != 700 || p.MergedInto != "10000023" {
		t.Errorf("%+v", p)
	}
}

// The role writes passwords of both kinds, and those only: what a file may bring.
func TestTheRoleOfTheImportIsEnoughForPasswords(t *testing.T) {
	n := newNights(t)
	line := func(password string) string {
		return `{"customerNumber":"10000017","company":"","firstName":"Anna","lastName":"Kurz","street":"","postalCode":"","city":"","phone":"","mobile":"","email":"anna@kunde.example",` +
			`"iban":"","accountNumber":"","bankCode":"","balanceCents":0,"password":"` + password + `","packages":[{"id":"P-1001","product":"shop","tariff":"M","domains":["a.example"],` +
			`"contractStart":"2019-05-01","noticePeriodMonths":1,"password":"` + password + `s Paket"}]}`
	}
	n.brings(line("Rosengarten-Fenster-23"))
	for _, field := range []string{"password", "packagePassword"} {
		if err := n.Overwrite.Set(field); err != nil {
			t.Fatal(err)
		}
	}
	n.brings(line("Ganz-anderes-Passwort-9"))
	if n.profile().Epoch != 1 {
		t.Error("the new password was not written")
	}
}
