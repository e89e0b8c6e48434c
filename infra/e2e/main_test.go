package e2e

import (
	"os"
	"testing"

	"kundenkonto/infra/e2e/browser"
)

func TestMain(m *testing.M) {
	code := m.Run()
	browser.Stop()
	os.Exit(code)
}
