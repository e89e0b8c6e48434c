// Package localtest lets a test use the running local cloud: with IAM enforced, as one of the functions, with
// customer numbers nobody else uses. `make test` starts one cloud for all packages and names it in
// KUNDENKONTO_LOCAL; `go run ./infra/local -- go test ./some/package` does the same for one.
package localtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/local/cloud"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

// Env names the local.json of the cloud that tests use.
const Env = "KUNDENKONTO_LOCAL"

// running is looked up once a test process.
var running = sync.OnceValues(func() (c struct {
	local   cloud.Local
	outputs map[string]string
	names   table.Names
}, err error) {
	if c.local, err = cloud.ReadLocal(os.Getenv(Env)); err != nil {
		return c, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cfg := stack.Local(c.local.AWS)
	if c.outputs, err = stack.Outputs(ctx, cfg, stack.LocalName); err != nil {
		return c, err
	}
	c.names, err = stack.Names(ctx, cfg, stack.LocalName)
	return c, err
})

// Cloud returns the local cloud. Without one the test is skipped, or fails where nothing may be (CI=true).
func Cloud(t testing.TB) cloud.Local {
	t.Helper()
	if os.Getenv(Env) == "" {
		const how = "needs the local cloud: run `make test`, or `go run ./infra/local -- go test ./this/package`"
		if os.Getenv("CI") == "true" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	c, err := running()
	if err != nil {
		t.Fatalf("use the local cloud of %s=%s: %v", Env, os.Getenv(Env), err)
	}
	return c.local
}

// Admin returns the administrator's access. Use it to prepare and to look, never for what is tested.
func Admin(t testing.TB) aws.Config {
	t.Helper()
	return stack.Local(Cloud(t).AWS)
}

// Names returns the names of all tables.
func Names(t testing.TB) table.Names {
	t.Helper()
	Cloud(t)
	c, _ := running() // Cloud looked at the error
	return c.names
}

// Outputs returns the outputs of the stack.
func Outputs(t testing.TB) map[string]string {
	t.Helper()
	Cloud(t)
	c, _ := running()
	return c.outputs
}

// Store returns the tables as the administrator sees them.
func Store(t testing.TB) table.Store {
	t.Helper()
	return table.Store{DB: dynamodb.NewFromConfig(Admin(t)), Names: Names(t)}
}

// StoreFor returns the tables as a function ("login", a folder of functions/) may use them: anything its role
// does not name is refused.
func StoreFor(t testing.TB, function string) table.Store {
	t.Helper()
	return table.Store{DB: dynamodb.NewFromConfig(Config(t, function)), Names: Names(t)}
}

// logicalID of the role of each function in template.yaml.
var logicalID = map[string]string{
	"login": "LoginRole", "passwordreset": "PasswordResetRole", "cancel": "CancelRole", "account": "AccountRole", "mergediff": "MergeDiffRole",
	"mergesubmit": "MergeSubmitRole", "review": "ReviewRole", "reviewtask": "ReviewTaskRole",
	"mergeexecute": "MergeExecuteRole", "dispatch": "DispatchRole",

	"forget": "ForgetRole", "import": "ImportRole", // of commands beside the functions
}

// Config returns the access that a function has, by its role.
func Config(t testing.TB, function string) aws.Config {
	t.Helper()
	id, known := logicalID[function]
	if !known {
		t.Fatalf("there is no function %q", function)
	}
	cfg, err := stack.Role(t.Context(), Admin(t), stack.LocalName, id)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Number returns a customer number of 12 digits that no other test uses, so that tests share the tables.
func Number(t testing.TB) string {
	t.Helper()
	n, err := rand.Int(rand.Reader, big.NewInt(9e10))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("9%011d", n)
}

// Client returns a browser without cookies of its own address, so that no test meets another's count by client
// address. It follows no redirects. (Linux only: elsewhere all come from one address.)
func Client(t testing.TB) *http.Client {
	t.Helper()
	n, err := rand.Int(rand.Reader, big.NewInt(1<<24-2))
	if err != nil {
		t.Fatal(err)
	}
	own := net.IPv4(127, byte(n.Int64()>>16), byte(n.Int64()>>8), byte(n.Int64()))
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: own}}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if c, err := dialer.DialContext(ctx, "tcp4", net.JoinHostPort("127.0.0.1", port)); err == nil {
			return c, nil
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
