package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// house is an operator's customers on a fake of the tables.
type house struct {
	*testing.T
	tables table.Store
	writes atomic.Int64 // that are let through; then the database is gone
	report []entry      // of the last run
	said   string
}

var errGone = errors.New("the database is gone")

type counting struct {
	table.DB
	left *atomic.Int64
}

func (c counting) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	if c.left.Add(-1) < 0 {
		return nil, errGone
	}
	return c.DB.TransactWriteItems(ctx, in, o...)
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, tables: tablefake.New().Store()}
	h.writes.Store(1 << 40)
	h.tables.DB = counting{h.tables.DB, &h.writes}
	return h
}

// run imports lines with flags, and gives the exit code.
func (h *house) run(lines []string, flags ...string) int {
	h.Helper()
	report := filepath.Join(h.TempDir(), "report.jsonl")
	out, err := os.Create(filepath.Join(h.TempDir(), "out"))
	if err != nil {
		h.Fatal(err)
	}
	args := append(append([]string{"--report", report}, flags...), file(h.T, lines...))
	code := runOn(h.Context(), args, out, func(context.Context, options) (table.Store, error) { return h.tables, nil })
	text, err := os.ReadFile(out.Name())
	if err != nil {
		h.Fatal(err)
	}
	h.said, h.report = string(text), nil
	f, err := os.Open(report)
	if err != nil {
		h.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var e entry
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			h.Fatal(err)
		}
		h.report = append(h.report, e)
	}
	if len(h.report) < 2 || h.report[0].Outcome != "begin" || h.report[len(h.report)-1].Outcome != "end" {
		h.Fatalf("the report is %+v", h.report)
	}
	h.report = h.report[1 : len(h.report)-1]
	return code
}

// person is a customer with a package.
func person(i int) string {
	return strings.NewReplacer(`"packages":[]`, fmt.Sprintf(`"packages":[{"id":"P-%d","product":"shop","tariff":"M","domains":["d%d.example"],"contractStart":"2019-05-01","noticePeriodMonths":1}]`, i, i)).
		Replace(kurz(fmt.Sprint(100000 + i)))
}

func people(n int) []string {
	var all []string
	for i := range n {
		all = append(all, person(i))
	}
	return all
}

// leaving replaces the package of the first n customers by another one.
func leaving(lines []string, n int) []string {
	next := slices.Clone(lines)
	for i := range n {
		next[i] = strings.Replace(next[i], fmt.Sprintf(`"id":"P-%d"`, i), fmt.Sprintf(`"id":"Q-%d"`, i), 1)
	}
	return next
}

func (h *house) ended(i int) bool {
	h.Helper()
	p, err := customer.Store{Store: h.tables}.Package(h.Context(), fmt.Sprintf("P-%d", i))
	if err != nil {
		h.Fatal(err)
	}
	return p.EndedAt != ""
}

func TestARunThatWouldEndManyPackagesAsks(t *testing.T) {
	h := newHouse(t)
	all := people(40)
	if code := h.run(all); code != exitDone {
		t.Fatal(code, h.said)
	}
	if code := h.run(leaving(all, 3)); code != exitAsks || h.ended(0) || !strings.Contains(h.said, "would end 3 of 40 running packages") || !strings.Contains(h.said, "--end-missing-packages") {
		t.Errorf("exit %d, ended %v: %s", code, h.ended(0), h.said)
	}
	if code := h.run(leaving(all, 3), "--dry-run"); code != exitAsks || h.ended(0) || len(h.report) != 3 {
		t.Errorf("exit %d: %s %+v", code, h.said, h.report)
	}
	if code := h.run(leaving(all, 2)); code != exitDone || !h.ended(0) || !h.ended(1) || h.ended(2) { // 5 % do not
		t.Errorf("exit %d: %s", code, h.said)
	}
	if code := h.run(leaving(all, 10), "--end-missing-packages"); code != exitDone || !h.ended(9) {
		t.Errorf("exit %d: %s", code, h.said)
	}
}

// The operator that gives a day for each package is asked, too.
func TestARunThatNamesADayForManyPackagesAsks(t *testing.T) {
	h := newHouse(t)
	all := people(10)
	h.run(all)
	for i := range all {
		all[i] = strings.Replace(all[i], `"contractStart"`, `"endedAt":"2020-01-01","contractStart"`, 1)
	}
	if code := h.run(all); code != exitAsks || h.ended(0) {
		t.Errorf("exit %d: %s", code, h.said)
	}
}

