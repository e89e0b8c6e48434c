// Package browser drives a real Chromium in the words of a visitor: open a page, fill a field by its label, press a
// button by what stands on it, read the text. A step fails the test when the page logs an error, breaks its content
// security policy, loads something that is not there, sticks out sideways or has a barrier that axe-core finds.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"kundenkonto/infra/e2e/axe"
)

// chromium is the one browser of a test process; visitors have contexts of their own in it, without common cookies.
type chromium struct {
	ctx  context.Context
	stop func()
	axe  string
	root string // of the checkout
}

var (
	running chromium
	start   = sync.OnceValue(func() (err error) {
		running, err = launch()
		return err
	})
)

func launch() (c chromium, err error) {
	if c.root, err = Root(); err != nil {
		return c, err
	}
	if c.axe, err = axe.Script(context.Background(), c.root); err != nil {
		return c, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], // a new profile folder each time
		chromedp.Flag("headless", "new"), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(allocator)
	c.ctx, c.stop = ctx, func() { stopBrowser(); stopAllocator() }
	if err := chromedp.Do(ctx); err != nil {
		c.stop()
		return c, fmt.Errorf("start Chromium (on Debian: apt-get install chromium): %w", err)
	}
	return c, nil
}

// Stop ends Chromium, if it runs. TestMain calls it.
func Stop() {
	if running.stop != nil {
		running.stop()
	}
}

// Checkout is the folder of the repository.
func Checkout(t testing.TB) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// Root finds the folder of template.yaml above the working directory.
func Root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "template.yaml")); err == nil {
			return folder, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", errors.New("no template.yaml above the working directory")
		}
		folder = above
	}
}
