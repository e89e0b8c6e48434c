package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

//go:embed prices.json
var pricesFile []byte

//go:embed counts.json
var countsFile []byte

type (
	// price is the list price of so many units, where it stands and how it was checked.
	price struct {
		USD     float64 `json:"usd"`
		Per     float64 `json:"per"`
		Unit    string  `json:"unit"`
		Checked string  `json:"checked"`
		Date    string  `json:"date"`
		Source  string  `json:"source"`
	}
	priceList struct {
		Region, Currency, AsOf, Note string
		Prices                       map[string]price
	}
	// Count is what one act was counted to take. Units are DynamoDB's, half a read is an eventually consistent one.
	Count struct {
		Pages       int     `json:"pages,omitempty"`   // requests by a function with pages
		Service     int     `json:"service,omitempty"` // of these, by the service team's
		Dispatch    int     `json:"dispatch,omitempty"`
		Steps       int     `json:"steps,omitempty"` // invocations by the workflow
		Transitions int     `json:"transitions,omitempty"`
		Reads       float64 `json:"reads,omitempty"`
		Writes      float64 `json:"writes,omitempty"`
		Mails       int     `json:"mails,omitempty"`
		Queued      int     `json:"queued,omitempty"` // messages
		Events      int     `json:"events,omitempty"`
		LogBytes    int     `json:"logBytes,omitempty"`
		Stored      int     `json:"stored,omitempty"` // bytes that the tables have more
	}
)

func read[T any](text []byte) (v T) {
	if err := json.Unmarshal(text, &v); err != nil {
		panic(err) // embedded, and held by a test
	}
	return v
}

// often is how often a customer does something in a month: assumptions, to be replaced by what the dashboard shows.
var often = []struct {
	act   string
	times float64
	why   string
}{
	{"sign-in", 0.5, "every other month, for an invoice or a setting"},
	{"page", 4, "eight pages a visit"},
	{"settings", 0.1, "a setting of a package"},
	{"master data", 0.02, "every four years"},
	{"new password", 0.05, "one visit in ten begins with a forgotten password"},
	{"merge", 0.002, "one customer in forty in a year and a half, most in the first months"},
	{"cancellation", 0.005, "a contract that ends after eight years, with two packages"},
	{"look of the service team", 0.02, "a call every four years"},
	{"import, nothing new", 30 * 0.95, "every night, all customers; 5 % have another balance"},
	{"import, another balance", 30 * 0.05, "booked once a month or more"},
}

// What is assumed and not counted. Durations are billed milliseconds, cold starts included.
const (
	pageMS, hashMS, dispatchMS, scheduleMS, stepMS, edgeMS = 60, 400, 200, 300, 100, 5
	pageGB, serviceGB, dispatchGB, stepGB, edgeGB          = 1.0, 0.5, 0.5, 0.25, 0.125
	reportBytes                                            = 330  // Lambda's own lines of an invocation
	pageBytes                                              = 9000 // compressed, with headers
	assetsAVisit, assetBytes                               = 3, 12000
	minutes                                                = 30 * 24 * 60
	monthsKept                                             = 24  // of what the acts leave
	reviewHours                                            = 24  // a merge waits for the service team
	staff                                                  = 10  // people of the service team
	kmsReuse                                               = 300 // seconds that DynamoDB uses a table's key again
	retention                                              = 3   // months that logs are kept
)

// facts are counted in the templates.
type facts struct{ alarmMetrics, customMetrics, dashboards, rules, tables int }

// countTemplates counts what is billed by its number: names are the metrics that functions put into their logs (shared/metrics).
func countTemplates(main, edge, names string) facts {
	n := func(pattern, in string) int { return len(regexp.MustCompile(pattern).FindAllString(in, -1)) }
	filtered := map[string]bool{}
	for _, m := range regexp.MustCompile(`MetricName: (\w+), MetricValue`).FindAllStringSubmatch(main, -1) {
		filtered[m[1]] = true
	}
	return facts{
		alarmMetrics:  n(`(?m)^      MetricName: `, main) + n(`MetricStat: `, main) + n(`(?m)^      MetricName: `, edge),
		customMetrics: n(` Name = "`, names) + len(filtered), dashboards: n(`Type: AWS::CloudWatch::Dashboard`, main),
		rules: n(`(?m)^          Priority: `, edge), tables: n(`Type: AWS::DynamoDB::Table`, main),
	}
}

// month is how much of each priced thing a month takes.
type month map[string]float64

func (m month) add(thing string, n float64) { m[thing] += n }

