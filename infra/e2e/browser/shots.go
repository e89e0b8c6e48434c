package browser

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// Shot takes pictures of the page into build/screenshots: for a telephone and a desk, light and dark.
func (v *Visitor) Shot(name string) {
	v.t.Helper()
	if v.Shots == "" {
		return
	}
	folder := filepath.Join(running.root, "build", "screenshots")
	v.must("make the folder of the screenshots", os.MkdirAll(folder, 0o755))
	for _, width := range []int64{375, deskWidth} {
		for _, scheme := range []string{"light", "dark"} {
			v.look(width, scheme)
			picture, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
			v.must("take a screenshot", err)
			file := fmt.Sprintf("%s-%s-%d-%s.png", v.Shots, name, width, scheme)
			v.must("write a screenshot", os.WriteFile(filepath.Join(folder, file), picture, 0o644))
		}
	}
	v.look(deskWidth, "light")
}
