package importer

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

func importer(t *testing.T, overwrite ...string) Importer {
	t.Helper()
	im := Importer{Tables: localtest.StoreFor(t, "import"), Now: time.Now, Rand: rand.Reader, Overwrite: Overwrite{}}
	for _, f := range overwrite {
		if err := im.Overwrite.Set(f); err != nil {
			t.Fatal(err)
		}
	}
	return im
}

// run imports lines and gives the counts of new, updated, unchanged and failed customers.
func run(t *testing.T, im Importer, lines ...Line) (counts [Failed + 1]int, report Report) {
	t.Helper()
	var text []byte
	for _, l := range lines {
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, b...), '\n')
	}
	checked := Check(Memory("test", text))
	if len(checked.Problems) > 0 {
		t.Fatal(checked.Problems)
	}
	report, err := im.Import(t.Context(), checked, Memory("test", text))
	if err != nil && !errors.Is(err, errDown) {
		t.Fatal(err)
	}
	return report.Counts, report
}

func newLine(t *testing.T) Line {
	n := localtest.Number(t)
	return Line{CustomerNumber: n, FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", Country: "DE", Language: "de",
		Email: "anna@" + n + ".example", AccountNumber: "0532013000", Password: "Rosengarten-Fenster-23", Packages: []Package{
			{ID: "A" + n, Product: "server", Tariff: "M", Domains: []string{"a" + n + ".example"}, Password: "erstes Paketpasswort", ContractStart: "2019-05-01"},
			{ID: "B" + n, Product: "shop", Tariff: "S", Domains: []string{"b" + n + ".example", "Bücher" + n + ".example"}, ContractStart: "2020-01-01"},
		}}
}

func profile(t *testing.T, number string) customer.Profile {
	t.Helper()
	p, err := customer.Store{Store: localtest.Store(t)}.Profile(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func passwordIs(t *testing.T, subject, password string) bool {
	t.Helper()
	c, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), subject)
	if err != nil {
		t.Fatal(err)
	}
	ok, _, err := credential.Verify(c.Hash, password)
	return ok && err == nil
}

// proves says which package a domain of a number proves, "" for none.
func proves(t *testing.T, number, domain string) string {
	t.Helper()
	found, err := customer.Store{Store: localtest.Store(t)}.FindProof(t.Context(), []string{number}, domain, contract.Day(time.Now()))
	if errors.Is(err, customer.ErrNotFound) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return found.Package
}

func TestANewCustomerComesInWholeAndTheSecondTimeNothingIsWritten(t *testing.T) {
	l := newLine(t)
	if counts, r := run(t, importer(t), l); counts != [Failed + 1]int{1, 0, 0, 0} {
		t.Fatal(r)
	}
	before := profile(t, l.CustomerNumber)
	if before.DisplayName() != "Anna Schäfer" || before.Version != 1 || before.Street != "Hauptstr. 5" || before.AccountNumber != "0532013000" {
		t.Errorf("%+v", before)
	}
	if !passwordIs(t, table.Customer(l.CustomerNumber), l.Password) || !passwordIs(t, table.PackageSubject(l.Packages[0].ID), "erstes Paketpasswort") {
		t.Error("passwords")
	}
	if got := proves(t, l.CustomerNumber, "bücher"+l.CustomerNumber+".example"); got != l.Packages[1].ID {
		t.Errorf("domain proves %q", got)
	}
	if counts, r := run(t, importer(t), l); counts != [Failed + 1]int{0, 0, 1, 0} {
		t.Fatal(r)
	}
	if after := profile(t, l.CustomerNumber); after.Version != before.Version {
		t.Errorf("version %d", after.Version)
	}
	events, _, err := audit.Store{Store: localtest.Store(t)}.List(t.Context(), l.CustomerNumber, "", 10)
	if err != nil || len(events) != 1 || events[0].Action != audit.Imported {
		t.Errorf("audit %v %v", events, err)
	}
}