// monthOf reckons a month with so many customers; nobody does anything with 0.
func monthOf(customers float64, f facts, counts map[string]Count) month {
	m := month{"waf-acl": 1, "waf-rule": float64(f.rules), "dashboard": float64(f.dashboards), "alarm-metric": float64(f.alarmMetrics),
		"metric": float64(f.customMetrics), "cognito-user": staff}
	m.take(counts["schedule"], minutes)
	m.add("lambda-gbs", minutes*scheduleMS/1000.0*dispatchGB-minutes*dispatchMS/1000.0*dispatchGB) // it takes longer than an item
	m.add("kms-request", float64(f.tables)*minutes*60/kmsReuse)
	stored := customers * float64(counts["customer"].Stored)
	for _, o := range often {
		c := counts[o.act]
		m.take(c, customers*o.times)
		stored += customers * o.times * monthsKept * float64(max(c.Stored, 0))
	}
	signIns := customers * 0.5
	m.add("lambda-gbs", signIns*(hashMS-pageMS)/1000*pageGB)
	m.add("cloudfront-request", signIns*assetsAVisit)
	m.add("waf-request", signIns*assetsAVisit)
	m.add("cloudfront-function", signIns*assetsAVisit)
	m.add("cloudfront-gb", signIns*assetsAVisit*assetBytes/1e9)
	hourly := counts["hour of a review"]
	m.take(hourly, customers*0.002*reviewHours)
	m.add("dynamodb-storage", stored/1e9)
	m.add("dynamodb-pitr", stored/1e9)
	m.add("logs-storage", m["logs-gb"]*retention*0.15) // kept compressed
	return m
}

// take adds so many of a counted act.
func (m month) take(c Count, times float64) {
	pages, service, dispatch, steps := float64(c.Pages)*times, float64(c.Service)*times, float64(c.Dispatch)*times, float64(c.Steps)*times
	m.add("dynamodb-read", c.Reads*times)
	m.add("dynamodb-write", c.Writes*times)
	m.add("lambda-request", pages+dispatch+steps)
	m.add("lambda-gbs", ((pages-service)*pageGB*pageMS+service*serviceGB*pageMS+dispatch*dispatchGB*dispatchMS+steps*stepGB*stepMS)/1000)
	for _, each := range []string{"api-request", "cloudfront-request", "cloudfront-function", "waf-request", "edge-request"} {
		m.add(each, pages)
	}
	m.add("edge-gbs", pages*edgeMS/1000*edgeGB)
	m.add("cloudfront-gb", pages*pageBytes/1e9)
	m.add("ses-mail", float64(c.Mails)*times)
	m.add("sqs-request", 3*float64(c.Queued)*times) // sent, received, deleted
	m.add("events-event", float64(c.Events)*times)
	m.add("states-transition", float64(c.Transitions)*times)
	m.add("logs-gb", (float64(c.LogBytes)*times+(pages+dispatch+steps)*reportBytes)/1e9)
}

// posts are the lines of the bill, each of several priced things.
var posts = []struct {
	name   string
	things []string
}{
	{"DynamoDB: reads", []string{"dynamodb-read"}}, {"DynamoDB: writes", []string{"dynamodb-write"}}, {"DynamoDB: storage", []string{"dynamodb-storage"}},
	{"DynamoDB: point-in-time recovery", []string{"dynamodb-pitr"}}, {"Lambda", []string{"lambda-request", "lambda-gbs"}}, {"Lambda@Edge", []string{"edge-request", "edge-gbs"}},
	{"API Gateway", []string{"api-request"}}, {"CloudFront", []string{"cloudfront-request", "cloudfront-gb", "cloudfront-function"}},
	{"WAF", []string{"waf-acl", "waf-rule", "waf-request"}}, {"SES", []string{"ses-mail"}}, {"Step Functions", []string{"states-transition"}},
	{"SQS, EventBridge", []string{"sqs-request", "events-event"}}, {"CloudWatch: logs", []string{"logs-gb", "logs-storage"}},
	{"CloudWatch: alarms, metrics, dashboard", []string{"alarm-metric", "metric", "dashboard"}}, {"KMS", []string{"kms-request"}}, {"Cognito", []string{"cognito-user"}},
}

var sizes = []float64{0, 10_000, 1_000_000}

func (m month) cost(things []string, p map[string]price) (usd float64) {
	for _, t := range things {
		usd += m[t] / p[t].Per * p[t].USD
	}
	return usd
}

