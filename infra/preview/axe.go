package main

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
)

// axeRun names each violation with the elements it is about.
const axeRun = `axe.run({resultTypes: ["violations"]}).then(r => r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.map(n => n.target.join(" ") + " " + (n.any[0]?.message || n.all[0]?.message || "")).join(" | ")))`

// check runs axe-core on the page that is open and prints what it finds.
func check(ctx context.Context, axe, name string) error {
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](axe+"\n;true")); err != nil {
		return fmt.Errorf("load axe-core: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		return fmt.Errorf("run axe-core: %w", err)
	}
	for _, v := range found {
		fmt.Println(name, v)
	}
	return nil
}
