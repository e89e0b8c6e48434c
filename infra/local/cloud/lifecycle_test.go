package cloud_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/local/cloud"
	"kundenkonto/infra/localtest"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

func TestACloudKeepsItsStateAndLeavesNothingBehind(t *testing.T) {
	localtest.Cloud(t) // where one runs, a second one beside it can
	options := cloud.Options{Root: "../../..", State: t.TempDir(), File: filepath.Join(t.TempDir(), "local.json"), Progress: t.Output()}
	key := table.Item{"pk": &types.AttributeValueMemberS{Value: "T#kept"}}

	first, err := cloud.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	names, err := stack.Names(t.Context(), first.Admin(), stack.LocalName)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dynamodb.NewFromConfig(first.Admin()).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &names.Tokens, Item: key}); err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(first.Local.URL + "/login"); err != nil { // starts a process of a function
		t.Fatal(err)
	}
	deployed := changed(t, first)
	first.Stop()
	expectNothingLeft(t, options.State)

	// The addresses are parameters of the template: the same ones, or it would be deployed again.
	options.Port, options.AWSPort = port(t, first.Local.URL), port(t, first.Local.AWS)
	second, err := cloud.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Stop()
	if changed(t, second) != deployed {
		t.Error("the stack was deployed again though nothing had changed")
	}
	item, err := dynamodb.NewFromConfig(second.Admin()).GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &names.Tokens, Key: key})
	if err != nil || item.Item == nil {
		t.Errorf("what was written before is gone (%v)", err)
	}
	if local, err := cloud.ReadLocal(options.File); err != nil || local.URL != second.Local.URL {
		t.Errorf("local.json says %v, %v", local, err)
	}
}

// changed is when the stack was deployed last.
func changed(t *testing.T, c *cloud.Cloud) time.Time {
	t.Helper()
	stacks, err := cloudformation.NewFromConfig(c.Admin()).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToTime(stacks.Stacks[0].LastUpdatedTime)
}

func port(t *testing.T, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestACloudWhoseEmulatorIsKilledSaysSoAndLeavesNothingBehind(t *testing.T) {
	localtest.Cloud(t)
	options := cloud.Options{Root: "../../..", State: t.TempDir(), File: filepath.Join(t.TempDir(), "local.json"), Progress: t.Output()}
	c, err := cloud.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(c.Local.URL + "/login"); err != nil {
		t.Fatal(err)
	}
	for _, pid := range processes(t, options.State) {
		if strings.Contains(pid.command, "ministack") {
			syscall.Kill(pid.id, syscall.SIGKILL)
		}
	}
	if err := c.Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "start again") {
		t.Errorf("said %v", err)
	}
	c.Stop()
	expectNothingLeft(t, options.State)
	if _, err := os.Stat(options.File); err == nil {
		t.Error("local.json still names a cloud that is gone")
	}
}
