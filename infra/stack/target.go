package stack

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"kundenkonto/shared/table"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
)

// Main runs a command until it is done, or asked to end by Ctrl-C or the system, and ends the program with its exit code.
func Main(run func(ctx context.Context, args []string) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// Target is the access of a command to the stack called name on AWS, with the credentials and region that the AWS CLI takes; with
// name "" to the local cloud that a file names ("build/local.json"). It gives the stack's name, too.
func Target(ctx context.Context, name, localFile string) (aws.Config, string, error) {
	if name != "" {
		cfg, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return cfg, "", fmt.Errorf("no access to AWS: %w", err)
		}
		return cfg, name, nil
	}
	text, err := os.ReadFile(localFile)
	if err != nil {
		return aws.Config{}, "", fmt.Errorf("there is no %s: start the local cloud with \"make run\", or give --stack NAME for one on AWS", localFile)
	}
	var local struct {
		AWS string `json:"aws"`
	}
	if err := json.Unmarshal(text, &local); err != nil || local.AWS == "" {
		return aws.Config{}, "", fmt.Errorf("%s names no local cloud: start it again with \"make run\"", localFile)
	}
	return Local(local.AWS), LocalName, nil
}

// Flags are those by which a command is told its stack: Open takes both.
func Flags(f *flag.FlagSet, name, localFile *string) {
	f.StringVar(name, "stack", "", "`name` of a stack on AWS; credentials and region as the AWS CLI takes them")
	f.StringVar(localFile, "local", "build/local.json", "`file` that names a running local cloud")
}

// Opened is a stack whose tables a command works on, with as much patience as that takes.
type Opened struct {
	Config  aws.Config
	Name    string
	Outputs map[string]string
	Tables  table.Names
}

// Open finds the tables of the stack that Target leads to.
func Open(ctx context.Context, name, localFile string) (Opened, error) {
	cfg, name, err := Target(ctx, name, localFile)
	if err != nil {
		return Opened{}, err
	}
	cfg.Retryer = Patient
	outputs, err := Outputs(ctx, cfg, name)
	names := namesIn(outputs)
	if err == nil && (names.Customers == "" || names.Credentials == "" || names.Audit == "") {
		err = errors.New("its outputs name no tables")
	}
	if err != nil {
		return Opened{}, fmt.Errorf("stack %s cannot be used: %w", name, err)
	}
	return Opened{cfg, name, outputs, names}, nil
}

// Patient waits out throttling: a command has all night, a table on demand grows within minutes.
func Patient() aws.Retryer {
	return retry.AddWithErrorCodes(retry.NewStandard(func(s *retry.StandardOptions) {
		s.MaxAttempts, s.MaxBackoff = 12, 20*time.Second
		s.RateLimiter = unlimited{}
	}), "TransactionConflictException")
}

// unlimited takes away the client's own budget of retries, which is meant for visitors who wait.
type unlimited struct{}

func (unlimited) GetToken(context.Context, uint) (func() error, error) {
	return func() error { return nil }, nil
}
func (unlimited) AddTokens(uint) error { return nil }
