package pack

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func TestPackingPointsEveryLocalFileIntoTheBucket(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(binary, []byte("binary"), 0o755); err != nil {
		t.Fatal(err)
	}
	names := []string{"login", "passwordreset", "cancel", "account", "mergediff", "mergesubmit", "review", "reviewtask", "mergeexecute", "dispatch"}
	var functions []Function
	for _, n := range names {
		functions = append(functions, Function{Name: n, Binary: binary, Sum: "sum-" + n})
	}
	p, err := Make("../..", "bucket", functions)
	if err != nil {
		t.Fatal(err)
	}
	template := string(p.Template)
	if strings.Contains(template, "build/functions/") || strings.Contains(template, "merge.asl.yaml") {
		t.Error("a local file is left in the template")
	}
	for _, n := range names {
		if !strings.Contains(template, n+"-sum-"+n+".zip") {
			t.Errorf("%s does not point at its package", n)
		}
	}
	if !strings.Contains(template, "!Sub") || !strings.Contains(template, "!GetAtt") {
		t.Error("the template lost its functions")
	}
	if len(p.objects) != len(names)+1 {
		t.Errorf("%d objects, want the functions and the state machine", len(p.objects))
	}
}

// answering is S3 that answers the making of a bucket with an error.
type answering struct {
	code string
	put  int
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Trim(r.URL.Path, "/") == "bucket" {
		return &http.Response{StatusCode: http.StatusConflict, Request: r, Header: http.Header{"Content-Type": {"application/xml"}},
			Body: io.NopCloser(strings.NewReader("<Error><Code>" + a.code + "</Code></Error>"))}, nil
	}
	a.put++
	return &http.Response{StatusCode: http.StatusOK, Request: r, Header: http.Header{}, Body: http.NoBody}, nil
}

// Whoever took the name of the bucket before us must not get our code, nor hand out another.
func TestNothingIsUploadedIntoABucketOfSomebodyElse(t *testing.T) {
	for code, want := range map[string]int{"BucketAlreadyExists": 0, "BucketAlreadyOwnedByYou": 1} {
		wire := &answering{code: code}
		client := s3.New(s3.Options{Region: "eu-central-1", BaseEndpoint: aws.String("http://s3.invalid"), UsePathStyle: true, HTTPClient: &http.Client{Transport: wire},
			Credentials: credentials.NewStaticCredentialsProvider("fake", "fake", "")})
		err := (&Packed{Template: []byte("Resources: {}"), bucket: "bucket"}).Upload(t.Context(), client, "eu-central-1")
		if (err == nil) != (want > 0) || wire.put != want {
			t.Errorf("%s: %v, %d uploads", code, err, wire.put)
		}
	}
}
