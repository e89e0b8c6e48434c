package infra

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// withoutResource are the actions that are allowed on "*", and only in the local cloud: its emulator judges
// them without their resource (S14).
var withoutResource = []string{"ses:SendRawEmail", "states:SendTaskSuccess"}

// ofLogDelivery are the actions by which Step Functions sets up its log, for which IAM knows no resource.
// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
var ofLogDelivery = []string{"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
	"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"}

// resources of template.yaml by type, each by logical id.
func resources(t *testing.T, kind string) map[string]*yaml.Node {
	t.Helper()
	source, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Resources map[string]struct {
			Type       string    `yaml:"Type"`
			Properties yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	found := map[string]*yaml.Node{}
	for id, r := range doc.Resources {
		if r.Type == kind {
			found[id] = &r.Properties
		}
	}
	if len(found) == 0 {
		t.Fatalf("template.yaml has no %s", kind)
	}
	return found
}

func TestEachFolderOfFunctionsIsOneFunctionWithARoleOfItsOwn(t *testing.T) {
	folders, err := filepath.Glob("../functions/*/bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	var want, got, roles []string
	for _, f := range folders {
		want = append(want, "build/functions/"+filepath.Base(filepath.Dir(f))+"/")
	}
	for _, properties := range resources(t, "AWS::Serverless::Function") {
		got = append(got, value(properties, "CodeUri").Value)
		roles = append(roles, value(properties, "Role").Value)
	}
	slices.Sort(want)
	slices.Sort(got)
	slices.Sort(roles)
	if !slices.Equal(want, got) {
		t.Errorf("folders %q, functions of the template %q", want, got)
	}
	if len(slices.Compact(roles)) != len(got) {
		t.Errorf("%d functions share %d roles: %q", len(got), len(roles), roles)
	}
}

func TestRolesNameActionsAndResources(t *testing.T) {
	for id, role := range resources(t, "AWS::IAM::Role") {
		if value(role, "ManagedPolicyArns") != nil {
			t.Errorf("%s has a managed policy", id)
		}
		for _, policy := range value(role, "Policies").Content {
			for _, statement := range value(value(policy, "PolicyDocument"), "Statement").Content {
				actions := scalars(value(statement, "Action"))
				for _, action := range actions {
					if strings.Contains(action, "*") {
						t.Errorf("%s allows %s", id, action)
					}
				}
				if !slices.Contains(scalars(value(statement, "Resource")), "*") {
					continue
				}
				if id == "MergeMachineRole" && slices.Equal(actions, ofLogDelivery) {
					continue
				}
				if value(statement, "Resource").Tag != "!If" || value(statement, "Resource").Content[0].Value != "IsLocal" {
					t.Errorf("%s allows %q on everything", id, actions)
				}
				for _, action := range actions {
					if !slices.Contains(withoutResource, action) {
						t.Errorf("%s allows %s on everything", id, action)
					}
				}
			}
		}
	}
}

// S20: the workflow's log says that and where an execution failed, and nothing of what it was about.
func TestTheWorkflowsLogHasErrorsAndNoData(t *testing.T) {
	logging := value(resources(t, "AWS::Serverless::StateMachine")["MergeMachine"], "Logging")
	if value(logging, "Level") == nil || value(logging, "Level").Value != "ERROR" || value(logging, "IncludeExecutionData").Value != "false" {
		t.Errorf("%v", scalars(logging))
	}
	if to := scalars(value(logging, "Destinations")); !slices.Contains(to, "MergeMachineLogs.Arn") {
		t.Errorf("the log goes to %v", to)
	}
	if kept := value(resources(t, "AWS::Logs::LogGroup")["MergeMachineLogs"], "RetentionInDays"); kept == nil || kept.Value != "RetentionDays" {
		t.Error("the log is kept for ever")
	}
}

func TestEveryTableIsProtected(t *testing.T) {
	tables := resources(t, "AWS::DynamoDB::Table")
	if len(tables) != 9 {
		t.Errorf("%d tables, want 9", len(tables))
	}
	for id, properties := range tables {
		if value(properties, "BillingMode").Value != "PAY_PER_REQUEST" {
			t.Errorf("%s is not on demand", id)
		}
		for _, p := range []string{"PointInTimeRecoverySpecification", "SSESpecification", "DeletionProtectionEnabled"} {
			if value(properties, p) == nil {
				t.Errorf("%s lacks %s", id, p)
			}
		}
	}
}

// value of a key in a mapping, or nil.
func value(n *yaml.Node, key string) *yaml.Node {
	if n == nil {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// scalars are a scalar's or a list's values, at any depth.
func scalars(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, scalars(c)...)
	}
	return all
}

func TestTheStateMachineIsReadTheSameByCloudFormation(t *testing.T) {
	source, err := os.ReadFile("merge.asl.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// CloudFormation's reader of a definition takes an alias for a text with the anchor's name.
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	if hasAlias(&doc) {
		t.Error("merge.asl.yaml has an anchor")
	}
	for _, machine := range resources(t, "AWS::Serverless::StateMachine") {
		given := value(machine, "DefinitionSubstitutions")
		for _, asked := range regexp.MustCompile(`\$\{(\w+)\}`).FindAllStringSubmatch(string(source), -1) {
			if value(given, asked[1]) == nil {
				t.Errorf("template.yaml gives no %s", asked[1])
			}
		}
	}
}

func hasAlias(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || slices.ContainsFunc(n.Content, hasAlias)
}
