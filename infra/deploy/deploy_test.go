package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/stack"
)

const secret = "0123456789abcdef0123456789abcdef"

// The example is for the first run, when there is no certificate yet: what the edge needs stands there and does nothing.
func TestTheExampleOfAStageNamesWhatATemplateNeeds(t *testing.T) {
	root := t.TempDir()
	copied(t, root, "template.yaml", "infra/edge.yaml", "infra/deploy/example.conf")
	s, err := readStage(root, "example", "old-"+secret+","+secret)
	if err != nil {
		t.Fatal(err)
	}
	if s.stack != "kundenkonto" || s.region != "eu-central-1" || s.values["Stage"] != "example" || s.values["EdgeSecrets"] != "old-"+secret+","+secret || s.values["EdgeSecret"] != secret {
		t.Errorf("%+v", s)
	}
	if s.withEdge() {
		t.Error("it asks for a certificate that nobody has yet")
	}
	text, _ := os.ReadFile(filepath.Join(root, "infra/deploy/example.conf"))
	if before, after, _ := strings.Cut(string(text), "export EDGE_SECRETS="); strings.Contains(before, "make deploy") || !strings.Contains(after, "make deploy STAGE=prod") {
		t.Error("the secret does not come before what uses it")
	}
	found, err := findings(t.Context(), fakeAccount{mails: 50000, executions: 1000}, s)
	if err != nil || len(found) == 0 || !found[0].stops || !strings.Contains(found[0].what, "is still the example's") {
		t.Errorf("deployed as it is: %+v, %v", found, err)
	}
	for file, parameters := range map[string][]string{"template.yaml": s.main, "infra/edge.yaml": s.edge} {
		source, _ := os.ReadFile(filepath.Join(root, file))
		for _, name := range parameters {
			block := regexp.MustCompile(`(?m)^  ` + name + `:\n((?:    .*\n)+)`).FindSubmatch(source)
			if !strings.Contains(string(block[1]), "Default:") && !regexp.MustCompile(`(?m)^#?`+name+` = .`).Match(text) && !slices.Contains(given, name) {
				t.Errorf("%s needs %s, which the example does not say", file, name)
			}
		}
	}
}

