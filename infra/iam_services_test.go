package infra

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	sestypes "github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

// place is where the probes of other services are aimed.
type place struct {
	names            table.Names
	outputs          map[string]string
	queue, deadQueue string
	feedback         string // dead letters of dispatch
	execution        string
}

// service is one action outside the tables and the functions that need it. A probe is refused by the service
// itself where it can be (an empty message, no JSON, an unknown token), so that it does nothing.
var services = []struct {
	name  string
	needs []string
	probe func(context.Context, aws.Config, place) error
}{
	{"send a mail", []string{"dispatch"}, func(ctx context.Context, cfg aws.Config, _ place) error {
		_, err := ses.NewFromConfig(cfg).SendRawEmail(ctx, &ses.SendRawEmailInput{Source: aws.String("kundenbetreuung@kundenkonto.example"),
			Destinations: []string{"probe@kundenkonto.example"},
			RawMessage:   &sestypes.RawMessage{Data: []byte("To: probe@kundenkonto.example\r\nSubject: probe\r\n\r\nprobe")}})
		return err
	}},
	{"put a request into the forgot queue", []string{"passwordreset", "review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &p.queue, MessageBody: aws.String("")})
		return err
	}},
	{"take a request from the forgot queue", []string{"dispatch"}, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sqs.NewFromConfig(cfg).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &p.queue, MaxNumberOfMessages: 99})
		return err
	}},
	{"put what nobody could note into the dead letters", []string{"dispatch"}, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &p.feedback, MessageBody: aws.String("")})
		return err
	}},
	{"empty the dead letters", nil, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sqs.NewFromConfig(cfg).PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &p.deadQueue})
		return err
	}},
	{"start a workflow", []string{"dispatch"}, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sfn.NewFromConfig(cfg).StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(p.outputs["MergeMachine"]), Input: aws.String("no JSON")})
		return err
	}},
	{"look at a workflow", []string{"dispatch"}, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sfn.NewFromConfig(cfg).DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &p.execution})
		return err
	}},
	{"stop a workflow", nil, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sfn.NewFromConfig(cfg).StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: &p.execution})
		return err
	}},
	{"change the workflow", nil, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := sfn.NewFromConfig(cfg).UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: aws.String(p.outputs["MergeMachine"]), Definition: aws.String("{}")})
		return err
	}},
	{"publish on our bus", []string{"dispatch"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return publish(ctx, cfg, p.outputs["EventBus"])
	}},
	{"publish on the default bus", nil, func(ctx context.Context, cfg aws.Config, _ place) error { return publish(ctx, cfg, "default") }},
	{"answer a task of the workflow", []string{"reviewtask", "dispatch"}, func(ctx context.Context, cfg aws.Config, _ place) error {
		_, err := sfn.NewFromConfig(cfg).SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: aws.String("probe"), Output: aws.String("{}")})
		return err
	}},
	{"look up who has an e-mail address", []string{"account", "mergediff", "review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return queryIndex(ctx, cfg, p.names.Customers, table.IndexByEmail, table.AttrEmailKey, "probe")
	}},
	{"look up who has a domain", []string{"review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return queryIndex(ctx, cfg, p.names.Customers, table.IndexByDomain, table.AttrDomainKey, "probe")
	}},
	{"list the orders that a number was part of", []string{"review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return queryIndex(ctx, cfg, p.names.Audit, table.IndexByOrderEvent, table.AttrOrderEvent, "probe")
	}},
	{"list a customer's sessions", []string{"account"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return queryIndex(ctx, cfg, p.names.Sessions, table.IndexByNumber, "number", "probe")
	}},
	{"list a customer's orders", []string{"account", "mergesubmit", "review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return queryIndex(ctx, cfg, p.names.MergeOrders, table.IndexByCustomer, "customer", "probe")
	}},
	{"list orders by state", []string{"review", "dispatch"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return queryIndex(ctx, cfg, p.names.MergeOrders, table.IndexByState, "statePk", "probe")
	}},
	{"list what is due or was given up on in the outbox", []string{"dispatch", "review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		return queryIndex(ctx, cfg, p.names.Outbox, table.IndexDue, "due", "probe")
	}},
	{"read packages of the deployment", nil, func(ctx context.Context, cfg aws.Config, _ place) error {
		_, err := s3.NewFromConfig(cfg).ListBuckets(ctx, &s3.ListBucketsInput{})
		return err
	}},
	{"call another function", nil, func(ctx context.Context, cfg aws.Config, _ place) error {
		_, err := lambda.NewFromConfig(cfg).Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(stack.LocalName + "-mergeexecute"), Payload: []byte("{}")})
		return err
	}},
	{"look whether somebody belongs to the service team", []string{"review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := cognitoidentityprovider.NewFromConfig(cfg).AdminListGroupsForUser(ctx, &cognitoidentityprovider.AdminListGroupsForUserInput{
			UserPoolId: aws.String(p.outputs["StaffPool"]), Username: aws.String("probe")})
		return err
	}},
	{"look whether somebody may still sign in to the service team", []string{"review"}, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := cognitoidentityprovider.NewFromConfig(cfg).AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{
			UserPoolId: aws.String(p.outputs["StaffPool"]), Username: aws.String("probe")})
		return err
	}},
	{"make a member of the service team", nil, func(ctx context.Context, cfg aws.Config, p place) error {
		_, err := cognitoidentityprovider.NewFromConfig(cfg).AdminCreateUser(ctx, &cognitoidentityprovider.AdminCreateUserInput{
			UserPoolId: aws.String(p.outputs["StaffPool"]), Username: aws.String("probe")})
		return err
	}},
	{"look at the stack", nil, func(ctx context.Context, cfg aws.Config, _ place) error {
		_, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{})
		return err
	}},
}

