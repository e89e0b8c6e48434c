package cloud_test

import (
	"math/rand/v2"
	"net"
	"net/http"
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

	options.Port, options.AWSPort = settled(t), settled(t)
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

// settled is a free port, with a free one above, that no outgoing connection is given while the cloud is down
// between two starts: Linux hands out 32768 to 60999.
func settled(t *testing.T) int {
	t.Helper()
	for range 100 {
		n := 20000 + rand.IntN(12000)
		if free(n) && free(n+1) {
			return n
		}
	}
	t.Fatal("no free port from 20000 to 32000")
	return 0
}

func free(port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	l.Close()
	return true
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
