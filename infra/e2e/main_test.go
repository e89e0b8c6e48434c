package e2e

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"

	"kundenkonto/infra/e2e/browser"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// Journeys wait for mails, the workflow and new codes much of the time: one more than there are processors.
	if err := flag.Set("test.parallel", fmt.Sprint(runtime.GOMAXPROCS(0)+1)); err != nil {
		panic(err)
	}
	code := m.Run()
	browser.Stop()
	os.Exit(code)
}
