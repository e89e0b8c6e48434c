package main

import (
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"kundenkonto/infra/bench/cold"
	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/meter"
	"kundenkonto/infra/pack"
	"kundenkonto/shared/session"
)

// starts are the first events: of a function with pages the first page, without a session and, of the largest one, with one.
var starts = []struct{ function, what, path string }{
	{"login", "form", "/login"}, {"passwordreset", "form", "/password/forgot"}, {"account", "redirect", "/account"}, {"account", "overview", "/account"},
	{"mergediff", "redirect", "/merge"}, {"mergesubmit", "redirect", "/merge/orders"}, {"review", "redirect", "/service"},
	{"reviewtask", "step", ""}, {"mergeexecute", "step", ""}, {"dispatch", "empty batch", ""},
}

// cold starts each function in turn with a hello world, as `make build` builds them but for this machine.
func (b bench) cold() (all []figure.Figure, err error) {
	const folder = "build/bench/host"
	functions, err := pack.Build(b.ctx, ".", folder)
	if err != nil {
		return nil, err
	}
	hello := filepath.Join(folder, "hello", "bootstrap")
	if err := pack.Compile(b.ctx, ".", "infra/bench/hello", hello); err != nil {
		return nil, err
	}
	binaries := map[string]string{}
	for _, f := range functions {
		binaries[f.Name] = f.Binary
	}
	err = b.walk(func(h *meter.House) {
		signedIn(h)
		tables := httptest.NewServer(overHTTP(h))
		defer tables.Close()
		template, err := os.ReadFile("template.yaml")
		h.Must(err)
		environment := append(environmentOf(tables.URL), collecting(string(template))...)
		hellos, found := series{}, make([]series, len(starts))
		start := func(binary string, event []byte, s series) {
			one, err := cold.First(b.ctx, binary, environment, event)
			h.Must(err)
			s.add("ms", one.Wall.Seconds()*1000)
			s.add("cpu-ms", one.CPU.Seconds()*1000)
		}
		for range b.runs {
			start(hello, pageEvent("/", nil), hellos)
			for i, s := range starts {
				if found[i] == nil {
					found[i] = series{}
				}
				start(binaries[s.function], eventOf(h, s.function, s.what, s.path), found[i])
			}
		}
		all = hellos.figures("Cold/function=hello", "ms", "cpu-ms")
		for i, s := range starts {
			name := fmt.Sprintf("Cold/function=%s/answer=%s", s.function, strings.ReplaceAll(s.what, " ", "-"))
			all = append(all, found[i].figures(name, "ms", "cpu-ms")...)
			all = append(all, figure.Of(name, "ratio", figure.Ratios(found[i]["ms"], hellos["ms"])...), figure.Of(name, "cpu-ratio", figure.Ratios(found[i]["cpu-ms"], hellos["cpu-ms"])...))
		}
	})
	return all, err
}

// overHTTP serves the house's tables to other processes.
func overHTTP(h *meter.House) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		res, err := h.Meter.Fake.RoundTrip(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	})
}

// environmentOf is what template.yaml gives the functions, all of it to each.
func environmentOf(tables string) []string {
	all := []string{"AWS_ENDPOINT_URL=" + tables, "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=bench", "AWS_SECRET_ACCESS_KEY=bench",
		"AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=1024", "STAGE=local", "PUBLIC_URL=https://konto.example", "VETO_HOURS=72", "HOLIDAYS=DE",
		"RECOVERY_HOURS=72", "TWO_PEOPLE_FROM=0", "SENDER=konto@hosting.example", "FORGOT_QUEUE_URL=" + tables, "STATE_MACHINE_ARN=arn:aws:states:eu-central-1:123456789012:stateMachine:m",
		"OIDC_ISSUER=" + tables, "OIDC_ORIGIN=https://pool.example", "OIDC_CLIENT_ID=c", "OIDC_CLIENT_SECRET=s", "STAFF_POOL_ID=p", "SERVICE_LANGUAGE=de",
		"AUDIT_DAYS=3650", "OUTBOX_DAYS=90", "DRAFT_DAYS=30"}
	for variable, table := range map[string]string{"CUSTOMERS": "Customers", "CREDENTIALS": "Credentials", "TOKENS": "Tokens", "THROTTLE": "Throttle", "SESSIONS": "Sessions",
		"STAFF_SESSIONS": "StaffSessions", "MERGE_ORDERS": "MergeOrders", "AUDIT": "Audit", "OUTBOX": "Outbox"} {
		all = append(all, variable+"_TABLE="+table)
	}
	return all
}

// collecting is how eagerly garbage is collected, as the template tells all functions; nothing when it does not.
func collecting(template string) []string {
	found := regexp.MustCompile(`(?m)^ +GOGC: "(\d+)"`).FindStringSubmatch(template)
	if found == nil {
		return nil
	}
	return []string{"GOGC=" + found[1]}
}

// eventOf is the first event of a function.
func eventOf(h *meter.House, function, what, path string) []byte {
	switch function {
	case "reviewtask", "mergeexecute":
		return []byte(`{"step":"read","order":"K7QX-2M4D","run":1,"token":"t","entered":"2026-11-30T12:00:00Z"}`)
	case "dispatch":
		return []byte(`{"Records":[]}`)
	}
	if what == "overview" {
		return pageEvent(path, h.Cookies[session.Cookie])
	}
	return pageEvent(path, nil)
}

// pageEvent is a request as API Gateway passes it on.
func pageEvent(path string, cookie *http.Cookie) []byte {
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, Headers: map[string]string{"host": "konto.example", "accept": "text/html", "sec-fetch-site": "none"}}
	if cookie != nil {
		e.Cookies = []string{cookie.Name + "=" + cookie.Value}
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path, e.RequestContext.HTTP.SourceIP = http.MethodGet, path, "192.0.2.1"
	raw, err := json.Marshal(e)
	if err != nil {
		panic(err) // texts
	}
	return raw
}

// zips are the sizes of the functions as they are deployed, for the processor that the template names.
func (b bench) zips() (all []figure.Figure, err error) {
	functions, err := pack.Build(b.ctx, ".", "build/bench/arm64", "GOOS=linux", "GOARCH=arm64")
	if err != nil {
		return nil, err
	}
	for _, f := range functions {
		packed, err := pack.Zip(f.Binary, flate.BestCompression)
		if err != nil {
			return nil, err
		}
		binary, err := os.Stat(f.Binary)
		if err != nil {
			return nil, err
		}
		all = append(all, figure.Of("Zip/function="+f.Name, "MB", float64(len(packed))/1e6), figure.Of("Zip/function="+f.Name, "binary-MB", float64(binary.Size())/1e6))
	}
	runtime.GC() // what comes next starts as if this had not been
	return all, nil
}