// bill is the table of costs.
func bill(f facts, counts map[string]Count, p priceList) string {
	var b strings.Builder
	b.WriteString("| a month, USD | idle | 10,000 customers | 1,000,000 customers |\n|---|---:|---:|---:|\n")
	total := make([]float64, len(sizes))
	for _, post := range posts {
		fmt.Fprintf(&b, "| %s |", post.name)
		for i, n := range sizes {
			usd := monthOf(n, f, counts).cost(post.things, p.Prices)
			total[i] += usd
			fmt.Fprintf(&b, " %.2f |", usd)
		}
		b.WriteString("\n")
	}
	b.WriteString("| **all** |")
	for _, usd := range total {
		fmt.Fprintf(&b, " **%.2f** |", usd)
	}
	fmt.Fprintf(&b, "\n| a customer | | %.4f | %.4f |\n", total[1]/sizes[1], total[2]/sizes[2])
	return b.String()
}

// millions is what a million of each act cost, in USD; a sign-in with its hash.
func millions(counts map[string]Count, p priceList) map[string]float64 {
	all := map[string]float64{}
	for act, c := range counts {
		m := month{}
		m.take(c, 1e6)
		if act == "sign-in" {
			m.add("lambda-gbs", 1e6*(hashMS-pageMS)/1000*pageGB)
		}
		all[act] = m.cost(slices.Collect(maps.Keys(m)), p.Prices)
	}
	return all
}

// once is the table of what is done once, or once in a while.
func once(f facts, counts map[string]Count, p priceList) string {
	var b strings.Builder
	b.WriteString("| USD | 10,000 customers | 1,000,000 customers |\n|---|---:|---:|\n")
	row := func(what string, of func(customers, gb float64) month) {
		fmt.Fprintf(&b, "| %s |", what)
		for _, n := range sizes[1:] {
			m := of(n, monthOf(n, f, counts)["dynamodb-storage"])
			fmt.Fprintf(&b, " %.2f |", m.cost(slices.Collect(maps.Keys(m)), p.Prices))
		}
		b.WriteString("\n")
	}
	customer := counts["customer"]
	row("first import", func(n, _ float64) month {
		return month{"dynamodb-read": n * customer.Reads, "dynamodb-write": n * customer.Writes}
	})
	scan := func(gb float64) float64 { return gb * 1e9 / 4096 }
	row("`infra/forget`, each run", func(_, gb float64) month { return month{"dynamodb-read": 2 * scan(gb)} }) // it looks first, then acts
	row("back to an earlier instant", func(_, gb float64) month {
		return month{"dynamodb-restore": gb, "dynamodb-read": 3 * scan(gb), "dynamodb-write": 2 * gb * 1e9 / 600} // two exports and a look at the keys; small items, with their indexes
	})
	return b.String()
}

// acts is the table of what was counted and how often it is assumed.
func acts(counts map[string]Count) string {
	var b strings.Builder
	b.WriteString("| act | a month and customer | why | requests | read units | write units | mails | other functions | bytes of log | bytes kept |\n|---|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	row := func(act, times, why string) {
		c := counts[act]
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %g | %g | %d | %d | %d | %d |\n", act, times, why, c.Pages, c.Reads, c.Writes, c.Mails, c.Dispatch+c.Steps, c.LogBytes, c.Stored)
	}
	for _, o := range often {
		row(o.act, fmt.Sprintf("%g", o.times), o.why)
	}
	row("hour of a review", fmt.Sprintf("%g", 0.002*reviewHours), "a merge waits a day for the service team")
	row("schedule", "", "every minute, whoever comes")
	row("customer", "", "what an import of a customer with two packages leaves")
	return b.String()
}

// list is the table of prices.
func list(p priceList) string {
	var b strings.Builder
	b.WriteString("| price | USD | of | checked | at |\n|---|---:|---|---|---|\n")
	for _, id := range slices.Sorted(maps.Keys(p.Prices)) {
		x := p.Prices[id]
		per := ""
		if x.Per > 1 {
			per = fmt.Sprintf("%.0f ", x.Per)
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s%s | %s | %s |\n", id, x.Source, strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.10f", x.USD), "0"), "."), per, x.Unit, x.Checked, x.Date)
	}
	return b.String()
}

// tables reckons all tables of the document; root is the folder of the project.
func tables(root string) (map[string]string, error) {
	mainText, err := os.ReadFile(root + "/template.yaml")
	if err != nil {
		return nil, err
	}
	edgeText, err := os.ReadFile(root + "/infra/edge.yaml")
	if err != nil {
		return nil, err
	}
	names, err := os.ReadFile(root + "/shared/metrics/metrics.go")
	if err != nil {
		return nil, err
	}
	counts, prices, f := read[map[string]Count](countsFile), read[priceList](pricesFile), countTemplates(string(mainText), string(edgeText), string(names))
	return map[string]string{"bill": bill(f, counts, prices), "once": once(f, counts, prices), "acts": acts(counts), "prices": list(prices)}, nil
}