func TestEachFunctionMayUseTheServicesItNeedsAndNothingElse(t *testing.T) {
	p := aim(t)
	for function := range may {
		t.Run(function, func(t *testing.T) {
			t.Parallel()
			cfg := localtest.Config(t, function)
			cfg.RetryMaxAttempts = 1
			for _, s := range services {
				wanted := slices.Contains(s.needs, function)
				err := s.probe(t.Context(), cfg, p)
				if got := !denied(t, err); got != wanted {
					t.Errorf("%s: allowed = %v, want %v (%v)", s.name, got, wanted, err)
				}
			}
		})
	}
}

func aim(t *testing.T) place {
	t.Helper()
	p := place{names: localtest.Names(t), outputs: localtest.Outputs(t)}
	admin := localtest.Admin(t)
	for id, target := range map[string]*string{"ForgotQueue": &p.queue, "ForgotDeadLetters": &p.deadQueue, "FeedbackDeadLetters": &p.feedback} {
		res, err := cloudformation.NewFromConfig(admin).DescribeStackResource(t.Context(),
			&cloudformation.DescribeStackResourceInput{StackName: aws.String(stack.LocalName), LogicalResourceId: aws.String(id)})
		if err != nil {
			t.Fatal(err)
		}
		*target = *res.StackResourceDetail.PhysicalResourceId
	}
	p.execution = "arn:aws:states:" + stack.LocalRegion + ":000000000000:execution:" + stack.LocalName + "-merge:probe"
	return p
}

func publish(ctx context.Context, cfg aws.Config, bus string) error {
	_, err := eventbridge.NewFromConfig(cfg).PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []eventtypes.PutEventsRequestEntry{
		{EventBusName: &bus, Source: aws.String("probe"), DetailType: aws.String("probe"), Detail: aws.String("{}")}}})
	return err
}

func queryIndex(ctx context.Context, cfg aws.Config, name, index, key, value string) error {
	_, err := dynamodb.NewFromConfig(cfg).Query(ctx, &dynamodb.QueryInput{TableName: &name, IndexName: &index,
		KeyConditionExpression: aws.String("#k = :v"), ExpressionAttributeNames: map[string]string{"#k": key},
		ExpressionAttributeValues: table.Item{":v": &types.AttributeValueMemberS{Value: value}}})
	return err
}
