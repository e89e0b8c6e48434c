package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
)

// target is a stack and what it should become.
type target struct {
	name       string
	body, url  string // of the template, one of them
	parameters []string
}

// patience is how long a stack may take: a distribution takes a quarter of an hour.
const patience = 45 * time.Minute

// bring makes a change set, shows it, asks, and applies it. Nothing to change is no error.
func (d deployment) bring(ctx context.Context, cf *cloudformation.Client, t target) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	now, err := described(ctx, cf, t.name)
	if err != nil {
		return err
	}
	name, kind := fmt.Sprintf("deploy-%d", time.Now().Unix()), types.ChangeSetTypeCreate
	if now != nil && now.StackStatus != types.StackStatusReviewInProgress {
		kind = types.ChangeSetTypeUpdate
		if do := remedy(t.name, cf.Options().Region, now.StackStatus); do != "" {
			return fmt.Errorf("%s is %s and cannot be changed: %s", t.name, now.StackStatus, do)
		}
	}
	parameters, err := d.parameters(t, now)
	if err != nil {
		return err
	}
	in := &cloudformation.CreateChangeSetInput{StackName: &t.name, ChangeSetName: &name, ChangeSetType: kind, Parameters: parameters,
		Capabilities: []types.Capability{types.CapabilityCapabilityIam, types.CapabilityCapabilityAutoExpand}}
	if in.TemplateBody = aws.String(t.body); t.body == "" {
		in.TemplateBody, in.TemplateURL = nil, &t.url
	}
	if _, err := cf.CreateChangeSet(ctx, in); err != nil {
		return fmt.Errorf("change set of %s: %w", t.name, err)
	}
	changes, err := madeUp(ctx, cf, t.name, name)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		fmt.Fprintf(d.out, "%s: nothing to change\n", t.name)
		_, err := cf.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{StackName: &t.name, ChangeSetName: &name})
		return err
	}
	d.show(t.name, changes)
	if !d.ask(fmt.Sprintf("Apply these %d changes to %s?", len(changes), t.name)) {
		_, err := cf.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{StackName: &t.name, ChangeSetName: &name})
		return errors.Join(errDeclined, err)
	}
	began := time.Now()
	if _, err := cf.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{StackName: &t.name, ChangeSetName: &name}); err != nil {
		return fmt.Errorf("apply the change set of %s: %w", t.name, err)
	}
	return d.settled(ctx, cf, t.name, began)
}

// parameters of a stack: what the stage says, and for what it does not, the template's own value. A secret that was not given
// stays as it is.
func (d deployment) parameters(t target, now *types.Stack) (list []types.Parameter, err error) {
	for _, name := range t.parameters {
		value, known := d.stage.values[name]
		switch {
		case known:
			list = append(list, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(value)})
		case !strings.HasPrefix(name, "EdgeSecret"):
		case now == nil || now.StackStatus == types.StackStatusReviewInProgress:
			return nil, fmt.Errorf("%s is new and needs a secret of the edge. Make one, keep it in a password manager, and deploy again: export EDGE_SECRETS=$(openssl rand -hex 32); echo $EDGE_SECRETS", t.name)
		default:
			list = append(list, types.Parameter{ParameterKey: aws.String(name), UsePreviousValue: aws.Bool(true)})
		}
	}
	return list, nil
}

// described is the stack, nil when there is none.
func described(ctx context.Context, cf *cloudformation.Client, name string) (*types.Stack, error) {
	out, err := cf.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if refused := smithy.APIError(nil); errors.As(err, &refused) && refused.ErrorCode() == "ValidationError" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", name, err)
	}
	if len(out.Stacks) == 0 || out.Stacks[0].StackStatus == types.StackStatusDeleteComplete {
		return nil, nil
	}
	return &out.Stacks[0], nil
}

// unchanged is how CloudFormation says that a change set is empty.
var unchanged = []string{"didn't contain changes", "No updates are to be performed"}

// madeUp waits for a change set and lists its changes, none when there is nothing to change.
func madeUp(ctx context.Context, cf *cloudformation.Client, stack, name string) (changes []types.ResourceChange, err error) {
	in := &cloudformation.DescribeChangeSetInput{StackName: &stack, ChangeSetName: &name}
	for {
		out, err := cf.DescribeChangeSet(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("read the change set of %s: %w", stack, err)
		}
		switch why := aws.ToString(out.StatusReason); out.Status {
		case types.ChangeSetStatusFailed:
			if slices.ContainsFunc(unchanged, func(s string) bool { return strings.Contains(why, s) }) {
				return nil, nil
			}
			return nil, fmt.Errorf("CloudFormation refuses the change of %s: %s", stack, why)
		case types.ChangeSetStatusCreateComplete:
			for _, c := range out.Changes {
				if c.ResourceChange != nil {
					changes = append(changes, *c.ResourceChange)
				}
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return changes, nil
			}
		default:
			if err := pause(ctx); err != nil {
				return nil, err
			}
		}
	}
}