func TestEveryNightBringsTheOperatorsFieldsAndLeavesTheCustomersAlone(t *testing.T) {
	l := newLine(t)
	run(t, importer(t), l)
	next := l
	next.BalanceCents, next.Locked, next.LastName, next.Company = 1999, true, "Schäfer-Klein", "Klein GmbH"
	next.Street, next.Email, next.Password = "Nebenstr. 7", "other@x.example", "Ganz-anderes-Passwort-9"
	next.Packages = slices.Clone(l.Packages)
	next.Packages[0].Password, next.Packages[0].Tariff = "zweites Paketpasswort", "L"
	next.Packages[1] = Package{ID: "C" + l.CustomerNumber, Product: "hosting", Domains: []string{"b" + l.CustomerNumber + ".example"}}
	if counts, r := run(t, importer(t), next); counts != [Failed + 1]int{0, 1, 0, 0} {
		t.Fatal(r)
	}
	p := profile(t, l.CustomerNumber)
	if p.BalanceCents != 1999 || !p.Locked || p.LastName != "Schäfer-Klein" || p.Company != "Klein GmbH" || p.Version != 2 {
		t.Errorf("the operator's fields: %+v", p)
	}
	if p.Street != "Hauptstr. 5" || p.Email != l.Email || !passwordIs(t, table.Customer(p.Number), l.Password) ||
		!passwordIs(t, table.PackageSubject(l.Packages[0].ID), "erstes Paketpasswort") {
		t.Errorf("the customer's fields: %+v", p)
	}
	stored, err := importer(t).stored(t.Context(), p.Number)
	if err != nil || stored[l.Packages[0].ID].Tariff != "L" || stored[l.Packages[1].ID].EndedAt == "" || len(stored) != 3 {
		t.Errorf("packages %v %v", stored, err)
	}
	if got := proves(t, p.Number, "b"+p.Number+".example"); got != "C"+p.Number {
		t.Errorf("a domain that moved proves %q", got)
	}
	if got := proves(t, p.Number, "bücher"+p.Number+".example"); got != "" {
		t.Errorf("a domain that ended proves %q", got)
	}
	if counts, r := run(t, importer(t), next); counts != [Failed + 1]int{0, 0, 1, 0} {
		t.Fatal(r)
	}
}

func TestOverwriteTakesTheNamedFieldsAndEndsSessionsForAPassword(t *testing.T) {
	l := newLine(t)
	run(t, importer(t), l)
	next := l
	next.Street, next.City, next.Password = "Nebenstr. 7", "Bonn", "Ganz-anderes-Passwort-9"
	next.Packages = slices.Clone(l.Packages)
	next.Packages[0].Password = "zweites Paketpasswort"
	im := importer(t, "street", "password", "packagePassword")
	if counts, r := run(t, im, next); counts != [Failed + 1]int{0, 1, 0, 0} {
		t.Fatal(r)
	}
	p := profile(t, l.CustomerNumber)
	c, err := credential.Store{Store: localtest.Store(t)}.Get(t.Context(), table.Customer(p.Number))
	if err != nil || p.Street != "Nebenstr. 7" || p.City != "" || p.Epoch != 1 || c.Epoch != 1 || p.PackagePasswordChangedAt.IsZero() {
		t.Errorf("%+v %+v %v", p, c, err)
	}
	if !passwordIs(t, table.Customer(p.Number), next.Password) || !passwordIs(t, table.PackageSubject(l.Packages[0].ID), "zweites Paketpasswort") {
		t.Error("passwords")
	}
	if counts, r := run(t, im, next); counts != [Failed + 1]int{0, 0, 1, 0} {
		t.Fatal(r)
	}
}

// A profile from before numbers were looked up by their address is not found by it; an import takes it up, and is no
// change that an order would become stale by.
func TestAnImportTakesUpOlderProfilesIntoTheIndexOfAddresses(t *testing.T) {
	l := newLine(t)
	run(t, importer(t), l)
	s := localtest.Store(t)
	if _, err := s.DB.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: &s.Names.Customers, Key: table.Profile(l.CustomerNumber),
		UpdateExpression: aws.String("REMOVE " + table.AttrEmailKey)}); err != nil {
		t.Fatal(err)
	}
	before := profile(t, l.CustomerNumber)
	if before.Indexed() {
		t.Fatal("the profile is indexed all the same")
	}
	if counts, r := run(t, importer(t), l); counts != [Failed + 1]int{0, 1, 0, 0} {
		t.Fatal(r)
	}
	if after := profile(t, l.CustomerNumber); !after.Indexed() || after.Version != before.Version || after.Email != before.Email {
		t.Errorf("%+v", after)
	}
	if counts, r := run(t, importer(t), l); counts != [Failed + 1]int{0, 0, 1, 0} {
		t.Fatal(r)
	}
	if numbers, err := (customer.Store{Store: s}).NumbersByEmail(t.Context(), l.Email, 5); err != nil || !slices.Equal(numbers, []string{l.CustomerNumber}) {
		t.Errorf("found %v, %v", numbers, err)
	}
}

