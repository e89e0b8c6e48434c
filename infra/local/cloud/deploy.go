package cloud

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"kundenkonto/infra/pack"
	"kundenkonto/infra/stack"
)

// Region of the local cloud.
const Region = stack.LocalRegion

// sender of all mails.
const sender = "kundenbetreuung@kundenkonto.example"

// contentTag marks the stack with the hash of what it was deployed from; the same hash needs no deployment.
const contentTag = "content"

// bucket is where the stack is deployed from.
const bucket = "kundenkonto-deployment"

// Admin is the administrator's access, which no function has.
func (c *Cloud) Admin() aws.Config { return stack.Local(c.engine.url) }

func (c *Cloud) storage() *s3.Client {
	return s3.NewFromConfig(c.Admin(), func(o *s3.Options) { o.UsePathStyle = true })
}

// hash stands for everything a deployment depends on.
func hash(template []byte, parameters []types.Parameter) string {
	h := sha256.New()
	h.Write(template)
	for _, x := range parameters {
		fmt.Fprintf(h, "%s=%s\n", aws.ToString(x.ParameterKey), aws.ToString(x.ParameterValue))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func architecture() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}

// deploy brings the stack to what template.yaml and the functions say, as `sam deploy` would.
func (c *Cloud) deploy(ctx context.Context, functions []pack.Function) error {
	p, err := pack.Make(c.opts.Root, bucket, functions)
	if err != nil {
		return err
	}
	parameters, err := c.parameters()
	if err != nil {
		return err
	}
	cf := cloudformation.NewFromConfig(c.Admin())
	now, err := c.describe(ctx, cf)
	if err != nil {
		return err
	}
	if now == nil || !deployed(now, hash(p.Template, parameters)) {
		if err := p.Upload(ctx, c.storage(), Region); err != nil {
			return err
		}
		if err := c.change(ctx, cf, now, p, parameters); err != nil {
			return err
		}
	}
	c.Stack, err = stack.Outputs(ctx, c.Admin(), stack.LocalName)
	return err
}

// change creates or updates the stack and waits for it.
func (c *Cloud) change(ctx context.Context, cf *cloudformation.Client, now *types.Stack, p *pack.Packed, parameters []types.Parameter) error {
	name, url := aws.String(stack.LocalName), aws.String(c.engine.url+"/"+bucket+"/"+p.TemplateKey())
	tags := []types.Tag{{Key: aws.String(contentTag), Value: aws.String(hash(p.Template, parameters))}}
	capabilities := []types.Capability{types.CapabilityCapabilityIam, types.CapabilityCapabilityAutoExpand}
	if now != nil && (now.StackStatus == types.StackStatusRollbackComplete || now.StackStatus == types.StackStatusCreateFailed) {
		if _, err := cf.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: name}); err != nil {
			return fmt.Errorf("delete the stack that failed before: %w", err)
		}
		if err := c.settled(ctx, cf); err != nil {
			return err
		}
		now = nil
	}
	began := time.Now()
	var err error
	if now == nil {
		_, err = cf.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: name, TemplateURL: url, Parameters: parameters, Tags: tags, Capabilities: capabilities})
	} else {
		_, err = cf.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: name, TemplateURL: url, Parameters: parameters, Tags: tags, Capabilities: capabilities})
	}
	if err != nil && !strings.Contains(err.Error(), "No updates are to be performed") {
		if refused := smithy.APIError(nil); errors.As(err, &refused) {
			return deploymentError(refused.ErrorMessage())
		}
		return deploymentError(err.Error())
	}
	if err := c.settled(ctx, cf); err != nil {
		return err
	}
	if now, err = c.describe(ctx, cf); err != nil {
		return err
	}
	if now == nil || !deployed(now, hash(p.Template, parameters)) {
		return deploymentError(c.reason(ctx, cf, began))
	}
	return nil
}