// show prints a change set, what is replaced or removed first: data and addresses hang on those.
func (d deployment) show(stack string, changes []types.ResourceChange) {
	line := func(c types.ResourceChange) string {
		what := string(c.Action)
		if c.Replacement == types.ReplacementTrue || c.Replacement == types.ReplacementConditional {
			what = "REPLACE " + string(c.Replacement)
		}
		return fmt.Sprintf("  %-20s %-28s %s", what, aws.ToString(c.LogicalResourceId), aws.ToString(c.ResourceType))
	}
	grave := func(c types.ResourceChange) bool {
		return c.Action == types.ChangeActionRemove || strings.HasPrefix(line(c), "  REPLACE")
	}
	fmt.Fprintf(d.out, "%s: %d changes\n", stack, len(changes))
	for _, first := range []bool{true, false} {
		for _, c := range changes {
			if grave(c) == first {
				fmt.Fprintln(d.out, line(c))
			}
		}
	}
}

// settled waits until a stack is as it should be, or says what was in the way.
func (d deployment) settled(ctx context.Context, cf *cloudformation.Client, name string, began time.Time) error {
	for {
		now, err := described(ctx, cf, name)
		if err != nil {
			return err
		}
		if now == nil {
			return fmt.Errorf("%s is gone: %s", name, failure(ctx, cf, name, began))
		}
		switch status := string(now.StackStatus); {
		case strings.HasSuffix(status, "_IN_PROGRESS"):
			if err := pause(ctx); err != nil {
				return err
			}
		case now.StackStatus == types.StackStatusCreateComplete || now.StackStatus == types.StackStatusUpdateComplete:
			fmt.Fprintf(d.out, "%s: %s\n", name, status)
			return nil
		default:
			do := remedy(name, cf.Options().Region, now.StackStatus)
			if do == "" {
				do = "All is as before. Mend the reason and deploy again"
			}
			return fmt.Errorf("%s is %s: %s\n%s", name, status, failure(ctx, cf, name, began), do)
		}
	}
}

// remedy says what has to be done about a stack before it can be changed, "" when it can. A stack that was never complete is not
// deleted by the change set itself (OnStackFailure): in stage prod its protected tables would stand in the way, and the reason would
// go with it.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-describing-stacks.html
func remedy(name, region string, status types.StackStatus) string {
	command := func(what string) string {
		return fmt.Sprintf("aws cloudformation %s --region %s --stack-name %s", what, region, name)
	}
	switch status {
	case types.StackStatusCreateComplete, types.StackStatusUpdateComplete, types.StackStatusUpdateRollbackComplete,
		types.StackStatusImportComplete, types.StackStatusImportRollbackComplete:
		return ""
	case types.StackStatusCreateFailed, types.StackStatusRollbackComplete, types.StackStatusRollbackFailed:
		return "It was never complete and can only be deleted. Mend the reason, and deploy again after\n  " +
			command("delete-stack") + "\n  " + command("wait stack-delete-complete")
	case types.StackStatusDeleteFailed:
		return "Its deletion failed. See what was in the way, and delete it once more\n  " + command("describe-stack-events") + "\n  " +
			command("delete-stack") + "\n  " + command("wait stack-delete-complete")
	case types.StackStatusUpdateRollbackFailed:
		return "Mend what the events name, and go on\n  " + command("describe-stack-events") + "\n  " + command("continue-update-rollback")
	case types.StackStatusUpdateFailed:
		return "Somebody updated it without a rollback. Roll it back, and deploy again\n  " + command("rollback-stack")
	}
	if strings.HasSuffix(string(status), "_IN_PROGRESS") {
		return "It is being changed, maybe by an earlier run. Deploy again when its state no longer ends with _IN_PROGRESS\n  " + command("describe-stacks --query Stacks[0].StackStatus")
	}
	return "See what happened\n  " + command("describe-stack-events")
}

// failure is the first one of a deployment; the others only follow from it.
func failure(ctx context.Context, cf *cloudformation.Client, name string, since time.Time) string {
	out, err := cf.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: &name})
	if err != nil {
		return err.Error()
	}
	first := "no reason was given"
	for _, e := range out.StackEvents { // newest first
		if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") && !aws.ToTime(e.Timestamp).Before(since.Add(-time.Second)) {
			first = fmt.Sprintf("%s: %s", aws.ToString(e.LogicalResourceId), aws.ToString(e.ResourceStatusReason))
		}
	}
	return first
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}