func TestAPackageOfAnotherCustomerFailsAloneAndChangesNothing(t *testing.T) {
	first, thief, third := newLine(t), newLine(t), newLine(t)
	run(t, importer(t), first)
	thief.Packages[0].ID, thief.Packages[0].Password = first.Packages[0].ID, "gestohlenes Passwort"
	counts, r := run(t, importer(t), thief, third)
	if counts != [Failed + 1]int{1, 0, 0, 0, 1} || len(r.Failures) != 1 || r.Failures[0].Line != 1 {
		t.Fatal(r)
	}
	if _, err := (customer.Store{Store: localtest.Store(t)}).Profile(t.Context(), thief.CustomerNumber); !errors.Is(err, customer.ErrNotFound) {
		t.Errorf("half a customer is visible: %v", err)
	}
	if !passwordIs(t, table.PackageSubject(first.Packages[0].ID), "erstes Paketpasswort") {
		t.Error("another customer's package password was changed")
	}
}

func TestPackagesOfAMergedNumberStayUnderItAndItsPasswordStaysRetired(t *testing.T) {
	l := newLine(t)
	run(t, importer(t), l)
	admin, old := localtest.Store(t), profile(t, l.CustomerNumber)
	merged := old
	merged.MergedInto = "10000017"
	if err := admin.Transact(t.Context(), []types.TransactWriteItem{customer.Update(admin.Names, old, merged),
		credential.Retire(admin.Names, table.Customer(l.CustomerNumber))}, ""); err != nil {
		t.Fatal(err)
	}
	l.Password = "Ganz-anderes-Passwort-9"
	l.Packages = append(l.Packages, Package{ID: "N" + l.CustomerNumber, Product: "shop"})
	if counts, r := run(t, importer(t, "password"), l); counts != [Failed + 1]int{0, 1, 0, 0} {
		t.Fatal(r)
	}
	if p := profile(t, l.CustomerNumber); p.MergedInto != "10000017" {
		t.Errorf("%+v", p)
	}
	if passwordIs(t, table.Customer(l.CustomerNumber), l.Password) {
		t.Error("a retired password was overwritten")
	}
}

// errDown is what a database says that is gone in the middle of an import.
var errDown = errors.New("the database is gone")

// failing lets through a number of writes and refuses all later ones.
type failing struct {
	table.DB
	left *atomic.Int64
}

func (f failing) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	if f.left.Add(-1) < 0 {
		return nil, errDown
	}
	return f.DB.TransactWriteItems(ctx, in, o...)
}

func TestAnImportStoppedAfterAnyWriteShowsNoHalfCustomerAndCanGoOn(t *testing.T) {
	for writes := range int64(8) {
		l := newLine(t)
		im := importer(t)
		left := &atomic.Int64{}
		left.Store(writes)
		im.Tables.DB = failing{im.Tables.DB, left}
		counts, _ := run(t, im, l)
		_, err := customer.Store{Store: localtest.Store(t)}.Profile(t.Context(), l.CustomerNumber)
		if visible := err == nil; visible != (counts[Created] == 1) {
			t.Errorf("after %d writes: visible %v, counts %v", writes, visible, counts)
		}
		run(t, importer(t), l)
		p := profile(t, l.CustomerNumber)
		if !passwordIs(t, table.Customer(p.Number), l.Password) || proves(t, p.Number, "b"+p.Number+".example") == "" {
			t.Errorf("after %d writes the second import did not complete it", writes)
		}
		if counts[Created] == 1 {
			return // it needs no more writes than this
		}
	}
	t.Error("the import never succeeded")
}

func TestManyPackagesAndDomainsFitIntoTransactions(t *testing.T) {
	l := newLine(t)
	l.Packages = nil
	for i := range 120 {
		l.Packages = append(l.Packages, Package{ID: fmt.Sprintf("M%d-%s", i, l.CustomerNumber), Product: "hosting",
			Domains: []string{fmt.Sprintf("m%d-%s.example", i, l.CustomerNumber)}})
	}
	for i := range 150 {
		l.Packages[0].Domains = append(l.Packages[0].Domains, fmt.Sprintf("d%d-%s.example", i, l.CustomerNumber))
	}
	if counts, r := run(t, importer(t), l); counts != [Failed + 1]int{1, 0, 0, 0} {
		t.Fatal(r)
	}
	if got := proves(t, l.CustomerNumber, l.Packages[0].Domains[150]); got != l.Packages[0].ID {
		t.Errorf("the last domain proves %q", got)
	}
	if got := proves(t, l.CustomerNumber, l.Packages[119].Domains[0]); got != l.Packages[119].ID {
		t.Errorf("the last package's domain proves %q", got)
	}
}
