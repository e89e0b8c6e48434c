package e2e

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// Journeys wait for mails, the workflow and new codes much of the time: one more than there are processors.
	if err := flag.Set("test.parallel", fmt.Sprint(runtime.GOMAXPROCS(0)+1)); err != nil {
		panic(err)
	}
	code := m.Run()
	browser.Stop()
	if testing.Verbose() {
		fmt.Println(states())
	}
	if code == 0 && wentEverywhere() {
		code = looked()
	}
	os.Exit(code)
}

// wentEverywhere: all journeys ran, not only some.
func wentEverywhere() bool {
	return os.Getenv(localtest.Env) != "" && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" &&
		flag.Lookup("test.list").Value.String() == ""
}

// looked fails the whole when there is a page that no journey came to.
func looked() int {
	root, err := browser.Root()
	var missing []string
	if err == nil {
		missing, err = notLookedAt(root)
	}
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("no journey looks at these pages (name what is no page in noPage):\n%s", strings.Join(missing, "\n"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		return 1
	}
	return 0
}
