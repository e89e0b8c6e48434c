package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const (
	// sandboxMails is what SES lets a new account send in a day.
	// https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
	sandboxMails = 200
	// fewExecutions is more than what a new account may run at once.
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	fewExecutions = 100
)

// finding is what is not ready in an account.
type finding struct {
	what  string
	stops bool // the deployment cannot succeed
}

// account is what is asked about the account that is deployed to.
type account interface {
	Certificate(ctx context.Context, arn string) (acmtypes.CertificateStatus, error)
	MailsADay(ctx context.Context) (float64, error)
	Executions(ctx context.Context, region string) (int32, error)
}

// edgeCaches are the regions whose caches customers in Germany use. The edge's function runs there, and counts among all functions of
// the account in that region.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
var edgeCaches = []string{"eu-central-1", "eu-west-1", "eu-west-2"}

// examples are the parts of the example's values that belong to nobody.
// https://www.rfc-editor.org/rfc/rfc2606
var examples = regexp.MustCompile(`\bexample\.(com|net|org)\b|:123456789012:`)

// findings are what is not ready for a stage.
func findings(ctx context.Context, a account, s stage) (all []finding, err error) {
	for _, name := range slices.Sorted(maps.Keys(s.values)) {
		if examples.MatchString(s.values[name]) && !strings.HasPrefix(name, "EdgeSecret") {
			all = append(all, finding{fmt.Sprintf("%s is still the example's, %q: write yours into infra/deploy/%s.conf", name, s.values[name], s.name), true})
		}
	}
	if s.withEdge() {
		status, err := a.Certificate(ctx, s.values["CertificateArn"])
		if err != nil {
			all = append(all, finding{fmt.Sprintf("the certificate %q cannot be read in %s: %v", s.values["CertificateArn"], edgeRegion, err), true})
		} else if status != acmtypes.CertificateStatusIssued {
			all = append(all, finding{fmt.Sprintf("the certificate is %s, not ISSUED: set the DNS record that ACM names (docs/deploy.md, 1)", status), true})
		}
	} else if s.values["Stage"] == "prod" {
		all = append(all, finding{"no DomainName: the edge stack is left out, and nobody can call the pages", false})
	}
	mails, mailErr := a.MailsADay(ctx)
	if mailErr == nil && mails <= sandboxMails {
		all = append(all, finding{fmt.Sprintf("SES is still in its sandbox (%.0f mails a day, to verified addresses only): ask for production access (docs/deploy.md, 1)", mails), false})
	}
	executions, lambdaErr := a.Executions(ctx, s.region)
	if lambdaErr == nil && executions < fewExecutions {
		all = append(all, finding{fmt.Sprintf("Lambda runs %d functions at once: ask for more (docs/deploy.md, 1)", executions),
			s.values["LoginReservedConcurrency"] != "" && s.values["LoginReservedConcurrency"] != "0"})
	}
	for _, region := range edgeCaches {
		if !s.withEdge() || region == s.region {
			continue
		}
		switch executions, err := a.Executions(ctx, region); {
		case err != nil: // an account may be kept from other regions; CloudFront goes there all the same
			all = append(all, finding{fmt.Sprintf("the edge's function runs in %s, too, which cannot be asked how many it may: %v", region, err), false})
		case executions < fewExecutions:
			all = append(all, finding{fmt.Sprintf("Lambda runs %d functions at once in %s, where the edge's runs, too: ask for more there (docs/deploy.md, 1)", executions, region), false})
		}
	}
	return all, errors.Join(mailErr, lambdaErr)
}

// check prints where the stage goes and what is not ready. What stops a deployment is an error.
func (d deployment) check(ctx context.Context) error {
	who, err := sts.NewFromConfig(d.cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("who deploys: %w", err)
	}
	fmt.Fprintf(d.out, "stage %s: stack %s in account %s, %s\n", d.stage.name, d.stage.stack, aws.ToString(who.Account), d.stage.region)
	found, err := findings(ctx, cloudAccount{d.cfg}, d.stage)
	if err != nil {
		return fmt.Errorf("look whether the account is ready: %w", err)
	}
	var stops error
	for _, f := range found {
		word := "note"
		if f.stops {
			word, stops = "STOP", errors.New("it is not ready: mend what is marked STOP, and run it again")
		}
		fmt.Fprintf(d.out, "%s: %s\n", word, f.what)
	}
	return stops
}

type cloudAccount struct{ cfg aws.Config }

func (a cloudAccount) Certificate(ctx context.Context, arn string) (acmtypes.CertificateStatus, error) {
	out, err := acm.NewFromConfig(in(a.cfg, edgeRegion)).DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if err != nil {
		return "", err
	}
	return out.Certificate.Status, nil
}

func (a cloudAccount) MailsADay(ctx context.Context) (float64, error) {
	out, err := ses.NewFromConfig(a.cfg).GetSendQuota(ctx, &ses.GetSendQuotaInput{})
	if err != nil {
		return 0, fmt.Errorf("SES: %w", err)
	}
	return out.Max24HourSend, nil
}

func (a cloudAccount) Executions(ctx context.Context, region string) (int32, error) {
	out, err := lambda.NewFromConfig(in(a.cfg, region)).GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil {
		return 0, fmt.Errorf("settings of Lambda: %w", err)
	}
	return out.AccountLimit.ConcurrentExecutions, nil
}

func in(cfg aws.Config, region string) aws.Config {
	cfg = cfg.Copy()
	cfg.Region = region
	return cfg
}
