package awsrules

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// names are what AWS takes as the name of a resource, by type and property.
var names = map[string]struct{ form, source string }{
	"AWS::Serverless::Function FunctionName":   {`[a-zA-Z0-9_-]{1,64}`, "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"},
	"AWS::Lambda::Function FunctionName":       {`[a-zA-Z0-9_-]{1,64}`, "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"},
	"AWS::Logs::LogGroup LogGroupName":         {`[.\-_/#A-Za-z0-9]{1,512}`, "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"},
	"AWS::ApiGatewayV2::Api Name":              {`.{1,128}`, "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-api.html"},
	"AWS::Serverless::StateMachine Name":       {`[a-zA-Z0-9_-]{1,80}`, "https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html"},
	"AWS::Events::EventBus Name":               {`[/.\-_A-Za-z0-9]{1,256}`, "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html"},
	"AWS::Cognito::UserPool UserPoolName":      {`[\w\s+=,.@-]{1,128}`, "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html"},
	"AWS::Cognito::UserPoolDomain Domain":      {`[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?`, "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html"},
	"AWS::SES::ConfigurationSet Name":          {`[A-Za-z0-9_-]{1,64}`, "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateConfigurationSet.html"},
	"AWS::SNS::Topic TopicName":                {`[A-Za-z0-9_-]{1,256}`, "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"},
	"AWS::CloudWatch::Dashboard DashboardName": {`[A-Za-z0-9_-]{1,255}`, "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"},
	"AWS::CloudFront::Function Name":           {`[a-zA-Z0-9_-]{1,64}`, "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html"},
	"AWS::Cognito::UserPoolGroup GroupName":    {`[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}`, "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html"},
	"AWS::Cognito::UserPoolClient ClientName":  {`[\w\s+=,.@-]{1,128}`, "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html"},
	"AWS::CloudWatch::Alarm MetricName":        {`.{1,255}`, "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"},
	"AWS::ApiGatewayV2::Stage StageName":       {`\$default|[a-zA-Z0-9_-]{1,128}`, "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html"},
}

// longest is a stack's name as long as infra/deploy takes it; the edge's stack has "-edge" behind.
var longest = strings.Repeat("k", 44)

// A name that is too long, or of other letters, rolls a stack back after minutes; the local cloud takes any.
func TestNamesAreSuchAsAWSTakes(t *testing.T) {
	given := regexp.MustCompile(`^(?:\w*Name|Domain)$`)
	seen := map[string]bool{}
	for file, stack := range map[string]string{"../../template.yaml": longest, "../edge.yaml": longest + "-edge"} {
		for id, r := range nodes(t, file) {
			for i := 0; i+1 < len(r.Properties.Content); i += 2 {
				property, value := r.Properties.Content[i].Value, r.Properties.Content[i+1]
				name := strings.NewReplacer("${AWS::StackName}", stack, "AWS::StackName", stack, "${AWS::AccountId}", "123456789012").Replace(value.Value)
				key := r.Type + " " + property
				rule, known := names[key]
				switch {
				case !given.MatchString(property) || value.Kind != yaml.ScalarNode || value.Tag == "!Ref" && value.Value != "AWS::StackName":
				case !known:
					t.Errorf("%s of %s: what does AWS take as %s?", property, id, key)
				case !regexp.MustCompile("^(?:" + rule.form + ")$").MatchString(name):
					t.Errorf("%s of %s is %q, and AWS takes %s (%s)", property, id, name, rule.form, rule.source)
				}
				seen[key] = true
			}
		}
	}
	for key := range names {
		if !seen[key] {
			t.Errorf("nothing has a %s any more", key)
		}
	}
}

// Texts that AWS cuts off by an error.
func TestTextsAreAsLongAsAWSTakes(t *testing.T) {
	for file := range map[string]int{"../../template.yaml": 0, "../edge.yaml": 0} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (from a bucket)
		if len(source) > 1<<20 {
			t.Errorf("%s has %d bytes", file, len(source))
		}
		for id, r := range nodes(t, file) {
			for i := 0; i+1 < len(r.Properties.Content); i += 2 {
				text := r.Properties.Content[i+1].Value
				limit, ok := map[string]int{"AlarmDescription": 1024, "Description": 256}[r.Properties.Content[i].Value] // of an alarm; of a function
				if ok && len(text) > limit {
					t.Errorf("%s of %s has %d bytes", r.Properties.Content[i].Value, id, len(text))
				}
			}
			// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: inline code of 4,096 characters
			if code := child(child(&r.Properties, "Code"), "ZipFile"); code != nil && len(code.Value) > 4096 {
				t.Errorf("%s has %d characters of code", id, len(code.Value))
			}
		}
	}
}

// API Gateway waits 30 s for a function, and then answers an error of its own. A function is to say so itself before that.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
func TestFunctionsWithPagesEndBeforeTheGatewayGivesUp(t *testing.T) {
	all := nodes(t, "../../template.yaml")
	var globals struct {
		Globals struct {
			Function struct {
				Timeout int `yaml:"Timeout"`
			} `yaml:"Function"`
		} `yaml:"Globals"`
	}
	source, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(source, &globals); err != nil {
		t.Fatal(err)
	}
	integrations := 0
	for id, r := range all {
		if r.Type != "AWS::ApiGatewayV2::Integration" {
			continue
		}
		integrations++
		function, ok := all[strings.TrimSuffix(id, "Integration")+"Function"]
		if uri := child(&r.Properties, "IntegrationUri"); !ok || uri == nil || !strings.Contains(uri.Value, strings.TrimSuffix(id, "Integration")+"Function") {
			t.Errorf("%s leads to no function of its name", id)
			continue
		}
		seconds := globals.Globals.Function.Timeout
		if own := child(&function.Properties, "Timeout"); own != nil {
			if err := own.Decode(&seconds); err != nil {
				t.Fatal(err)
			}
		}
		waits := 30_000
		if own := child(&r.Properties, "TimeoutInMillis"); own != nil {
			if err := own.Decode(&waits); err != nil {
				t.Fatal(err)
			}
		}
		if seconds == 0 || seconds >= 29 || seconds*1000 >= waits {
			t.Errorf("%s may take %d s, and the gateway waits %d ms", id, seconds, waits)
		}
	}
	if integrations != 7 {
		t.Errorf("%d integrations", integrations)
	}
}

type resource struct {
	Type       string    `yaml:"Type"`
	Properties yaml.Node `yaml:"Properties"`
}

func nodes(t *testing.T, file string) map[string]resource {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Resources map[string]resource `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Resources
}

// child of a mapping, nil if there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