// settled waits until nothing is going on with the stack.
func (c *Cloud) settled(ctx context.Context, cf *cloudformation.Client) error {
	for {
		now, err := c.describe(ctx, cf)
		if err != nil {
			return err
		}
		if now == nil || !strings.HasSuffix(string(now.StackStatus), "_IN_PROGRESS") {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// describe returns the stack, or nil when there is none.
func (c *Cloud) describe(ctx context.Context, cf *cloudformation.Client) (*types.Stack, error) {
	res, err := cf.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(stack.LocalName)})
	if refused := smithy.APIError(nil); errors.As(err, &refused) && refused.ErrorCode() == "ValidationError" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up the stack: %w", err)
	}
	if len(res.Stacks) == 0 || res.Stacks[0].StackStatus == types.StackStatusDeleteComplete {
		return nil, nil
	}
	return &res.Stacks[0], nil
}

// deployed tells whether the stack is complete and made from this content.
func deployed(s *types.Stack, content string) bool {
	if s.StackStatus != types.StackStatusCreateComplete && s.StackStatus != types.StackStatusUpdateComplete {
		return false
	}
	for _, t := range s.Tags {
		if aws.ToString(t.Key) == contentTag {
			return aws.ToString(t.Value) == content
		}
	}
	return false
}

// reason is the first failure of the deployment; the later ones only follow from it.
func (c *Cloud) reason(ctx context.Context, cf *cloudformation.Client, since time.Time) string {
	res, err := cf.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String(stack.LocalName)})
	if err != nil {
		return err.Error()
	}
	first := "no reason was given"
	for _, e := range res.StackEvents { // newest first
		if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") && !aws.ToTime(e.Timestamp).Before(since.Add(-time.Second)) {
			first = fmt.Sprintf("%s: %s", aws.ToString(e.LogicalResourceId), aws.ToString(e.ResourceStatusReason))
		}
	}
	return first
}

func deploymentError(reason string) error {
	return fmt.Errorf("template.yaml could not be deployed; mend it, or `make clean` if the kept state is at odds with it, and try again (%s)", strings.TrimSpace(reason))
}

// parameters are those of template.yaml for this machine. They stay the same from run to run.
func (c *Cloud) parameters() ([]types.Parameter, error) {
	if err := c.makeSecret(); err != nil {
		return nil, err
	}
	values := map[string]string{
		"Stage": "local", "PublicUrl": c.Local.URL, "SenderAddress": sender,
		"Contact":    "Kundenkonto GmbH, Telefon 030 23125 182, hilfe@kundenkonto.example",
		"ImprintUrl": "https://www.kundenkonto.example/impressum", "PrivacyUrl": "https://www.kundenkonto.example/datenschutz",
		"InvoicesUrl": "https://www.kundenkonto.example/rechnungen", "HelpUrl": "https://www.kundenkonto.example/hilfe", "PayUrl": "https://www.kundenkonto.example/bezahlen",
		"TermsUrl": "https://www.kundenkonto.example/agb", "ProcessingUrl": "https://www.kundenkonto.example/auftragsverarbeitung",
		"EdgeSecrets": c.secret(), "VetoHours": "0", "RecoveryHours": "1", "ServiceEmail": "serviceteam@kundenkonto.example", "AlarmEmail": "bereitschaft@kundenkonto.example", "Architecture": architecture(), "OidcDiscovery": c.engine.url,
		"ForgetRoles": "arn:aws:iam::000000000000:root", "ImportRoles": "arn:aws:iam::000000000000:root", // the emulator's one user, so that tests take the roles
	}
	for name, value := range c.opts.Parameters {
		values[name] = value
	}
	var list []types.Parameter
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(values[name])})
	}
	return list, nil
}

func (c *Cloud) secretFile() string { return filepath.Join(c.opts.State, "edge-secret") }

// secret is what the edge proves itself with. It is kept, so that the stack need not change at each start.
func (c *Cloud) secret() string {
	content, _ := os.ReadFile(c.secretFile()) // made by makeSecret before
	return string(content)
}

func (c *Cloud) makeSecret() error {
	if c.secret() != "" {
		return nil
	}
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	if err := os.WriteFile(c.secretFile(), []byte(hex.EncodeToString(raw)), 0o600); err != nil {
		return fmt.Errorf("keep the edge's secret: %w", err)
	}
	return nil
}
