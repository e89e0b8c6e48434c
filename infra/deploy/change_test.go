package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// stackIn is a CloudFormation with one stack in a state ("" for none), which refuses every change set, and notes of which type it was.
func stackIn(t *testing.T, status types.StackStatus, asked *string) *cloudformation.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch action := r.PostFormValue("Action"); {
		case action == "DescribeStacks" && status != "":
			_, _ = io.WriteString(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>kundenkonto</StackName><StackStatus>`+string(status)+
				`</StackStatus><CreationTime>2026-11-30T12:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`)
			return
		case action == "CreateChangeSet":
			*asked = r.PostFormValue("ChangeSetType")
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>no</Message></Error></ErrorResponse>`)
	}))
	t.Cleanup(server.Close)
	return cloudformation.NewFromConfig(aws.Config{Region: edgeRegion, BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
}

// Every state that a stack can be in is either one that a change set goes with, or the error names it and the command to go on with.
func TestAStackThatCannotBeChangedSaysHowToGoOn(t *testing.T) {
	creates := map[types.StackStatus]bool{"": true, types.StackStatusReviewInProgress: true, types.StackStatusDeleteComplete: true}
	updates := map[types.StackStatus]bool{types.StackStatusCreateComplete: true, types.StackStatusUpdateComplete: true, types.StackStatusUpdateRollbackComplete: true,
		types.StackStatusImportComplete: true, types.StackStatusImportRollbackComplete: true}
	commands := map[types.StackStatus]string{types.StackStatusRollbackComplete: "delete-stack", types.StackStatusRollbackFailed: "delete-stack", types.StackStatusCreateFailed: "delete-stack",
		types.StackStatusDeleteFailed: "delete-stack", types.StackStatusUpdateRollbackFailed: "continue-update-rollback", types.StackStatusUpdateFailed: "rollback-stack",
		types.StackStatusUpdateInProgress: "describe-stacks", types.StackStatusImportRollbackFailed: "describe-stack-events"}
	for _, status := range append(types.StackStatus("").Values(), "") {
		var asked string
		err := deployment{}.bring(t.Context(), stackIn(t, status, &asked), target{name: "kundenkonto-edge", body: "{}"})
		switch {
		case creates[status] || updates[status]:
			if want := map[bool]string{true: "CREATE", false: "UPDATE"}[creates[status]]; asked != want {
				t.Errorf("%s: a change set of type %q, %v", status, asked, err)
			}
		case asked != "" || err == nil || !strings.Contains(err.Error(), "kundenkonto-edge is "+string(status)+" and cannot be changed: ") ||
			!strings.Contains(err.Error(), "aws cloudformation "+commands[status]) || !strings.Contains(err.Error(), " --region us-east-1 --stack-name kundenkonto-edge"):
			t.Errorf("%s: a change set of type %q, %v", status, asked, err)
		}
	}
}
