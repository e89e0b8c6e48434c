package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// shoot writes one picture a page, width and colour scheme, and tells where
// something sticks out sideways.
func shoot(url, folder, axe string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-quic", true))
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	ctx, cancel := chromedp.NewContext(alloc)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	paths := []string{"/nothing", "/accessibility"}
	for _, s := range samples {
		paths = append(paths, s.path)
	}
	for _, width := range []int64{320, 375, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			for _, p := range paths {
				if err := shot(ctx, url+p+"?lang=de", folder, width, scheme); err != nil {
					return fmt.Errorf("%s at %d %s: %w", p, width, scheme, err)
				}
				if axe == "" {
					continue
				}
				if err := check(ctx, axe, fmt.Sprintf("%s at %d %s:", p, width, scheme)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func shot(ctx context.Context, url, folder string, width int64, scheme string) error {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url)); err != nil {
		return err
	}
	if strings.Contains(url, "/menu") {
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("document.querySelectorAll('details').forEach(d => d.open = true), true")); err != nil {
			return err
		}
	}
	tooWide, err := chromedp.Run(ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth - innerWidth"))
	if err != nil {
		return err
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(strings.TrimSuffix(strings.Trim(url[len("http://127.0.0.1:"):], "/"), "?lang=de"), "/", "-")
	name = name[strings.Index(name, "-")+1:]
	if tooWide > 0 {
		fmt.Printf("%s at %d px is %d px too wide\n", name, width, tooWide)
	}
	return os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o600)
}
