package awsrules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"gopkg.in/yaml.v3"
)

// edgeFunction is the code of Unavailable, and edge.yaml.
func edgeFunction(t *testing.T) (code, source string) {
	t.Helper()
	file, err := os.ReadFile("../edge.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Resources struct {
			Unavailable struct {
				Properties struct {
					Runtime string `yaml:"Runtime"`
					Code    struct {
						ZipFile string `yaml:"ZipFile"`
					} `yaml:"Code"`
				} `yaml:"Properties"`
			} `yaml:"Unavailable"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(file, &doc); err != nil {
		t.Fatal(err)
	}
	if code = doc.Resources.Unavailable.Properties.Code.ZipFile; code == "" {
		t.Fatal("edge.yaml has no function for what the origin could not answer")
	}
	return code, string(file)
}

// A published version keeps its code, and CloudFront runs a version: other code must be another resource.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-version.html
func TestOtherCodeAtTheEdgeIsAnotherVersion(t *testing.T) {
	code, source := edgeFunction(t)
	sum := sha256.Sum256([]byte(code))
	name := "UnavailableVersion" + hex.EncodeToString(sum[:])[:8]
	if !strings.Contains(source, "\n  "+name+":") || strings.Count(source, "LambdaFunctionARN: !Ref "+name+"}") != strings.Count(source, "LambdaFunctionARN:") {
		t.Errorf("edge.yaml must call the version %s everywhere", name)
	}
	// Lambda@Edge has no environment, no more than 128 MB and 5 s at viewers, 30 s at origins, and answers up to 1 MB.
	// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html
	if strings.Contains(code, "process.env") || len(code) > 4096 {
		t.Errorf("%d characters of code", len(code))
	}
}

// L1: what API Gateway says of a function that could not answer is a page in two languages; what functions say goes on as it
// is. The local cloud's edge is held to the same.
func TestTheEdgeAnswersForFunctionsThatCouldNot(t *testing.T) {
	code, _ := edgeFunction(t)
	page, err := os.ReadFile("../local/cloud/unavailable.html")
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	for name, tt := range map[string]struct {
		accept, status, kind string
		code, as, says       string
	}{
		"a dead function in a browser": {"text/html,*/*", "500", "application/json", "503", "text/html; charset=utf-8", string(page)},
		"no function at all":           {"text/html,*/*", "503", "application/json", "503", "text/html; charset=utf-8", string(page)},
		"a dead function in a program": {"application/json", "500", "application/json; charset=utf-8", "503", "application/problem+json", `"code":"unavailable"`},
		"the API's limit of a route":   {"", "429", "application/json", "503", "text/html; charset=utf-8", string(page)},
		"a function's own error":       {"text/html", "503", "text/html; charset=utf-8", "503", "text/html; charset=utf-8", ""},
		"a function's own problem":     {"application/json", "500", "application/problem+json", "500", "application/problem+json", ""},
		"an answer that is well":       {"application/json", "200", "application/json", "200", "application/json", ""},
		"an answer without a kind":     {"text/html", "304", "", "304", "", ""},
	} {
		got := answered(t, ctx, code, map[string]any{"request": map[string]any{"headers": headers("accept", tt.accept)},
			"response": map[string]any{"status": tt.status, "statusDescription": "", "headers": headers("content-type", tt.kind)}})
		if got.Status != tt.code || got.kind() != tt.as || !strings.Contains(got.Body, tt.says) || (tt.says == "") != (got.Body == "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

type answer struct {
	Status, Body string
	Headers      map[string][]struct{ Key, Value string }
}

func (a answer) kind() string {
	if len(a.Headers["content-type"]) == 0 {
		return ""
	}
	return a.Headers["content-type"][0].Value
}

func headers(name, value string) map[string]any {
	if value == "" {
		return map[string]any{}
	}
	return map[string]any{name: []map[string]string{{"key": name, "value": value}}}
}

// answered runs the function as Lambda@Edge does, on an event of CloudFront.
func answered(t *testing.T, ctx context.Context, code string, cf any) (a answer) {
	t.Helper()
	event, err := json.Marshal(map[string]any{"Records": []any{map[string]any{"cf": cf}}})
	if err != nil {
		t.Fatal(err)
	}
	run := "(async () => { const exports = {};" + code + "; return JSON.stringify(await exports.handler(" + string(event) + ")) })()"
	out, err := chromedp.Run(ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// browser has the same JavaScript as Lambda's Node.js.
func browser(t *testing.T) context.Context {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.Flag("headless", "new"), chromedp.NoSandbox, chromedp.DisableGPU)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	return ctx
}
