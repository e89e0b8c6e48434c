package awsrules

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notAtOrigin are the headers that CloudFront does not add to requests to an origin: a distribution that names one is refused.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html#add-origin-custom-headers-denylist
var notAtOrigin = []string{"cache-control", "connection", "content-length", "cookie", "host", "if-match", "if-modified-since", "if-none-match",
	"if-range", "if-unmodified-since", "max-forwards", "pragma", "proxy-authenticate", "proxy-authorization", "proxy-connection", "range",
	"request-range", "te", "trailer", "transfer-encoding", "upgrade", "via", "x-real-ip"}

// notByFunction are the headers that a CloudFront function may not set.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
var notByFunction = []string{"connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "trailer",
	"upgrade", "x-accel-buffering", "x-accel-charset", "x-accel-limit-rate", "x-accel-redirect", "x-cache", "x-forwarded-proto", "x-real-ip",
	"content-length", "host", "transfer-encoding", "via"}

func refusedAtOrigin(header string) bool {
	h := strings.ToLower(header)
	return slices.Contains(notAtOrigin, h) || strings.HasPrefix(h, "x-amz-") || strings.HasPrefix(h, "x-edge-")
}

func refusedInFunction(header string) bool {
	h := strings.ToLower(header)
	return slices.Contains(notByFunction, h) || strings.HasPrefix(h, "x-amz-cf-") || strings.HasPrefix(h, "x-amzn-") || strings.HasPrefix(h, "x-edge-")
}

var (
	originHeader   = regexp.MustCompile(`HeaderName: ([A-Za-z0-9-]+)`)
	functionHeader = regexp.MustCompile(`headers\['([^']+)'\]`)
)

func TestTheEdgeSetsNoHeaderThatCloudFrontRefuses(t *testing.T) {
	source, err := os.ReadFile("../edge.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for pattern, refused := range map[*regexp.Regexp]func(string) bool{originHeader: refusedAtOrigin, functionHeader: refusedInFunction} {
		found := pattern.FindAllStringSubmatch(string(source), -1)
		if len(found) == 0 {
			t.Errorf("edge.yaml has nothing like %s", pattern)
		}
		for _, header := range found {
			if refused(header[1]) {
				t.Errorf("CloudFront refuses the header %s of edge.yaml", header[1])
			}
		}
	}
	for _, name := range []string{"X-Edge-Secret", "x-amz-meta", "Cookie", "X-Real-IP"} {
		if !refusedAtOrigin(name) {
			t.Errorf("%s passes the rule", name)
		}
	}
}

// The edge's own secret must be one of those that the functions take, or no request would come through.
func TestBothStacksTakeTheSameSecrets(t *testing.T) {
	patterns := map[string]*regexp.Regexp{}
	for file, parameter := range map[string]string{"../../template.yaml": "EdgeSecrets", "../edge.yaml": "EdgeSecret"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`(?s)  ` + parameter + `:\n.*?AllowedPattern: "([^"]+)"`).FindSubmatch(source)
		if found == nil {
			t.Fatalf("%s has no pattern for %s", file, parameter)
		}
		patterns[parameter] = regexp.MustCompile("^(?:" + string(found[1]) + ")$")
	}
	const one, two = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"
	for value, want := range map[string][2]bool{one: {true, true}, one + "," + two: {false, true}, "": {false, false}, one + ",": {false, false},
		"a," + two: {false, false}, strings.Repeat(",", 20): {false, false}, one + "," + two + "," + one: {false, false}, "aaaaaaa aaaaaaaaa": {false, false}} {
		if got := [2]bool{patterns["EdgeSecret"].MatchString(value), patterns["EdgeSecrets"].MatchString(value)}; got != want {
			t.Errorf("%q: edge and functions take it: %v, want %v", value, got, want)
		}
	}
}