func TestAnEmptyListOfPackagesIsLeftAndTold(t *testing.T) {
	h := newHouse(t)
	all := people(40)
	h.run(all)
	none := slices.Clone(all)
	none[7] = kurz("100007")
	if code := h.run(none); code != exitFailed || h.ended(7) || !strings.Contains(h.said, "--end-missing-packages ends them") ||
		len(h.report) != 1 || h.report[0].Number != "100007" || h.report[0].Line != 8 || !strings.Contains(h.report[0].Reason, "the list is empty, and 1 running") {
		t.Errorf("exit %d: %s %+v", code, h.said, h.report)
	}
	if code := h.run(none, "--end-missing-packages"); code != exitDone || !h.ended(7) {
		t.Errorf("exit %d: %s", code, h.said)
	}
}

func TestARunThatChangesManyCustomersAsks(t *testing.T) {
	h := newHouse(t)
	all := people(40)
	h.run(all)
	change := func(old, next string) []string {
		var changed []string
		for _, l := range all {
			changed = append(changed, strings.Replace(l, old, next, 1))
		}
		return changed
	}
	if code := h.run(change("Kurz", "Lang")); code != exitAsks || !strings.Contains(h.said, "would change 40 of 40 existing customers (lastName 40)") {
		t.Errorf("exit %d: %s", code, h.said)
	}
	if code := h.run(change(`"balanceCents":0`, `"balanceCents":5`)); code != exitDone { // the day of the bills
		t.Errorf("exit %d: %s", code, h.said)
	}
	if code := h.run(change(`"packages"`, `"locked":true,"packages"`)); code != exitAsks || !strings.Contains(h.said, "balanceCents 40, locked 40") {
		t.Errorf("exit %d: %s", code, h.said)
	}
	if code := h.run(change(`"phone":""`, `"phone":"030 1234567"`), "--overwrite", "phone"); code != exitAsks {
		t.Errorf("exit %d: %s", code, h.said)
	}
	if code := h.run(change(`"phone":""`, `"phone":"030 1234567"`)); code != exitDone { // is the customer's, and stays
		t.Errorf("exit %d: %s", code, h.said)
	}
	if code := h.run(change("Kurz", "Lang"), "--allow-many-changes"); code != exitDone {
		t.Errorf("exit %d: %s", code, h.said)
	}
	few := slices.Clone(all[:3])
	few[0] = strings.Replace(few[0], "Kurz", "Breit", 1)
	if code := h.run(few); code != exitDone { // one by one is no accident
		t.Errorf("exit %d: %s", code, h.said)
	}
}

// A dry run reports the same as the run after it, and writes nothing; bank data have their ends only, passwords are not told.
func TestADryRunShowsTheSameAndWritesNothing(t *testing.T) {
	h := newHouse(t)
	all := people(30)
	h.run(all)
	all[0] = strings.NewReplacer("Kurz", "Lang", `"balanceCents":0`, `"balanceCents":-2500`, `"iban":""`, `"iban":"DE89370400440532013000"`, `"tariff":"M"`, `"tariff":"L","password":"geheimes-paketpasswort"`).Replace(all[0])
	all[1] = strings.Replace(all[1], `"company":""`, `"company":"Bäcker &amp; Sohn"`, 1)
	all = append(all, person(30))
	before := h.writes.Load()
	if code := h.run(all, "--dry-run", "--overwrite", "iban"); code != exitDone || !strings.Contains(h.said, "nothing was written: 1 would be new, 2 brought up to date, 28 stay") {
		t.Errorf("exit %d: %s", code, h.said)
	}
	if n := before - h.writes.Load(); n != 0 {
		t.Errorf("a dry run wrote %d times", n)
	}
	dry := h.report
	if code := h.run(all, "--overwrite", "iban"); code != exitDone {
		t.Errorf("exit %d: %s", code, h.said)
	}
	byLine := func(a, b entry) int { return a.Line - b.Line }
	slices.SortStableFunc(h.report, byLine)
	slices.SortStableFunc(dry, byLine)
	clean := func(list []entry) string {
		for i := range list {
			list[i].File = filepath.Base(list[i].File)
		}
		text, _ := json.Marshal(list)
		return string(text)
	}
	want := `[{"outcome":"updated","number":"100000","file":"kunden.jsonl","line":1,"changes":[{"field":"balanceCents","old":"0","new":"-2500"},` +
		`{"field":"iban","old":"","new":"••3000"},{"field":"lastName","old":"Kurz","new":"Lang"},{"field":"packages[P-0].tariff","old":"M","new":"L"},` +
		`{"field":"packages[P-0].password","old":"","new":"set"}]},` +
		`{"outcome":"warning","number":"100001","file":"kunden.jsonl","line":2,"reason":"company: has an HTML entity such as \u0026amp; in it: export the character itself"},` +
		`{"outcome":"updated","number":"100001","file":"kunden.jsonl","line":2,"changes":[{"field":"company","old":"","new":"Bäcker \u0026amp; Sohn"}]},` +
		`{"outcome":"created","number":"100030","file":"kunden.jsonl","line":31}]`
	if got := clean(h.report); got != want {
		t.Errorf("the report is %s", got)
	}
	if got := clean(dry); got != want {
		t.Errorf("the dry run's report is %s", got)
	}
}

