package main

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/meter"
	"kundenkonto/infra/places"
)

func TestTheDocumentSaysWhatIsReckoned(t *testing.T) {
	text, err := os.ReadFile("../../docs/costs.md")
	if err != nil {
		t.Fatal(err)
	}
	all, err := tables("../..")
	if err != nil {
		t.Fatal(err)
	}
	want, err := places.Fill(string(text), all)
	if err != nil || want != string(text) {
		t.Errorf("docs/costs.md is not what infra/costs reckons: go run ./infra/costs -write (%v)", err)
	}
}

func TestEachPriceHasItsSourceAndDate(t *testing.T) {
	p := read[priceList](pricesFile)
	used := map[string]bool{"dynamodb-restore": true}
	for _, post := range posts {
		for _, thing := range post.things {
			used[thing] = true
			if p.Prices[thing].USD <= 0 || p.Prices[thing].Per <= 0 {
				t.Errorf("there is no price of %s", thing)
			}
		}
	}
	for id, x := range p.Prices {
		if _, err := time.Parse(time.DateOnly, x.Date); err != nil || !strings.HasPrefix(x.Source, "https://aws.amazon.com/") || x.Unit == "" ||
			!slices.Contains([]string{"list", "page", "several", "open"}, x.Checked) || !used[id] {
			t.Errorf("%s: %+v", id, x)
		}
	}
	for thing := range monthOf(1000, facts{}, read[map[string]Count](countsFile)) {
		if !used[thing] {
			t.Errorf("%s is reckoned and stands in no post of the bill", thing)
		}
	}
}

// What is billed by number is counted in the templates.
func TestWhatIsBilledByNumberIsCounted(t *testing.T) {
	text, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	n := meter.Indexes()
	if there := strings.Count(string(text), "IndexName:"); there != n {
		t.Errorf("the template has %d indexes, the meter %d", there, n)
	}
	f := countTemplates("Type: AWS::DynamoDB::Table\n      MetricName: A\n  MetricStat: x MetricStat: y\n{MetricName: B, MetricValue: 1}\n{MetricName: B, MetricValue: 1}", "      MetricName: C\n          Priority: 0\n", "X Name = \"X\"\n")
	if f != (facts{alarmMetrics: 4, customMetrics: 2, rules: 1, tables: 1}) {
		t.Errorf("%+v", f)
	}
}

// Twice as many customers cost twice as much beside what an idle month costs.
func TestTheBillGrowsWithTheCustomers(t *testing.T) {
	counts, p, f := read[map[string]Count](countsFile), read[priceList](pricesFile), facts{alarmMetrics: 50, tables: 9}
	total := func(n float64) (usd float64) {
		for _, post := range posts {
			usd += monthOf(n, f, counts).cost(post.things, p.Prices)
		}
		return usd
	}
	idle, some, twice := total(0), total(5000), total(10000)
	if d := (twice - idle) - 2*(some-idle); idle <= 0 || some <= idle || d > 1e-6 || d < -1e-6 {
		t.Errorf("%f, %f, %f", idle, some, twice)
	}
}

// A million of an act cost what the units of one do, a million times, and a sign-in its hash beside.
func TestAMillionCostAMillionTimesOne(t *testing.T) {
	p := priceList{Prices: map[string]price{}}
	for thing := range read[priceList](pricesFile).Prices {
		p.Prices[thing] = price{Per: 1}
	}
	p.Prices["dynamodb-read"], p.Prices["lambda-gbs"] = price{USD: 0.25, Per: 1e6}, price{USD: 1, Per: 1e6}
	got := millions(map[string]Count{"look": {Reads: 2}, "sign-in": {Reads: 4}}, p)
	if got["look"] != 0.5 || math.Abs(got["sign-in"]-1-(hashMS-pageMS)/1000.0) > 1e-9 {
		t.Error(got)
	}
}
