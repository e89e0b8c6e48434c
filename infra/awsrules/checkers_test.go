package awsrules

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"gopkg.in/yaml.v3"

	"kundenkonto/infra/npm"
)

// finding is what a checker has against a file. No severity is looked at: a warning is as good as an error.
type finding struct{ File, By, Rule, Where, Says string }

// falseAlarms are what checkers say that is not so, with the reason.
var falseAlarms = []struct{ by, rule, where, says, reason string }{
	{"parliament", "RESOURCE_MISMATCH", "DispatchRole", "dynamodb:ListStreams", `it wants "*"; AWS's own example for a function at a stream names the table's streams
		(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html)`},
	{"parliament", "RESOURCE_MISMATCH", "DispatchRole", "states:DescribeExecution", `it wants executions of express state machines, too; ours is a standard one
		(https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html)`},
	{"parliament", "RESOURCE_MISMATCH", "DispatchRole", "states:SendTaskSuccess", taskTokens},
	{"parliament", "RESOURCE_MISMATCH", "ReviewTaskRole", "states:SendTaskSuccess", taskTokens},
	{"parliament", "PERMISSIONS_MANAGEMENT_ACTIONS", "MergeMachineRole", "logs:putresourcepolicy", `Step Functions sets up its log by it
		(https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html)`},
}

const taskTokens = `it wants "*"; Step Functions judges a task token by its state machine, as the CDK's grantTaskResponse uses it
	(https://github.com/aws/aws-cdk/pull/8486, where it was tried)`

// checked runs all checkers of check.py once, over our files and over those with mistakes.
var checked = sync.OnceValues(func() ([]finding, error) {
	if out, err := exec.Command("make", "--no-print-directory", "-C", "../..", "build/.lint/done").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("install the checkers: %w\n%s", err, out)
	}
	arguments := []string{"check.py", "eu-central-1=../../template.yaml", "us-east-1=../edge.yaml", "eu-central-1=../events/subscription.yaml", "eu-central-1=../merge.asl.yaml",
		"eu-central-1=testdata/refused.yaml", "eu-central-1=testdata/refusedbysam.yaml", "eu-central-1=testdata/refused.asl.yaml"}
	for _, a := range append([]string{"../local/lint-requirements.txt"}, arguments...) {
		if _, err := os.ReadFile(a[strings.Index(a, "=")+1:]); err != nil { // Go remembers a passed test until a file that it read changes
			return nil, err
		}
	}
	cmd := exec.Command("../../build/.lint/bin/python", arguments...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run the checkers: %w\n%s", err, stderr.Bytes())
	}
	var found []finding
	err = json.Unmarshal(out, &found)
	return found, err
})

// The SAM translator, cfn-lint, parliament and statelint have nothing against what is deployed.
func TestTheCheckersRefuseNothing(t *testing.T) {
	found, err := checked()
	if err != nil {
		t.Fatal(err)
	}
	used := make([]bool, len(falseAlarms))
	for _, f := range found {
		if strings.HasPrefix(f.File, "testdata/") {
			continue
		}
		known := slices.IndexFunc(falseAlarms, func(a struct{ by, rule, where, says, reason string }) bool {
			return f.By == a.by && f.Rule == a.rule && f.Where == a.where && strings.Contains(f.Says, "'"+a.says+"'")
		})
		if known < 0 || strings.Count(f.Says, "'action'") > 1 {
			t.Errorf("%s: %s %s at %s: %s", f.File, f.By, f.Rule, f.Where, f.Says)
			continue
		}
		used[known] = true
	}
	for i, a := range falseAlarms {
		if !used[i] || !strings.Contains(a.reason, "https://") {
			t.Errorf("%s says %s of %s no more, or the alarm has no reason: take it off the list", a.by, a.says, a.where)
		}
	}
}

func TestTheCheckersSeeMistakes(t *testing.T) {
	found, err := checked()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []finding{
		{"testdata/refused.yaml", "cfn-lint", "E3034", "Queue", "1209600"},
		{"testdata/refused.yaml", "cfn-lint", "E3030", "Function", "arm46"}, // in the translated template only
		{"testdata/refused.yaml", "cfn-lint", "W3037", "Role", "sendmessages"},
		{"testdata/refused.yaml", "parliament", "UNKNOWN_ACTION", "Role", "sqs:SendMessages"},
		{"testdata/refused.yaml", "parliament", "RESOURCE_MISMATCH", "Role", "dynamodb:GetItem"},
		{"testdata/refusedbysam.yaml", "sam", "invalid", "", "Shedule"},
		{"testdata/refused.asl.yaml", "statelint", "invalid", "", "should be a Reference Path"},
		{"testdata/refused.asl.yaml", "statelint", "invalid", "", `No state found named "Nowhere"`},
	} {
		if !slices.ContainsFunc(found, func(f finding) bool {
			return f.File == want.File && f.By == want.By && f.Rule == want.Rule && strings.Contains(f.Where, want.Where) && strings.Contains(f.Says, want.Says)
		}) {
			t.Errorf("%+v was not seen", want)
		}
	}
}

var (
	//go:embed asl/package.json
	manifest []byte
	//go:embed asl/package-lock.json
	lock []byte
)

// validate is how an editor asks AWS's language service for States Language what it has against a state machine.
const validate = `
const {TextDocument} = require("vscode-languageserver-textdocument");
const service = require("amazon-states-language-service").getLanguageService({});
const text = TextDocument.create("file:///machine.asl.json", "asl", 1, require("fs").readFileSync(0, "utf8"));
service.doValidation(text, service.parseJSONDocument(text)).then((all) => console.log(JSON.stringify(all.map((one) => one.message))));
`

// AWS's own library of the language sees fields and types that statelint does not, and statelint sees paths and the order of catchers.
func TestTheStateMachineIsTakenByTheLanguagesOwnLibrary(t *testing.T) {
	folder, err := npm.Install(t.Context(), "../..", "asl", manifest, lock)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, file := range []string{"testdata/refused.asl.yaml", "../merge.asl.yaml"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var machine map[string]any
		if err := yaml.Unmarshal(source, &machine); err != nil {
			t.Fatal(err)
		}
		in, err := json.Marshal(machine)
		if err != nil {
			t.Fatal(err)
		}
		cmd, err := npm.Node(t.Context(), "../..", folder, validate)
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		if err := json.Unmarshal(out, &said); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(file, "testdata/") {
			want = said
			continue
		}
		for _, one := range said {
			t.Errorf("%s: %s", file, one)
		}
	}
	if !slices.Contains(want, `The value of "Next" property must be the name of an existing state.`) {
		t.Errorf("of a state that is not there it says %q", want)
	}
	if strings.Contains(string(lock)+string(manifest), "://") || !strings.Contains(string(lock), `"integrity": "sha512-`) {
		t.Error("asl/package-lock.json names a registry, or no integrity") // it is installed from the registry that is set up
	}
}