// A run that fails half-way leaves in its report who is done and who is not.
func TestARunThatFailsHalfWayLeavesAReport(t *testing.T) {
	h := newHouse(t)
	h.writes.Store(9)
	if code := h.run(people(10)); code != exitFailed {
		t.Errorf("exit %d: %s", code, h.said)
	}
	outcomes := map[string]int{}
	for _, e := range h.report {
		outcomes[e.Outcome]++
		if e.Number == "" || e.Line == 0 || e.Outcome == "failed" && !strings.Contains(e.Reason, errGone.Error()) {
			t.Errorf("%+v", e)
		}
	}
	if outcomes["created"]+outcomes["failed"] != 10 || outcomes["failed"] == 0 {
		t.Errorf("%v", outcomes)
	}
	h.writes.Store(1 << 40)
	if code := h.run(people(10)); code != exitDone || !strings.Contains(h.said, fmt.Sprintf("%d new", outcomes["failed"])) {
		t.Errorf("exit %d: %s", code, h.said)
	}
}

func TestBadLinesAreInTheReportAndTheOthersAreImportedIfAsked(t *testing.T) {
	h := newHouse(t)
	lines := append(people(3), kurz("1"), strings.Replace(person(4), "Kurz", "Gro\xdf", 1))
	if code := h.run(lines); code != exitInvalid || !strings.Contains(h.said, "2 of 5 lines are wrong; nothing was imported") || len(h.report) != 2 {
		t.Errorf("exit %d: %s", code, h.said)
	}
	if e := h.report[1]; e.Outcome != "refused" || e.Line != 5 || !strings.Contains(e.Reason, "line 5 is not valid UTF-8 (byte ") {
		t.Errorf("%+v", e)
	}
	if code := h.run(lines, "--skip-invalid"); code != exitFailed || !strings.Contains(h.said, "3 new, 0 brought up to date, 0 as they were, 0 failed, 2 left out.") {
		t.Errorf("exit %d: %s", code, h.said)
	}
}

func TestAFloodOfBadLinesIsPrintedInPart(t *testing.T) {
	h := newHouse(t)
	code := h.run(slices.Repeat([]string{"100000;Anna;Schäfer"}, 3000))
	if n := strings.Count(h.said, "kunden.jsonl:"); code != exitInvalid || n != mostPrinted || !strings.Contains(h.said, "and 2900 more") || len(h.report) != 3000 {
		t.Errorf("exit %d, %d printed, %d reported", code, n, len(h.report))
	}
}

func TestProgressTellsRateAndTimeLeft(t *testing.T) {
	at := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	p := newProgress(out, "imported", 1000, func() time.Time { return at })
	for i := range 200 {
		at = at.Add(100 * time.Millisecond)
		p.done(importer.Result{Outcome: []importer.Outcome{importer.Created, importer.Failed}[i/199]})
	}
	if got := p.words(); got != "200 of 1000 customers imported, 1 failed, 10 a second, about 1m20s left" {
		t.Error(got)
	}
	if text, _ := os.ReadFile(out.Name()); strings.Count(string(text), "\n") != 4 {
		t.Errorf("%s", text)
	}
}
