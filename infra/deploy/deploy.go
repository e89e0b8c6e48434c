package main

import (
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"kundenkonto/infra/pack"
	"kundenkonto/infra/stack"
)

// deployment is one run of the program.
type deployment struct {
	root  string
	stage stage
	cfg   aws.Config
	out   io.Writer
	ask   func(question string) bool
	build func(context.Context) ([]pack.Function, error)
}

// deploy does all of it, in the order in which one needs the other.
func (d deployment) deploy(ctx context.Context) error {
	if err := d.check(ctx); err != nil {
		return err
	}
	if err := d.mainStack(ctx); err != nil {
		return err
	}
	outputs, err := stack.Outputs(ctx, d.cfg, d.stage.stack)
	if err != nil {
		return err
	}
	edgeErr := d.edgeStack(ctx, outputs)
	if errors.Is(edgeErr, errDeclined) || edgeErr == nil {
		d.told(outputs)
	}
	return edgeErr
}

func (d deployment) mainStack(ctx context.Context) error {
	fmt.Fprintln(d.out, "building the functions")
	functions, err := d.build(ctx)
	if err != nil {
		return err
	}
	who, err := sts.NewFromConfig(d.cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("who deploys: %w", err)
	}
	bucket := fmt.Sprintf("%s-deployment-%s-%s", d.stage.stack, aws.ToString(who.Account), d.stage.region)
	packed, err := pack.Make(d.root, bucket, functions)
	if err != nil {
		return err
	}
	packed.Level = flate.BestCompression // each cold start loads it
	client := s3.NewFromConfig(d.cfg, func(o *s3.Options) { o.UsePathStyle = d.cfg.BaseEndpoint != nil })
	if err := packed.Upload(ctx, client, d.stage.region); err != nil {
		return err
	}
	url := fmt.Sprintf("https://%s.s3.%s.amazonaws.com/%s", bucket, d.stage.region, packed.TemplateKey())
	if d.cfg.BaseEndpoint != nil {
		url = *d.cfg.BaseEndpoint + "/" + bucket + "/" + packed.TemplateKey()
	}
	return d.bring(ctx, cloudformation.NewFromConfig(d.cfg), target{name: d.stage.stack, url: url, parameters: d.stage.main})
}

// edgeStack follows the main stack, whose API is its origin.
func (d deployment) edgeStack(ctx context.Context, outputs map[string]string) error {
	if !d.stage.withEdge() {
		return nil
	}
	body, err := os.ReadFile(filepath.Join(d.root, edgeTemplate))
	if err != nil {
		return err
	}
	_, host, _ := strings.Cut(outputs["ApiEndpoint"], "://")
	d.stage.values["ApiDomain"], _, _ = strings.Cut(host, ":")
	name := d.stage.stack + "-edge"
	if err := d.bring(ctx, cloudformation.NewFromConfig(in(d.cfg, edgeRegion)), target{name: name, body: string(body), parameters: d.stage.edge}); err != nil {
		return err
	}
	edge, err := stack.Outputs(ctx, in(d.cfg, edgeRegion), name)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "DNS: %s CNAME %s\n", d.stage.values["DomainName"], edge["DistributionDomain"])
	return nil
}

// told prints the records that mails need, in the order of docs/deploy.md, and what is to be made by hand.
func (d deployment) told(outputs map[string]string) {
	var records []string
	for key, value := range outputs {
		if strings.HasPrefix(key, "Sender") {
			records = append(records, value)
		}
	}
	slices.Sort(records)
	for _, r := range records {
		fmt.Fprintf(d.out, "DNS: %s\n", r)
	}
	fmt.Fprintf(d.out, "staff are made in the user pool %s (docs/deploy.md, 5)\n", outputs["StaffPool"])
}