func TestAWrongLineOfAStageIsNamed(t *testing.T) {
	for line, want := range map[string]string{
		"PublicUrl": "line 3: no equals sign", "PublicURL = x": "line 3: PublicURL is no parameter", "EdgeSecret = x": "belongs into the environment",
		"EdgeSecrets = x": "belongs into the environment", "ApiDomain = x": "ApiDomain is no parameter", "# a note": "",
		"Name = Kunden": "line 3: Name is to have", "Name = my-aws-stack": "line 3: Name is to have", "Name = " + strings.Repeat("k", 45): "line 3: Name is to have",
		"Name = " + strings.Repeat("k", 44): "",
	} {
		root := t.TempDir()
		copied(t, root, "template.yaml", "infra/edge.yaml")
		if err := os.WriteFile(filepath.Join(root, "infra", "deploy", "x.conf"), []byte("Name = n\nRegion = r\n"+line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readStage(root, "x", ""); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := readStage(t.TempDir(), "nowhere", ""); err == nil || !strings.Contains(err.Error(), "example.conf") {
		t.Errorf("a stage that is none: %v", err)
	}
}

func copied(t *testing.T, root string, files ...string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(root, "infra", "deploy"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join("../..", file))
		if err == nil {
			err = os.WriteFile(filepath.Join(root, file), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// fakeAccount is an account as it might be.
type fakeAccount struct {
	certificate acmtypes.CertificateStatus
	certErr     error
	mails       float64
	executions  int32
	elsewhere   int32 // executions in other regions than the stack's
	elseErr     error
}

func (a fakeAccount) Certificate(context.Context, string) (acmtypes.CertificateStatus, error) {
	return a.certificate, a.certErr
}
func (a fakeAccount) MailsADay(context.Context) (float64, error) { return a.mails, nil }
func (a fakeAccount) Executions(_ context.Context, region string) (int32, error) {
	if region == "eu-central-1" {
		return a.executions, nil
	}
	return a.elsewhere, a.elseErr
}

func TestWhatIsNotReadyIsSaidBeforeAnythingIsDone(t *testing.T) {
	ready := fakeAccount{certificate: acmtypes.CertificateStatusIssued, mails: 50000, executions: 1000, elsewhere: 1000}
	for name, tt := range map[string]struct {
		change func(*fakeAccount)
		values map[string]string
		want   string // finding, "" for none
		stops  bool
	}{
		"ready":                       {},
		"in the sandbox":              {change: func(a *fakeAccount) { a.mails = 200 }, want: "sandbox"},
		"a certificate not validated": {change: func(a *fakeAccount) { a.certificate = acmtypes.CertificateStatusPendingValidation }, want: "PENDING_VALIDATION", stops: true},
		"no such certificate":         {change: func(a *fakeAccount) { a.certErr = errors.New("not found") }, want: "not found", stops: true},
		"a new account":               {change: func(a *fakeAccount) { a.executions = 10 }, want: "runs 10 functions"},
		"a reservation in a new one":  {change: func(a *fakeAccount) { a.executions = 10 }, values: map[string]string{"LoginReservedConcurrency": "100"}, want: "runs 10 functions", stops: true},
		"few where the edge's runs":   {change: func(a *fakeAccount) { a.elsewhere = 10 }, want: "at once in eu-west-1"},
		"no access where it runs":     {change: func(a *fakeAccount) { a.elseErr = errors.New("denied") }, want: "runs in eu-west-1, too"},
		"few where no edge is":        {change: func(a *fakeAccount) { a.elsewhere = 10 }, values: map[string]string{"DomainName": ""}},
		"an address of the example":   {values: map[string]string{"SenderAddress": "kundenkonto@example.com"}, want: "SenderAddress is still the example's", stops: true},
		"the example's certificate":   {values: map[string]string{"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0"}, want: "CertificateArn is still", stops: true},
		"no edge of a prod stage":     {values: map[string]string{"DomainName": "", "Stage": "prod"}, want: "nobody can call"},
	} {
		a, s := ready, stage{region: "eu-central-1", values: map[string]string{"DomainName": "kunden.hoster.example", "CertificateArn": "arn"}}
		if tt.change != nil {
			tt.change(&a)
		}
		for k, v := range tt.values {
			s.values[k] = v
		}
		found, err := findings(t.Context(), a, s)
		if err != nil {
			t.Fatal(err)
		}
		if tt.want == "" && len(found) == 0 {
			continue
		}
		if strings.Contains(tt.want, "eu-west-1") && len(found) == 2 && strings.Contains(found[1].what, "eu-west-2") {
			found = found[:1]
		}
		if len(found) != 1 || !strings.Contains(found[0].what, tt.want) || tt.want == "" || found[0].stops != tt.stops {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestTheQuotaIsAskedForWhereItIsLookedAt(t *testing.T) {
	text, err := os.ReadFile("../../docs/deploy.md")
	if err != nil || !strings.Contains(string(text), "for r in "+strings.Join(edgeCaches, " ")+"; do\n          aws service-quotas request-service-quota-increase") {
		t.Errorf("docs/deploy.md asks for it elsewhere than in %q: %v", edgeCaches, err)
	}
}

// The command itself, on the local cloud: a new stack after a yes, nothing the second time, and a change only as it was shown.
func TestAStageIsDeployedAndCanBeDeployedAgain(t *testing.T) {
	local := localtest.Cloud(t)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	s, err := readStage(root, "local", secret)
	if err != nil {
		t.Fatal(err)
	}
	cf := cloudformation.NewFromConfig(stack.Local(local.AWS))
	t.Cleanup(func() {
		if _, err := cf.DeleteStack(context.Background(), &cloudformation.DeleteStackInput{StackName: &s.stack}); err != nil {
			t.Error(err)
		}
	})
	var asked []string
	answer := false
	run := func() (string, error) {
		var out bytes.Buffer
		d := deployment{root: root, stage: s, out: &out, ask: func(q string) bool { asked = append(asked, q); return answer }}.locally(local.AWS)
		err := d.deploy(t.Context())
		return out.String(), err
	}
	if out, err := run(); !errors.Is(err, errDeclined) || !strings.Contains(out, "Customers") || len(asked) != 1 {
		t.Fatalf("after a no: %v, %q\n%s", err, asked, out)
	}
	if o, _ := stack.Outputs(t.Context(), stack.Local(local.AWS), s.stack); len(o) > 0 {
		t.Fatal("it was deployed after a no")
	}
	answer = true
	out, err := run()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(out, "CREATE_COMPLETE") || !strings.Contains(out, "staff are made in the user pool") {
		t.Errorf("%s", out)
	}
	if out, err = run(); err != nil || !strings.Contains(out, "nothing to change") || len(asked) != 2 {
		t.Errorf("again: %v, %q\n%s", err, asked, out)
	}
	delete(s.values, "EdgeSecrets") // those of the stack stay
	s.values["OutboxDays"] = "60"
	if out, err = run(); err != nil || !strings.Contains(out, "UPDATE_COMPLETE") {
		t.Errorf("a change: %v\n%s", err, out)
	}
	outputs, err := stack.Outputs(t.Context(), stack.Local(local.AWS), s.stack)
	if err != nil || outputs["OutboxDays"] != "60" {
		t.Errorf("after a change: %v %v", outputs["OutboxDays"], err)
	}
}
