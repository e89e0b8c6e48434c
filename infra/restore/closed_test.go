package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/stack"
)

// lambdas is Lambda's concurrency alone: the functions of the tests' cloud must go on.
func lambdas(t *testing.T) (tool, map[string]*int32) {
	reserved := map[string]*int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		if len(name) != 4 || name[3] != "concurrency" {
			fmt.Fprint(w, `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>x</StackName><CreationTime>2026-11-30T12:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Parameters><member><ParameterKey>LoginReservedConcurrency</ParameterKey><ParameterValue>100</ParameterValue></member></Parameters></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`)
			return
		}
		var body struct{ ReservedConcurrentExecutions *int32 }
		switch r.Method {
		case http.MethodPut:
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				t.Error(err)
			}
			reserved[name[2]] = body.ReservedConcurrentExecutions
		case http.MethodDelete:
			delete(reserved, name[2])
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ReservedConcurrentExecutions": reserved[name[2]]})
	}))
	t.Cleanup(server.Close)
	return tool{cfg: stack.Local(server.URL), stack: "x", out: &strings.Builder{}}, reserved
}

func TestAClosedStackRunsNoFunctionAndOpensAsItWas(t *testing.T) {
	c, reserved := lambdas(t)
	if err := c.closed(t.Context()); err == nil {
		t.Error("an open stack is taken for closed")
	}
	if err := c.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.closed(t.Context()); err != nil || len(reserved) != 10 {
		t.Errorf("%v, %v", reserved, err)
	}
	if err := c.do(t.Context(), options{args: []string{"open", "all"}}); err != nil {
		t.Fatal(err)
	}
	if len(reserved) != 2 || aws.ToInt32(reserved["x-login"]) != 100 || aws.ToInt32(reserved["x-dispatch"]) != 0 {
		t.Errorf("%v: sign-ins have their reservation, and dispatch comes last", reserved)
	}
	if err := c.do(t.Context(), options{args: []string{"open", "dispatch"}}); err != nil || len(reserved) != 1 {
		t.Errorf("%v, %v", reserved, err)
	}
}

// A function that is not closed writes into what is restored.
func TestEachFunctionOfTheTemplateIsClosed(t *testing.T) {
	text, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, m := range regexp.MustCompile(`FunctionName: !Sub "\$\{AWS::StackName\}-([a-z]+)"`).FindAllStringSubmatch(string(text), -1) {
		there = append(there, m[1])
	}
	if !slices.Equal(there, functions) {
		t.Errorf("the template has %v", there)
	}
}

func TestWorkflowsThatRunAreStopped(t *testing.T) {
	cfg := localtest.Admin(t)
	client := sfn.NewFromConfig(cfg)
	of, err := client.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: aws.String(localtest.Outputs(t)["MergeMachine"])})
	if err != nil {
		t.Fatal(err)
	}
	machine, err := client.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: aws.String("restore-" + localtest.Number(t)),
		RoleArn: of.RoleArn, Definition: aws.String(`{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}`)})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if _, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn, Name: aws.String(fmt.Sprintf("K7QX-2M4D-%d", i))}); err != nil {
			t.Fatal(err)
		}
	}
	said := &strings.Builder{}
	c := tool{cfg: cfg, machine: *machine.StateMachineArn, out: said}
	for _, stop := range []bool{false, true, false} {
		if err := c.executions(t.Context(), stop); err != nil {
			t.Fatal(err)
		}
	}
	if got := said.String(); !strings.Contains(got, "2 executions run") || !strings.Contains(got, "2 executions were stopped") || !strings.HasSuffix(got, "0 executions run; --stop stops them.\n") {
		t.Error(got)
	}
}
